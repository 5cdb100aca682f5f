"""Open JupyterLab with the extension, on this machine only, in the folder ``demo``."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import NoReturn

ROOT = Path(__file__).resolve().parent.parent
DEMO = ROOT / "demo"
FIRST = "rfh_dekad"
REST = "--make-the-rest-of-the-sample-data"


def main() -> int:
    """Make the rain of the sample data, then become JupyterLab; the rest is made beside it.

    Returns
    -------
    int
        An exit code, when the sample data could not be made or Ctrl-C came first.
    """
    if sys.argv[1:2] == [REST]:
        return make_rest(Path(sys.argv[2]))
    DEMO.mkdir(exist_ok=True)
    make = [sys.executable, "-m", "jupyterlab_seasonal_monitor.sample_data", "sample-data", "--add"]
    try:
        made = subprocess.run([*make, "--products", FIRST], cwd=DEMO, check=False)
    except KeyboardInterrupt:
        return 130
    if made.returncode:
        return made.returncode
    print(
        "That is the rain per dekad, for the template Rainfall anomaly and others. The rest of "
        "the sample data\nis made beside JupyterLab, one collection after the other; the first "
        "time that takes a minute or two.\nUntil then a template that needs it says that its "
        "collection is not there. A line here says when all is.",
        flush=True,
    )
    # In a session of its own: the first Ctrl-C only makes JupyterLab ask.
    rest = [sys.executable, str(Path(__file__).resolve()), REST, str(DEMO)]
    subprocess.Popen(rest, start_new_session=True)
    return become_jupyterlab()


def make_rest(folder: Path) -> int:
    """Make what is missing of the sample data, as long as the process that asked lives.

    Parameters
    ----------
    folder : Path
        Holds ``sample-data``.

    Returns
    -------
    int
        An exit code.
    """
    parent = os.getppid()
    # A shell leaves it to what it starts in the background that this is ignored.
    signal.signal(signal.SIGINT, signal.default_int_handler)
    threading.Thread(target=_end_after, args=(parent,), daemon=True).start()
    os.nice(10)
    try:
        from jupyterlab_seasonal_monitor.sample_data.__main__ import main as make

        return make([str(folder / "sample-data"), "--add"])
    except KeyboardInterrupt:  # each file is whole or not there, and the next time goes on
        return 130


def _end_after(parent: int) -> None:
    """Interrupt this process when another has become its parent: the old one is no more."""
    while os.getppid() == parent:
        time.sleep(0.5)
    os.kill(os.getpid(), signal.SIGINT)


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
