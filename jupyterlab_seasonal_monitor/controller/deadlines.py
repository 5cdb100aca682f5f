"""When a cluster ends by itself, and when that is said beforehand.

A cluster can have an idle timeout and a lifetime, and a page, which knows prices,
orders its end when a budget will be used up. All are kept here, where the cluster
lives, so that they hold when no page is open.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from .protocol_cluster import EndOrder, StopReason
from .rpc import RpcError

#: Minutes before the end at which it is said.
MARKS = (5, 1)
#: More orders than these are not kept.
_MOST_ORDERS = 50


@dataclass
class _Order:
    """An end that a page has ordered; one that is final cannot be put off."""

    end: float
    text: str
    final: bool


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
        self._orders: dict[str, _Order] = {}
        #: Orders that somebody has put off: they are not taken again.
        self._kept_from: set[str] = set()

    def start(self, began: float | None = None) -> None:
        """Note that the cluster is up: its lifetime begins.

        Parameters
        ----------
        began
            When it was made, of one that was taken up where that is known.
        """
        if self._started is None:
            self._started = self._clock() if began is None else began

    def take_idle(self, seconds: float | None) -> None:
        """Take the idle time that a cluster had when it was taken up, within the bounds."""
        if seconds is not None:
            self._idle = seconds if self._most_idle is None else min(seconds, self._most_idle)

    def order(self, name: str, end: float | None, text: str, *, final: bool) -> None:
        """Take an order to end at a time, at the earliest when all marks were said.

        Parameters
        ----------
        name
            What the order is for: a later one of the same name replaces it.
        end
            When; None takes the order back.
        text
            Why, in words.
        final
            Whether nobody can put it off.
        """
        if end is None:
            self._orders.pop(name, None)
            return
        if name in self._kept_from and not final:
            return
        known = self._orders.get(name)
        if known is None and len(self._orders) >= _MOST_ORDERS:
            return
        earliest = max(end, self._clock() + 60 * MARKS[0])
        # A time that is past already is told again and again: that puts off nothing.
        if known is not None and end <= known.end:
            earliest = min(known.end, earliest)
        self._orders[name] = _Order(earliest, text, final)

    @property
    def orders(self) -> list[EndOrder]:
        """The orders that hold, so that every page can take them back."""
        return [
            EndOrder(name=name, at=round(order.end * 1000), text=order.text, final=order.final)
            for name, order in self._orders.items()
        ]

    def why(self, idle_since: float | None) -> str | None:
        """Return the words of the order that ends it first; None if something else does."""
        first = self._first()
        end = self.stops(idle_since)
        return first[1].text if first and end and end[1] == "budget" else None

    def stops(self, idle_since: float | None) -> tuple[float, StopReason] | None:
        """Return when it ends if nothing happens until then, and why; None for never."""
        ends: list[tuple[float, StopReason]] = []
        if self._idle is not None and idle_since is not None:
            ends.append((max(idle_since + self._idle, self._kept_idle), "idle"))
        if self._lifetime is not None and self._started is not None:
            end = max(self._started + self._lifetime, self._kept_alive)
            ends.append((min(end, self._last), "lifetime"))
        first = self._first()
        if first is not None:
            ends.append((first[1].end, "budget"))
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
        if end[1] == "budget":
            return self._keep_from_order()
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
        if reason == "budget":
            first = self._first()
            return first[1].text if first else ""
        return f"It has lived for {in_words(self._lifetime or 0)}, as long as it may."

    def _first(self) -> tuple[str, _Order] | None:
        return min(self._orders.items(), key=lambda item: item[1].end, default=None)

    def _keep_from_order(self) -> str:
        first = self._first()
        assert first is not None
        name, order = first
        if order.final:
            raise RpcError(
                "limit",
                f"{order.text} Your administrator has set this budget.",
                hint="Save your results, or ask your administrator for more.",
            )
        del self._orders[name]
        self._kept_from.add(name)
        return f"Kept, although: {order.text}"

    @property
    def _last(self) -> float:
        if self._most_lifetime is None or self._started is None:
            return float("inf")
        return self._started + self._most_lifetime

    def _marks(self, reason: StopReason) -> list[int]:
        """Return the marks that are well within the whole time; the last one always is."""
        if reason == "budget":
            return list(MARKS)
        span = (self._idle if reason == "idle" else self._lifetime) or 0
        return [mark for mark in MARKS if 60 * mark < span or mark == MARKS[-1]]


def seconds_of(written: str) -> float:
    """Return a time that a service writes by ISO 8601, in seconds of the epoch.

    Raises
    ------
    ValueError
        It is no such time.
    """
    return datetime.fromisoformat(written.replace("Z", "+00:00")).timestamp()


def in_seconds(minutes: float | None) -> float | None:
    """Return a span as it is kept here; None for ever."""
    return None if minutes is None else 60 * minutes


def in_words(seconds: float) -> str:
    """Return a span of time such as ``1 hour 30 minutes``."""
    whole = max(1, round(seconds))
    if whole >= 120:
        whole = round(whole / 60) * 60
    parts = [(whole // 3600, "hour"), (whole % 3600 // 60, "minute"), (whole % 60, "second")]
    return " ".join(f"{n} {unit}{'' if n == 1 else 's'}" for n, unit in parts if n)
