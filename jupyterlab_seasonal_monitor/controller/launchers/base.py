# ruff: noqa: TID252 - in a kernel the package has another name
"""What every launcher does."""

from __future__ import annotations

import asyncio
import time
from abc import ABC, abstractmethod
from typing import Any, Protocol

from ..protocol_cluster import (
    Capabilities,
    Cause,
    Connection,
    EventKind,
    EventLevel,
    EventReason,
    LogEntry,
    Worker,
)
from ..rpc import RpcError
from ..snapshot import Reading

#: Seconds in which all workers must be back after a restart.
RESTART_TIMEOUT = 60.0
#: Seconds that workers get to leave which the load has sent away.
_ADAPT_TIMEOUT = 10.0


async def stop_adapting(cluster: Any) -> None:  # noqa: ANN401 - distributed has no types
    """Let the load choose no longer; must be called in the cluster's loop.

    What it has begun it ends first: it would take away workers that are asked for now.
    """
    adaptive = getattr(cluster, "_adaptive", None)
    if adaptive is None:
        return
    adaptive.stop()
    deadline = time.monotonic() + _ADAPT_TIMEOUT
    while getattr(adaptive, "_adapting", False) and time.monotonic() < deadline:  # noqa: ASYNC110
        await asyncio.sleep(0.01)


class Reporter(Protocol):
    """Where a launcher tells what happens."""

    def step(self, name: str, detail: str | None = None, *, done: bool = False) -> None:
        """Tell of a step of the start: ``packages``, ``scheduler`` or ``workers``."""

    def event(
        self,
        kind: EventKind,
        text: str,
        level: EventLevel = "info",
        worker: str | None = None,
        reason: EventReason | None = None,
    ) -> None:
        """Tell of something that happened to the cluster."""

    def came(self, address: str, threads: int, memory: int) -> None:
        """Tell of a worker whose time counts from now; its memory in bytes, 0 without limit."""

    def went(self, address: str) -> None:
        """Tell of a worker whose time counts no longer."""

    def changed(self) -> None:
        """Tell that a worker came, went or changed its condition: worth a message at once."""

    def ended(self, text: str) -> None:
        """Tell that somebody else stopped the cluster."""

    def lost(self, error: BaseException) -> None:
        """Tell that the cluster is gone without having been stopped."""

    def log(self, lines: int) -> list[str]:
        """Return the last lines that this process's logs and its children's output have."""


class Launcher(ABC):
    """Starts, reads and stops one cluster. Every method runs in the controller's loop.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    """

    capabilities: Capabilities
    #: How many workers were asked for; None while that is not known or adaptive.
    wanted: int | None = None
    #: Bounds of an adaptive cluster.
    bounds: tuple[int, int] | None = None
    #: When a cluster that was taken up was made, in seconds of the epoch, where that is known.
    began: float | None = None
    #: Seconds in which a start must succeed.
    start_timeout: float = 120.0

    def __init__(self, reporter: Reporter) -> None:
        self.reporter = reporter

    @abstractmethod
    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Bring the cluster up. When it is cancelled or fails, ``stop`` follows."""

    @abstractmethod
    async def stop(self) -> None:
        """Leave nothing behind, whatever was reached. May be called twice."""

    @abstractmethod
    async def read(self) -> tuple[Reading, list[Worker]]:
        """Return the numbers of now and the rows of the worker table."""

    @property
    @abstractmethod
    def connection(self) -> Connection | None:
        """How notebooks reach the cluster."""

    @property
    def dashboard(self) -> str | None:
        """The dashboard's address as seen from here, where there is one."""
        return None

    @property
    def versions(self) -> dict[str, str] | None:
        """The versions of the cluster's packages, where they are not this environment's."""
        return None

    @property
    def remarks(self) -> list[str]:
        """What is not right and does not hinder the cluster, with what to do."""
        return []

    async def keep(self, seconds: float) -> None:  # noqa: B027 - most have nobody to tell
        """Put off an end that others than the controller keep, too."""

    @property
    def waiting(self) -> bool:
        """Whether all its workers are still to come: that is no idleness."""
        return False

    def shortage(self, missing: int, wanted: int) -> list[Cause] | None:
        """Return why workers are missing, outermost first, where this is known."""
        return None

    async def scale(self, workers: int) -> None:
        """Ask for a number of workers, and stop adapting."""
        raise NotImplementedError

    async def adapt(self, minimum: int, maximum: int) -> None:
        """Let the scheduler choose the number of workers between two bounds."""
        raise NotImplementedError

    async def restart(self) -> None:
        """Forget all tasks and replace the workers' processes, all at the same time."""
        raise NotImplementedError

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Return the newest log lines of each process, or of one worker by name."""
        return [LogEntry(source="controller", lines=self.reporter.log(lines))]


def late_restart(missing: int, count: int) -> RpcError:
    """Return what is told when so many of so many workers did not come back in time."""
    text = f"{missing} of {count} workers did not come back in {RESTART_TIMEOUT:.0f} s."
    return RpcError("launchFailed", text, hint="Look at the log, or scale to fewer workers.")


def capabilities(*, owned: bool = True, keep: bool = True) -> Capabilities:
    """Return what can be done with a cluster that is this controller's own, or is not."""
    return Capabilities(
        scale=owned,
        adapt=owned,
        restart=owned,
        rename=True,
        workers=True,
        logs=True,
        stop=owned,
        keep=owned and keep,
    )
