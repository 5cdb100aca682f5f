"""Clusters that end by themselves: when, what is said before, and how that is put off."""

from __future__ import annotations

import time
from typing import Any

import pytest
from page import Kernel, Page, RefusedError
from test_faults import submit

from jupyterlab_seasonal_monitor.controller.deadlines import Deadlines, in_words
from jupyterlab_seasonal_monitor.controller.host import Host
from jupyterlab_seasonal_monitor.controller.options import check_options, take_limits
from jupyterlab_seasonal_monitor.controller.rpc import RpcError

HOST = Host(cpus=4.0, memory=16 * 2**30)
NOON = 1_762_084_800.0
MINUTE = 60.0


class Clock:
    """A clock that the test sets."""

    def __init__(self) -> None:
        self.now = NOON

    def __call__(self) -> float:
        return self.now


def make(**options: Any) -> tuple[Deadlines, Clock]:
    clock = Clock()
    deadlines = Deadlines(clock=clock, **options)
    deadlines.start()
    return deadlines, clock


class TestDeadlines:
    def test_without_any_it_never_ends(self) -> None:
        deadlines, clock = make()
        clock.now += 1e9
        assert deadlines.stops(NOON) is None
        assert deadlines.due(NOON) is None
        assert deadlines.announce(NOON) is None
        assert deadlines.wait(NOON) == float("inf")

    def test_a_busy_cluster_has_no_idle_end(self) -> None:
        deadlines, _ = make(idle=30 * MINUTE)
        assert deadlines.stops(None) is None
        assert deadlines.stops(NOON + 7) == (NOON + 7 + 30 * MINUTE, "idle")

    def test_the_earlier_end_counts(self) -> None:
        deadlines, _ = make(idle=30 * MINUTE, lifetime=60 * MINUTE)
        assert deadlines.stops(NOON) == (NOON + 30 * MINUTE, "idle")
        assert deadlines.stops(NOON + 45 * MINUTE) == (NOON + 60 * MINUTE, "lifetime")

    def test_it_is_said_once_at_five_minutes_and_once_at_one(self) -> None:
        deadlines, clock = make(idle=30 * MINUTE)
        said = []
        while deadlines.due(NOON) is None:
            said.append((round((clock.now - NOON) / MINUTE), deadlines.announce(NOON)))
            assert deadlines.announce(NOON) is None
            clock.now += deadlines.wait(NOON)
        assert said == [(0, None), (25, 5), (29, 1)]
        assert clock.now == NOON + 30 * MINUTE

    def test_a_short_time_is_said_at_one_minute_only(self) -> None:
        deadlines, clock = make(idle=3 * MINUTE)
        assert deadlines.announce(NOON) is None
        clock.now += 2 * MINUTE
        assert deadlines.announce(NOON) == 1

    def test_work_takes_back_what_was_said(self) -> None:
        deadlines, clock = make(idle=30 * MINUTE)
        clock.now += 26 * MINUTE
        assert deadlines.announce(NOON) == 5
        assert deadlines.within(NOON) == 5
        assert deadlines.within(clock.now) is None

    def test_keeping_puts_off_either_end(self) -> None:
        for options in ({"idle": 30 * MINUTE}, {"lifetime": 30 * MINUTE}):
            deadlines, clock = make(**options)
            clock.now += 29.5 * MINUTE
            assert deadlines.announce(NOON) == 1
            assert deadlines.keep(30 * MINUTE, NOON) == "Kept for 30 minutes."
            assert deadlines.within(NOON) is None
            ends = deadlines.stops(NOON)
            assert ends is not None
            assert ends[0] == clock.now + 30 * MINUTE
            clock.now += 25 * MINUTE
            assert deadlines.announce(NOON) == 5

    def test_keeping_never_brings_the_end_nearer(self) -> None:
        deadlines, clock = make(idle=60 * MINUTE)
        clock.now += MINUTE
        deadlines.keep(5 * MINUTE, NOON)
        assert deadlines.stops(NOON) == (NOON + 60 * MINUTE, "idle")

    def test_an_administrators_lifetime_cannot_be_put_off(self) -> None:
        deadlines, clock = make(lifetime=50 * MINUTE, most_lifetime=60 * MINUTE)
        clock.now += 49 * MINUTE
        words = deadlines.keep(30 * MINUTE, None)
        assert words == "Kept for 11 minutes. Your administrator does not allow more."
        with pytest.raises(RpcError, match="lets a cluster live for 1 hour") as refusal:
            deadlines.keep(30 * MINUTE, None)
        assert refusal.value.data["hint"]

    def test_an_administrators_idle_time_bounds_each_request(self) -> None:
        deadlines, clock = make(idle=10 * MINUTE, most_idle=10 * MINUTE)
        clock.now += 9 * MINUTE
        assert "10 minutes" in deadlines.keep(30 * MINUTE, NOON)
        assert deadlines.stops(NOON) == (clock.now + 10 * MINUTE, "idle")

    def test_a_cluster_that_does_not_end_cannot_be_kept(self) -> None:
        with pytest.raises(RpcError, match="does not stop by itself"):
            make()[0].keep(MINUTE, NOON)

    @pytest.mark.parametrize(
        ("seconds", "words"),
        [
            (0, "1 second"),
            (90, "1 minute 30 seconds"),
            (299.7, "5 minutes"),
            (1800, "30 minutes"),
            (5400, "1 hour 30 minutes"),
            (28_800, "8 hours"),
        ],
    )
    def test_spans_are_told_in_words(self, seconds: float, words: str) -> None:
        assert in_words(seconds) == words


