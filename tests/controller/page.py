"""A page as the tests play it: a real kernel, a real comm, JSON-RPC."""

from __future__ import annotations

import asyncio
import contextlib
import itertools
import json
import os
import signal
import time
import uuid
from pathlib import Path
from typing import Any

from jupyter_client import AsyncKernelManager
from jupyter_client.kernelspec import KernelSpec

CONTROLLER = Path(__file__).parents[2] / "jupyterlab_seasonal_monitor" / "controller"
TARGET = "jupyterlab_seasonal_monitor"


def bootstrap_code(version: str = "1.2.3", *, begin: bool = False) -> str:
    """Return what the page executes, made as the page makes it."""
    modules = {
        ".".join(path.relative_to(CONTROLLER).with_suffix("").parts): path.read_text()
        for path in CONTROLLER.rglob("*.py")
        if path.name != "bootstrap.py"
    }
    source = (CONTROLLER / "bootstrap.py").read_text()
    literal = json.dumps(json.dumps(modules))
    call = f'install(__import__("json").loads({literal}), {json.dumps(version)}, {begin})'
    return f"{source}\n{call}"


class RefusedError(Exception):
    """A JSON-RPC error."""

    def __init__(self, error: dict[str, Any]) -> None:
        super().__init__(error["message"])
        self.code = error["code"]
        self.data = error["data"]


class Page:
    """One comm to a controller."""

    def __init__(self, kernel: Kernel) -> None:
        self.kernel = kernel
        self.comm_id = uuid.uuid4().hex
        self.received: list[dict[str, Any]] = []
        self._numbers = itertools.count(1)
        self._replies: dict[Any, asyncio.Future[Any]] = {}
        self._news = asyncio.Event()
        kernel.pages[self.comm_id] = self
        kernel.send("comm_open", {"comm_id": self.comm_id, "target_name": TARGET, "data": {}})

    def take(self, data: dict[str, Any]) -> None:
        self.received.append(data)
        self._news.set()
        future = self._replies.pop(data.get("id"), None)
        if future is not None and not future.done():
            if "error" in data:
                future.set_exception(RefusedError(data["error"]))
            else:
                future.set_result(data["result"])

    def raw(self, data: Any) -> None:
        self.kernel.send("comm_msg", {"comm_id": self.comm_id, "data": data})

    def begin(self, method: str, **params: Any) -> tuple[int, asyncio.Future[Any]]:
        number = next(self._numbers)
        future = asyncio.get_running_loop().create_future()
        self._replies[number] = future
        self.raw({"jsonrpc": "2.0", "id": number, "method": method, "params": params})
        return number, future

    async def call(self, method: str, *, within: float = 30, **params: Any) -> Any:
        return await asyncio.wait_for(self.begin(method, **params)[1], within)

    def cancel(self, number: int) -> None:
        self.raw({"jsonrpc": "2.0", "method": "$/cancelRequest", "params": {"id": number}})

    def begin_create(
        self, *, key: str = "k", name: str = "Test", launcher: str = "local", **options: Any
    ) -> tuple[int, asyncio.Future[Any]]:
        return self.begin(
            "create",
            key=key,
            name=name,
            launcher=launcher,
            options=options,
            profile=None,
            environment=None,
        )

    async def create(self, *, within: float = 60, **asked: Any) -> Any:
        return await asyncio.wait_for(self.begin_create(**asked)[1], within)

    def events(self, method: str) -> list[Any]:
        return [m["params"] for m in self.received if m.get("method") == method]

    async def until(self, test: Any, within: float = 20) -> Any:
        """Return what the test returns as soon as that is true of what was received."""
        deadline = time.monotonic() + within
        while not (result := test(self)):
            self._news.clear()
            left = deadline - time.monotonic()
            assert left > 0, f"not within {within} s; last: {self.received[-4:]}"
            with contextlib.suppress(asyncio.TimeoutError):
                await asyncio.wait_for(self._news.wait(), left)
        return result

    async def snapshot(self, test: Any, within: float = 20) -> Any:
        """Return the first pushed snapshot that passes, counting from the newest."""

        def newest(page: Page) -> Any:
            last = page.events("clusterChanged")[-1:]
            return last[0] if last and test(last[0]) else None

        return await self.until(newest, within)

    def close(self) -> None:
        self.kernel.send("comm_close", {"comm_id": self.comm_id, "data": {}})


class Kernel:
    """A kernel that a test started, with or without a controller."""

    def __init__(
        self, python: str, cwd: Path, env: dict[str, str], prefix: tuple[str, ...] = ()
    ) -> None:
        self._manager = AsyncKernelManager()
        argv = [*prefix, python, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
        self._manager._kernel_spec = KernelSpec(argv=argv, display_name="test", language="python")
        self._cwd, self._env = cwd, env
        self.pages: dict[str, Page] = {}
        self.messages: list[dict[str, Any]] = []
        self._news = asyncio.Event()

    @property
    def pid(self) -> int:
        return self._manager.provisioner.pid

    async def start(self) -> None:
        await self._manager.start_kernel(cwd=str(self._cwd), env=self._env)
        self.client = self._manager.client()
        self.client.start_channels()
        await self.client.wait_for_ready(timeout=60)
        self._reader = asyncio.ensure_future(self._read())

    async def install(self) -> Page:
        await self.execute(bootstrap_code(), silent=True, store_history=False)
        return Page(self)

    async def execute(self, code: str, **options: Any) -> dict[str, Any]:
        number = self.client.execute(code, **options)
        while True:
            reply = await self.client.get_shell_msg(timeout=60)
            if reply["parent_header"].get("msg_id") == number:
                assert reply["content"]["status"] == "ok", reply["content"]
                await self._until_idle(number)
                return reply["content"]

    async def _until_idle(self, number: str) -> None:
        """Return when the last message of an execution has come."""
        while not any(
            message["parent_header"].get("msg_id") == number
            and message["content"].get("execution_state") == "idle"
            for message in self.messages
        ):
            self._news.clear()
            await asyncio.wait_for(self._news.wait(), 30)

    async def evaluate(self, expression: str) -> Any:
        content = await self.execute("", user_expressions={"value": expression}, silent=False)
        value = content["user_expressions"]["value"]
        assert value["status"] == "ok", value
        return value["data"]["text/plain"]

    def send(self, kind: str, content: dict[str, Any]) -> None:
        self.client.shell_channel.send(self.client.session.msg(kind, content))

    async def interrupt(self) -> None:
        await self._manager.interrupt_kernel()

    def signal(self, number: int) -> None:
        os.kill(self.pid, number)

    async def kill(self) -> None:
        self.signal(signal.SIGKILL)
        await self._manager.provisioner.wait()

    async def shut_down(self) -> float:
        started = time.monotonic()
        await self._manager.shutdown_kernel()
        return time.monotonic() - started

    async def wait_for_end(self, within: float) -> None:
        deadline = time.monotonic() + within
        while await self._manager.is_alive():
            assert time.monotonic() < deadline, f"the kernel lives after {within} s"
            await asyncio.sleep(0.05)

    async def close(self) -> None:
        if await self._manager.is_alive():
            self.signal(signal.SIGCONT)
            await self._manager.shutdown_kernel()
        self._reader.cancel()
        self.client.stop_channels()

    async def _read(self) -> None:
        while True:
            message = await self.client.get_iopub_msg(timeout=None)
            self.messages.append(message)
            self._news.set()
            if message["msg_type"] == "comm_msg":
                page = self.pages.get(message["content"]["comm_id"])
                if page is not None:
                    page.take(message["content"]["data"])
