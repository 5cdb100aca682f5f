"""The controller's private folders, and what dead controllers left behind."""

from __future__ import annotations

import os
import re
import shutil
import socket
import tempfile
from pathlib import Path

_PREFIX = "seasonal-monitor"
_CLAIM = "taken-"


class Runtime:
    """Folders that only this user can enter and that go with the controller.

    Attributes
    ----------
    private
        For credentials, in the Jupyter runtime folder. The controller works in
        it, so that nothing beside a notebook can be imported by mistake.
    scratch
        For what workers spill to disk.
    """

    def __init__(self, private_parent: Path, scratch_parent: Path) -> None:
        self._host = re.sub(r"[^\w.]", "_", socket.gethostname()) or "host"
        for parent in (private_parent, scratch_parent):
            self._purge(parent)
        self.private = self._make(private_parent)
        self._scratch_parent = scratch_parent
        self._scratch: Path | None = None
        self._shared: Path | None = None

    def shared(self, parent: Path | None) -> Path:
        """Return a folder for what other machines must see: a new one in there, or the private."""
        if parent is None:
            return self.private
        if self._shared is None:
            self._purge(parent)
            self._shared = self._make(parent)
        return self._shared

    @property
    def scratch(self) -> Path:
        """The scratch folder, made on first use."""
        if self._scratch is None:
            self._scratch = self._make(self._scratch_parent)
        return self._scratch

    def claim(self, name: str) -> None:
        """Note that this controller has taken up what another one made."""
        (self.private / f"{_CLAIM}{name}").touch(mode=0o600)

    def remove(self) -> None:
        """Remove all folders. May be called twice."""
        for folder in (self.private, self._scratch, self._shared):
            if folder is not None:
                shutil.rmtree(folder, ignore_errors=True)

    def _make(self, parent: Path) -> Path:
        parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        prefix = f"{_PREFIX}-{self._host}-{os.getpid()}-"
        return Path(tempfile.mkdtemp(prefix=prefix, dir=parent))

    def _purge(self, parent: Path) -> None:
        """Remove what this user's controllers that were killed on this machine left."""
        pattern = re.compile(rf"{_PREFIX}-{re.escape(self._host)}-(\d+)-\w+\Z")
        try:
            entries = list(parent.iterdir())
        except OSError:
            return
        for entry in entries:
            match = pattern.match(entry.name)
            if match and not _alive(int(match[1])) and not entry.is_symlink() and _mine(entry):
                shutil.rmtree(entry, ignore_errors=True)


def claimed() -> set[str]:
    """Return what living controllers of this user on this machine have taken up, by name."""
    from jupyter_core.paths import jupyter_runtime_dir

    host = re.sub(r"[^\w.]", "_", socket.gethostname()) or "host"
    found = Path(jupyter_runtime_dir()).glob(f"{_PREFIX}-{host}-*/{_CLAIM}*")
    return {
        path.name.removeprefix(_CLAIM)
        for path in found
        if _alive(int(path.parent.name.removeprefix(f"{_PREFIX}-{host}-").partition("-")[0]))
    }


def open_runtime() -> Runtime:
    """Make the folders where Jupyter and Python keep such things."""
    from jupyter_core.paths import jupyter_runtime_dir

    return Runtime(Path(jupyter_runtime_dir()), Path(tempfile.gettempdir()))


def _alive(pid: int) -> bool:
    if os.name == "nt":
        import psutil

        return bool(psutil.pid_exists(pid))
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def _mine(path: Path) -> bool:
    try:
        return not hasattr(os, "getuid") or path.stat().st_uid == os.getuid()
    except OSError:
        return False
