"""A PostgreSQL server of the tests' own, on a socket in a folder, with nobody else in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import quote

import pytest


def find_programs() -> Path | None:
    """Where PostgreSQL's programs are; Debian keeps them off the path."""
    on_path = shutil.which("initdb")
    debian = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
    found = debian[-1] if debian else Path(on_path) if on_path else None
    return found.parent if found else None


@contextlib.contextmanager
def run_postgres(programs: Path) -> Iterator[Path]:
    """Start a server and give the folder of its socket.

    PostgreSQL refuses to run as root; then it runs as the user that its package made.
    """
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(tempfile.mkdtemp(prefix="pg-", dir="/tmp"))
    data = folder / "data"
    if user:
        shutil.chown(folder, user)
    quiet = {"user": user, "stdout": subprocess.DEVNULL, "stderr": subprocess.STDOUT, "cwd": folder}
    try:
        subprocess.run(
            [programs / "initdb", "-D", data, "-U", "tests", "--auth=trust", "--no-sync"],
            check=True,
            **quiet,
        )
        options = f"-k {folder} -c listen_addresses= -c fsync=off -c shared_buffers=32MB"
        control = [programs / "pg_ctl", "-D", data, "-w", "-t", "150"]
        subprocess.run(
            [*control, "-o", options, "-l", folder / "log", "start"], check=True, **quiet
        )
        try:
            subprocess.run(
                [programs / "createdb", "-h", folder, "-U", "tests", "cube"], check=True, **quiet
            )
            yield folder
        finally:
            subprocess.run([*control, "-m", "immediate", "stop"], check=False, **quiet)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextlib.contextmanager
def run_cube(folder: Path) -> Iterator[tuple[Any, Path]]:
    """Start an empty Open Data Cube, and give it with the file of its configuration."""
    from datacube import Datacube

    programs = find_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with run_postgres(programs) as place:
        address = f"postgresql:///cube?host={quote(str(place), safe='')}&user=tests"
        config = folder / "datacube.yaml"
        config.write_text(f"default:\n  index_driver: postgres\n  db_url: '{address}'\n")
        run_datacube(config, "system", "init")
        opened = Datacube(config=str(config))
        try:
            yield opened, config
        finally:
            opened.close()


def run_datacube(config: Path, *arguments: object) -> None:
    """Run the command of that name, as an administrator does."""
    program = Path(sys.executable).with_name("datacube")
    command = [program, "-C", config, *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
