"""The demo hub of ``deploy/`` for tests, and its people, over HTTP."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Callable
from pathlib import Path
from types import TracebackType
from typing import Any

import httpx
import websocket

ROOT = Path(__file__).resolve().parents[2]
SECONDS = 240.0
GATEWAY = "/services/dask-gateway/api/v1"


def wait_until(happened: Callable[[], Any], what: str) -> Any:
    """Ask again and again until the answer is true, and return it."""
    deadline = time.monotonic() + SECONDS
    while not (answer := happened()):
        assert time.monotonic() < deadline, f"{what}: not within {SECONDS} s"
        time.sleep(0.2)
    return answer


def free_ports(count: int) -> int:
    """Return the first of as many ports in a row that nobody uses now."""
    while True:
        sockets: list[socket.socket] = []
        try:
            sockets.append(socket.create_server(("127.0.0.1", 0)))
            first: int = sockets[0].getsockname()[1]
            others = range(first + 1, first + count)
            sockets.extend(socket.create_server(("127.0.0.1", port)) for port in others)
        except (OSError, OverflowError):
            continue
        finally:
            for one in sockets:
                one.close()
        return first


class Hub:
    """The hub as ``make hub`` runs it, in a folder and on ports of its own."""

    def __init__(self, folder: Path, *arguments: str) -> None:
        self.folder = folder
        self.port = port = free_ports(5)
        self.url = f"http://127.0.0.1:{port}"
        self.printed = folder / "printed"
        sample_data = folder / "sample-data"
        sample_data.mkdir()
        (sample_data / "catalog.json").write_text("{}")
        command = [sys.executable, str(ROOT / "scripts" / "hub.py")]
        arguments = (f"--folder={folder}", f"--sample-data={sample_data}", *arguments)
        self._command = [*command, f"--port={port}", *arguments]
        self._process = self._start()

    def _start(self) -> subprocess.Popen[bytes]:
        with self.printed.open("w") as written:
            return subprocess.Popen(
                self._command,
                env={**os.environ, "HOME": str(self.folder)},
                stdout=written,
                stderr=subprocess.STDOUT,
            )

    def __enter__(self) -> Hub:
        wait_until(self._is_ready, "the hub is ready")
        return self

    def restart(self) -> None:
        """End the hub with its services and its proxy, as an administrator does, and start it.

        Servers go on where ``cleanup_servers`` is false.
        """
        (pid,) = [pid for pid, name in self.processes().items() if "-m jupyterhub -f" in name]
        os.kill(pid, signal.SIGTERM)
        self._process.wait(SECONDS)
        self._process = self._start()
        wait_until(self._is_ready, "the hub is ready again")

    def _is_ready(self) -> bool:
        assert self._process.poll() is None, self.printed.read_text()
        return "JupyterHub is ready" in self.printed.read_text()

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        try:
            self.interrupt()
        finally:
            for pid in self.processes():
                os.kill(pid, signal.SIGKILL)

    def interrupt(self) -> int:
        """Press Ctrl-C, and wait until ``make hub`` has ended."""
        if self._process.poll() is None:
            self._process.send_signal(signal.SIGINT)
        return self._process.wait(SECONDS)

    def processes(self) -> dict[int, str]:
        """Return living processes that name the folder or stand in it, and their commands."""
        found = {}
        name = os.fsencode(self.folder)
        for entry in Path("/proc").glob("[0-9]*"):
            try:
                command = (entry / "cmdline").read_bytes()
                texts = [command, (entry / "environ").read_bytes(), (entry / "cwd").readlink()]
                dead = "\nState:\tZ" in (entry / "status").read_text()
            except OSError:
                continue
            if not dead and any(name in os.fsencode(text) for text in texts):
                found[int(entry.name)] = command.replace(b"\0", b" ").decode()
        return found


class Person:
    """Somebody with a browser: cookies, and what the page of their JupyterLab knows."""

    def __init__(self, hub: Hub, name: str) -> None:
        self.name = name
        self.browser = httpx.Client(base_url=hub.url, follow_redirects=True, timeout=SECONDS)

    def sign_in(self) -> httpx.Response:
        """Fill in the form of the hub's first page."""
        self.browser.get("/hub/login")
        data = {
            "username": self.name,
            "password": "any",
            "_xsrf": self.browser.cookies.get("_xsrf", path="/hub/"),
        }
        return self.browser.post("/hub/login", data=data)

    def open_lab(self) -> None:
        """Start the server, wait until it answers, and read the page."""
        self.browser.get("/hub/spawn")
        config = re.compile(r'id="jupyter-config-data"[^>]*>(.*?)</script>', re.DOTALL)
        lab = f"/user/{self.name}/lab"
        found = wait_until(lambda: config.search(self.browser.get(lab).text), "the server")
        self.page: dict[str, Any] = json.loads(found[1])

    def gateway(
        self, method: str, path: str, body: Any = None, scheme: str = "jupyterhub"
    ) -> httpx.Response:
        """Ask the gateway as the page does: with its token and without a cookie."""
        return httpx.request(
            method,
            str(self.browser.base_url.join(f"{GATEWAY}{path}")),
            json=body,
            headers={"Authorization": f"{scheme} {self.page['token']}"},
            timeout=SECONDS,
        )

    def new_cluster(self, **options: Any) -> str:
        """Make a cluster, wait until it runs, and return its name."""
        reply = self.gateway("POST", "/clusters/", {"cluster_options": options})
        assert reply.status_code == 201, reply.text
        name: str = reply.json()["name"]

        def status() -> bool:
            told = self.gateway("GET", f"/clusters/{name}?wait").json()["status"]
            assert told in {"PENDING", "RUNNING"}
            return bool(told == "RUNNING")

        wait_until(status, "the cluster runs")
        return name

    def new_kernel(self) -> str:
        """Start a kernel on this person's server and return its id."""
        token = {"Authorization": f"token {self.page['token']}"}
        reply = self.browser.post(f"/user/{self.name}/api/kernels", json={}, headers=token)
        assert reply.status_code == 201, reply.text
        kernel: str = reply.json()["id"]
        return kernel

    def connect(self, kernel: str) -> Channel:
        """Open the channels of a kernel on this person's server."""
        address = str(self.browser.base_url).replace("http", "ws").rstrip("/")
        return Channel(
            f"{address}/user/{self.name}/api/kernels/{kernel}/channels", self.page["token"]
        )

    def run(self, kernel: str, code: str) -> str:
        """Run code in a kernel and return what it prints; fail when it raises."""
        channel = self.connect(kernel)
        try:
            return channel.execute(code)
        finally:
            channel.close()


