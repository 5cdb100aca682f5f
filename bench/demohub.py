"""The hub of ``deploy/`` with many users, and their pages without a browser."""

from __future__ import annotations

import json
import os
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from types import TracebackType

import psutil

from .machine import CACHE, ROOT
from .node import NodeProcess
from .processes import command, memory, of_folder, wait_for

_PAGE = Path(__file__).parent / "page"
_CONFIG = """
load_subconfig({config!r})
c.Authenticator.allowed_users = {users!r}
c.JupyterHub.services.append({{"name": "bench", "api_token": {token!r}}})
c.JupyterHub.load_roles.append(
    {{"name": "bench", "scopes": ["tokens", "read:users"], "services": ["bench"]}}
)
"""
#: What a page's token may do, as ``deploy/`` grants it.
_SCOPES = ["access:services!service=dask-gateway"]
#: By part of the hub: how its process is known.
PARTS = {
    "hub": "-m jupyterhub ",
    "the hub's proxy": "configurable-http-proxy",
    "gateway": "dask-gateway-server",
    "the gateway's proxy": "dask-gateway-proxy",
}


class DemoHub:
    """A hub with its gateway, on free ports of this machine."""

    def __init__(self, users: list[str]) -> None:
        self.users = users
        self.folder = Path(tempfile.mkdtemp(prefix="seasonal-monitor-bench-"))
        self._token = secrets.token_hex(16)
        self._process: subprocess.Popen[bytes] | None = None
        self.url = ""

    def __enter__(self) -> DemoHub:
        config = self.folder / "config.py"
        base = str(ROOT / "deploy" / "jupyterhub_config.py")
        config.write_text(_CONFIG.format(config=base, users=set(self.users), token=self._token))
        data = self.folder / "sample-data"
        data.mkdir()
        (data / "catalog.json").write_text("{}")
        port = _free_ports(5)
        self.url = f"http://127.0.0.1:{port}"
        script: list[str | Path] = [sys.executable, ROOT / "scripts" / "hub.py", f"--port={port}"]
        options = [f"--folder={self.folder}", f"--config={config}", f"--sample-data={data}"]
        printed = self.folder / "printed"
        try:
            with printed.open("w") as written:
                self._process = subprocess.Popen(
                    [*script, *options],
                    env={**os.environ, "HOME": str(self.folder)},
                    stdout=written,
                    stderr=subprocess.STDOUT,
                )
            wait_for(lambda: self._is_ready(printed), "the hub", timeout=240, every=0.3)
        except BaseException:
            self._end()
            raise
        return self

    def _is_ready(self, printed: Path) -> bool:
        assert self._process is not None
        if self._process.poll() is not None:
            raise RuntimeError(printed.read_text())
        return "JupyterHub is ready" in printed.read_text()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._end()

    def _end(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
            try:
                self._process.wait(240)
            finally:
                for process in of_folder(self.folder):
                    process.kill()
        shutil.rmtree(self.folder, ignore_errors=True)

    def tokens(self, *more: str) -> list[dict[str, str]]:
        """Return everybody with a token as their page has it, and more scopes of their own."""

        def own(name: str) -> list[str]:
            return [f"{scope}!user={name}" for scope in more]

        def one(name: str) -> dict[str, str]:
            request = urllib.request.Request(
                f"{self.url}/hub/api/users/{name}/tokens",
                data=json.dumps({"scopes": [*_SCOPES, *own(name)]}).encode(),
                headers={"Authorization": f"token {self._token}"},
                method="POST",
            )
            with urllib.request.urlopen(request, timeout=60) as reply:
                return {"name": name, "token": json.load(reply)["token"]}

        with ThreadPoolExecutor(4) as pool:
            return list(pool.map(one, self.users))

    def usage(self) -> Usage:
        """Return what the hub's and the gateway's own processes have used so far."""
        usage = Usage()
        for process in of_folder(self.folder):
            line = command(process)
            part = next((name for name, mark in PARTS.items() if mark in line), None)
            if part and "spawn" not in line:
                times = process.cpu_times()
                usage.seconds[part] = usage.seconds.get(part, 0) + times.user + times.system
                usage.megabytes[part] = usage.megabytes.get(part, 0) + memory(process)["pss"]
        return usage


@dataclass
class Usage:
    """Processor seconds and memory (PSS, MB) by part of the hub."""

    seconds: dict[str, float] = field(default_factory=dict)
    megabytes: dict[str, float] = field(default_factory=dict)

    def percent(self, before: Usage, seconds: float) -> dict[str, float]:
        """Return percents of one core since then."""
        return {
            part: 100 * (used - before.seconds.get(part, 0)) / seconds
            for part, used in self.seconds.items()
        }


class Users(NodeProcess):
    """Many people's pages, in one Node process."""

    def __init__(self) -> None:
        target = CACHE / "users"
        webpack: list[str | Path] = [ROOT / "node_modules" / ".bin" / "webpack", "-o", target]
        done = subprocess.run(
            [*webpack, "--config", _PAGE / "users.webpack.cjs"],
            cwd=ROOT,
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode:
            raise RuntimeError(f"webpack failed: run `make setup`.\n{done.stdout}\n{done.stderr}")
        super().__init__(target / "users.cjs", "The users' process")


def free_memory() -> float:
    """Return MB that programs can have now."""
    available: int = psutil.virtual_memory().available
    return available / 1e6


def _free_ports(count: int) -> int:
    """Return the first of as many ports in a row that nobody uses now."""
    while True:
        taken: list[socket.socket] = []
        try:
            taken.append(socket.create_server(("127.0.0.1", 0)))
            first: int = taken[0].getsockname()[1]
            others = range(first + 1, first + count)
            taken.extend(socket.create_server(("127.0.0.1", port)) for port in others)
        except (OSError, OverflowError):
            continue
        finally:
            for one in taken:
                one.close()
        return first
