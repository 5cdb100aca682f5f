"""The verbs of the protocol."""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import platform
import socket
import sys
from importlib import metadata
from typing import Any, Literal

from .back_ends import BackEnds
from .causes import printable
from .cluster import OwnedCluster
from .deadlines import Deadlines, in_seconds
from .forkserver import in_thread, start_method
from .host import find_host
from .launchers import make_launcher
from .launchers.base import capabilities
from .options import check_bounds, check_options, check_workers, take_limits
from .output import Output
from .packages import lacking, require
from .protocol import (
    PROTOCOL_VERSION,
    REQUESTS,
    ControllerInfo,
    Description,
    Empty,
    SpeedResult,
    WarmResult,
)
from .protocol_cluster import ClusterEvent, ClusterSnapshot, LogEntry, Worker
from .rpc import Dispatcher, Peer, RpcError, Verb
from .site import site_configuration
from .speed import measure_slowness
from .warm import NEEDED, Warmth
from .watch import Watch

_TOLD = (*NEEDED, "bokeh", "ipykernel", "numpy", "pandas", "xarray", "msgpack", "cloudpickle")
_MAX_LEASE = 600.0
_MAX_LINES = 1000
#: Minutes for which one request can put off a cluster's end.
_LONGEST_KEEP = 1440


