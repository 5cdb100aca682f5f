"""Getting ready for a click: what takes longest is done before."""

from __future__ import annotations

import asyncio
import contextlib
import gc
import logging
import os
import time
from pathlib import Path
from typing import Any

from .forkserver import await_fork_server, configure_distributed, in_thread, start_fork_server
from .loopback import LoopbackCluster
from .output import Output
from .runtime import Runtime, open_runtime

logger = logging.getLogger(__name__)

#: What a cluster cannot do without, by import name.
NEEDED = ("dask", "distributed", "cryptography")
#: At most so many workers wait with the stand-by, each with a third of its memory.
_SPARES = 2
#: Bytes of a machine on which that is little.
_SPACIOUS = 4 * 2**30


class Warmth:
    """Imports Dask, starts the fork server, a scheduler and first workers, each once.

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
        self._cluster: asyncio.Future[LoopbackCluster] | None = None
        self._is_taken = False
        self._expected: dict[str, Any] | None = None
        self._spares: asyncio.Future[None] | None = None
        self._imports: asyncio.Future[None] | None = None
        self._rest: asyncio.Future[float] | None = None

    @property
    def runtime(self) -> Runtime:
        """The private folders, made on first use."""
        if self._runtime is None:
            self._output.capture_processes()
            self._runtime = open_runtime()
            # Nothing that lies beside a notebook may be imported by the helpers of
            # multiprocessing; workers return to where the kernel began.
            os.chdir(self._runtime.private)
        return self._runtime

    def begin(self) -> asyncio.Future[None]:
        """Begin to import Dask, here and in the fork server; what fails is told by ``imports``."""
        if self._imports is None or self._failed(self._imports):
            try:
                start_fork_server(self.runtime)
            except (OSError, RuntimeError) as error:
                self._imports = asyncio.get_running_loop().create_future()
                self._imports.set_exception(error)
            else:
                self._imports = asyncio.ensure_future(in_thread(_import_distributed))
            self._imports.add_done_callback(self._failed)
        return self._imports

    def begins(self) -> bool:
        """Begin the same, and return whether nothing has failed so far."""
        return not self._failed(self.begin())

    async def imports(self) -> None:
        """Return when Dask is imported here; the fork server imports it at the same time."""
        await asyncio.shield(self.begin())
        self._output.capture_loggers()

    def expect(self, options: dict[str, Any], memory: int) -> None:
        """Note which cluster is likely to be asked for, so that its workers can wait, too.

        Parameters
        ----------
        options
            Checked options of a local cluster.
        memory
            Bytes of this machine: where there is little, no worker waits.
        """
        if memory >= _SPACIOUS:
            self._expected = options

    async def everything(self) -> float:
        """Return when a cluster can start at once, and the seconds that it took to get there."""
        if self._rest is not None and self._rest.done() and not self._failed(self._rest):
            return 0.0
        if self._rest is None or self._failed(self._rest):
            self._rest = asyncio.ensure_future(self._everything())
        return await asyncio.shield(self._rest)

    async def take_cluster(self) -> LoopbackCluster:
        """Return the cluster that was made beforehand, with workers that wait, or a new one."""
        self._is_taken = True
        if self._spares is not None:
            await asyncio.wait([self._spares])
        made, self._cluster = self._cluster, None
        if made is None or self._failed(made):
            made = asyncio.ensure_future(self._make_cluster())
        return await made

    async def close(self) -> None:
        """Close what nobody took, and remove the private folders."""
        made, self._cluster = self._cluster, None
        if made is not None:
            with contextlib.suppress(Exception):
                await (await made).close()
        self.remove_files()

    def remove_files(self) -> None:
        """Remove the private folders, when there is no time for more."""
        if self._runtime is not None:
            os.chdir(Path(self._runtime.private).anchor)
            self._runtime.remove()

    async def _make_cluster(self) -> LoopbackCluster:
        made = LoopbackCluster(self.runtime, self.folder)
        try:
            await made.start()
        except BaseException:
            await made.close()
            raise
        return made

    async def _everything(self) -> float:
        started = time.monotonic()
        await self.imports()
        if not self._is_taken:
            self._cluster = asyncio.ensure_future(self._make_cluster())
            await asyncio.shield(self._cluster)
        await in_thread(await_fork_server)
        if self._cluster is not None and self._expected is not None:
            self._spares = asyncio.ensure_future(self._start_spares(self._cluster, self._expected))
            await asyncio.wait([self._spares])
        # Whoever clicked meanwhile waits for workers, and for dashboards later.
        if self._cluster is not None and not self._is_taken:
            with contextlib.suppress(ImportError):
                await (await asyncio.shield(self._cluster)).connect_dashboard()
        self._output.capture_loggers()
        return time.monotonic() - started

    async def _start_spares(
        self, made: asyncio.Future[LoopbackCluster], options: dict[str, Any]
    ) -> None:
        """Start the first workers of the cluster that is expected."""
        loopback = made.result()
        try:
            await loopback.fit(options["workers"], options["threads"], options["memory"])
            await loopback.scale(min(options["workers"], _SPARES))
        except Exception:
            # Whoever clicks gets a new cluster, and is told why if that fails, too.
            logger.warning("No worker could be made ready", exc_info=True)
            self._cluster = None
            await loopback.close()

    @staticmethod
    def _failed(future: asyncio.Future[Any]) -> bool:
        return future.done() and (future.cancelled() or future.exception() is not None)


def _import_distributed() -> None:
    # An import makes no garbage: looking for it takes an eighth of the time.
    enabled = gc.isenabled()
    gc.disable()
    try:
        import distributed  # noqa: F401
    finally:
        if enabled:
            gc.enable()
    configure_distributed()
