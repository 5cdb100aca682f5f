"""What is sent, and what is not: a quiet cluster says nothing (fault 40)."""

from __future__ import annotations

import asyncio
import time
from typing import Any

from page import Kernel, Page
from place import Place
from test_faults import submit

SLEEP = "c.submit(__import__('time').sleep, 30 + i, pure=False)"


async def quiet(kernel: Kernel, seconds: float) -> list[dict[str, Any]]:
    """Return the messages of any kind that the kernel sent in so many seconds."""
    known = len(kernel.messages)
    await asyncio.sleep(seconds)
    return [(m["msg_type"], m["content"]) for m in kernel.messages[known:]]


async def test_a_quiet_watched_cluster_sends_nothing(kernel: Kernel) -> None:
    page = await kernel.install()
    await page.create(workers=2, threads=1)
    await page.snapshot(lambda s: s.get("dashboard"))
    await page.call("watch", detail="workers", lease=60)
    await page.until(lambda p: p.events("workersChanged"))
    assert await quiet(kernel, 2) is not None  # the first heartbeats settle the numbers
    assert await quiet(kernel, 8) == []


async def test_whoever_comes_to_look_at_the_workers_of_a_quiet_cluster_sees_them(
    kernel: Kernel,
) -> None:
    page, other = await kernel.install(), Page(kernel)
    await page.create(workers=2, threads=1)
    await page.snapshot(lambda s: s.get("dashboard"))
    await page.call("watch", detail="workers", lease=60)
    await page.until(lambda p: p.events("workersChanged"))
    await quiet(kernel, 2)
    await other.call("watch", detail="workers", lease=60)
    await other.until(lambda p: p.events("workersChanged"))
    assert len(other.events("workersChanged")[-1]) == 2
    known = len(page.events("workersChanged"))
    await page.call("watch", detail="counts", lease=60)
    await page.call("watch", detail="workers", lease=60)
    await page.until(lambda p: len(p.events("workersChanged")) > known)


async def test_a_cluster_that_nobody_watches_sends_nothing(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=1, threads=1)
    await page.snapshot(lambda s: s.get("dashboard"))
    await submit(kernel, cluster, SLEEP)
    assert await quiet(kernel, 4) == []


async def test_a_look_ends_with_its_lease(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=1, threads=1)
    await page.snapshot(lambda s: s.get("dashboard"))
    await page.call("watch", detail="counts", lease=2)
    leased = time.monotonic()
    await submit(kernel, cluster, SLEEP)
    await page.snapshot(lambda s: s.get("tasks", {}).get("processing") == 2)
    await asyncio.sleep(max(0.0, leased + 2.5 - time.monotonic()))
    await kernel.execute("del fs", silent=True)
    known = len(page.received)
    await asyncio.sleep(3)
    assert page.received[known:] == []
    assert (await page.call("watch", detail="counts", lease=5))["tasks"]["processing"] == 0


async def test_counts_come_at_most_once_a_second(kernel: Kernel) -> None:
    page, other = await kernel.install(), Page(kernel)
    cluster = await page.create(workers=2, threads=1)
    await page.snapshot(lambda s: s.get("dashboard"))
    await page.call("watch", detail="counts", lease=60)
    await submit(kernel, cluster, "c.submit(__import__('time').sleep, 0.05, pure=False)", 120)
    known, others = len(page.events("clusterChanged")), len(other.received)
    await asyncio.sleep(3)
    assert 1 <= len(page.events("clusterChanged")) - known <= 4
    assert not page.events("workersChanged")
    assert len(other.received) == others


async def test_running_tasks_report_in_when_nobody_watches(kernel: Kernel) -> None:
    """With a minute made two seconds, and the page gone."""
    page = await kernel.install()
    module = "__import__('sys').modules['_seasonal_monitor_controller.cluster']"
    await kernel.execute(f"{module}.HEARTBEAT = 2.0", silent=True)
    cluster = await page.create(workers=1, threads=1)
    await page.snapshot(lambda s: s.get("dashboard"))
    await submit(kernel, cluster, SLEEP)
    page.close()
    sent = await quiet(kernel, 7)
    told = [content["data"]["method"] for kind, content in sent if kind == "comm_msg"]
    assert 2 <= len(told) <= 4
    assert set(told) == {"clusterChanged"}
    await kernel.execute("del fs", silent=True)
    assert [kind for kind, _ in await quiet(kernel, 5) if kind == "comm_msg"][1:] == []


async def test_many_pages_that_never_said_goodbye_are_forgotten(kernel: Kernel) -> None:
    await kernel.install()
    pages = [Page(kernel) for _ in range(40)]
    await pages[-1].call("ping")
    await pages[-1].create(workers=1)
    assert pages[-1].events("clusterChanged")
    assert not pages[0].events("clusterChanged")


async def test_the_main_thread_may_be_busy(kernel: Kernel, place: Place) -> None:
    """An hour of somebody's code in the controller's kernel does not stop its messages out."""
    page = await kernel.install()
    await page.create(workers=1, threads=1)
    await page.call("watch", detail="counts", lease=60)
    row = (await page.call("workers"))[0]
    busy = asyncio.ensure_future(kernel.execute("__import__('time').sleep(6)", silent=True))
    await asyncio.sleep(0.2)
    __import__("os").kill(row["pid"], 9)
    await page.until(lambda p: any(e["kind"] == "worker-lost" for e in p.events("clusterEvent")), 3)
    assert not busy.done()
    await busy
