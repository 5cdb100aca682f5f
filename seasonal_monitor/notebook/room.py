"""Whether data fits into a cluster's memory, said before anything is computed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from seasonal_monitor.advisor import MOST_TASKS, SPILL_SHARE, Workload, chunk_side
from seasonal_monitor.algorithms.grid import grid_of
from seasonal_monitor.sources import describe

if TYPE_CHECKING:
    import xarray as xr
    from distributed import Client


@dataclass(frozen=True)
class Room:
    """The memory of a cluster, or of this process.

    Attributes
    ----------
    workers, threads : int
        How many; threads of one worker.
    worker_bytes : int
        Of the worker with the least; all that is free here without a cluster.
    free_bytes : int
        Of all together, until Dask begins to write to disk.
    """

    workers: int
    threads: int
    worker_bytes: int
    free_bytes: int


@dataclass(frozen=True)
class Fit:
    """Whether data can be kept in memory.

    Attributes
    ----------
    fits : bool
        Whether it can.
    problem, advice : str
        Why not, and what to do; empty when it can.
    text : str
        All of it, with sizes of chunks and graph, for a person to read.
    """

    fits: bool
    problem: str
    advice: str
    text: str

    def __str__(self) -> str:
        return self.text


def room_of(client: Client | None) -> Room:
    """Ask the workers how much memory they have, and how much of it is used."""
    if client is None:
        import psutil

        free = int(psutil.virtual_memory().available)
        return Room(1, psutil.cpu_count() or 1, free, int(free * SPILL_SHARE))
    found = list(client.run(_memory).values())
    if not found:
        return Room(0, 1, 0, 0)
    free = sum(max(0, int(limit * SPILL_SHARE) - used) for limit, used in found)
    return Room(len(found), max(client.nthreads().values()), min(limit for limit, _ in found), free)


def fit(data: xr.DataArray, room: Room, factor: float = 3.0) -> Fit:
    """Say whether a lazy array can be persisted, and how it would be better cut.

    Parameters
    ----------
    data : DataArray, shape (time, y, x)
        Lazy; nothing of it is computed.
    room : Room
        Where it would be kept.
    factor : float
        How often a chunk is held while it is worked on, see `advisor.WORKING_FACTOR`.
    """
    plan = describe(data.to_dataset(name=data.name or "data"), factor)
    least, free = room.worker_bytes / 1e9, room.free_bytes / 1e9
    there = f"{room.workers} workers of {least:.1f} GB or more have room for {free:.1f} GB."
    lines = [str(plan), there]
    problem = advice = ""
    if plan.bytes > room.free_bytes:
        problem = f"{plan.bytes / 1e9:.1f} GB do not fit into {free:.1f} GB of memory."
        advice = "Choose a smaller area or a shorter period, or add workers."
    elif plan.tasks > MOST_TASKS:
        problem = f"{plan.tasks:,} tasks are more than a scheduler takes well ({MOST_TASKS:,})."
        advice = "Choose larger chunks or a smaller area."
    elif plan.worker_bytes > room.worker_bytes:
        lines.append(_smaller(data, room, factor))
    lines.append(f"{problem} {advice}" if problem else "It fits.")
    return Fit(not problem, problem, advice, "\n".join(lines))


def _smaller(data: xr.DataArray, room: Room, factor: float) -> str:
    """Advise on a chunk that the workers can hold."""
    height, width = grid_of(data).shape
    work = Workload(data.sizes.get("time", 1), height, width, data.dtype.itemsize, factor)
    try:
        side = chunk_side(work, room.worker_bytes, room.threads)
    except ValueError:
        return "Workers may go to disk: they have little memory for so many dates."
    return f"Workers may go to disk: chunks of {side} pixels would be better."


def _memory(dask_worker: Any = None) -> tuple[int, int]:  # noqa: ANN401  (given by distributed)
    """Give a worker's limit and what it uses, in bytes."""
    import psutil

    limit = dask_worker.memory_manager.memory_limit or psutil.virtual_memory().total
    return int(limit), int(dask_worker.monitor.get_process_memory())
