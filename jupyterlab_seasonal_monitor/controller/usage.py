"""How long workers have been there, by size and day: what a price can be put on."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from .protocol_cluster import Usage, UsedSize

_DAY = 86_400.0


@dataclass
class _Size:
    """Workers of one size: how many are there, and the seconds of all so far."""

    count: int = 0
    days: dict[str, float] = field(default_factory=dict)


class Ledger:
    """Adds up worker-seconds, exactly, as workers come and go.

    What it tells changes only with the workers, so that a quiet cluster sends
    nothing: whoever reads it adds the time since ``at`` for those that are there.

    Parameters
    ----------
    clock
        Seconds since the epoch.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._started: float | None = None
        self._ended: float | None = None
        self._at = 0.0
        self._workers: dict[str, tuple[int, int]] = {}
        self._sizes: dict[tuple[int, int], _Size] = {}

    def start(self) -> None:
        """Note that the scheduler is there."""
        if self._started is None:
            self._started = self._at = self._clock()

    def came(self, address: str, threads: int, memory: int) -> None:
        """Note a worker; a doubled call is none.

        Parameters
        ----------
        address
            The worker's address.
        threads
            Its threads.
        memory
            The bytes that it may use; 0 where there is no limit.
        """
        if address in self._workers or self._ended is not None:
            return
        self.start()
        self._settle()
        # Limits of like workers can differ by a few bytes.
        size = (threads, round(memory / 2**20) * 2**20)
        self._workers[address] = size
        self._sizes.setdefault(size, _Size()).count += 1

    def went(self, address: str) -> None:
        """Note that a worker is gone; one that is not known is none."""
        if address in self._workers:
            self._settle()
            self._sizes[self._workers.pop(address)].count -= 1

    def end(self) -> None:
        """Note that all of it is gone."""
        if self._started is None or self._ended is not None:
            return
        self._settle()
        self._ended = self._at
        self._workers.clear()
        for size in self._sizes.values():
            size.count = 0

    def tell(self) -> Usage | None:
        """Return the counts, or None before there was anything."""
        if self._started is None:
            return None
        usage = Usage(
            started=_milliseconds(self._started),
            at=_milliseconds(self._at),
            sizes=[_told(size, used) for size, used in self._sizes.items()],
        )
        if self._ended is not None:
            usage["ended"] = _milliseconds(self._ended)
        return usage

    def _settle(self) -> None:
        now = max(self._at, self._clock())
        for used in self._sizes.values():
            if used.count:
                for day, seconds in _split(self._at, now):
                    used.days[day] = used.days.get(day, 0.0) + seconds * used.count
        self._at = now


def _split(begin: float, end: float) -> Iterator[tuple[str, float]]:
    """Yield the days of a span of time, in UTC, with the seconds in each."""
    while begin < end:
        midnight = (begin // _DAY + 1) * _DAY
        until = min(midnight, end)
        yield time.strftime("%Y-%m-%d", time.gmtime(begin)), until - begin
        begin = until


def _told(size: tuple[int, int], used: _Size) -> UsedSize:
    threads, memory = size
    days = {day: round(seconds, 3) for day, seconds in used.days.items()}
    told = UsedSize(threads=threads, count=used.count, days=days)
    if memory:
        told["memory"] = memory
    return told


def _milliseconds(seconds: float) -> float:
    return round(seconds * 1000)