class Controller:
    """Owns at most one cluster and answers the pages that are connected.

    Must be used in one event loop.

    Parameters
    ----------
    version
        The version of the extension that sent this code.
    output
        Keeps what loggers and processes write.
    warmth
        What is made ready beforehand, and may have begun.
    """

    def __init__(self, version: str, output: Output, warmth: Warmth) -> None:
        self.watch_list = Watch()
        self._version = version
        self._output = output
        self._warmth = warmth
        self._host = find_host()
        self._cluster: OwnedCluster | None = None
        self._start: asyncio.Task[None] | None = None
        self._record: dict[str, str | None] = {}
        self._back_ends = BackEnds()
        verbs: dict[str, Verb] = self._back_ends.verbs
        verbs.update({name: getattr(self, f"_{name}") for name in REQUESTS if name not in verbs})
        self.dispatcher = Dispatcher(verbs)

    @property
    def in_use(self) -> bool:
        """Whether there is a cluster, or one starts."""
        return self._start is not None or (self._cluster is not None and self._cluster.live)

    async def close(self) -> None:
        """Stop the cluster and remove what is on disk."""
        if self._start is not None:
            self._start.cancel()
            await asyncio.wait([self._start])
        if self._cluster is not None:
            await self._cluster.close()
        await self._warmth.close()
        await self._back_ends.close()

    def remove_files(self) -> None:
        """Remove what is on disk, when there is no time for more."""
        self._warmth.remove_files()

    # -- verbs --------------------------------------------------------------

    async def _initialize(self, peer: Peer, params: dict[str, Any]) -> ControllerInfo:
        if params["protocol"] != PROTOCOL_VERSION:
            raise RpcError(
                "protocol",
                "This controller was started by another version of the extension.",
                hint="Restart the controller: stop its cluster and make a new one.",
            )
        missing = lacking(*NEEDED)
        # Whoever connects wants a cluster, now or soon. What fails is told to who asks for
        # one; until then nothing is imported, since it might lie beside a notebook.
        begins = not missing and self._warmth.begins()
        return ControllerInfo(
            protocol=PROTOCOL_VERSION,
            controller=self._version,
            pid=os.getpid(),
            host=socket.gethostname(),
            python=platform.python_version(),
            executable=sys.executable,
            packages={name: _package_version(name) for name in _TOLD},
            missing=missing,
            cpus=self._host.cpus,
            memory=self._host.memory,
            start=start_method(),
            labextension=site_configuration() if begins else None,
            cluster=self._cluster.snapshot() if self._cluster else None,
        )

    async def _warm(self, peer: Peer, params: dict[str, Any]) -> WarmResult:
        require(*NEEDED)
        if "options" in params:
            # What is wrong with them is told when they are asked for.
            with contextlib.suppress(RpcError):
                asked, host = take_limits(params["options"], self._host)
                self._warmth.expect(check_options("local", asked, host), host.memory)
        return WarmResult(seconds=round(await self._warmth.everything(), 3))

    async def _speed(self, peer: Peer, params: object) -> SpeedResult:
        return SpeedResult(slowness=await in_thread(measure_slowness))

    async def _create(self, peer: Peer, params: dict[str, Any]) -> ClusterSnapshot:
        current = self._cluster
        if current is not None and current.key == params["key"] and self._start is not None:
            return await self._join(peer, current)
        if current is not None and (self._start is not None or current.live):
            if current.key == params["key"]:
                return current.snapshot()
            raise RpcError(
                "invalid",
                f"This controller already has the cluster “{printable(current.name)}”.",
                hint="Start another cluster from the sidebar: it gets a controller of its own.",
            )
        name = _check_name(params["name"])
        if not params["key"]:
            raise RpcError("invalid", "The key is empty.", fields={"key": "This is empty."})
        asked, host = take_limits(params["options"], self._host)
        options = check_options(params["launcher"], asked, host)
        require(*NEEDED)
        local = params["launcher"] == "local"
        cluster = OwnedCluster(
            name=name,
            key=params["key"],
            options=options,
            watch=self.watch_list,
            output=self._output,
            limit=host.worker_cap if local else host.most_workers,
            deadlines=Deadlines(
                in_seconds(options.get("idleTimeout")),
                in_seconds(options.get("lifetime")),
                most_idle=in_seconds(host.most_idle),
                most_lifetime=in_seconds(host.most_lifetime),
            ),
        )
        cluster.launcher = make_launcher(params["launcher"], cluster, self._warmth)
        self._cluster = cluster
        self._record = {part: params[part] for part in ("launcher", "profile", "environment")}
        self._start = asyncio.ensure_future(cluster.start(cluster.launcher.start_timeout))
        self._start.add_done_callback(self._started)
        return await self._join(peer, cluster)

    async def _join(self, peer: Peer, cluster: OwnedCluster) -> ClusterSnapshot:
        """Wait for the start with others who asked for it; a cancel is for all of them."""
        start = self._start
        assert start is not None
        cluster.joined.add(peer)
        try:
            await asyncio.shield(start)
        except asyncio.CancelledError:
            if not start.done():
                start.cancel()
                await asyncio.wait([start])
            raise
        finally:
            cluster.joined.discard(peer)
        await cluster.refresh()
        return cluster.snapshot()

    def _started(self, start: asyncio.Task[None]) -> None:
        self._start = None
        if not start.cancelled():
            start.exception()  # it was told to those who asked; nobody else needs it

    async def _describe(self, peer: Peer, params: object) -> Description:
        cluster = self._cluster
        if cluster is not None:
            await cluster.refresh()
        return Description(
            cluster=cluster.snapshot() if cluster else None,
            launcher=self._record.get("launcher"),
            profile=self._record.get("profile"),
            environment=self._record.get("environment"),
            capabilities=cluster.launcher.capabilities if cluster else capabilities(),
        )

    async def _rename(self, peer: Peer, params: dict[str, Any]) -> ClusterSnapshot:
        cluster = self._need()
        cluster.rename(_check_name(params["name"]))
        return cluster.snapshot()

    async def _scale(self, peer: Peer, params: dict[str, Any]) -> ClusterSnapshot:
        count = check_workers(params["workers"], self._cap)
        cluster = self._need("scale")
        await cluster.launcher.scale(count)
        await cluster.changed_size(f"Scaling to {count} workers.")
        return cluster.snapshot()

    async def _adapt(self, peer: Peer, params: dict[str, Any]) -> ClusterSnapshot:
        low, high = check_bounds(params["minimum"], params["maximum"], self._cap)
        cluster = self._need("adapt")
        await cluster.launcher.adapt(low, high)
        await cluster.changed_size(f"Adapting between {low} and {high} workers.")
        return cluster.snapshot()

    async def _restart(self, peer: Peer, params: object) -> ClusterSnapshot:
        cluster = self._need("restart")
        await cluster.changed_size("Restarting the workers.")
        await cluster.launcher.restart()
        await cluster.refresh()
        return cluster.snapshot()

    async def _keep(self, peer: Peer, params: dict[str, Any]) -> ClusterSnapshot:
        minutes = params["minutes"]
        if not 0 < minutes <= _LONGEST_KEEP:
            text = f"This must be above 0 and at most {_LONGEST_KEEP} minutes."
            raise RpcError("invalid", f"minutes: {text}", fields={"minutes": text})
        cluster = self._need("keep")
        await cluster.refresh()
        cluster.keep(60 * minutes)
        await cluster.launcher.keep(60 * minutes)
        return cluster.snapshot()

    async def _end(self, peer: Peer, params: dict[str, Any]) -> ClusterSnapshot:
        name, text = printable(params["name"], 200), printable(params["text"], 300)
        at = params["at"]
        if not name or not text:
            raise RpcError("invalid", "An end needs a name and a reason.")
        if at is not None and not math.isfinite(at):
            raise RpcError("invalid", "at: This must be a time.", fields={"at": "No time."})
        cluster = self._need("stop")
        end = None if at is None else at / 1000
        cluster.order_end(name, end, text, final=params["final"])
        return cluster.snapshot()

    async def _stop(self, peer: Peer, params: object) -> ClusterSnapshot:
        cluster = self._cluster
        if cluster is None:
            raise RpcError("notFound", "There is no cluster here.")
        if self._start is not None:
            self._start.cancel()
            await asyncio.wait([self._start])
        await cluster.stop()
        return cluster.snapshot()

    async def _watch(self, peer: Peer, params: dict[str, Any]) -> ClusterSnapshot:
        lease = params["lease"]
        if not 0 <= lease <= _MAX_LEASE:
            text = f"This must be from 0 to {_MAX_LEASE:.0f} seconds."
            raise RpcError("invalid", f"lease: {text}", fields={"lease": text})
        cluster = self._cluster
        if cluster is None:
            raise RpcError("notFound", "There is no cluster here.")
        closer = self.watch_list.lease(peer, params["detail"], lease)
        await cluster.refresh()
        if closer and params["detail"] == "workers":
            # Others may have been told already; this page has no row yet.
            peer.notify("workersChanged", await cluster.rows())
        cluster.look()
        return cluster.snapshot()

    async def _workers(self, peer: Peer, params: object) -> list[Worker]:
        return await self._need().rows()

    async def _logs(self, peer: Peer, params: dict[str, Any]) -> list[LogEntry]:
        lines = params["lines"]
        if not 1 <= lines <= _MAX_LINES:
            text = f"This must be from 1 to {_MAX_LINES}."
            raise RpcError("invalid", f"lines: {text}", fields={"lines": text})
        if self._cluster is None or not self._cluster.live:
            return [LogEntry(source="controller", lines=self._output.clean(lines))]
        return await self._cluster.launcher.logs(lines, params["worker"])

    async def _events(self, peer: Peer, params: object) -> list[ClusterEvent]:
        return list(self._cluster.events) if self._cluster else []

    async def _ping(self, peer: Peer, params: object) -> Empty:
        return Empty()

    # -- helpers ------------------------------------------------------------

    @property
    def _cap(self) -> int:
        limit = self._cluster.limit if self._cluster is not None else None
        return 100_000 if limit is None else limit

    def _need(
        self, verb: Literal["scale", "adapt", "restart", "keep", "stop"] | None = None
    ) -> OwnedCluster:
        cluster = self._cluster
        if cluster is None or not cluster.live:
            raise RpcError("notFound", "There is no running cluster here.")
        if verb is not None and not cluster.launcher.capabilities[verb]:
            raise RpcError("invalid", "This cluster belongs to somebody else: it can only be used.")
        return cluster


def _check_name(name: str) -> str:
    shown = printable(name)
    if not shown or shown != name.strip():
        text = "A name has 1 to 64 visible characters."
        raise RpcError("invalid", text, fields={"name": text})
    return shown


def _package_version(name: str) -> str | None:
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return None
