"""A production build of the front end, beside the checkout's own build."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
from pathlib import Path

from .machine import CACHE, ROOT, SOURCES, output

NAME = "jupyterlab-seasonal-monitor"


def production_build() -> Path:
    """Return a folder of labextensions that holds the production build.

    `make setup` makes a development build, which is larger. The sources are
    copied first, so that a change in the checkout does not disturb a run.
    """
    names = output("git", "ls-files", "-co", "--exclude-standard", *SOURCES).splitlines()
    files = sorted(name for name in names if (ROOT / name).is_file())
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + b"\0" + (ROOT / name).read_bytes())
    folder = CACHE / "build"
    target = CACHE / "labextensions"
    stamp = CACHE / "build.sum"
    if target.exists() and stamp.exists() and stamp.read_text() == digest.hexdigest():
        return target
    shutil.rmtree(folder, ignore_errors=True)
    shutil.rmtree(target, ignore_errors=True)
    stamp.unlink(missing_ok=True)
    for name in files:
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(ROOT / name, folder / name)
    package = json.loads((folder / "package.json").read_text())
    package["jupyterlab"]["outputDir"] = f"../{target.name}/{NAME}"
    (folder / "package.json").write_text(json.dumps(package, indent=2))
    (folder / "node_modules").symlink_to(ROOT / "node_modules")
    for command in (["node_modules/.bin/tsc"], ["jupyter-builder", "build", "."]):
        done = subprocess.run(
            command, cwd=folder, env=_environment(), capture_output=True, text=True, check=False
        )
        if done.returncode:
            raise RuntimeError(f"{' '.join(command)} failed:\n{done.stdout}\n{done.stderr}")
    stamp.write_text(digest.hexdigest())
    return target


def _environment() -> dict[str, str]:
    return {**os.environ, "PATH": f"{ROOT / '.venv' / 'bin'}:{os.environ['PATH']}"}
