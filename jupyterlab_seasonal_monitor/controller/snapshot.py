"""Numbers of a cluster, read from its scheduler or from what a scheduler tells."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .chunks import Work, read_work
from .protocol_cluster import Conditions, Memory, Tasks, Worker

#: By how many bytes the memory of an idle worker moves by itself.
_MEMORY_NOISE = 48 * 2**20
_ACTIVE = ("running", "paused")


@dataclass
class Reading:
    """What was read at one time. What is not known is None."""

    ready: int = 0
    threads: int = 0
    memory: Memory = field(default_factory=Memory)
    cpu: float = 0.0
    tasks: Tasks | None = None
    conditions: Conditions = field(default_factory=Conditions)
    #: Changes whenever a task does; None where that is not known.
    transitions: int | None = None
    #: What tasks have done so far; None where that is not known.
    work: Work | None = None

    @property
    def busy(self) -> bool:
        """Whether tasks run or wait."""
        return bool(self.tasks and (self.tasks["processing"] or self.tasks["waiting"]))


def read_scheduler(scheduler: Any) -> tuple[Reading, list[Worker]]:  # noqa: ANN401
    """Read a ``distributed.Scheduler`` of this process.

    Its cost grows with the workers and the groups of tasks, not with the tasks.
    """
    rows = [
        Worker(
            name=str(state.name),
            address=state.address,
            status=state.status.name,
            threads=state.nthreads,
            processing=len(state.processing),
            stored=len(state.has_what),
            pid=state.pid,
            lastSeen=state.last_seen * 1000,
            **_metrics(state.metrics, state.memory_limit),
        )
        for state in scheduler.workers.values()
    ]
    counts: dict[str, int] = {}
    for group in scheduler.task_groups.values():
        for name, count in group.states.items():
            counts[name] = counts.get(name, 0) + count
    reading = summarise(rows, _tasks(counts))
    reading.transitions = getattr(scheduler, "transition_counter", None)
    reading.work = read_work(scheduler)
    return reading, rows


def read_identity(
    identity: Mapping[str, Any], prefixes: Mapping[str, Mapping[str, int]] | None
) -> tuple[Reading, list[Worker]]:
    """Read what a scheduler tells of itself over the network.

    Parameters
    ----------
    identity
        The reply of the scheduler's ``identity``.
    prefixes
        The reply of its ``get_task_prefix_states``, where it has that.
    """
    rows = []
    for address, info in identity.get("workers", {}).items():
        metrics = info.get("metrics", {})
        counts = metrics.get("task_counts", {})
        rows.append(
            Worker(
                name=str(info.get("name", address)),
                address=address,
                status=str(info.get("status", "running")),
                threads=int(info.get("nthreads", 0)),
                processing=sum(counts.get(name, 0) for name in ("executing", "ready")),
                stored=int(counts.get("memory", 0)),
                lastSeen=float(info.get("last_seen", 0)) * 1000,
                **_metrics(metrics, info.get("memory_limit")),
            )
        )
    tasks = None
    if prefixes is not None:
        totals: dict[str, int] = {}
        for states in prefixes.values():
            for name, count in states.items():
                totals[name] = totals.get(name, 0) + count
        tasks = _tasks(totals)
    return summarise(rows, tasks), rows


def summarise(rows: Iterable[Worker], tasks: Tasks | None) -> Reading:
    """Add up the rows of a worker table."""
    reading = Reading(tasks=tasks)
    used = limit = spilled = paused = spilling = 0
    for row in rows:
        reading.ready += row["status"] in _ACTIVE
        reading.threads += row["threads"]
        reading.cpu += row["cpu"]
        used += row["memory"]
        limit += row.get("memoryLimit", 0)
        spilled += row.get("spilled", 0)
        paused += row["status"] == "paused"
        spilling += row.get("spilled", 0) > 0
    reading.memory = Memory(used=used)
    if limit:
        reading.memory["limit"] = limit
    if spilled:
        reading.memory["spilled"] = spilled
    if paused:
        reading.conditions["paused"] = paused
    if spilling:
        reading.conditions["spilling"] = spilling
    return reading


def begins_to_spill(last: Reading | None, new: Reading) -> str:
    """Say that workers begin to write results to disk, where none did before; else nothing."""
    spilling = new.conditions.get("spilling", 0)
    if not spilling or (last is not None and last.conditions.get("spilling")):
        return ""
    workers = "1 worker writes" if spilling == 1 else f"{spilling} workers write"
    return f"{workers} results to disk, since memory is getting full."


def steady(new: Reading, last: Reading | None) -> Reading:
    """Return the new reading with noise taken out, so that a quiet cluster does not change.

    CPU, and memory while no task runs, keep their last values until they differ by more
    than what an idle worker's heartbeat, garbage collection and plots move them.
    """
    if last is None:
        return new
    workers = max(new.ready, last.ready, 1)
    memory = Memory(**new.memory)
    before, now = last.memory, new.memory
    rests = not new.busy and new.transitions == last.transitions
    moved = abs(now.get("used", 0) - before.get("used", 0))
    if rests and "used" in before and moved < _MEMORY_NOISE * workers:
        memory["used"] = before["used"]
    if "spilled" in before and abs(now.get("spilled", 0) - before["spilled"]) < 2**20:
        memory["spilled"] = before["spilled"]
    quiet = max(25.0, 12.0 * workers)
    cpu = 0.0 if not new.busy and new.cpu < quiet else new.cpu
    if abs(cpu - last.cpu) < (5 if new.busy else quiet) and (cpu > 0) == (last.cpu > 0):
        cpu = last.cpu
    return Reading(
        ready=new.ready,
        threads=new.threads,
        memory=memory,
        cpu=round(cpu),
        tasks=new.tasks,
        conditions=new.conditions,
        transitions=new.transitions,
    )


def steady_rows(new: list[Worker], last: list[Worker] | None) -> list[Worker] | None:
    """Return the rows when one of them changed by more than noise, else None."""
    if last is None or len(new) != len(last):
        return new
    known = {row["address"]: row for row in last}
    for row in new:
        before = known.get(row["address"])
        if before is None or any(
            row.get(name) != before.get(name) for name in ("status", "processing", "stored")
        ):
            return new
        moved = abs(row["memory"] - before["memory"])
        if moved >= _MEMORY_NOISE or abs(row["cpu"] - before["cpu"]) >= 25:
            return new
    return None


def _metrics(metrics: Mapping[str, Any], limit: float | None) -> Worker:
    row = Worker(cpu=float(metrics.get("cpu") or 0), memory=int(metrics.get("memory") or 0))
    if limit:
        row["memoryLimit"] = int(limit)
    spilled = metrics.get("spilled_bytes")
    if isinstance(spilled, dict) and spilled.get("disk"):
        row["spilled"] = int(spilled["disk"])
    return row


def _tasks(counts: Mapping[str, int]) -> Tasks:
    return Tasks(
        processing=counts.get("processing", 0),
        waiting=sum(counts.get(name, 0) for name in ("waiting", "queued", "no-worker")),
        memory=counts.get("memory", 0),
        erred=counts.get("erred", 0),
    )
