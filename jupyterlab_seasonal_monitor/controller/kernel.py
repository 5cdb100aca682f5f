"""The controller's place in a Jupyter kernel: a thread, a comm target, an end."""

from __future__ import annotations

import asyncio
import atexit
import importlib.util
import logging
import os
import signal
import threading
from typing import TYPE_CHECKING, Any

from .output import Output
from .warm import NEEDED, Warmth

if TYPE_CHECKING:
    from .controller import Controller
    from .rpc import Peer

logger = logging.getLogger(__name__)

#: Seconds that the end of the kernel may take; the server kills it after five.
_CLOSE_TIMEOUT = 1.5
#: Minutes after which a controller without a cluster ends its kernel, unless
#: SEASONAL_MONITOR_STAND_BY_MINUTES says otherwise; 0 is never.
_STAND_BY_MINUTES = 10.0


class KernelHost:
    """Runs a controller in a thread with its own event loop.

    The kernel's main thread stays free, and an interrupt of the kernel reaches
    only that.

    Parameters
    ----------
    version
        The version of the extension that sent this code.
    begin
        Whether a cluster of this machine is wanted, now or soon.
    """

    def __init__(self, version: str, begin: bool) -> None:
        self._version = version
        self._begin = begin
        self._ready = threading.Event()
        self._loop: asyncio.AbstractEventLoop
        self._controller: Controller
        self._comms: dict[Peer, Any] = {}
        threading.Thread(target=self._run, name="Controller", daemon=True).start()
        self._ready.wait()

    def register(self) -> None:
        """Let pages connect."""
        from comm import get_comm_manager

        from .protocol import COMM_TARGET

        get_comm_manager().register_target(COMM_TARGET, self._connect)
        atexit.register(self._close)

    def _run(self) -> None:
        # distributed needs a loop that can watch sockets, also on Windows.
        self._loop = loop = asyncio.SelectorEventLoop()
        asyncio.set_event_loop(loop)
        loop.run_until_complete(self._make())
        loop.create_task(self._stand_by())
        loop.call_soon(self._ready.set)
        loop.run_forever()

    async def _make(self) -> None:
        output = Output()
        output.capture_loggers()
        warmth = Warmth(output)
        # A start waits longest for the fork server: it comes before the controller, and
        # imports Dask on another core while the rest is imported here.
        if self._begin and all(importlib.util.find_spec(name) for name in NEEDED):
            warmth.begins()
        from .controller import Controller

        self._controller = Controller(self._version, output, warmth)

    def _connect(self, comm: Any, message: Any) -> None:  # noqa: ANN401 - ipykernel's own
        """Take in a page that opened a comm; the kernel calls this in any thread."""

        def send(data: dict[str, Any]) -> None:
            try:
                comm.send(data)
            except Exception:
                logger.warning("A message to a page was lost", exc_info=True)

        from .rpc import Peer

        peer = Peer(send)
        dispatcher, watch = self._controller.dispatcher, self._controller.watch_list
        self._comms[peer] = comm

        def receive(message: Any) -> None:  # noqa: ANN401
            data = message["content"]["data"]
            self._loop.call_soon_threadsafe(dispatcher.receive, peer, data)

        def forget(message: Any) -> None:  # noqa: ANN401
            self._comms.pop(peer, None)
            self._loop.call_soon_threadsafe(watch.remove, peer)

        comm.on_msg(receive)
        comm.on_close(forget)
        self._loop.call_soon_threadsafe(watch.add, peer)

    async def _stand_by(self) -> None:
        """End the kernel when nobody made a cluster in it for a while."""
        seconds = _stand_by_seconds()
        while seconds > 0:
            unused = 0.0 if self._controller.in_use else self._controller.dispatcher.idle_seconds
            if unused >= seconds:
                _end_kernel()
                return
            await asyncio.sleep(seconds - unused + 0.1)

    def _close(self) -> None:
        """Close in order if that is quick; workers end with the kernel in any case."""
        if not self._loop.is_running():
            return
        at_once = self._controller.in_use
        closing = asyncio.run_coroutine_threadsafe(self._controller.close(), self._loop)
        try:
            closing.result(_CLOSE_TIMEOUT)
        except Exception:  # noqa: BLE001 - the kernel ends now
            self._controller.remove_files()
        if at_once:
            # What is left is to take apart an interpreter with all of Dask: most of
            # a second of a core, for each of the clusters that a server ends at once.
            os._exit(0)


_host: KernelHost | None = None


def start(version: str, begin: bool) -> None:
    """Start the controller in this kernel, once."""
    global _host
    if _host is None:
        _host = KernelHost(version, begin)
        _host.register()


def _stand_by_seconds() -> float:
    try:
        return 60 * float(os.environ.get("SEASONAL_MONITOR_STAND_BY_MINUTES", ""))
    except ValueError:
        return 60 * _STAND_BY_MINUTES


def _end_kernel() -> None:
    """Ask ipykernel to shut down as the server would, without a message."""
    from ipykernel.kernelapp import IPKernelApp

    app = IPKernelApp.instance() if IPKernelApp.initialized() else None
    loop = getattr(getattr(app, "kernel", None), "io_loop", None)
    if loop is None:
        os.kill(os.getpid(), signal.SIGTERM)
        return
    loop.add_callback(loop.stop)
