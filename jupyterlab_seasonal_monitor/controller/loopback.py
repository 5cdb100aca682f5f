"""A cluster of this machine, up to the point where it gets its workers."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import signal
import sys
from typing import Any

from .forkserver import in_thread, start_method, worker_preload
from .runtime import Runtime
from .security import Credentials

logger = logging.getLogger(__name__)

_CLOSE_TIMEOUT = 8.0
_PROXY_ROUTE = "distributed.http.proxy"


class LoopbackCluster:
    """A ``distributed.LocalCluster`` that other users of the machine cannot use.

    Everything listens on the loopback interface with TLS. Workers are always
    processes, and they leave the kernel's process group. It begins without
    workers, so that it can be made before anybody asks for it.

    Parameters
    ----------
    runtime
        The private folders.
    folder
        Where workers work.
    """

    def __init__(self, runtime: Runtime, folder: str) -> None:
        self._runtime = runtime
        self._folder = folder
        self._credentials = Credentials(runtime.private)
        self._cluster: Any = None
        self._dashboard: str | None = None
        self._closed = False

    @property
    def cluster(self) -> Any:  # noqa: ANN401 - distributed has no types
        """The ``LocalCluster``, once it was started."""
        return self._cluster

    @property
    def scheduler(self) -> Any:  # noqa: ANN401
        """The scheduler, in this process."""
        return self._cluster.scheduler

    @property
    def credentials(self) -> Credentials:
        """Who holds them may use the cluster."""
        return self._credentials

    @property
    def dashboard(self) -> str | None:
        """The dashboard's address on the loopback interface, once Bokeh serves it."""
        return self._dashboard

    async def start(self) -> None:
        """Bring up the scheduler. Dask must have been imported."""
        import dask
        from distributed import LocalCluster

        routes = dask.config.get("distributed.scheduler.http.routes")
        dask.config.set(
            {"distributed.scheduler.http.routes": [r for r in routes if r != _PROXY_ROUTE]}
        )
        if not dask.config.get("temporary-directory"):
            dask.config.set({"temporary-directory": str(self._runtime.scratch)})
        self._cluster = LocalCluster(
            n_workers=0,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address="127.0.0.1:0",
            asynchronous=True,
            silence_logs=False,
            security=self._credentials.security(),
            preload=[worker_preload(self._folder)],
            # Bokeh comes last: it takes longer to import than workers to start.
            scheduler_kwargs={"dashboard": False},
        )
        # At exit distributed would wait ten seconds for a loop that has stopped.
        self._cluster.shutdown_on_close = False
        await self._cluster

    async def fit(self, workers: int, threads: int, memory: int) -> None:
        """Set what each new worker gets, and close waiting ones that have something else.

        Parameters
        ----------
        workers
            How many of them there will be at most.
        threads
            Number of threads.
        memory
            Limit in bytes; 0 is none.
        """
        given = {"nthreads": threads, "memory_limit": memory}
        options = self._cluster.new_spec["options"]
        fitting = all(options.get(name) == value for name, value in given.items())
        await self._close_workers(workers if fitting else 0)
        options.update(given)

    async def scale(self, workers: int) -> None:
        """Have so many workers, and return when they are there."""
        self._cluster.scale(workers)
        await self._cluster

    async def _close_workers(self, keep: int) -> None:
        """Close all workers but so many, at once: none of them has ever worked."""
        cluster = self._cluster
        surplus = list(cluster.workers)[keep:]
        for name in surplus:
            cluster.worker_spec.pop(name, None)
        closing = [cluster.workers.pop(name).close(timeout=1) for name in surplus]
        if closing:
            await asyncio.gather(*closing, return_exceptions=True)
            cluster._i = keep

    async def connect_dashboard(self) -> str | None:
        """Serve the dashboard, if it is not served yet.

        Returns
        -------
        str or None
            Its address, or None when the cluster was closed meanwhile.

        Raises
        ------
        ImportError
            Without Bokeh.
        """
        if self._dashboard is None:
            if "distributed.dashboard.scheduler" not in sys.modules:
                await in_thread(_import_dashboard)
            from distributed.dashboard.scheduler import connect

            if self._closed:
                return None
            scheduler = self.scheduler
            connect(scheduler.http_application, scheduler.http_server, scheduler, prefix="")
            self._dashboard = f"http://127.0.0.1:{scheduler.http_server.port}"
        return self._dashboard

    async def close(self) -> None:
        """Close workers, scheduler and dashboard, and remove the credentials."""
        self._closed = True
        cluster, self._cluster = self._cluster, None
        try:
            if cluster is not None:
                await _close(cluster)
        finally:
            self._credentials.remove()


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
