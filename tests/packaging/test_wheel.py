"""The wheel and the sdist, built from a clean copy and installed into a plain environment."""

from __future__ import annotations

import json
import os
import subprocess
import tarfile
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
UV = ROOT / ".tools" / "bin" / "uv"
STATIC = (
    "jupyterlab_seasonal_monitor-{}.data/data/share/jupyter/labextensions/"
    "jupyterlab-seasonal-monitor"
)


def run(command: list[str | Path], folder: Path, **environment: str) -> str:
    done = subprocess.run(
        [str(part) for part in command],
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def dist(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with what ``make build`` makes in a clean copy of the checkout."""
    if not UV.exists():
        pytest.skip("needs .tools/bin/uv: run `make setup`")
    copy = tmp_path_factory.mktemp("checkout")
    files = run(["git", "ls-files", "-co", "--exclude-standard"], ROOT).splitlines()
    for name in files:
        source = ROOT / name
        if source.is_file():
            target = copy / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(source.read_bytes())
    (copy / "node_modules").symlink_to(ROOT / "node_modules")
    (copy / ".cache").mkdir()
    path = f"{ROOT / '.venv' / 'bin'}:{ROOT / '.tools' / 'bin'}:{os.environ['PATH']}"
    run(["bash", "scripts/build.sh"], copy, PATH=path)
    return copy / "dist"


@pytest.fixture(scope="module")
def wheel(dist: Path) -> Path:
    (found,) = dist.glob("*.whl")
    return found


@pytest.mark.timeout(420)
def test_the_wheel_holds_a_production_build_and_nothing_of_development(wheel: Path) -> None:
    version = wheel.name.split("-")[1]
    with zipfile.ZipFile(wheel) as archive:
        names = archive.namelist()
        static = STATIC.format(version)
        package = json.loads(archive.read(f"{static}/package.json"))
    assert package["version"] == version
    assert package["jupyterlab"]["_build"]["load"].startswith("static/remoteEntry.")
    assert f"{static}/install.json" in names
    assert any(name.endswith("rainfall-anomaly.ipynb") for name in names)
    assert any(name.endswith("controller/bootstrap.py") for name in names)
    assert [name for name in names if "schemas/" in name and name.endswith("profiles.json")]
    assert not [name for name in names if "build_log" in name or name.endswith(".js.map")]
    assert not [name for name in names if name.startswith(("tests/", "ui-tests/", "src/"))]


def test_the_sdist_can_be_built_without_node(dist: Path) -> None:
    (sdist,) = dist.glob("*.tar.gz")
    with tarfile.open(sdist) as archive:
        names = [name.split("/", 1)[-1] for name in archive.getnames()]
    assert any(
        name.startswith("jupyterlab_seasonal_monitor/labextension/static/") for name in names
    )
    assert "src/index.ts" in names
    assert not [name for name in names if name.startswith("node_modules")]


@pytest.mark.timeout(420)
def test_the_wheel_installs_into_a_plain_environment(wheel: Path, tmp_path: Path) -> None:
    run([UV, "venv", "--quiet", "--python", "3.11", "plain"], tmp_path)
    python = tmp_path / "plain" / "bin" / "python"
    constraints = tmp_path / "constraints.txt"
    constraints.write_text(
        run(
            [
                UV, "export", "--frozen", "--quiet", "--no-hashes", "--no-emit-project",
                "--no-header", "--no-annotate", "--group", "dev",
            ],
            ROOT,
        )
    )  # fmt: skip
    run(
        [
            UV, "pip", "install", "--quiet", "--python", python,
            "--constraint", constraints, wheel, "jupyterlab",
        ],
        tmp_path,
    )  # fmt: skip
    listed = run([python, "-m", "jupyter", "labextension", "list"], tmp_path, HOME=str(tmp_path))
    (line,) = [line for line in listed.splitlines() if "jupyterlab-seasonal-monitor" in line]
    assert "enabled" in line
    assert "OK" in line
    servers = run([python, "-m", "jupyter", "server", "extension", "list"], tmp_path)
    assert "seasonal" not in servers
