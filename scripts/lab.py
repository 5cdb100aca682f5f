"""Open JupyterLab with the extension, on this machine only, in the folder ``demo``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"


def main() -> int:
    """Make the sample data once, then become JupyterLab.

    Returns
    -------
    int
        An exit code, when the sample data could not be made or Ctrl-C came first.
    """
    DEMO.mkdir(exist_ok=True)
    try:
        made = subprocess.run(
            [sys.executable, "-m", "jupyterlab_seasonal_monitor.sample_data", "sample-data"],
            cwd=DEMO,
            check=False,
        )
    except KeyboardInterrupt:
        return 130
    return made.returncode or become_jupyterlab()


def become_jupyterlab() -> NoReturn:
    """Replace this process by JupyterLab.

    Notes
    -----
    So Ctrl-C reaches JupyterLab and nothing above it that would end it too early: it
    asks, and ends its kernels and their connection files before it goes.
    """
    browser = bool(
        os.environ.get("DISPLAY") or os.environ.get("WAYLAND_DISPLAY") or sys.platform == "darwin"
    ) and any(map(shutil.which, ("xdg-open", "x-www-browser", "open", "firefox", "chromium")))
    command = [
        sys.executable,
        "-m",
        "jupyterlab",
        f"--ServerApp.root_dir={DEMO}",
        "--ServerApp.ip=127.0.0.1",
        *([] if browser else ["--no-browser"]),
        *(["--allow-root"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []),
        *sys.argv[1:],
    ]
    if not browser:
        print("No browser here: open the address that JupyterLab prints below.", flush=True)
    os.execv(sys.executable, command)


if __name__ == "__main__":
    raise SystemExit(main())
