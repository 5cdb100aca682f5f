"""What is told of a cluster: its state, its numbers and what happened to it."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import deque
from typing import Any

from .causes import clean_lines, printable
from .chunks import ChunkJudge
from .deadlines import Deadlines
from .failure import versions
from .launchers import Launcher
from .output import Output
from .protocol_cluster import (
    Cause,
    ClusterEvent,
    ClusterSnapshot,
    ClusterState,
    EventKind,
    EventLevel,
    EventReason,
    Step,
    WatchDetail,
    WorkerCounts,
)
from .rpc import Peer
from .snapshot import Reading
from .usage import Ledger
from .watch import Watch

_STEPS = ("packages", "scheduler", "workers")
_LIVE = ("running", "degraded")
_ENDED = ("stopped", "failed", "lost")


class ClusterRecord:
    """Snapshots and events of one cluster, and who is told of them.

    Must be used in the controller's loop.

    Parameters
    ----------
    name
        The name that people see.
    key
        The idempotency key it was created with.
    options
        Checked options.
    watch
        Who looks.
    output
        Where the log lines are.
    limit
        The largest number of workers, where there is a bound.
    deadlines
        When it ends by itself.
    """

    def __init__(
        self,
        *,
        name: str,
        key: str,
        options: dict[str, Any],
        watch: Watch,
        output: Output,
        limit: int | None,
        deadlines: Deadlines | None = None,
    ) -> None:
        self.id = uuid.uuid4().hex
        self.name = name
        self.key = key
        self.state: ClusterState = "starting"
        self.joined: set[Peer] = set()
        self.events: deque[ClusterEvent] = deque(maxlen=200)
        self.launcher: Launcher
        self._options = options
        self._watch = watch
        self._output = output
        self.limit = limit
        self._created = self._since = now()
        self._steps: dict[str, Step] = {s: Step(id=s, state="waiting") for s in _STEPS}
        self._cause: list[Cause] = []
        self._log: list[str] = []
        self._ledger = Ledger()
        self._deadlines = deadlines or Deadlines()
        self._revision = 0
        self._shown: Reading | None = None
        self._chunks = ChunkJudge()
        self._idle_since: float | None = None
        self._last: ClusterSnapshot | None = None
        self._last_sent = 0.0
        #: Set when something is to be told, or done, sooner than usual.
        self._wake = asyncio.Event()

    @property
    def live(self) -> bool:
        """Whether it is up."""
        return self.state in _LIVE

    def rename(self, name: str) -> None:
        """Change the name that people see."""
        self.name = name
        self._publish()

    def step(self, name: str, detail: str | None = None, *, done: bool = False) -> None:
        """Tell of a step of the start."""
        step = self._steps[name]
        step["state"] = "done" if done else "active"
        if done and name == "scheduler":
            self._ledger.start()
        if detail is not None:
            step["detail"] = detail
        for peer in self.joined:
            peer.notify(
                "$/progress",
                {"token": self.key, "value": {"steps": list(self._steps.values())}},
            )
        self._publish()

    def event(
        self,
        kind: EventKind,
        text: str,
        level: EventLevel = "info",
        worker: str | None = None,
        reason: EventReason | None = None,
    ) -> None:
        """Tell of something that happened to the cluster."""
        event = ClusterEvent(time=now(), kind=kind, level=level, text=printable(text, 400))
        if worker is not None:
            event["worker"] = worker
        if reason is not None:
            event["reason"] = reason
        self.events.append(event)
        everybody = level != "info" or kind == "state"
        for peer in self._watch.at("none" if everybody else "counts"):
            peer.notify("clusterEvent", event)

    def came(self, address: str, threads: int, memory: int) -> None:
        """Count a worker's time from now on."""
        self._ledger.came(address, threads, memory)

    def went(self, address: str) -> None:
        """Count a worker's time no longer."""
        self._ledger.went(address)

    def log(self, lines: int) -> list[str]:
        """Return the last lines of this process and its children."""
        return clean_lines(self._output.tail(lines))

    def snapshot(self) -> ClusterSnapshot:
        """Return the whole state."""
        snapshot = ClusterSnapshot(
            id=self.id,
            name=self.name,
            state=self.state,
            revision=self._revision,
            since=self._since,
            created=self._created,
            options=self._options,
            versions=self._versions(),
        )
        if self.state in ("starting", "failed"):
            snapshot["steps"] = [Step(**step) for step in self._steps.values()]
        if self._cause:
            snapshot["cause"], snapshot["log"] = self._cause, self._log
        usage = self._ledger.tell()
        if usage is not None:
            snapshot["usage"] = usage
        if self.live:
            self._add_numbers(snapshot)
        return snapshot

    def _versions(self) -> dict[str, str]:
        launcher = getattr(self, "launcher", None)
        return (launcher.versions if launcher else None) or versions()

    def _add_numbers(self, snapshot: ClusterSnapshot) -> None:
        launcher, reading = self.launcher, self._shown
        connection, dashboard = launcher.connection, launcher.dashboard
        if connection:
            snapshot["connection"] = connection
        if dashboard:
            snapshot["dashboard"] = dashboard
        if launcher.remarks:
            snapshot["remarks"] = list(launcher.remarks)
        if self._idle_since is not None:
            snapshot["idleSince"] = self._idle_since
        ends = self._deadlines.stops(self._idle_seconds)
        if ends is not None:
            snapshot["stopsAt"], snapshot["stopsFor"] = round(ends[0] * 1000), ends[1]
        why = self._deadlines.why(self._idle_seconds)
        if why is not None:
            snapshot["stopsWhy"] = why
        if orders := self._deadlines.orders:
            snapshot["orders"] = orders
        within = self._deadlines.within(self._idle_seconds)
        if within is not None:
            snapshot["stopsWithin"] = within
        if reading is None:
            return
        workers = WorkerCounts(ready=reading.ready)
        if launcher.wanted is not None:
            workers["wanted"] = launcher.wanted
        if launcher.bounds is not None:
            workers["minimum"], workers["maximum"] = launcher.bounds
        if self.limit is not None:
            workers["limit"] = self.limit
        snapshot["workers"], snapshot["threads"] = workers, reading.threads
        snapshot["memory"], snapshot["cpu"] = reading.memory, reading.cpu
        if reading.tasks is not None:
            snapshot["tasks"] = reading.tasks
        if reading.conditions:
            snapshot["conditions"] = reading.conditions
        if self._chunks.verdict:
            snapshot["chunks"] = self._chunks.verdict

    def _enter(self, state: ClusterState) -> None:
        if state == self.state:
            return
        self.state, self._since = state, now()
        if state in _ENDED:
            self._ledger.end()
        text = {"running": "The cluster is running.", "degraded": "The cluster lacks workers."}
        levels: dict[ClusterState, EventLevel] = {
            "failed": "error",
            "lost": "error",
            "degraded": "warning",
        }
        level = levels.get(state, "info")
        self.event("state", text.get(state, f"The cluster is {state}."), level)
        self._publish()

    def _publish(self, at: WatchDetail = "none") -> None:
        """Send the snapshot to everybody, or to those who look, if it changed."""
        snapshot = self.snapshot()
        if self._last is not None and {**snapshot, "revision": 0} == {**self._last, "revision": 0}:
            return
        self._revision += 1
        snapshot["revision"] = self._revision
        self._send(snapshot, at)

    def _send(self, snapshot: ClusterSnapshot, at: WatchDetail) -> None:
        self._last, self._last_sent = snapshot, time.monotonic()
        for peer in self._watch.any if at == "none" else self._watch.at(at):
            peer.notify("clusterChanged", snapshot)

    @property
    def _idle_seconds(self) -> float | None:
        return None if self._idle_since is None else self._idle_since / 1000


def now() -> float:
    """Return the milliseconds since the epoch."""
    return round(time.time() * 1000)
