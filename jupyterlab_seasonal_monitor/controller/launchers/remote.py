# ruff: noqa: TID252 - in a kernel the package has another name
"""A scheduler in another process or on another machine, as seen over the network."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any
from urllib.parse import urlsplit

from ..causes import clean_lines
from ..protocol import LogEntry, Worker
from ..rpc import RpcError
from ..snapshot import Reading, read_identity
from .base import Reporter

_CONNECT_TIMEOUT = 15.0
_REPLY_TIMEOUT = 30.0


class RemoteScheduler:
    """Reads a scheduler through its own protocol, and is told of workers by it.

    It does not register as a client, so it keeps no result and no cluster alive.

    Parameters
    ----------
    address
        The scheduler's address.
    security
        A ``distributed.Security``, or None.
    reporter
        Where events go.
    """

    def __init__(self, address: str, security: Any, reporter: Reporter) -> None:  # noqa: ANN401
        self.address = address
        self._security = security
        self._reporter = reporter
        self._rpc: Any = None
        self._listener: asyncio.Task[None] | None = None
        self._names: dict[str, str] = {}
        self._dashboard_port: int | None = None

    @property
    def dashboard(self) -> str | None:
        """The dashboard's address on the scheduler's host."""
        host = urlsplit(self.address).hostname
        if host is None or self._dashboard_port is None:
            return None
        shown = f"[{host}]" if ":" in host else host
        return f"http://{shown}:{self._dashboard_port}"

    async def connect(self) -> None:
        """Connect, and listen for workers that come and go.

        Raises
        ------
        OSError, asyncio.TimeoutError
            Nothing answers there, or it refuses these credentials.
        """
        from distributed.core import rpc
        from distributed.security import Security

        security = self._security or Security()
        arguments = security.get_connection_args("client")
        self._rpc = rpc(self.address, connection_args=arguments, timeout=_CONNECT_TIMEOUT)
        identity = await asyncio.wait_for(self._rpc.identity(), _CONNECT_TIMEOUT)
        self._dashboard_port = identity.get("services", {}).get("dashboard")
        comm = await self._rpc.live_comm()
        await comm.write({"op": "subscribe_worker_status"})
        known = await comm.read()
        self._names = {a: str(w["name"]) for a, w in known["workers"].items()}
        self._listener = asyncio.ensure_future(self._listen(comm))

    async def close(self) -> None:
        """Close our connections; the scheduler goes on."""
        if self._listener is not None:
            self._listener.cancel()
        if self._rpc is not None:
            with contextlib.suppress(OSError):
                await self._rpc.close_rpc()

    async def read(self) -> tuple[Reading, list[Worker]]:
        """Return the numbers of now and the rows of the worker table."""
        identity = await asyncio.wait_for(self._rpc.identity(), _REPLY_TIMEOUT)
        prefixes = await asyncio.wait_for(self._rpc.get_task_prefix_states(), _REPLY_TIMEOUT)
        return read_identity(identity, prefixes)

    async def restart(self) -> None:
        """Restart the workers one after another; each needs a nanny."""
        for address, name in list(self._names.items()):
            outcome = await self._rpc.restart_workers(
                workers=[address],
                timeout=60,
                on_error="return",
                stimulus_id=f"seasonal-monitor-restart-{time.time()}",
            )
            if not isinstance(outcome, dict) or outcome.get(address) not in ("OK", "removed"):
                raise RpcError("launchFailed", f"Worker {name} could not be restarted.")

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Return the newest lines of the scheduler and of each worker that answers."""
        entries = []
        if worker is None:
            entries.append(
                LogEntry(source="scheduler", lines=_text(await self._rpc.get_logs(n=lines)))
            )
        chosen = [a for a, name in self._names.items() if worker in (None, name)][:100]
        if worker is not None and not chosen:
            raise RpcError("notFound", "There is no such worker now.")
        replies = await asyncio.wait_for(
            self._rpc.worker_logs(n=lines, workers=chosen), _REPLY_TIMEOUT
        )
        entries += [
            LogEntry(source=self._names.get(address, address), lines=_text(reply))
            for address, reply in replies.items()
        ]
        return entries

    async def _listen(self, comm: Any) -> None:  # noqa: ANN401
        try:
            while True:
                for kind, message in await comm.read():
                    if kind == "add":
                        self._added(message["workers"])
                    else:
                        self._removed(message)
                self._reporter.changed()
        except OSError:
            text = "The scheduler closed the connection: it was stopped, or its machine is gone."
            self._reporter.lost(ConnectionError(text))
        finally:
            comm.abort()

    def _added(self, workers: dict[str, Any]) -> None:
        for address, worker in workers.items():
            name = str(worker["name"])
            self._names[address] = name
            self._reporter.event("worker-added", f"Worker {name} is ready.", worker=name)

    def _removed(self, address: str) -> None:
        name = self._names.pop(address, address)
        text = f"Worker {name} has left."
        self._reporter.event("worker-lost", text, "warning", worker=name)


def _text(reply: object) -> list[str]:
    if not isinstance(reply, (list, tuple)):
        return []
    return clean_lines(str(line) for _, line in reversed(reply))
