"""Requests that wait, run and end: a bounded queue in one event loop."""

from __future__ import annotations

import asyncio
import secrets
import time
from collections import deque
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Literal

from seasonal_monitor.errors import ParameterError, SeasonalMonitorError

from .limits import Limits

State = Literal["queued", "running", "done", "failed", "cancelled"]

#: How often it is looked for requests that nobody asks after, as a share of that time.
_LOOKS = 4


class QueueFullError(SeasonalMonitorError):
    """No more requests may wait."""


@dataclass(eq=False)
class Job:
    """A request and what became of it.

    Attributes
    ----------
    question : object
        What was asked.
    id : str
        By which it is found; cannot be guessed.
    state : str
        queued, running, done, failed or cancelled.
    key : str
        Of its result on the cluster, while it runs there.
    result : object
        When it is done.
    error, parameter : str
        Why it failed or was cancelled, in words, and which parameter was at fault.
    asked : float
        When somebody last asked after it, on the monotonic clock.
    waiters : int
        Connections that wait for it.
    """

    question: Any
    id: str = field(default_factory=lambda: secrets.token_urlsafe(12))
    state: State = "queued"
    key: str = ""
    result: Any = None
    error: str = ""
    parameter: str = ""
    asked: float = field(default_factory=time.monotonic)
    waiters: int = 0
    over: asyncio.Event = field(default_factory=asyncio.Event)
    task: asyncio.Task[Any] | None = None

    @property
    def is_over(self) -> bool:
        """Whether nothing more happens."""
        return self.over.is_set()


class Jobs:
    """The queue. All methods are called in its event loop.

    Parameters
    ----------
    work : callable
        Computes the answer of a job. When it is cancelled it must leave nothing running.
    limits : Limits
        How many run and wait, and for how long.
    """

    def __init__(self, work: Callable[[Job], Awaitable[Any]], limits: Limits) -> None:
        self.limits = limits
        self._work = work
        self._all: dict[str, Job] = {}
        self._waiting: deque[Job] = deque()
        self._running: set[asyncio.Task[None]] = set()
        self._keeper: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to look for requests that nobody asks after."""
        self._keeper = asyncio.create_task(self._keep())

    async def stop(self) -> None:
        """Cancel everything."""
        if self._keeper is not None:
            self._keeper.cancel()
        for job in list(self._all.values()):
            await self.cancel(job, "The service was stopped.")

    def submit(self, question: object) -> Job:
        """Take a request.

        Raises
        ------
        QueueFullError
            When as many as may are waiting.
        """
        if len(self._running) >= self.limits.running and (
            len(self._waiting) >= self.limits.waiting
        ):
            raise QueueFullError(
                f"{len(self._running)} requests are being computed and {len(self._waiting)} wait, "
                "which is the most. Nothing was started: ask again in a minute."
            )
        job = Job(question)
        self._all[job.id] = job
        self._waiting.append(job)
        self._advance()
        return job

    def find(self, job_id: str) -> Job | None:
        """Find a request, which keeps it from being taken for abandoned."""
        job = self._all.get(job_id)
        if job is not None:
            job.asked = time.monotonic()
        return job

    def place(self, job: Job) -> int:
        """How many are computed before a job that waits; 0 for others."""
        return self._waiting.index(job) + 1 if job in self._waiting else 0

    async def cancel(self, job: Job, reason: str = "It was cancelled.") -> None:
        """End a request, and wait until the cluster is free of it."""
        if job.is_over:
            return
        if job in self._waiting:
            self._waiting.remove(job)
            self._finish(job, "cancelled", reason)
            return
        job.error = reason
        if job.task is not None:
            job.task.cancel()
        await job.over.wait()

    def _advance(self) -> None:
        while self._waiting and len(self._running) < self.limits.running:
            job = self._waiting.popleft()
            job.state = "running"
            runner = asyncio.create_task(self._run(job))
            self._running.add(runner)

    async def _run(self, job: Job) -> None:
        """Compute one job to its end, whatever that is, then let the next begin."""
        job.task = asyncio.ensure_future(self._work(job))
        try:
            job.result = await asyncio.wait_for(job.task, self.limits.seconds)
            self._finish(job, "done")
        except asyncio.CancelledError:
            self._finish(job, "cancelled", job.error)
        except (asyncio.TimeoutError, TimeoutError):
            limit = f"{self.limits.seconds:g} s"
            self._finish(
                job,
                "failed",
                f"It took more than {limit}. Ask for a shorter period or fewer polygons; "
                "or the cluster has no workers.",
            )
        except ParameterError as error:
            self._finish(job, "failed", str(error), error.parameter)
        except SeasonalMonitorError as error:
            self._finish(job, "failed", str(error))
        except Exception as error:  # noqa: BLE001 - the next job must run whatever happened
            reason = (str(error).strip().splitlines() or [""])[0][:300]
            self._finish(job, "failed", f"It failed: {type(error).__name__}: {reason}")
        finally:
            runner = asyncio.current_task()
            if runner is not None:
                self._running.discard(runner)
            self._advance()

    def _finish(self, job: Job, state: State, error: str = "", parameter: str = "") -> None:
        job.state, job.error, job.parameter, job.key = state, error, parameter, ""
        job.over.set()
        self._all[job.id] = self._all.pop(job.id)  # in the order in which they end
        ended = [one for one in self._all.values() if one.is_over]
        for old in ended[: max(0, len(ended) - self.limits.kept)]:
            del self._all[old.id]

    async def _keep(self) -> None:
        patience = self.limits.abandoned_seconds
        with suppress(asyncio.CancelledError):
            while True:
                await asyncio.sleep(patience / _LOOKS)
                latest = time.monotonic() - patience
                for job in list(self._all.values()):
                    if not job.is_over and not job.waiters and job.asked < latest:
                        await self.cancel(job, "Nobody asked after it.")
