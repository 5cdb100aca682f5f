"""Worker-seconds as the controller counts them, against a count made beside it."""

from __future__ import annotations

import asyncio
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from page import Kernel, Page

sys.path.insert(0, str(Path(__file__).parents[2]))
from jupyterlab_seasonal_monitor.controller.usage import Ledger

NOON = 1_793_620_800.0  # 2026-11-02T12:00:00Z

#: Counts beside the controller, with a scheduler's own callbacks and clock.
COUNTER = """
import time
from distributed import Scheduler, SchedulerPlugin

class Counter(SchedulerPlugin):
    name = "counter"

    def __init__(self, scheduler):
        self.since = dict.fromkeys(scheduler.workers, time.time())
        self.done = 0.0

    def add_worker(self, scheduler, worker):
        self.since[worker] = time.time()

    def remove_worker(self, scheduler, worker, **_):
        self.done += time.time() - self.since.pop(worker)

    @property
    def total(self):
        now = time.time()
        return [now, self.done + sum(now - since for since in self.since.values())]

_s, = [s for s in Scheduler._instances if s.status.name == "running"]
counter = Counter(_s)
_s.add_plugin(counter)
"""


def worker_seconds(usage: Any, now: float) -> float:
    """Return the seconds of all workers up to now, as a page computes them."""
    end = min(now, usage.get("ended", now * 1000) / 1000)
    return sum(
        sum(size["days"].values()) + size["count"] * max(0.0, end - usage["at"] / 1000)
        for size in usage["sizes"]
    )


async def usage_of(page: Page) -> Any:
    return (await page.call("describe"))["cluster"]["usage"]


async def test_a_cluster_that_grows_and_shrinks_is_counted_through_reload_and_death(
    kernel: Kernel,
) -> None:
    page = await kernel.install()
    await page.create(workers=1, threads=1, memory="512 MiB")
    await kernel.execute(COUNTER)

    async def counted() -> tuple[float, float]:
        now, total = eval(await kernel.evaluate("counter.total"))
        return now, total

    begin, before = await counted()
    base = worker_seconds(await usage_of(page), begin) - before
    for workers in (3, 1, 2):
        await page.call("scale", workers=workers)
        await page.snapshot(lambda s, n=workers: s["workers"]["ready"] == n, within=60)
        await asyncio.sleep(1.5)
    now, total = await counted()
    usage = await usage_of(page)
    assert worker_seconds(usage, now) - base == pytest.approx(total, rel=0.02)
    assert [(s["threads"], s["memory"], s["count"]) for s in usage["sizes"]] == [(1, 2**29, 2)]

    # A reload and a second tab see the same, without having seen it happen.
    page.close()
    again, second = await kernel.install(), Page(kernel)
    assert await usage_of(again) == await usage_of(second) == usage

    # Nothing more is told, yet what was told is enough when the controller dies.
    now, total = await counted()
    await asyncio.sleep(2)
    died = time.time()
    await kernel.kill()
    assert worker_seconds(usage, died) - base == pytest.approx(total + 2 * (died - now), rel=0.02)


async def test_the_count_ends_with_the_cluster(page: Page) -> None:
    await page.create(workers=2, threads=1)
    usage = await usage_of(page)
    assert "ended" not in usage
    stopped = await page.call("stop")
    final = stopped["usage"]
    assert [size["count"] for size in final["sizes"]] == [0]
    assert final["started"] <= usage["at"] <= final["at"] <= final["ended"]
    later = worker_seconds(final, time.time() + 3600)
    assert 0 < worker_seconds(usage, usage["at"] / 1000) <= later
    assert (await page.call("describe"))["cluster"]["usage"] == final


class TestLedger:
    def ledger(self, start: float = NOON) -> tuple[Ledger, Callable[[float], None]]:
        time_now = [start]

        def advance(seconds: float) -> None:
            time_now[0] += seconds

        return Ledger(lambda: time_now[0]), advance

    def test_it_tells_nothing_before_there_was_anything(self) -> None:
        ledger, _ = self.ledger()
        ledger.end()
        assert ledger.tell() is None

    def test_what_it_tells_does_not_change_while_nobody_comes_or_goes(self) -> None:
        ledger, advance = self.ledger()
        ledger.came("a", 2, 2**30)
        first = ledger.tell()
        advance(3600)
        assert ledger.tell() == first

    def test_days_are_told_apart(self) -> None:
        ledger, advance = self.ledger()
        ledger.came("a", 2, 2**30)
        ledger.came("b", 2, 2**30 + 5)
        advance(2 * 86_400)
        ledger.went("b")
        usage = ledger.tell()
        assert usage is not None
        (size,) = usage["sizes"]
        assert (size["count"], size["memory"]) == (1, 2**30)
        assert size["days"] == {
            "2026-11-02": 2 * 43_200,
            "2026-11-03": 2 * 86_400,
            "2026-11-04": 2 * 43_200,
        }

    def test_doubled_unknown_and_late_workers_count_once_or_not(self) -> None:
        ledger, advance = self.ledger()
        ledger.came("a", 1, 0)
        ledger.came("a", 1, 0)
        ledger.went("z")
        advance(10)
        ledger.end()
        ledger.end()
        ledger.went("a")
        ledger.came("b", 1, 0)
        advance(10)
        usage = ledger.tell()
        assert usage is not None
        assert usage["ended"] == (NOON + 10) * 1000
        assert usage["sizes"] == [{"threads": 1, "count": 0, "days": {"2026-11-02": 10.0}}]

    def test_a_clock_that_goes_back_takes_nothing_away(self) -> None:
        ledger, advance = self.ledger()
        ledger.came("a", 1, 0)
        advance(10)
        ledger.came("b", 1, 0)
        advance(-100)
        ledger.went("b")
        usage = ledger.tell()
        assert usage is not None
        assert usage["sizes"][0]["days"] == {"2026-11-02": 10.0}
