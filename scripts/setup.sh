#!/usr/bin/env bash
# Installs what the project needs, below this folder, from the lock files. Quick
# when nothing changed. System packages come from apt-get when it can be used.
set -euo pipefail
cd "$(dirname "$0")/.."

UV_VERSION=0.13.9
mkdir -p .tools .cache

say() { printf '\033[1m==> %s\033[0m\n' "$*"; }

# Install a Debian package, or say what to install.
package() {
  if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
    say "Installing $1"
    local options=(-y -qq --no-install-recommends -o Dpkg::Options::=--force-confold)
    apt-get install "${options[@]}" "$1" >.cache/apt.log 2>&1 ||
      { apt-get update -qq >>.cache/apt.log 2>&1 &&
        apt-get install "${options[@]}" "$1" >>.cache/apt.log 2>&1; } ||
      { cat .cache/apt.log; echo "Could not install $1." >&2; exit 1; }
  else
    echo "Install $1 first: sudo apt-get install $1" >&2
    exit 1
  fi
}

need() { command -v "$1" >/dev/null 2>&1 || package "$2"; }

# What only tests start. Without it they are skipped, and say so.
testing() { # testing COMMAND PACKAGE
  [ -n "${FOR_TESTS:-}" ] || return 0
  command -v "$1" >/dev/null 2>&1 || [ -x "/usr/sbin/$1" ] ||
    compgen -G "/usr/lib/postgresql/*/bin/$1" >/dev/null ||
    (package "$2") || echo "Tests that need $2 are skipped." >&2
}

# A server of the tests' own is started, none by the system.
if [ -n "${FOR_TESTS:-}" ] && [ "$(id -u)" = 0 ] && [ ! -e /etc/postgresql-common ]; then
  mkdir -p /etc/postgresql-common
  echo 'create_main_cluster = false' >/etc/postgresql-common/createcluster.conf
fi
testing initdb postgresql
testing sbatch slurm-wlm
testing munged munge
testing etcd etcd-server

need python3 python3
need node nodejs
need chromium chromium

# uv, in a folder of its own, makes every Python environment from uv.lock.
if ! .tools/bin/uv --version 2>/dev/null | grep -q " $UV_VERSION"; then
  say "Installing uv $UV_VERSION"
  rm -rf .tools/uv
  if ! python3 -m venv .tools/uv >.cache/venv.log 2>&1; then
    package python3-venv
    rm -rf .tools/uv
    python3 -m venv .tools/uv
  fi
  .tools/uv/bin/python -m pip install --quiet --disable-pip-version-check "uv==$UV_VERSION"
  mkdir -p .tools/bin
  ln -sf ../uv/bin/uv .tools/bin/uv
fi

export PATH="$PWD/.venv/bin:$PWD/.tools/bin:$PATH"
export UV_PYTHON_DOWNLOADS=never

# Run a step only when one of its files changed since it last went well.
once() { # once NAME FILES -- COMMAND
  local name=$1; shift
  local files=()
  while [ "$1" != -- ]; do files+=("$1"); shift; done
  shift
  local sum
  sum=$(cat "${files[@]}" | sha256sum)
  if [ "$(cat ".cache/$name.sum" 2>/dev/null)" != "$sum" ]; then
    say "Setting up: $name"
    "$@"
    echo "$sum" >".cache/$name.sum"
  fi
}

# The first of some versions of Python that this machine has, else the one in use.
python_of() { # python_of VERSION...
  local version python
  for version in "$@"; do
    for python in "$(command -v "python$version")" "${PYENV_ROOT:-$HOME/.pyenv}/versions/$version".*/bin/python; do
      if [ -x "$python" ] && "$python" -c '' 2>/dev/null; then
        echo "$python"
        return
      fi
    done
  done
  command -v python3
}

python_env() { # python_env ENVIRONMENT PROJECT
  local python
  case $1 in
    .venvs/oldest) python=$(python_of 3.10) ;;
    .venvs/latest) python=$(python_of 3.13 3.12) ;;
    *) python=$(command -v python3) ;;
  esac
  UV_PROJECT_ENVIRONMENT="$PWD/$1" uv sync --quiet --frozen --compile-bytecode --python "$python" --project "$2"
}

javascript() { # javascript FOLDER
  (cd "$1" && jlpm install --immutable >"$OLDPWD/.cache/jlpm.log" 2>&1) ||
    { tail -n 40 .cache/jlpm.log; exit 1; }
}

[ -x .venv/bin/python ] || rm -f .cache/python.sum
[ -d node_modules ] || rm -f .cache/javascript.sum
[ -d ui-tests/node_modules ] || rm -f .cache/ui-tests.sum
[ -d deploy/node_modules ] || rm -f .cache/deploy.sum
once python uv.lock pyproject.toml -- python_env .venv .
once javascript yarn.lock package.json -- javascript .
once ui-tests ui-tests/yarn.lock ui-tests/package.json -- javascript ui-tests
once deploy deploy/yarn.lock deploy/package.json -- javascript deploy
for project in environments/*/; do
  name=$(basename "$project")
  [ -x ".venvs/$name/bin/python" ] || rm -f ".cache/environment-$name.sum"
  once "environment-$name" "$project/uv.lock" "$project/pyproject.toml" -- \
    python_env ".venvs/$name" "$project" ||
    echo "No environment '$name' with this Python: tests that need it are skipped." >&2
done

# The front end, and links so that JupyterLab finds it.
extension() {
  jlpm build:lib >.cache/build.log 2>&1 && jlpm build:labextension >>.cache/build.log 2>&1 ||
    { tail -n 40 .cache/build.log; exit 1; }
}
mapfile -t sources < <(git ls-files -co --exclude-standard src style schema jupyterlab_seasonal_monitor \
  package.json yarn.lock webpack.config.js tsconfig.json install.json 'scripts/*.js' | sort)
[ -d jupyterlab_seasonal_monitor/labextension ] || rm -f .cache/extension.sum
once extension "${sources[@]}" -- extension
cp install.json jupyterlab_seasonal_monitor/labextension/install.json
# It and the package, from the checkout, in the environments whose pages load it from there.
for environment in .venv .venvs/hub .venvs/lite; do
  [ -x "$environment/bin/python" ] || continue
  mkdir -p "$environment/share/jupyter/labextensions"
  ln -sfn "$PWD/jupyterlab_seasonal_monitor/labextension" \
    "$environment/share/jupyter/labextensions/jupyterlab-seasonal-monitor"
  site=$("$environment/bin/python" -c 'import sysconfig; print(sysconfig.get_path("purelib"))')
  echo "$PWD" >"$site/jupyterlab_seasonal_monitor.pth"
done
