"""``make lab``: its script prints an address, and leaves nothing after Ctrl-C."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import socket
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 400.0


class Terminal:
    """A program in a terminal of its own, as a person starts it."""

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self.text = ""
        self.ended = False
        self.pid, self._file = pty.fork()
        if self.pid == 0:
            # So a shell leaves it to what it starts in the background.
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            os.execvpe(command[0], command, environment)

    def until(self, happened: Callable[[], object]) -> None:
        """Read what is printed until something happened; fail after a long time."""
        deadline = time.monotonic() + SECONDS
        while not happened():
            assert time.monotonic() < deadline, self.text
            if not self.ended and select.select([self._file], [], [], 0.1)[0]:
                try:
                    data = os.read(self._file, 65536)
                except OSError:
                    data = b""
                self.text += data.decode(errors="replace")
                self.ended = not data

    def interrupt(self) -> None:
        """Press Ctrl-C."""
        os.write(self._file, b"\x03")

    def close(self) -> None:
        """End it, however it is."""
        if not self.ended:
            os.kill(self.pid, signal.SIGKILL)
        os.waitpid(self.pid, 0)
        os.close(self._file)


def free_port() -> int:
    """A port of the loopback interface that nobody uses now."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        port: int = taken.getsockname()[1]
    return port


def processes(folder: Path) -> set[int]:
    """Living processes whose environment names the folder."""
    found = set()
    for entry in Path("/proc").glob("[0-9]*"):
        try:
            named = os.fsencode(folder) in (entry / "environ").read_bytes()
            dead = "\nState:\tZ" in (entry / "status").read_text()
        except OSError:
            continue
        if named and not dead:
            found.add(int(entry.name))
    return found


def answers(address: str) -> bool:
    """Whether a server answers there; it prints its address before it does."""
    try:
        with urllib.request.urlopen(f"{address}/api", timeout=SECONDS) as reply:
            return bool(reply.status == 200)
    except (urllib.error.URLError, ConnectionError, TimeoutError):
        return False


def test_without_a_browser_it_prints_an_address_and_ctrl_c_leaves_nothing(tmp_path: Path) -> None:
    runtime = tmp_path / "runtime"
    demo = tmp_path / "demo"
    environment = {
        **{k: v for k, v in os.environ.items() if k not in {"DISPLAY", "WAYLAND_DISPLAY"}},
        "HOME": str(tmp_path),
        "JUPYTER_RUNTIME_DIR": str(runtime),
    }
    script = (
        f"import sys; sys.path.insert(0, {str(ROOT / 'scripts')!r})\n"
        f"import lab, pathlib; lab.DEMO = pathlib.Path({str(demo)!r})\n"
        "raise SystemExit(lab.main())"
    )
    terminal = Terminal([sys.executable, "-c", script, f"--port={free_port()}"], environment)
    try:
        terminal.until(lambda: re.search(r"http://127\.0\.0\.1:\d+/lab\?token=\w+", terminal.text))
        assert "No browser here" in terminal.text
        assert (demo / "sample-data" / "catalog.json").is_file()
        assert "is made beside JupyterLab" in terminal.text
        address = re.search(r"(http://127\.0\.0\.1:\d+)/lab\?token=(\w+)", terminal.text)
        assert address
        terminal.until(lambda: answers(address[1]))
        request = urllib.request.Request(
            f"{address[1]}/api/sessions",
            data=json.dumps(
                {"name": "a", "path": "a", "type": "notebook", "kernel": {"name": "python3"}}
            ).encode(),
            headers={"Authorization": f"token {address[2]}"},
        )
        with urllib.request.urlopen(request, timeout=SECONDS) as reply:
            assert reply.status == 201
        assert list(runtime.glob("kernel-*.json"))

        terminal.interrupt()
        terminal.until(lambda: "Shut down this Jupyter server" in terminal.text)
        terminal.interrupt()
        terminal.until(lambda: terminal.ended and not processes(tmp_path))
        assert not list(runtime.glob("kernel-*"))
        assert not list(runtime.glob("jpserver-*"))
        assert not list(demo.rglob("*.partial"))
        assert terminal.text.count("rasters written") == 1, "the rest was not interrupted"
    finally:
        terminal.close()
        for pid in processes(tmp_path):
            os.kill(pid, signal.SIGKILL)
