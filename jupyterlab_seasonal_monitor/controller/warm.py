"""Getting ready for a click: what takes longest is done before."""

from __future__ import annotations

import asyncio
import os
import time
from pathlib import Path

from .forkserver import await_fork_server, configure_distributed, in_thread, start_fork_server
from .output import Output
from .runtime import Runtime, open_runtime
from .security import Credentials


class Warmth:
    """Imports Dask, starts the fork server and makes certificates, each once.

    Parameters
    ----------
    output
        Where logs and the output of processes go.

    Attributes
    ----------
    folder
        The working folder of the kernel when it began.
    """

    def __init__(self, output: Output) -> None:
        self.folder = str(Path.cwd())
        self._output = output
        self._runtime: Runtime | None = None
        self._credentials: Credentials | None = None
        self._imports: asyncio.Future[None] | None = None
        self._rest: asyncio.Future[float] | None = None

    @property
    def runtime(self) -> Runtime:
        """The private folders, made on first use."""
        if self._runtime is None:
            self._runtime = open_runtime()
            # Nothing that lies beside a notebook may be imported by the helpers of
            # multiprocessing; workers return to where the kernel began.
            os.chdir(self._runtime.private)
            self._output.capture_processes()
        return self._runtime

    async def imports(self) -> None:
        """Return when Dask is imported here; the fork server imports it at the same time."""
        if self._imports is None or self._failed(self._imports):
            start_fork_server(self.runtime)
            self._imports = asyncio.ensure_future(in_thread(_import_distributed))
        await asyncio.shield(self._imports)
        self._output.capture_loggers()

    async def everything(self) -> float:
        """Return when a cluster can start at once, and the seconds that it took to get there."""
        if self._rest is not None and self._rest.done() and not self._failed(self._rest):
            return 0.0
        if self._rest is None or self._failed(self._rest):
            self._rest = asyncio.ensure_future(self._everything())
        return await asyncio.shield(self._rest)

    def take_credentials(self) -> Credentials:
        """Return certificates for one cluster: those made beforehand, or new ones."""
        made, self._credentials = self._credentials, None
        if made is not None and made.path.exists():
            return made
        return Credentials(self.runtime.private)

    def close(self) -> None:
        """Remove the private folders."""
        if self._runtime is not None:
            os.chdir(Path(self._runtime.private).anchor)
            self._runtime.remove()

    async def _everything(self) -> float:
        started = time.monotonic()
        await self.imports()
        if self._credentials is None:
            self._credentials = Credentials(self.runtime.private)
        await in_thread(_import_dashboard)
        self._output.capture_loggers()
        await in_thread(await_fork_server)
        return time.monotonic() - started

    @staticmethod
    def _failed(future: asyncio.Future[float] | asyncio.Future[None]) -> bool:
        return future.done() and (future.cancelled() or future.exception() is not None)


def _import_distributed() -> None:
    import distributed  # noqa: F401

    configure_distributed()


def _import_dashboard() -> None:
    try:
        import distributed.dashboard.scheduler  # noqa: F401
    except ImportError:
        return  # without Bokeh there is a cluster without a dashboard
