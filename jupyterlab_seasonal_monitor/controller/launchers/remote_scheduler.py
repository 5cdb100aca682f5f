# ruff: noqa: TID252 - in a kernel the package has another name
"""A scheduler in another process or on another machine, as seen over the network."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any
from urllib.parse import urlsplit

from ..causes import clean_lines
from ..chunks import Work, count_work
from ..packages import read_versions
from ..protocol_cluster import EventLevel, EventReason, LogEntry, Worker
from ..rpc import RpcError
from ..snapshot import Reading, read_identity
from .base import RESTART_TIMEOUT, Reporter, late_restart

_CONNECT_TIMEOUT = 15.0
_REPLY_TIMEOUT = 30.0
#: What tasks have done is asked for at most so often, in seconds, and only where there are some.
_WORK_PAUSE = 5.0
#: Workers whose versions are asked for at the same time.
_AT_ONCE = 20
_CLOSED = "The scheduler closed the connection: it was stopped, or its machine is gone."


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
    listen
        Whether to be told of workers by the scheduler. It tells only one listener, which
        is the cluster object of whoever made it: where there is one it stays, and workers
        are compared with each reading.
    gone
        Called when the scheduler has closed the connection, in the place of ``lost``.
    """

    def __init__(
        self,
        address: str,
        security: Any,  # noqa: ANN401
        reporter: Reporter,
        *,
        listen: bool = True,
        gone: Callable[[ConnectionError], None] | None = None,
    ) -> None:
        self.address = address
        self._gone = gone or reporter.lost
        self._listen_to_workers = listen
        self._security = security
        self._reporter = reporter
        self._rpc: Any = None
        self._listener: asyncio.Task[None] | None = None
        self._names: dict[str, str] = {}
        #: Workers whose versions nobody has looked at yet.
        self._newcomers: dict[str, None] = {}
        #: Addresses of workers that a restart replaces, and how many came since.
        self._replaced: set[str] = set()
        self._back = 0
        self._dashboard_port: int | None = None
        #: When it was asked last what tasks have done.
        self._worked_at = 0.0
        #: Whether functions can be sent there; None while that is not known.
        self._takes_functions: bool | None = None

    @property
    def names(self) -> list[str]:
        """The names of the workers that are there."""
        return list(self._names.values())

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
        known = identity
        if self._listen_to_workers:
            await comm.write({"op": "subscribe_worker_status"})
            known = await comm.read()
        self._names = {a: str(w["name"]) for a, w in known["workers"].items()}
        self._count(known["workers"])
        self._listener = asyncio.ensure_future(self._listen(comm))

    async def close(self) -> None:
        """Close our connections; the scheduler goes on."""
        if self._listener is not None:
            self._listener.cancel()
        if self._rpc is not None:
            with contextlib.suppress(OSError):
                await self._rpc.close_rpc()

    async def read(self) -> tuple[Reading, list[Worker]]:
        """Return the numbers of now and the rows of the worker table.

        Raises
        ------
        ConnectionError
            The scheduler is gone or does not answer, in words.
        """
        try:
            identity = await asyncio.wait_for(self._rpc.identity(), _REPLY_TIMEOUT)
            prefixes = await asyncio.wait_for(self._rpc.get_task_prefix_states(), _REPLY_TIMEOUT)
        except asyncio.TimeoutError as error:
            text = f"The scheduler has not answered for {_REPLY_TIMEOUT:.0f} seconds."
            raise ConnectionError(text) from error
        except OSError as error:
            raise ConnectionError(_CLOSED) from error
        if not self._listen_to_workers:
            self._compare(identity["workers"])
        reading, rows = read_identity(identity, prefixes)
        reading.work = await self._work(prefixes)
        missing = len(self._replaced) - self._back
        if missing > 0:
            reading.conditions["restarting"] = missing
        return reading, rows

    async def restart(self) -> None:
        """Restart as ``Client.restart`` does; workers without a nanny must be replaced by others.

        Raises
        ------
        RpcError
            ``launchFailed`` when not all of them were back in time.
        """
        if not self._names:
            raise RpcError("invalid", "There are no workers to restart.")
        self._replaced, self._back = set(self._names), 0
        self._reporter.changed()
        try:
            await self._rpc.restart(
                timeout=RESTART_TIMEOUT,
                stimulus_id=f"seasonal-monitor-restart-{time.time()}",
            )
        except (OSError, asyncio.TimeoutError) as error:
            count = len(self._replaced)
            raise late_restart(max(0, count - self._back), count) from error
        finally:
            self._replaced = set()
            self._reporter.changed()

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

    def _compare(self, workers: dict[str, Any]) -> None:
        """Tell of workers that came or went since the last reading."""
        for address in [address for address in self._names if address not in workers]:
            self._removed(address)
        self._added({a: worker for a, worker in workers.items() if a not in self._names})

    async def newcomers(self) -> list[dict[str, str]]:
        """Return the versions of workers that came since this was asked, some at a time."""
        addresses = list(self._newcomers)[:_AT_ONCE]
        for address in addresses:
            del self._newcomers[address]
        return await self._versions_of(addresses)

    async def versions(self) -> dict[str, dict[str, str]]:
        """Return the versions by package, of the ``scheduler`` and of one ``worker``, if any."""
        told = await asyncio.wait_for(self._rpc.versions(), _REPLY_TIMEOUT)
        found = {"scheduler": read_versions(told)}
        for worker in await self._versions_of(list(self._names)[:1]):
            found["worker"] = worker
        return found

    async def _versions_of(self, addresses: list[str]) -> list[dict[str, str]]:
        if not addresses:
            return []
        ask = self._rpc.broadcast(msg={"op": "versions"}, workers=addresses, on_error="ignore")
        replies = await asyncio.wait_for(ask, _REPLY_TIMEOUT)
        return [read_versions(reply) for reply in replies.values()]

    async def _work(self, states: Mapping[str, Mapping[str, int]]) -> Work | None:
        """Return what tasks have done, from time to time; None where it is not told.

        A function is sent, so that it is asked only of a Python of the same version.
        """
        some = any(count for counts in states.values() for count in counts.values())
        if not some or time.monotonic() - self._worked_at < _WORK_PAUSE:
            return None
        try:
            if self._takes_functions is None:
                there = read_versions(await asyncio.wait_for(self._rpc.versions(), _REPLY_TIMEOUT))
                mine = list(map(str, sys.version_info[:2]))
                self._takes_functions = there.get("python", "").split(".")[:2] == mine
            if not self._takes_functions:
                return None
            self._worked_at = time.monotonic()
            return Work(*await self._run(count_work))
        except (OSError, asyncio.TimeoutError, RpcError):
            # Another version of Dask counts otherwise: that is no reason to lose the cluster.
            self._takes_functions = False
            return None

    async def _run(self, function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401
        return await run_there(self._rpc, function, *args)

    async def wait_longer(self, seconds: float, *, at_most: bool = False) -> None:
        """Let the scheduler end by itself after another time without work.

        With ``at_most`` a shorter time that it has already is left.

        Its Python must be of the same version, as for all functions that pass to it.
        """
        try:
            await self._run(set_idle_timeout, seconds, at_most)
        except RpcError as error:
            text = "The scheduler does not take another idle time."
            raise RpcError("launchFailed", text) from error

    async def idle_limit(self) -> float | None:
        """Return the seconds without work after which the scheduler ends by itself, if it does.

        Raises
        ------
        RpcError
            Its Python is of another version, to which functions do not pass.
        """
        found = await self._run(_get_idle_timeout)
        return float(found) if found else None

    async def idle_for(self) -> float:
        """Return the seconds for which the scheduler has had no task; 0 while it has."""
        since = await asyncio.wait_for(self._rpc.check_idle(), _REPLY_TIMEOUT)
        return max(0.0, time.time() - since) if since else 0.0

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
            self._gone(ConnectionError(_CLOSED))
        finally:
            comm.abort()

    def _count(self, workers: dict[str, Any]) -> None:
        for address, worker in workers.items():
            memory = int(worker.get("memory_limit") or 0)
            self._reporter.came(address, int(worker.get("nthreads") or 0), memory)

    def _added(self, workers: dict[str, Any]) -> None:
        self._count(workers)
        for address, worker in workers.items():
            name = str(worker["name"])
            self._names[address] = name
            self._newcomers[address] = None
            self._back += 1
            self._reporter.event("worker-added", f"Worker {name} is ready.", worker=name)

    def _removed(self, address: str) -> None:
        name = self._names.pop(address, address)
        self._newcomers.pop(address, None)
        self._reporter.went(address)
        level: EventLevel = "info" if address in self._replaced else "warning"
        reason: EventReason | None = "asked" if address in self._replaced else None
        text = f"Worker {name} has left."
        self._reporter.event("worker-lost", text, level, worker=name, reason=reason)


async def run_there(there: Any, function: Callable[..., Any], *args: object) -> Any:  # noqa: ANN401
    """Run a function in a scheduler, whose Python must be of the same version.

    Parameters
    ----------
    there
        The ``distributed.core.rpc`` of the scheduler.

    Raises
    ------
    RpcError
        ``launchFailed`` when it failed there.
    """
    from distributed.protocol.pickle import dumps, loads

    answer = await asyncio.wait_for(
        there.run_function(function=dumps(function), args=dumps(args), kwargs=dumps({}), wait=True),
        _REPLY_TIMEOUT,
    )
    if answer.get("status") != "OK":
        raise RpcError("launchFailed", "The scheduler does not run what was sent to it.")
    result = answer["result"]
    return loads(result) if isinstance(result, bytes) else result


def set_idle_timeout(
    seconds: float,
    at_most: bool,
    dask_scheduler: Any = None,  # noqa: ANN401
) -> None:
    """Let a scheduler end after a time without work, or keep a shorter one; runs there."""
    if not at_most or not 0 < (dask_scheduler.idle_timeout or 0) < seconds:
        dask_scheduler.idle_timeout = seconds


def _get_idle_timeout(dask_scheduler: Any = None) -> Any:  # noqa: ANN401
    return dask_scheduler.idle_timeout


# There this package has another name, or is not installed: the functions go as a whole.
set_idle_timeout.__module__ = _get_idle_timeout.__module__ = "__main__"


def _text(reply: object) -> list[str]:
    if not isinstance(reply, (list, tuple)):
        return []
    return clean_lines(str(line) for _, line in reversed(reply))
