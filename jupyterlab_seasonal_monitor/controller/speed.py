"""How fast this machine is beside the one on which the times of templates were measured."""

from __future__ import annotations

import functools
import math
import time
import zlib
from collections.abc import Callable

#: So often each part is done; the quickest time counts, which other work cannot shorten.
_ROUNDS = 12


# What every controller that starts would wait for is done when it is asked for.
@functools.cache
def _packed() -> bytes:
    period = bytes(value * value % 251 for value in range(251))
    return zlib.compress((period * 6000)[:1_500_000], 6)


@functools.cache
def _block() -> bytes:
    return bytes(8_000_000)


def _compute() -> float:
    total = 0.0
    for value in range(10_000):
        total += value * 0.5 - total * 0.001
    return total


def _unpack() -> int:
    return len(zlib.decompress(_packed()))


def _copy() -> int:
    return len(bytearray(_block()))


#: Seconds that each part takes on the machine of the estimates, when it does nothing else.
_PARTS: tuple[tuple[Callable[[], object], float], ...] = (
    (_compute, 0.00051),
    (_unpack, 0.00055),
    (_copy, 0.00022),
)


def measure_slowness() -> float:
    """Return how many times as long as that machine this one takes, from some 30 ms of work.

    Arithmetic, unpacking and copying count alike. What else runs here meanwhile does not
    count: of each part the quickest of some rounds is taken.
    """
    ratios = [_quickest(part) / usual for part, usual in _PARTS]
    return float(f"{math.prod(ratios) ** (1 / len(ratios)):.3g}")


def _quickest(part: Callable[[], object]) -> float:
    times = []
    for _ in range(_ROUNDS):
        began = time.perf_counter()
        part()
        times.append(time.perf_counter() - began)
    return min(times)