class TestOrders:
    def test_an_order_leaves_time_to_say_it_however_late_it_comes(self) -> None:
        deadlines, clock = make()
        deadlines.order("month", NOON - 1, "It is used up.", final=False)
        assert deadlines.stops(None) == (NOON + 5 * MINUTE, "budget")
        assert deadlines.why(None) == deadlines.explain("budget") == "It is used up."
        assert deadlines.announce(None) == 5
        clock.now += 3 * MINUTE
        deadlines.order("month", NOON - 1, "It is used up.", final=False)
        assert deadlines.stops(None) == (NOON + 5 * MINUTE, "budget")

    def test_an_order_can_be_moved_and_taken_back(self) -> None:
        deadlines, _ = make()
        for minutes in (60, 90, 30):
            deadlines.order("day", NOON + minutes * MINUTE, "Why.", final=False)
            assert deadlines.stops(None) == (NOON + minutes * MINUTE, "budget")
        deadlines.order("day", None, "Why.", final=False)
        assert deadlines.stops(None) is None
        assert deadlines.why(None) is None

    def test_the_first_of_several_counts(self) -> None:
        deadlines, _ = make(lifetime=20 * MINUTE)
        deadlines.order("month", NOON + 90 * MINUTE, "Month.", final=True)
        deadlines.order("day", NOON + 10 * MINUTE, "Day.", final=False)
        assert deadlines.why(None) == "Day."
        assert deadlines.keep(30 * MINUTE, None) == "Kept, although: Day."
        assert deadlines.stops(None) == (NOON + 20 * MINUTE, "lifetime")
        assert deadlines.why(None) is None

    def test_what_was_put_off_is_not_ordered_again(self) -> None:
        deadlines, _ = make()
        deadlines.order("day", NOON, "Why.", final=False)
        deadlines.keep(30 * MINUTE, None)
        deadlines.order("day", NOON, "Why.", final=False)
        assert deadlines.stops(None) is None

    def test_an_administrators_budget_cannot_be_put_off(self) -> None:
        deadlines, _ = make()
        deadlines.order("day", NOON, "Why.", final=True)
        with pytest.raises(RpcError, match="administrator"):
            deadlines.keep(30 * MINUTE, None)
        assert deadlines.stops(None) == (NOON + 5 * MINUTE, "budget")


class TestOptions:
    def test_an_administrators_times_hold_for_what_was_left_out(self) -> None:
        rest, host = take_limits({"limits": {"idleTimeout": 30, "lifetime": 480}}, HOST)
        options = check_options("local", rest, host)
        assert (options["idleTimeout"], options["lifetime"]) == (30, 480)

    @pytest.mark.parametrize("name", ["idleTimeout", "lifetime"])
    @pytest.mark.parametrize("value", [0, -1, True, "30", 31, float("nan")])
    def test_other_times_are_refused_with_words(self, name: str, value: object) -> None:
        rest, host = take_limits({name: value, "limits": {name: 30}}, HOST)
        with pytest.raises(RpcError) as refusal:
            check_options("local", rest, host)
        assert "minutes" in refusal.value.data["fields"][name]

    def test_without_times_there_are_none(self) -> None:
        options = check_options("local", {}, HOST)
        assert not {"idleTimeout", "lifetime"} & set(options)


