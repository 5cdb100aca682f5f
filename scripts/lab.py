"""Open JupyterLab with the extension, on this machine only, in the folder ``demo``."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"


def main() -> int:
    """Make the sample data once, then run JupyterLab until it is stopped.

    Returns
    -------
    int
        JupyterLab's exit code.
    """
    DEMO.mkdir(exist_ok=True)
    made = subprocess.run(
        [sys.executable, "-m", "jupyterlab_seasonal_monitor.sample_data", "sample-data"],
        cwd=DEMO,
        check=False,
    )
    if made.returncode:
        return made.returncode
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
    try:
        return subprocess.run(command, check=False).returncode
    except KeyboardInterrupt:
        return 0


if __name__ == "__main__":
    raise SystemExit(main())
