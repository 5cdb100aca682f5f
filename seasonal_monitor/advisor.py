"""Memory, chunk size, tasks, workers and time of a plan, before anything is started.

Pure functions of a workload. The rule for memory was checked on real clusters: a chunk is held
several times while it is worked on, each worker process needs a base for its imports and its
compiled code, and Dask begins to spill at 0.6 of a worker's limit.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

#: How many times a chunk is in memory while it is worked on, input and the next input included.
WORKING_FACTOR = {"elementwise": 3.0, "spi": 6.0, "whittaker": 6.0, "climatology": 10.0}
BASE_BYTES = 400_000_000
SPILL_SHARE = 0.6
#: Wall time for one second of a core's work: cores share caches, memory and the network.
OVERHEAD = 1.1
SECONDS_PER_OPEN = 0.0014
#: Time of one core to read and unpack one value, besides opening its file.
SECONDS_PER_READ = 2e-8
#: Time of the client for one file that is opened, and of the scheduler for one task, and of a
#: plan until its first task runs.
SECONDS_PER_DATE = 0.0015
SECONDS_PER_TASK = 0.0015
SECONDS_BEFORE = 0.35
MOST_TASKS = 100_000
SMALLEST_CHUNK_PX = 16


@dataclass(frozen=True)
class Workload:
    """What is to be computed.

    Attributes
    ----------
    steps, height, width : int
        Shape of what is computed: time, y, x.
    itemsize : float
        Bytes of one value while it is worked on; 4 for float32.
    factor : float
        How many chunks' worth of memory one chunk takes, see `WORKING_FACTOR`.
    seconds_per_pixel_step : float
        Time of one core for one value, reading not included; from the template's cost model.
    layers : int
        Tasks per spatial chunk beside the reading of its files.
    reads : int, optional
        Time steps that are read, and held in memory; as many as are computed when not given.
    """

    steps: int
    height: int
    width: int
    itemsize: float = 4
    factor: float = 3.0
    seconds_per_pixel_step: float = 1.5e-7
    layers: int = 4
    reads: int | None = None

    def __post_init__(self) -> None:
        for name in ("steps", "height", "width", "itemsize", "factor", "dates"):
            if not getattr(self, name) > 0:
                raise ValueError(f"{name}: {getattr(self, name)} must be more than 0.")
        if self.seconds_per_pixel_step < 0 or self.layers < 0:
            raise ValueError("seconds_per_pixel_step, layers: must not be negative.")

    @property
    def pixels(self) -> int:
        """Pixels of one time step."""
        return self.height * self.width

    @property
    def dates(self) -> int:
        """Time steps that are read."""
        return self.steps if self.reads is None else self.reads

    @property
    def bytes(self) -> int:
        """Size of what is read, in memory."""
        return math.ceil(self.dates * self.pixels * self.itemsize)


@dataclass(frozen=True)
class Advice:
    """What to ask a cluster for.

    Attributes
    ----------
    chunk_px : int
        Side of a square chunk that holds all time steps.
    chunks, tasks : int
        Spatial chunks, and tasks of the whole graph.
    bytes, worker_bytes : int
        Size of the data, and memory that each worker needs at least.
    workers : int
        How many.
    seconds : float
        Expected time with them, without the start of the cluster.
    """

    chunk_px: int
    chunks: int
    tasks: int
    bytes: int
    worker_bytes: int
    workers: int
    seconds: float


def worker_memory(work: Workload, chunk_px: int, threads: int = 1) -> int:
    """Give the least memory of a worker, in bytes, for square chunks with all time steps."""
    side = min(chunk_px, work.height) * min(chunk_px, work.width)
    chunk = work.dates * side * work.itemsize
    return math.ceil((BASE_BYTES + threads * work.factor * chunk) / SPILL_SHARE)


def chunk_side(work: Workload, worker_bytes: int, threads: int = 1) -> int:
    """Give the largest chunk that a worker can hold.

    Returns
    -------
    int
        Pixels per side: a multiple of 16, at most the larger side of the area.

    Raises
    ------
    ValueError
        If not even the smallest chunk fits.
    """
    room = SPILL_SHARE * worker_bytes - BASE_BYTES
    pixels = room / (threads * work.factor * work.dates * work.itemsize)
    side = math.isqrt(math.floor(pixels)) if pixels > 0 else 0
    side -= side % SMALLEST_CHUNK_PX
    need = worker_memory(work, SMALLEST_CHUNK_PX, threads)
    if need > worker_bytes:
        raise ValueError(
            f"worker_bytes: {worker_bytes / 1e9:.2f} GB are too few for {work.dates} time steps. "
            f"Give each worker {need / 1e9:.2f} GB or more, or fewer threads."
        )
    side = max(side, SMALLEST_CHUNK_PX)
    longest = max(work.height, work.width)
    return min(side, math.ceil(longest / SMALLEST_CHUNK_PX) * SMALLEST_CHUNK_PX)


def count_chunks(work: Workload, chunk_px: int) -> int:
    """Count the spatial chunks."""
    return math.ceil(work.height / chunk_px) * math.ceil(work.width / chunk_px)


def count_tasks(work: Workload, chunk_px: int) -> int:
    """Estimate the tasks of a graph that reads each chunk, all its dates, in one task.

    One more opens the files.
    """
    return count_chunks(work, chunk_px) * (1 + work.layers) + 1


def chunk_seconds(work: Workload, chunk_px: int) -> float:
    """Estimate the seconds that one core takes for a chunk of average size."""
    pixels = work.pixels / count_chunks(work, chunk_px)
    computed = work.steps * work.seconds_per_pixel_step
    read = work.dates * SECONDS_PER_READ
    return OVERHEAD * (pixels * (computed + read) + work.dates * SECONDS_PER_OPEN)


def waiting_seconds(work: Workload, chunk_px: int) -> float:
    """Estimate the seconds of a run that more workers do not shorten."""
    tasks = count_tasks(work, chunk_px) * SECONDS_PER_TASK
    return SECONDS_BEFORE + work.dates * SECONDS_PER_DATE + tasks


def duration(work: Workload, chunk_px: int, workers: int, threads: int = 1) -> float:
    """Estimate the seconds of a run on a warm cluster.

    Every core takes one chunk after the other, so that the time goes down in steps.
    """
    rounds = math.ceil(count_chunks(work, chunk_px) / (workers * threads))
    return waiting_seconds(work, chunk_px) + rounds * chunk_seconds(work, chunk_px)


def workers_for(work: Workload, chunk_px: int, deadline: float, threads: int = 1) -> int:
    """Give the fewest workers that finish within `deadline` seconds.

    Raises
    ------
    ValueError
        If the deadline is not positive, or too short even with a core for each chunk.
    """
    if not deadline > 0:
        raise ValueError(f"deadline: {deadline} seconds must be more than 0.")
    chunks = count_chunks(work, chunk_px)
    left = deadline - waiting_seconds(work, chunk_px)
    rounds = min(chunks, math.floor(left / chunk_seconds(work, chunk_px)))
    if rounds < 1:
        raise ValueError(
            f"deadline: {deadline:g} s are too few, since the work has only {chunks} chunks to "
            "share. Allow more time or smaller chunks."
        )
    return math.ceil(math.ceil(chunks / rounds) / threads)


def advise(
    work: Workload, worker_bytes: int, threads: int = 1, deadline: float | None = None
) -> Advice:
    """Advise on a cluster for a workload.

    Parameters
    ----------
    work : Workload
        What is to be computed.
    worker_bytes : int
        Memory limit of one worker.
    threads : int
        Threads of one worker.
    deadline : float, optional
        Seconds within which it should be done; one worker without it.

    Raises
    ------
    ValueError
        If the chunk does not fit, the deadline cannot be met, or the graph is too large.
    """
    chunk_px = chunk_side(work, worker_bytes, threads)
    tasks = count_tasks(work, chunk_px)
    if tasks > MOST_TASKS:
        raise ValueError(
            f"area: {tasks:,} tasks are too many for one run, {MOST_TASKS:,} is the most. "
            "Compute a part of the area at a time, or give workers more memory."
        )
    workers = 1 if deadline is None else workers_for(work, chunk_px, deadline, threads)
    return Advice(
        chunk_px,
        count_chunks(work, chunk_px),
        tasks,
        work.bytes,
        worker_memory(work, chunk_px, threads),
        workers,
        duration(work, chunk_px, workers, threads),
    )
