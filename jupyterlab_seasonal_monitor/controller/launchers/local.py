# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters on this machine: a scheduler in this process, workers beside it."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from typing import Any

from ..causes import clean_lines
from ..forkserver import in_thread, start_method, worker_preload
from ..protocol import Connection, LogEntry, Worker
from ..rpc import RpcError
from ..security import Credentials
from ..snapshot import Reading, read_scheduler
from ..warm import Warmth
from .base import Launcher, Reporter, capabilities

logger = logging.getLogger(__name__)

_CLOSE_TIMEOUT = 8.0
_PROXY_ROUTE = "distributed.http.proxy"


class LocalLauncher(Launcher):
    """Starts a ``distributed.LocalCluster`` that other users of the machine cannot use.

    Everything listens on the loopback interface with TLS. Workers are always
    processes, and they leave the kernel's process group.

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
        self._credentials: Credentials | None = None
        self._cluster: Any = None
        self._observer: Any = None
        self._scheduler_start: asyncio.Future[None] | None = None
        self._dashboard_start: asyncio.Future[None] | None = None
        self._dashboard: str | None = None
        self._stopping = False

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Bring up the scheduler, then the workers, then the dashboard."""
        self.reporter.step("packages")
        await self._warmth.imports()
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        # Half a scheduler cannot be closed: a cancel takes effect when it is up.
        self._scheduler_start = asyncio.ensure_future(self._start_scheduler(options))
        await asyncio.shield(self._scheduler_start)
        self.reporter.step("scheduler", done=True)
        workers = options["workers"]
        self.wanted = workers
        self.reporter.step("workers", f"0 of {workers}")
        self._cluster.scale(workers)
        await self._cluster
        if "maximum" in options:
            await self.adapt(options["minimum"], options["maximum"])
        self.reporter.step("workers", f"{workers} of {workers}", done=True)
        self._dashboard_start = asyncio.ensure_future(self._connect_dashboard())

    async def stop(self) -> None:
        """Close workers, scheduler and dashboard, and remove the credentials."""
        self._stopping = True
        if self._scheduler_start is not None:
            await asyncio.wait([self._scheduler_start], timeout=_CLOSE_TIMEOUT)
        if self._dashboard_start is not None:
            self._dashboard_start.cancel()
        cluster, self._cluster = self._cluster, None
        try:
            if cluster is not None:
                await _close(cluster)
        finally:
            if self._credentials is not None:
                self._credentials.remove()

    async def read(self) -> tuple[Reading, list[Worker]]:
        """Read the scheduler's state directly."""
        if self._cluster is None:
            return Reading(), []
        self._observer.report_errors(self._cluster.scheduler)
        return read_scheduler(self._cluster.scheduler)

    @property
    def connection(self) -> Connection | None:
        """The scheduler's address and the credentials file."""
        if self._cluster is None or self._credentials is None:
            return None
        return Connection(
            kind="scheduler",
            address=self._cluster.scheduler.address,
            credentials=str(self._credentials.path),
        )

    @property
    def dashboard(self) -> str | None:
        """The dashboard on the loopback interface, once Bokeh serves it."""
        return self._dashboard

    async def scale(self, workers: int) -> None:
        """Start or close workers; returns when that was asked for."""
        self._stop_adapting()
        self.wanted, self.bounds = workers, None
        self._cluster.scale(workers)

    async def adapt(self, minimum: int, maximum: int) -> None:
        """Let the load choose between two bounds."""
        self._stop_adapting()
        self.wanted, self.bounds = None, (minimum, maximum)
        self._cluster.adapt(minimum=minimum, maximum=maximum)

    async def restart(self) -> None:
        """Replace the worker processes one after another, so that work goes on."""
        # Those that were just asked for are listed when they have come up.
        await self._cluster
        nannies = list(self._cluster.workers.values())
        if not nannies:
            raise RpcError("invalid", "There are no workers to restart.")
        for nanny in nannies:
            if nanny.worker_address:
                self._observer.expect([nanny.worker_address])
            outcome = await nanny.restart(timeout=30)
            if outcome != "OK":
                raise RpcError("launchFailed", f"Worker {nanny.name} did not come back in 30 s.")

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

    async def _start_scheduler(self, options: dict[str, Any]) -> None:
        import dask
        from distributed import LocalCluster

        from .plugin import Observer

        routes = dask.config.get("distributed.scheduler.http.routes")
        dask.config.set(
            {"distributed.scheduler.http.routes": [r for r in routes if r != _PROXY_ROUTE]}
        )
        if not dask.config.get("temporary-directory"):
            dask.config.set({"temporary-directory": str(self._warmth.runtime.scratch)})
        self._credentials = self._warmth.take_credentials()
        self._cluster = LocalCluster(
            n_workers=0,
            threads_per_worker=options["threads"],
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            asynchronous=True,
            silence_logs=False,
            security=self._credentials.security(),
            memory_limit=options["memory"],
            preload=[worker_preload(self._warmth.folder)],
            # Bokeh comes last: it takes longer to import than workers to start.
            scheduler_kwargs={"dashboard": False},
        )
        # At exit distributed would wait ten seconds for a loop that has stopped.
        self._cluster.shutdown_on_close = False
        await self._cluster
        self._observer = Observer(self.reporter, self._reason, self._ended)
        self._cluster.scheduler.add_plugin(self._observer)

    async def _connect_dashboard(self) -> None:
        try:
            if "distributed.dashboard.scheduler" not in sys.modules:
                await in_thread(_import_dashboard)
            from distributed.dashboard.scheduler import connect
        except ImportError:
            text = "There are no dashboards: Bokeh is not installed in this environment."
            self.reporter.event("log", text, "warning")
            return
        cluster = self._cluster
        if cluster is None or self._stopping:
            return
        scheduler = cluster.scheduler
        connect(scheduler.http_application, scheduler.http_server, scheduler, prefix="")
        self._dashboard = f"http://127.0.0.1:{scheduler.http_server.port}"
        self.reporter.changed()

    def _stop_adapting(self) -> None:
        adaptive = getattr(self._cluster, "_adaptive", None)
        if adaptive is not None:
            adaptive.stop()

    def _reason(self, pid: int) -> str | None:
        mark = f"(pid={pid}) exceeded"
        if any(mark in line for line in self.reporter.log(50)):
            return "It used more memory than its limit. Give workers more memory or smaller chunks."
        return None

    def _ended(self) -> None:
        if not self._stopping:
            self.reporter.ended("The cluster was shut down from a notebook.")


