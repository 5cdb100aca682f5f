# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters that a library makes, in an event loop of their own."""

from __future__ import annotations

import asyncio
import contextlib
import inspect
import threading
from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ..protocol_cluster import LogEntry
from ..warm import Warmth
from .base import Reporter, capabilities, stop_adapting
from .remote import RemoteLauncher

_T = TypeVar("_T")
_CLOSE_TIMEOUT = 8.0


class HostedLauncher(RemoteLauncher):
    """What launchers share that hold a ``distributed.deploy.Cluster`` of some library.

    Constructors and methods of such classes may block for minutes; in a loop and
    a thread of their own they block nothing but themselves.

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
        #: The controller's, for what the library calls from its own threads.
        self._loop_here = asyncio.get_running_loop()
        self._watching: asyncio.Task[None] | None = None

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

    async def _ask_for_workers(self, options: dict[str, Any]) -> None:
        """Ask for the first workers, as many as the options say."""
        if "maximum" in options:
            await self.adapt(options["minimum"], options["maximum"])
        else:
            self.reporter.step("workers", f"0 of {options['workers']}")
            await self.scale(options["workers"])

    async def restart(self) -> None:
        """Restart as ``Client.restart`` does."""
        await self._scheduler.restart()

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Return the lines of this process, the scheduler and the workers."""
        entries = await super().logs(lines, worker)
        if worker is None:
            entries.insert(0, LogEntry(source="controller", lines=self.reporter.log(lines)))
        return entries

    async def _make(self, make: Callable[[], Awaitable[Any]]) -> None:
        """Make the cluster in its own loop; ``stop`` follows also when this is cancelled."""
        threading.Thread(target=self._run, name="Cluster", daemon=True).start()
        self._making = self._there(make)
        self._cluster = await asyncio.shield(self._making)
        self._overhear()

    @property
    def listens(self) -> bool:
        """The library's object does: it counts its workers by what it hears."""
        return False

    def _overhear(self) -> None:
        """Ask the scheduler when the library's object hears of its workers.

        Where it has no such method, workers are seen to come and go with each reading.
        """
        hear = getattr(self._cluster, "_update_worker_status", None)
        if hear is None:
            return

        def overheard(kind: str, message: Any) -> None:  # noqa: ANN401 - the scheduler's
            hear(kind, message)
            self._loop_here.call_soon_threadsafe(self.reporter.changed)

        self._cluster._update_worker_status = overheard

    def _run(self) -> None:
        self._loop.run_forever()
        self._loop.close()

    def _there(self, function: Callable[[], Awaitable[_T]]) -> asyncio.Future[_T]:
        """Run a coroutine function in the cluster's loop."""

        async def run() -> _T:
            return await function()

        return asyncio.wrap_future(asyncio.run_coroutine_threadsafe(run(), self._loop))

    async def _size(self, sizes: dict[str, Any]) -> None:
        """Give the cluster a number of ``workers``, or ``minimum`` and ``maximum``."""
        cluster = self._cluster

        async def apply() -> None:
            # One that goes on would undo every scaling.
            await stop_adapting(cluster)
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
        # What a start that failed or was cancelled has left may be there already.
        with contextlib.suppress(Exception, asyncio.CancelledError):
            self._cluster = await making
        cluster = self._cluster
        if cluster is not None:
            with contextlib.suppress(Exception):
                await self._there(lambda: self._close_there(cluster))
        self._loop.call_soon_threadsafe(self._loop.stop)

    async def _close_there(self, cluster: Any) -> None:  # noqa: ANN401
        """Close the cluster, in its own loop."""
        closing = cluster.close()
        if inspect.isawaitable(closing):
            await closing