class Channel:
    """What a page has of a kernel: code, and a comm to the controller in it."""

    def __init__(self, address: str, token: str) -> None:
        self._socket = websocket.create_connection(
            address, header=[f"Authorization: token {token}"], timeout=SECONDS
        )
        self._session = uuid.uuid4().hex
        self._comm = uuid.uuid4().hex

    def close(self) -> None:
        self._socket.close()

    def send(self, kind: str, content: dict[str, Any]) -> str:
        """Send a message to the kernel and return its id."""
        number = uuid.uuid4().hex
        header = {
            "msg_id": number,
            "msg_type": kind,
            "session": self._session,
            "username": "",
            "version": "5.3",
        }
        message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
        self._socket.send(json.dumps({**message, "channel": "shell"}))
        return number

    def execute(self, code: str) -> str:
        """Run code and return what it prints; fail when it raises."""
        asked = self.send("execute_request", {"code": code, "silent": False})
        printed = ""
        while True:
            told = json.loads(self._socket.recv())
            if told["parent_header"].get("msg_id") != asked:
                continue
            content = told["content"]
            if told["msg_type"] == "stream" and content["name"] == "stdout":
                printed += content["text"]
            assert told["msg_type"] != "error", "\n".join(content["traceback"])
            if told["msg_type"] == "status" and content["execution_state"] == "idle":
                return printed

    def open(self, target: str) -> None:
        """Open the comm."""
        self.send("comm_open", {"comm_id": self._comm, "target_name": target, "data": {}})

    def call(self, method: str, **params: Any) -> Any:
        """Call a method of the controller and return its result."""
        number = uuid.uuid4().hex
        data = {"jsonrpc": "2.0", "id": number, "method": method, "params": params}
        self.send("comm_msg", {"comm_id": self._comm, "data": data})
        while True:
            told = json.loads(self._socket.recv())
            reply = told["content"].get("data", {})
            if told["msg_type"] == "comm_msg" and reply.get("id") == number:
                assert "error" not in reply, reply
                return reply["result"]
