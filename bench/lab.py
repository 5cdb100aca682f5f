"""A real JupyterLab of a measure's own, with folders of its own."""

from __future__ import annotations

import contextlib
import json
import os
import secrets
import shutil
import socket
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Any

import psutil

from . import processes
from .build import NAME
from .machine import CACHE, ROOT

OURS = ROOT / ".venv"
PEER = ROOT / ".venvs" / "peer"

#: Both get a cluster of the same size: two workers with one thread each.
_TWO_WORKERS = {"n_workers": 2, "threads_per_worker": 1}
_PROFILE = {
    "name": "This machine",
    "provider": "local",
    "options": {"workers": 2, "threads": 1},
}


@dataclass
class Subject:
    """What is installed in a JupyterLab."""

    name: str
    environment: Path
    #: Names of labextensions that are switched off.
    without: list[str] = field(default_factory=list)
    #: Names of server extensions that are switched off.
    without_server: list[str] = field(default_factory=list)
    #: User settings by plugin name, for this project.
    settings: dict[str, Any] = field(default_factory=dict)
    #: What starts JupyterLab, by default as people do. It makes a difference: a process that
    #: the server spawns, as a worker of the peer's, runs the imports of this script again.
    command: tuple[str, ...] = ("jupyter", "lab")


def ours(**settings: dict[str, Any]) -> Subject:
    """Return this project, with a profile of the peer's size."""
    return Subject("ours", OURS, settings={"profiles": {"profiles": [_PROFILE]}, **settings})


def peer() -> Subject:
    """Return dask-labextension."""
    return Subject("peer", PEER)


def peer_by_module() -> Subject:
    """Return dask-labextension in a server whose script no spawned process runs again."""
    return Subject("peer", PEER, command=("python", "-m", "jupyterlab"))


def none(environment: Path, proxy: bool = True) -> Subject:
    """Return an environment with both extensions switched off.

    Parameters
    ----------
    environment
        Whose packages are used.
    proxy
        Whether jupyter-server-proxy, which both extensions depend on, stays.
    """
    off = [] if proxy else ["jupyter_server_proxy"]
    return Subject(
        "none",
        environment,
        without=[
            NAME,
            "dask-labextension",
            *([] if proxy else ["@jupyterhub/jupyter-server-proxy"]),
        ],
        without_server=["dask_labextension", *off],
    )


