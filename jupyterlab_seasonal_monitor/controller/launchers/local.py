# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters on this machine: a scheduler in this process, workers beside it."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any

from ..causes import clean_lines
from ..events import wait_within
from ..loopback import LoopbackCluster
from ..protocol_cluster import Connection, LogEntry, Worker
from ..rpc import RpcError
from ..snapshot import Reading, read_scheduler
from ..warm import Warmth
from .base import (
    RESTART_TIMEOUT,
    Launcher,
    Reporter,
    capabilities,
    late_restart,
    stop_adapting,
)

#: Seconds that a scheduler which is starting gets before it is closed.
_START_TIMEOUT = 8.0


class LocalLauncher(Launcher):
    """Gives workers to a cluster on the loopback interface, made beforehand or now.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    warmth
        What was made ready beforehand.
    """

    capabilities = capabilities()

    def __init__(self, reporter: Reporter, warmth: Warmth) -> None:
        super().__init__(reporter)
        self._warmth = warmth
        self._loopback: LoopbackCluster | None = None
        self._observer: Any = None
        self._restart: asyncio.Future[None] | None = None
        #: What the scheduler calls the workers that a restart replaces.
        self._replaced: set[str] | None = None
        self._arrived = asyncio.Event()
        self._taking: asyncio.Future[None] | None = None
        self._dashboard_start: asyncio.Future[None] | None = None
        self._stopping = False

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Bring up the scheduler, then the workers, then the dashboard."""
        self.reporter.step("packages")
        await self._warmth.imports()
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        # Half a scheduler cannot be closed: a cancel takes effect when it is up.
        workers = options["workers"]
        self._taking = asyncio.ensure_future(self._take_scheduler(options))
        await asyncio.shield(self._taking)
        self.reporter.step("scheduler", done=True)
        self.wanted = workers
        ready = len(self._cluster.scheduler.workers)
        self.reporter.step("workers", f"{ready} of {workers}")
        await self._owned.scale(workers)
        if "maximum" in options:
            await self.adapt(options["minimum"], options["maximum"])
        self.reporter.step("workers", f"{workers} of {workers}", done=True)
        self._dashboard_start = asyncio.ensure_future(self._connect_dashboard())

    async def stop(self) -> None:
        """Close workers, scheduler and dashboard, and remove the credentials."""
        self._stopping = True
        if self._restart is not None:
            self._restart.cancel()
        if self._taking is not None:
            await asyncio.wait([self._taking], timeout=_START_TIMEOUT)
        if self._dashboard_start is not None:
            self._dashboard_start.cancel()
        loopback, self._loopback = self._loopback, None
        if loopback is not None:
            await loopback.close()

    async def read(self) -> tuple[Reading, list[Worker]]:
        """Read the scheduler's state directly."""
        if self._loopback is None:
            return Reading(), []
        self._observer.report_errors(self._cluster.scheduler)
        reading, rows = read_scheduler(self._cluster.scheduler)
        if self._restarting:
            reading.conditions["restarting"] = self._restarting
        return reading, rows

    @property
    def connection(self) -> Connection | None:
        """The scheduler's address and the credentials file."""
        if self._loopback is None:
            return None
        return Connection(
            kind="scheduler",
            address=self._loopback.scheduler.address,
            credentials=str(self._loopback.credentials.path),
        )

    @property
    def dashboard(self) -> str | None:
        """The dashboard on the loopback interface, once Bokeh serves it."""
        return self._loopback.dashboard if self._loopback is not None else None

    async def scale(self, workers: int) -> None:
        """Start or close workers; returns when that was asked for."""
        await stop_adapting(self._cluster)
        self.wanted, self.bounds = workers, None
        self._cluster.scale(workers)

    async def adapt(self, minimum: int, maximum: int) -> None:
        """Let the load choose between two bounds."""
        await stop_adapting(self._cluster)
        self.wanted, self.bounds = None, (minimum, maximum)
        self._cluster.adapt(minimum=minimum, maximum=maximum)

    async def restart(self) -> None:
        """Restart as ``Client.restart`` does; whoever asks meanwhile waits for the same."""
        if self._restart is None or self._restart.done():
            self._restart = asyncio.ensure_future(self._restart_workers())
        await asyncio.shield(self._restart)

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Return the lines of the scheduler's process and of each worker that answers."""
        entries = []
        if worker is None:
            entries.append(LogEntry(source="scheduler", lines=self.reporter.log(lines)))
        scheduler = self._cluster.scheduler
        chosen = [s for s in scheduler.workers.values() if worker in (None, str(s.name))][:100]
        if worker is not None and not chosen:
            raise RpcError("notFound", "There is no such worker now.")
        replies = await asyncio.wait_for(
            scheduler.broadcast(
                msg={"op": "get_logs", "n": lines},
                workers=[state.address for state in chosen],
                on_error="return",
            ),
            10,
        )
        for state in chosen:
            reply = replies.get(state.address)
            text = [line for _, line in reversed(reply)] if isinstance(reply, (list, tuple)) else []
            entries.append(LogEntry(source=str(state.name), lines=clean_lines(text)))
        return entries

    @property
    def _owned(self) -> LoopbackCluster:
        if self._loopback is None:
            raise RpcError("notFound", "There is no running cluster here.")
        return self._loopback

    @property
    def _cluster(self) -> Any:  # noqa: ANN401 - distributed has no types
        return self._owned.cluster

    @property
    def _restarting(self) -> int:
        """How many workers of a restart have not come back."""
        if self._replaced is None:
            return 0
        states = self._cluster.scheduler.workers.values()
        back = sum(state.server_id not in self._replaced for state in states)
        return max(0, len(self._cluster.workers) - back)

    async def _restart_workers(self) -> None:
        # Those that were just asked for are listed when they have come up.
        await self._cluster
        scheduler = self._cluster.scheduler
        if not self._cluster.workers:
            raise RpcError("invalid", "There are no workers to restart.")
        deadline = time.monotonic() + RESTART_TIMEOUT
        self._replaced = {state.server_id for state in scheduler.workers.values()}
        self._observer.expect(list(scheduler.workers))
        self.reporter.changed()
        try:
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                await scheduler.restart(
                    timeout=RESTART_TIMEOUT / 2,
                    wait_for_workers=False,
                    stimulus_id=f"seasonal-monitor-restart-{time.time()}",
                )
            while self._restarting and time.monotonic() < deadline:
                self._arrived.clear()
                await wait_within(self._arrived, deadline - time.monotonic())
            if self._restarting:
                raise late_restart(self._restarting, len(self._cluster.workers))
        finally:
            self._replaced = None
            self.reporter.changed()

    async def _take_scheduler(self, options: dict[str, Any]) -> None:
        from .plugin import Observer

        loopback = self._loopback = await self._warmth.take_cluster()
        await loopback.fit(options["workers"], options["threads"], options["memory"])
        self._observer = Observer(self.reporter, self._reason, self._ended, self._arrived.set)
        self._observer.begin(loopback.scheduler)

    async def _connect_dashboard(self) -> None:
        try:
            if await self._owned.connect_dashboard() and not self._stopping:
                self.reporter.changed()
        except ImportError:
            text = "There are no dashboards: Bokeh is not installed in this environment."
            self.reporter.event("log", text, "warning")

    def _reason(self, pid: int) -> str | None:
        mark = f"(pid={pid}) exceeded"
        if any(mark in line for line in self.reporter.log(50)):
            return "It used more memory than its limit. Give workers more memory or smaller chunks."
        return None

    def _ended(self) -> None:
        if not self._stopping:
            self.reporter.ended("The cluster was shut down from a notebook.")
