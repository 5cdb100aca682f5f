"""How often one person, or one address, may ask."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable


class Limit:
    """A bucket of requests for each name, which fills again with time.

    Parameters
    ----------
    burst
        How many requests may come at once.
    rate
        How many more each second allows.
    names
        How many names are remembered; the one that has asked nothing for longest is
        forgotten first.
    """

    def __init__(
        self,
        burst: float,
        rate: float,
        names: int = 2000,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._burst = burst
        self._rate = rate
        self._names = names
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._buckets)

    def allows(self, name: str) -> bool:
        """Take one request from the bucket; false when it is empty."""
        now = self._clock()
        left, since = self._buckets.pop(name, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._rate)
        allowed = left >= 1
        self._buckets[name] = (left - 1 if allowed else left, now)
        if len(self._buckets) > self._names:
            self._buckets.popitem(last=False)
        return allowed