def _import_dashboard() -> None:
    import distributed.dashboard.scheduler  # noqa: F401


async def _close(cluster: Any) -> None:  # noqa: ANN401
    scheduler = cluster.scheduler
    # One that a notebook has closed is not asked, and waited for, again.
    if scheduler is not None and scheduler.status.name != "running":
        cluster.shutdown_scheduler = False
    try:
        await asyncio.wait_for(cluster.close(), _CLOSE_TIMEOUT)
    except Exception:
        logger.warning("The cluster did not close in order", exc_info=True)
    await _kill_rest(cluster)


async def _kill_rest(cluster: Any) -> None:  # noqa: ANN401
    """Kill the processes that closing the cluster left, by their ids."""
    for nanny in list(cluster._created):
        pid = nanny.pid
        if pid:
            with contextlib.suppress(ProcessLookupError, PermissionError):
                os.kill(pid, getattr(signal, "SIGKILL", signal.SIGTERM))
        if nanny.status.name != "closed":
            with contextlib.suppress(Exception):
                await asyncio.wait_for(nanny.close(timeout=1), 2)
    await _kill_forked()


async def _kill_forked() -> None:
    """Kill what the fork server still forks: a start that is cancelled may come late."""
    if start_method() != "forkserver":
        return
    from multiprocessing import forkserver

    import psutil

    server = getattr(getattr(forkserver, "_forkserver", None), "_forkserver_pid", None)
    quiet = 0
    while server is not None and quiet < 4:
        try:
            late = psutil.Process(server).children()
        except psutil.Error:
            return
        for process in late:
            with contextlib.suppress(psutil.Error):
                process.kill()
        quiet = 0 if late else quiet + 1
        await asyncio.sleep(0.05)
