"""Whether a cluster's tasks are far too small or too large, from what its scheduler counts.

A verdict changes only when later work is different, so that a quiet cluster sends nothing.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

from .protocol_cluster import Chunks

#: Seconds that are looked back on, and tasks in them from which on there is a verdict.
_WINDOW, _MANY, _SOME = 30.0, 1000, 100
#: A task takes the scheduler about a millisecond: less work than this is not worth one.
_SHORT_SECONDS = 0.02
#: A task holds its chunk three times or more, and Dask spills at 0.6 of a worker's memory.
_LARGE_SHARE = 0.6 / 3


@dataclass(frozen=True)
class Work:
    """What a scheduler's tasks have done so far.

    Attributes
    ----------
    done : int
        Tasks with a result, also those that are forgotten.
    seconds : float
        Time that they computed.
    largest : float
        Mean size of the results, in bytes, of the kind of tasks with the largest.
    room : float
        Memory of a worker for each of its threads, in bytes; 0 where that is not known.
    """

    done: int
    seconds: float
    largest: float = 0.0
    room: float = 0.0


def read_work(scheduler: Any) -> Work:  # noqa: ANN401
    """Read a ``distributed.Scheduler`` of this process; looks at kinds of tasks, not at tasks."""
    return Work(*count_work(scheduler))


def count_work(dask_scheduler: Any = None) -> tuple[int, float, float, float]:  # noqa: ANN401
    """Return the fields of `Work`; it uses no other name of this module, so that it can be sent."""
    done, seconds, largest = 0, 0.0, 0.0
    for prefix in dask_scheduler.task_prefixes.values():
        done += sum(prefix.states.get(name, 0) for name in ("memory", "released", "forgotten"))
        seconds += prefix.all_durations.get("compute", 0.0)
    for group in dask_scheduler.task_groups.values():
        count = group.states.get("memory", 0) + group.states.get("released", 0)
        # One alone is a result that is put together, and no chunk.
        if count > 1:
            largest = max(largest, group.nbytes_total / count)
    workers = dask_scheduler.workers.values()
    rooms = [one.memory_limit / one.nthreads for one in workers if one.memory_limit]
    return done, seconds, largest, min(rooms, default=0.0)


# At a scheduler elsewhere this package has another name, or is not installed: it goes as a whole.
count_work.__module__ = "__main__"


class ChunkJudge:
    """Judges the work of the last half minute."""

    def __init__(self) -> None:
        self._past: deque[tuple[float, Work]] = deque()
        self.verdict: Chunks | None = None

    def look(self, work: Work, now: float) -> None:
        """Look at what was done by now, in seconds of any clock."""
        past = self._past
        if past and work.done < past[-1][1].done:
            past.clear()  # the scheduler was restarted, or forgot
        while len(past) > 1 and past[1][0] <= now - _WINDOW:
            past.popleft()
        past.append((now, work))
        done = work.done - past[0][1].done
        if done == 0:
            return
        if work.room and work.largest > _LARGE_SHARE * work.room:
            if self.verdict is None or self.verdict["kind"] != "big":
                self.verdict = Chunks(kind="big", bytes=int(float(f"{work.largest:.1e}")))
            return
        mean = (work.seconds - past[0][1].seconds) / done
        if done >= _MANY and mean < _SHORT_SECONDS:
            if self.verdict is None or self.verdict["kind"] != "small":
                self.verdict = Chunks(kind="small", seconds=float(f"{mean:.0e}"))
        elif done >= _SOME or (self.verdict and self.verdict["kind"] == "big"):
            self.verdict = None