class Lab:
    """Starts a JupyterLab, and ends it with everything that it started."""

    def __init__(self, subject: Subject) -> None:
        self.subject = subject
        self.folder = Path(tempfile.mkdtemp(prefix="seasonal-monitor-bench-"))
        self.token = secrets.token_hex(16)
        self.port = free_port()
        #: Seconds from the start of the process to the first answer.
        self.start_seconds = 0.0
        self._configure()
        try:
            self._start()
        except BaseException:
            self.close()
            raise

    @property
    def url(self) -> str:
        """The page's address, each time in a workspace that nobody has used."""
        workspace = secrets.token_hex(4)
        return f"http://127.0.0.1:{self.port}/lab/workspaces/{workspace}?token={self.token}"

    @property
    def process(self) -> psutil.Process:
        """The server's process."""
        return self._server

    def request(self, path: str, method: str = "GET") -> Any:  # noqa: ANN401 - JSON
        """Ask the server's REST API, without being taken for a person's activity."""
        request = urllib.request.Request(
            f"http://127.0.0.1:{self.port}/{path}?no_track_activity=1",
            method=method,
            headers={"Authorization": f"token {self.token}"},
        )
        with urllib.request.urlopen(request, timeout=30) as reply:
            body = reply.read()
        return json.loads(body) if body else None

    def last_activity(self) -> float:
        """Return when the server says that it was last used, in s since the epoch."""
        text = self.request("api/status")["last_activity"]
        return datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp()

    def clear(self) -> None:
        """End all kernels, and wait until no process of theirs is left."""
        for session in self.request("api/sessions"):
            with contextlib.suppress(urllib.error.HTTPError):
                self.request(f"api/sessions/{session['id']}", "DELETE")
        processes.wait_for(lambda: not self._left(), "all kernels to end")

    def _left(self) -> list[psutil.Process]:
        """Return what runs beside the server and the tracker that Python keeps for it."""
        return [
            process
            for process in processes.of_folder(self.folder)
            if process != self._server and "resource_tracker" not in processes.command(process)
        ]

    def __enter__(self) -> Lab:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the server and what is left of it, by process id, and remove the folder."""
        process: subprocess.Popen[bytes] | None = getattr(self, "_process", None)
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(20)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
        for item in processes.of_folder(self.folder):
            with contextlib.suppress(psutil.NoSuchProcess):
                item.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _configure(self) -> None:
        subject = self.subject
        for name in ("root", "config/labconfig", "workspaces"):
            (self.folder / name).mkdir(parents=True)
        settings = {f"{NAME}/{plugin}": values for plugin, values in subject.settings.items()}
        settings["@jupyterlab/apputils-extension/notification"] = {"fetchNews": "false"}
        for plugin, values in settings.items():
            path = self.folder / "settings" / f"{plugin}.jupyterlab-settings"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps(values))
        page = {"disabledExtensions": dict.fromkeys(subject.without, True)}
        (self.folder / "config/labconfig/page_config.json").write_text(json.dumps(page))
        off = {"ServerApp": {"jpserver_extensions": dict.fromkeys(subject.without_server, False)}}
        (self.folder / "config/jupyter_server_config.json").write_text(json.dumps(off))
        values = {
            "ServerApp.port": self.port,
            "ServerApp.port_retries": 0,
            "ServerApp.ip": "127.0.0.1",
            "ServerApp.open_browser": False,
            "ServerApp.allow_root": True,
            "ServerApp.root_dir": str(self.folder / "root"),
            "IdentityProvider.token": self.token,
            "LabApp.expose_app_in_browser": True,
            "LabApp.workspaces_dir": str(self.folder / "workspaces"),
            "LabApp.user_settings_dir": str(self.folder / "settings"),
            # The production build goes before the checkout's development build.
            "LabServerApp.extra_labextensions_path": [str(CACHE / "labextensions")]
            if subject.environment == OURS
            else [],
        }
        lines = [f"c.{name} = {value!r}" for name, value in values.items()]
        (self.folder / "lab_config.py").write_text("\n".join(lines))

    def _start(self) -> None:
        binaries = self.subject.environment / "bin"
        environment = {
            **os.environ,
            "PATH": f"{binaries}:{os.environ['PATH']}",
            "HOME": str(self.folder),
            "JUPYTER_CONFIG_DIR": str(self.folder / "config"),
            # In a virtual environment its own configuration goes before the user's.
            "JUPYTER_CONFIG_PATH": str(self.folder / "config"),
            "JUPYTER_DATA_DIR": str(self.folder / "data"),
            "JUPYTER_RUNTIME_DIR": str(self.folder / "runtime"),
            "DASK_LABEXTENSION__FACTORY__KWARGS": repr(_TWO_WORKERS),
        }
        for name in ("VIRTUAL_ENV", "JUPYTER_PATH", "PYTHONPATH"):
            environment.pop(name, None)
        log = self.folder / "server.log"
        started = time.monotonic()
        with log.open("wb") as stream:
            self._process = subprocess.Popen(
                [
                    binaries / self.subject.command[0],
                    *self.subject.command[1:],
                    f"--config={self.folder / 'lab_config.py'}",
                ],
                cwd=self.folder / "root",
                env=environment,
                stdin=subprocess.DEVNULL,
                stdout=stream,
                stderr=subprocess.STDOUT,
            )
        self._server = psutil.Process(self._process.pid)

        def answers() -> bool:
            if self._process.poll() is not None:
                raise RuntimeError(f"JupyterLab did not start:\n{log.read_text()[-4000:]}")
            with contextlib.suppress(OSError):
                self.request("api/status")
                return True
            return False

        processes.wait_for(answers, "JupyterLab to answer", every=0.02)
        self.start_seconds = time.monotonic() - started


def free_port() -> int:
    """Return a port of the loopback interface that nobody uses now."""
    with socket.socket() as connection:
        connection.bind(("127.0.0.1", 0))
        port: int = connection.getsockname()[1]
        return port
