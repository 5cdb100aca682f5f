"""A PostgreSQL server of the tests' own, on a socket in a folder, with nobody else in it."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path


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
        control = [programs / "pg_ctl", "-D", data, "-w", "-t", "60"]
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
