# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters as a site configured them for the peer extension.

The section ``labextension`` of the Dask configuration names a class in
``factory`` and sizes in ``default``. It is read here, in the environment that it
speaks of; a page cannot name a class.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ..causes import printable
from ..forkserver import in_thread
from ..protocol import LogEntry
from ..rpc import RpcError
from ..security import write_credentials
from ..warm import Warmth
from .base import Reporter, capabilities
from .remote import RemoteLauncher

_T = TypeVar("_T")
_CLOSE_TIMEOUT = 8.0


class LabextensionLauncher(RemoteLauncher):
    """Starts the class that the site configured, in an event loop of its own.

    The constructors of such classes may block for minutes; here they block
    nothing but themselves.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    warmth
        Where private files go.
    """

    capabilities = capabilities()

    def __init__(self, reporter: Reporter, warmth: Warmth) -> None:
        super().__init__(reporter)
        self._warmth = warmth
        self._loop = asyncio.new_event_loop()
        self._cluster: Any = None
        self._making: asyncio.Future[Any] | None = None

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Make the cluster, give it its size, and connect to its scheduler."""
        self.reporter.step("packages")
        await self._warmth.imports()
        section = _read_section()
        factory = section.get("factory") or {}
        cls = await in_thread(_load_class, factory.get("module"), factory.get("class"))
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        threading.Thread(target=self._run, name="Cluster", daemon=True).start()

        async def make() -> Any:  # noqa: ANN401
            arguments = {"asynchronous": True, **(factory.get("kwargs") or {})}
            return await cls(*(factory.get("args") or []), **arguments)

        self._making = self._there(make)
        self._cluster = await asyncio.shield(self._making)
        await self._size({**_sizes(section), **options})
        address, security = self._cluster.scheduler_address, self._cluster.security
        self._credentials = write_credentials(self._warmth.runtime.private, security)
        await self._attach(address, security)
        self.reporter.step("scheduler", done=True)
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Close the cluster, also one that is still being made when it has been."""
        await self._detach()
        if self._making is not None:
            closing = asyncio.ensure_future(self._close(self._making))
            await asyncio.wait([closing], timeout=_CLOSE_TIMEOUT)
        if self._credentials is not None:
            self._credentials.unlink(missing_ok=True)

    async def scale(self, workers: int) -> None:
        """Ask the cluster for a number of workers."""
        await self._size({"workers": workers})

    async def adapt(self, minimum: int, maximum: int) -> None:
        """Let the cluster choose between two bounds."""
        await self._size({"minimum": minimum, "maximum": maximum})

    async def restart(self) -> None:
        """Restart as ``Client.restart`` does."""
        await self._scheduler.restart()

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Return the lines of this process, the scheduler and the workers."""
        entries = await super().logs(lines, worker)
        if worker is None:
            entries.insert(0, LogEntry(source="controller", lines=self.reporter.log(lines)))
        return entries

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    def _there(self, function: Callable[[], Awaitable[_T]]) -> asyncio.Future[_T]:
        """Run a coroutine function in the cluster's loop."""

        async def run() -> _T:
            return await function()

        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(run(), self._loop))

    async def _size(self, sizes: dict[str, Any]) -> None:
        cluster = self._cluster

        async def apply() -> None:
            adaptive = getattr(cluster, "_adaptive", None)
            if adaptive is not None:
                adaptive.stop()
            if "maximum" in sizes:
                result = cluster.adapt(minimum=sizes["minimum"], maximum=sizes["maximum"])
            else:
                result = cluster.scale(sizes["workers"])
            if hasattr(result, "__await__"):
                await result

        if "maximum" in sizes:
            self.wanted, self.bounds = None, (sizes["minimum"], sizes["maximum"])
        elif "workers" in sizes:
            self.wanted, self.bounds = sizes["workers"], None
        else:
            return
        await self._there(apply)

    async def _close(self, making: asyncio.Future[Any]) -> None:
        with contextlib.suppress(Exception):
            cluster = await making

            async def close() -> None:
                await cluster.close()

            await self._there(close)
        self._loop.call_soon_threadsafe(self._loop.stop)


def _read_section() -> dict[str, Any]:
    import dask.config

    section = dask.config.get("labextension", None)
    if not isinstance(section, dict) or not isinstance(section.get("factory"), dict):
        raise RpcError("notFound", "The Dask configuration has no labextension factory.")
    return section


def _load_class(module: object, name: object) -> Any:  # noqa: ANN401
    try:
        return getattr(importlib.import_module(str(module)), str(name))
    except AttributeError as error:
        text = f"The module {printable(str(module))} has no class {printable(str(name))}."
        hint = "Ask your administrator to check labextension.factory in the Dask configuration."
        raise RpcError("launchFailed", text, hint=hint) from error


def _sizes(section: dict[str, Any]) -> dict[str, Any]:
    default = section.get("default") or {}
    adapt = default.get("adapt")
    if isinstance(adapt, dict) and "maximum" in adapt:
        return {"minimum": adapt.get("minimum", 0), "maximum": adapt["maximum"]}
    workers = default.get("workers")
    return {"workers": workers} if isinstance(workers, int) else {}
