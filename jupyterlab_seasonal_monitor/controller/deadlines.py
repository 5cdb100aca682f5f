"""When a cluster ends by itself, and when that is said beforehand.

A cluster can have an idle timeout and a lifetime. Both are kept here, where the
cluster lives, so that they hold when no page is open.
"""

from __future__ import annotations

import time
from collections.abc import Callable

from .protocol import StopReason
from .rpc import RpcError

#: Minutes before the end at which it is said.
MARKS = (5, 1)


class Deadlines:
    """Computes when a cluster ends. All times are seconds, of the epoch or as spans.

    Parameters
    ----------
    idle
        The time without a task after which it ends; None for ever.
    lifetime
        The time after its start at which it ends; None for ever.
    most_idle, most_lifetime
        An administrator's bounds on both, which no request to keep it passes.
    clock
        Seconds since the epoch.
    """

    def __init__(
        self,
        idle: float | None = None,
        lifetime: float | None = None,
        *,
        most_idle: float | None = None,
        most_lifetime: float | None = None,
        clock: Callable[[], float] = time.time,
    ) -> None:
        self._idle, self._lifetime = idle, lifetime
        self._most_idle, self._most_lifetime = most_idle, most_lifetime
        self._clock = clock
        self._started: float | None = None
        self._kept_idle = self._kept_alive = 0.0
        self._told: tuple[float, int] | None = None

    def start(self) -> None:
        """Note that the cluster is up: its lifetime begins."""
        if self._started is None:
            self._started = self._clock()

    def stops(self, idle_since: float | None) -> tuple[float, StopReason] | None:
        """Return when it ends if nothing happens until then, and why; None for never."""
        ends: list[tuple[float, StopReason]] = []
        if self._idle is not None and idle_since is not None:
            ends.append((max(idle_since + self._idle, self._kept_idle), "idle"))
        if self._lifetime is not None and self._started is not None:
            end = max(self._started + self._lifetime, self._kept_alive)
            ends.append((min(end, self._last), "lifetime"))
        return min(ends, default=None)

    def due(self, idle_since: float | None) -> StopReason | None:
        """Return why it ends now, or None if it does not."""
        end = self.stops(idle_since)
        return end[1] if end is not None and self._clock() >= end[0] else None

    def within(self, idle_since: float | None) -> int | None:
        """Return the minutes in which its end has been said to be; None if it was not."""
        end = self.stops(idle_since)
        return self._told[1] if end and self._told and self._told[0] == end[0] else None

    def announce(self, idle_since: float | None) -> int | None:
        """Return the minutes that are to be said now; None if there is nothing new to say."""
        end = self.stops(idle_since)
        if end is None:
            return None
        left = end[0] - self._clock()
        reached = [mark for mark in self._marks(end[1]) if left <= 60 * mark]
        known = self.within(idle_since)
        if not reached or known == reached[-1]:
            return None
        self._told = (end[0], reached[-1])
        return reached[-1]

    def wait(self, idle_since: float | None) -> float:
        """Return the seconds until something is to be said or done; infinity for never."""
        end = self.stops(idle_since)
        if end is None:
            return float("inf")
        left = end[0] - self._clock()
        steps = [left - 60 * mark for mark in self._marks(end[1])]
        return min((step for step in [*steps, left] if step > 0), default=0.0)

    def keep(self, seconds: float, idle_since: float | None) -> str:
        """Put off the end, and return in words to when.

        Raises
        ------
        RpcError
            ``invalid`` when it does not end by itself, ``limit`` when the
            administrator's bound is reached.
        """
        now = self._clock()
        end = self.stops(idle_since)
        if end is None:
            raise RpcError("invalid", "This cluster does not stop by itself now.")
        if end[1] == "lifetime" and end[0] >= self._last:
            assert self._most_lifetime is not None
            raise RpcError(
                "limit",
                f"Your administrator lets a cluster live for {in_words(self._most_lifetime)}.",
                hint="Save your results, and start another cluster.",
            )
        idle = seconds if self._most_idle is None else min(seconds, self._most_idle)
        self._kept_idle = max(self._kept_idle, now + idle)
        self._kept_alive = max(self._kept_alive, now + seconds)
        after = self.stops(idle_since)
        assert after is not None
        text = f"Kept for {in_words(after[0] - now)}."
        if after[0] < now + seconds:
            text += " Your administrator does not allow more."
        return text

    def explain(self, reason: StopReason) -> str:
        """Return why it ends, in words."""
        if reason == "idle":
            return f"No task has run for {in_words(self._idle or 0)}."
        return f"It has lived for {in_words(self._lifetime or 0)}, as long as it may."

    @property
    def _last(self) -> float:
        if self._most_lifetime is None or self._started is None:
            return float("inf")
        return self._started + self._most_lifetime

    def _marks(self, reason: StopReason) -> list[int]:
        """Return the marks that are well within the whole time; the last one always is."""
        span = (self._idle if reason == "idle" else self._lifetime) or 0
        return [mark for mark in MARKS if 60 * mark < span or mark == MARKS[-1]]


def in_words(seconds: float) -> str:
    """Return a span of time such as ``1 hour 30 minutes``."""
    whole = max(1, round(seconds))
    if whole >= 120:
        whole = round(whole / 60) * 60
    parts = [(whole // 3600, "hour"), (whole % 3600 // 60, "minute"), (whole % 60, "second")]
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)