async def test_an_idle_cluster_says_so_and_stops_while_nobody_looks(page: Page) -> None:
    began = time.time()
    cluster = await page.create(workers=1, threads=1, idleTimeout=0.1)
    assert cluster["stopsFor"] == "idle"
    warned = await page.until(
        lambda p: [s for s in p.events("clusterChanged") if s.get("stopsWithin") == 1]
    )
    assert warned[-1]["stopsAt"] >= (began + 6) * 1000
    stopped = await page.snapshot(lambda s: s["state"] == "stopped")
    assert stopped["cause"][0]["message"] == "No task has run for 6 seconds."
    assert time.time() >= began + 6
    told = [event["text"] for event in page.events("clusterEvent")]
    assert any(text.startswith("It stops in ") for text in told)


async def test_a_kept_cluster_goes_on_until_the_later_time(page: Page) -> None:
    cluster = await page.create(workers=1, threads=1, idleTimeout=1)
    kept = await page.call("keep", minutes=30)
    assert kept["stopsAt"] >= cluster["stopsAt"] + 28 * 60_000
    assert "stopsWithin" not in kept
    assert kept["state"] == "running"
    with pytest.raises(RefusedError, match="minutes"):
        await page.call("keep", minutes=0)


async def test_running_tasks_put_off_the_idle_end(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=1, threads=1, idleTimeout=30)
    assert cluster["stopsFor"] == "idle"
    await page.call("watch", detail="counts", lease=120)
    await submit(kernel, cluster, "c.submit(__import__('time').sleep, 600)", 1)
    busy = await page.snapshot(lambda s: s.get("tasks", {}).get("processing"))
    assert "stopsAt" not in busy


async def test_an_old_cluster_stops_and_says_why(page: Page) -> None:
    await page.create(workers=1, threads=1, lifetime=0.1)
    stopped = await page.snapshot(lambda s: s["state"] == "stopped")
    assert stopped["cause"][0]["message"] == "It has lived for 6 seconds, as long as it may."


async def test_an_administrators_lifetime_wins_over_a_wish_to_keep(page: Page) -> None:
    cluster = await page.create(workers=1, threads=1, limits={"lifetime": 60})
    assert cluster["options"]["lifetime"] == 60
    with pytest.raises(RefusedError, match="Your administrator") as refusal:
        await page.call("keep", minutes=30)
    assert "Save your results" in refusal.value.data["hint"]


async def test_a_cluster_without_times_cannot_be_kept(page: Page) -> None:
    cluster = await page.create(workers=1, threads=1)
    assert "stopsAt" not in cluster
    with pytest.raises(RefusedError, match="does not stop by itself"):
        await page.call("keep", minutes=30)


async def test_an_ordered_end_is_told_to_all_pages_and_can_be_put_off(kernel: Kernel) -> None:
    page = await kernel.install()
    await page.create(workers=1, threads=1)
    other = Page(kernel)
    await other.call("describe")
    order = {"name": "day", "at": 0, "text": "The budget of the day is used up.", "final": False}
    told = await page.call("end", **order)
    assert (told["stopsFor"], told["stopsWithin"]) == ("budget", 5)
    there = await other.snapshot(lambda s: s.get("stopsWithin") == 5)
    assert there["stopsWhy"] == order["text"]
    # A page that comes later knows which orders there are, and takes one back.
    late = (await Page(kernel).call("describe"))["cluster"]
    assert [(one["name"], one["final"]) for one in late["orders"]] == [("day", False)]
    assert late["orders"][0]["at"] == late["stopsAt"]
    assert "orders" not in await other.call("end", **{**order, "at": None})
    await page.call("end", **order)
    await other.call("keep", minutes=30)
    kept = await page.snapshot(lambda s: "stopsAt" not in s)
    assert kept["state"] == "running"
    assert "stopsAt" not in await page.call("end", **order)
    with pytest.raises(RefusedError, match="a name and a reason"):
        await page.call("end", **{**order, "name": ""})
