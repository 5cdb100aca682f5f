# ruff: noqa: TID252 - in a kernel the package has another name
"""What a scheduler of this process tells as it happens."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from ..causes import printable, redact
from ..protocol_cluster import EventReason
from .base import Reporter

if TYPE_CHECKING:

    class SchedulerPlugin:
        """What distributed, which has no types, calls."""

else:
    from distributed import SchedulerPlugin


class Observer(SchedulerPlugin):
    """Turns a scheduler's callbacks into events.

    Nothing is called for a task, so that it costs nothing while many run.

    Parameters
    ----------
    reporter
        Where the events go.
    reason
        Given a process id, why that worker ended, where it is known.
    ended
        Called when the scheduler closes.
    arrived
        Called when a worker is there.
    """

    name = "seasonal-monitor"

    def __init__(
        self,
        reporter: Reporter,
        reason: Callable[[int], str | None],
        ended: Callable[[], None],
        arrived: Callable[[], None],
    ) -> None:
        self._reporter = reporter
        self._reason = reason
        self._ended = ended
        self._arrived = arrived
        self._workers: dict[str, tuple[str, int]] = {}
        self._leaving: set[str] = set()
        self._lost: set[str] = set()
        self._silent: set[str] = set()
        self._gone_with: dict[str, tuple[int, int]] = {}
        self._last_error = 0.0

    def begin(self, scheduler: Any) -> None:  # noqa: ANN401 - distributed has no types
        """Listen to a scheduler, and tell of the workers that it has already."""
        scheduler.add_plugin(self)
        for worker in list(scheduler.workers):
            self.add_worker(scheduler, worker)

    async def close(self) -> None:
        """Tell that the scheduler is closing."""
        self._ended()

    def add_worker(self, scheduler: Any, worker: str) -> None:  # noqa: ANN401
        """Tell of a worker that came, or came back."""
        state = scheduler.workers[worker]
        name = str(state.name)
        self._workers[worker] = (name, state.pid)
        self._reporter.came(worker, state.nthreads, int(state.memory_limit or 0))
        if name in self._lost:
            self._lost.discard(name)
            self._reporter.event("worker-restarted", f"Worker {name} is back.", worker=name)
        else:
            self._reporter.event("worker-added", f"Worker {name} is ready.", worker=name)
        self._arrived()
        self._reporter.changed()

    def remove_worker(self, scheduler: Any, worker: str, **_: object) -> None:  # noqa: ANN401
        """Tell of a worker that went, and whether it was meant to."""
        name, pid = self._workers.pop(worker, (worker, 0))
        self._reporter.went(worker)
        if worker in self._leaving:
            self._leaving.discard(worker)
            text = f"Worker {name} has left."
            self._reporter.event("worker-lost", text, worker=name, reason="asked")
        else:
            self._lost.add(name)
            reason, why = self._why(worker, pid)
            text = f"Worker {name} was lost. {why}"
            self._reporter.event("worker-lost", text, "warning", worker=name, reason=reason)
        self._silent.discard(worker)
        self._tell_losses(name, *self._gone_with.pop(worker, (0, 0)))
        self._reporter.changed()

    def _why(self, worker: str, pid: int) -> tuple[EventReason, str]:
        """Return why a worker went that was not meant to, also in words."""
        if why := self._reason(pid):
            return "memory", why
        if worker in self._silent:
            return "silent", "It was not heard of for too long: its machine may be gone."
        return "died", f"Its process {pid} ended unexpectedly."

    def _tell_losses(self, name: str, computed: int, sent: int) -> None:
        """Tell of results that were in the memory of one worker only, which went."""
        if computed:
            results = "1 result is" if computed == 1 else f"{computed} results are"
            text = f"{results} computed again: only worker {name} held what went with it."
            self._reporter.event("tasks-recomputed", text, worker=name)
        if sent:
            pieces = "1 piece" if sent == 1 else f"{sent} pieces"
            text = f"{pieces} of data that a notebook sent to worker {name} went with it."
            self._reporter.event("data-lost", text, "warning", worker=name)

    def expect(self, addresses: list[str]) -> None:
        """Note that these workers will go because somebody asked for it."""
        self._leaving.update(addresses)

    def log_event(self, topic: str, msg: object) -> None:
        """Tell of a worker that pauses because its memory is full, or what goes with one."""
        if not isinstance(msg, dict):
            return
        action = msg.get("action")
        if action == "worker-ttl-timed-out":
            self._silent.update(msg.get("workers", ()))
        if action == "remove-worker" and topic in self._workers:
            self._gone_with[topic] = (
                len(msg.get("lost-computed-tasks", ())),
                len(msg.get("lost-scattered-tasks", ())),
            )
        elif action == "worker-status-change":
            self._tell_status(topic, msg.get("status"))

    def _tell_status(self, topic: str, status: object) -> None:
        """Note who is leaving, and tell who is paused."""
        if status in ("closing", "closing_gracefully"):
            self._leaving.add(topic)
        elif status in ("paused", "running") and topic in self._workers:
            name = self._workers[topic][0]
            if status == "paused":
                text = f"Worker {name} is paused: its memory is nearly full."
                self._reporter.event("worker-paused", text, "warning", worker=name)
            self._reporter.changed()

    def report_errors(self, scheduler: Any) -> None:  # noqa: ANN401
        """Tell of the tasks that failed since the last call, three at most."""
        fresh: list[Any] = []
        for erred in scheduler.erred_tasks:
            if erred.timestamp <= self._last_error or len(fresh) == 3:
                break
            fresh.append(erred)
        for erred in reversed(fresh):
            self._last_error = max(self._last_error, erred.timestamp)
            text = printable(redact(f"Task {erred.key} failed: {erred.exception_text}"), 300)
            self._reporter.event("task-erred", text, "error")
