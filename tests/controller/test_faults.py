"""Processes that die, hang or are interrupted (faults 1, 2, 6, 7, 8, 14, 15, 41)."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from typing import Any

import psutil
import pytest
from page import Kernel, Page, RefusedError
from place import Place, wait_until

SUBMIT = """
import distributed, sys
load = sys.modules["{package}.security"].load_security
c = distributed.Client({address!r}, security=load({pem!r}), set_as_default=False)
fs = [{function} for i in range({count})]
"""
PACKAGE = "_seasonal_monitor_controller"


#: As on a busy machine: a worker is gone for a while before the cluster has forgotten it.
SLOW_TO_FORGET = """
import asyncio
from distributed.deploy.spec import SpecCluster

forget = SpecCluster.scale_down
async def scale_down(self, workers):
    await asyncio.sleep(1)
    await forget(self, workers)
SpecCluster.scale_down = scale_down
"""
#: With the newest Python that the machine has, too.
also_latest = pytest.mark.parametrize("python", ["newest", "latest"], indirect=True)


async def submit(kernel: Kernel, cluster: dict[str, Any], function: str, count: int = 2) -> None:
    """Run tasks from the kernel's main thread, as a notebook would; ``fs`` keeps them."""
    connection = cluster["connection"]
    address, pem = connection["address"], connection["credentials"]
    code = SUBMIT.format(address=address, pem=pem, package=PACKAGE, function=function, count=count)
    await kernel.execute(code, silent=True)


@also_latest
async def test_a_killed_worker_is_told_at_once_and_comes_back(page: Page) -> None:
    await page.create(workers=2, threads=1)
    await page.call("watch", detail="counts", lease=60)
    victim = (await page.call("workers"))[0]
    os.kill(victim["pid"], signal.SIGKILL)
    killed = time.monotonic()
    event = await page.until(
        lambda p: [e for e in p.events("clusterEvent") if e["kind"] == "worker-lost"]
    )
    # A new process may be there before the next message with numbers.
    assert time.monotonic() - killed < 1
    assert event[0]["worker"] == victim["name"]
    assert event[0]["level"] == "warning"
    assert event[0]["reason"] == "died"
    await page.until(
        lambda p: any(e["kind"] == "worker-restarted" for e in p.events("clusterEvent"))
    )
    await page.snapshot(lambda s: s["workers"]["ready"] == 2)


async def test_a_worker_that_is_not_heard_of_any_more_is_told_apart(kernel: Kernel) -> None:
    short = "import dask; dask.config.set({'distributed.scheduler.worker-ttl': '2s'})"
    await kernel.execute(short, silent=True)
    page = await kernel.install()
    await page.create(workers=1, threads=1)
    await page.call("watch", detail="counts", lease=120)
    os.kill((await page.call("workers"))[0]["pid"], signal.SIGSTOP)
    lost = await page.until(
        lambda p: [e for e in p.events("clusterEvent") if e["kind"] == "worker-lost"], within=60
    )
    assert lost[0]["reason"] == "silent"
    assert "machine may be gone" in lost[0]["text"]


async def test_what_goes_with_a_killed_worker_is_told(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=2, threads=1)
    await page.call("watch", detail="counts", lease=60)
    await submit(kernel, cluster, "c.submit(bytes, 10, pure=False)", 20)
    await kernel.execute("_ = c.gather(fs); s = c.scatter([b'1', b'2'], broadcast=False)")
    rows = await page.call("workers")
    for row in rows:
        os.kill(row["pid"], signal.SIGKILL)
    told = await page.until(
        lambda p: (
            len(lost := [e for e in p.events("clusterEvent") if e["kind"] == "data-lost"]) and lost
        )
    )
    assert "of data that a notebook sent to worker" in told[0]["text"]
    assert told[0]["level"] == "warning"
    again = [e for e in page.events("clusterEvent") if e["kind"] == "tasks-recomputed"]
    assert again
    assert "computed again" in again[0]["text"]


async def test_workers_that_do_not_come_back_make_the_cluster_degraded(page: Page) -> None:
    await page.create(workers=2, threads=1)
    victim = (await page.call("workers"))[0]
    os.kill(victim["pid"], signal.SIGSTOP)
    # The fork server cannot make a new worker while it is stopped.
    server = psutil.Process(victim["pid"]).parent()
    server.suspend()
    os.kill(victim["pid"], signal.SIGKILL)
    try:
        degraded = await page.snapshot(lambda s: s["state"] == "degraded", within=10)
        assert degraded["workers"]["ready"] == 1
        assert "1 of 2 workers" in degraded["cause"][0]["message"]
        assert degraded["cause"][0]["hint"]
        assert degraded["log"]
    finally:
        server.resume()
    healed = await page.snapshot(lambda s: s["state"] == "running", within=30)
    assert "cause" not in healed


async def test_a_cluster_survives_its_fork_server(kernel: Kernel, place: Place) -> None:
    page = await kernel.install()
    await page.create(workers=2, threads=1)
    await page.call("watch", detail="counts", lease=60)
    old = {row["pid"] for row in await page.call("workers")}
    psutil.Process(next(iter(old))).parent().kill()
    await page.until(lambda p: any(e["kind"] == "worker-lost" for e in p.events("clusterEvent")))
    # Also while workers are on their way it is known which ones there should be.
    await page.call("restart", within=90)
    new = {row["pid"] for row in await page.call("workers")}
    assert len(new) == 2
    assert old.isdisjoint(new)
    for _ in range(2):
        await kernel.interrupt()
    assert len(await page.call("workers")) == 2
    await kernel.kill()
    wait_until(lambda: not place.processes(), 5, "processes after SIGKILL")


HOG = "c.submit(sum, range(10**12), pure=False)"
SLEEP = "c.submit(__import__('time').sleep, 60 + i, pure=False)"


@also_latest
@pytest.mark.parametrize("work", [None, SLEEP, HOG], ids=["idle", "sleeping", "holding the lock"])
async def test_nothing_outlives_a_killed_kernel(
    kernel: Kernel, place: Place, work: str | None
) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=2, threads=1)
    if work:
        await submit(kernel, cluster, work)
        await page.call("watch", detail="counts", lease=60)
        await page.snapshot(lambda s: s["tasks"]["processing"] == 2)
    pids = {row["pid"] for row in await page.call("workers")}
    assert pids <= {process.pid for process in place.processes()}
    await kernel.kill()
    wait_until(lambda: not place.processes(), 5, "processes after SIGKILL")
    place.assert_no_files(1)


@also_latest
async def test_an_interrupt_spares_workers_and_results(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=2, threads=1)
    await submit(kernel, cluster, "c.submit(pow, 3, i, pure=False)")
    assert await kernel.evaluate("c.gather(fs)") == "[1, 3]"
    before = {row["pid"] for row in await page.call("workers")}
    for _ in range(3):
        await kernel.interrupt()
    assert await kernel.evaluate("c.gather(fs)") == "[1, 3]"
    assert {row["pid"] for row in await page.call("workers")} == before
    assert (await page.call("describe"))["cluster"]["state"] == "running"


async def test_an_interrupt_does_not_hurt_a_start(kernel: Kernel) -> None:
    page = await kernel.install()
    start = asyncio.ensure_future(page.create(workers=2, threads=1))
    while not start.done():
        await kernel.interrupt()
        await asyncio.sleep(0.05)
    assert (await start)["workers"]["ready"] == 2


@also_latest
async def test_a_cancelled_start_leaves_nothing_and_can_be_repeated(
    page: Page, place: Place
) -> None:
    """At ten random times over a start, cold the first time and warm then."""
    chance = random.Random(7)
    for attempt in range(10):
        number, reply = page.begin_create(key=f"try {attempt}", workers=2, threads=1)
        await asyncio.sleep(chance.uniform(0, 2.0 if attempt == 0 else 0.4))
        page.cancel(number)
        await asyncio.wait([asyncio.ensure_future(asyncio.wait([reply]))], timeout=10)
        outcome = reply.exception()
        assert outcome is None or (isinstance(outcome, RefusedError) and outcome.code == -32800)
        assert (await page.call("stop"))["state"] == "stopped"
        # A worker that was being forked may come late, and must go.
        wait_until(lambda: not any(map(_is_worker, place.processes())), 10, "a worker is left")
        assert not list(place.folder.rglob("*.pem"))
    assert (await page.create(key="last", workers=1))["workers"]["ready"] == 1
    await page.call("stop")


def _is_worker(process: psutil.Process) -> bool:
    """Whether a process was forked by the fork server."""
    try:
        parent = process.parent()
        return parent is not None and "forkserver" in " ".join(parent.cmdline())
    except psutil.NoSuchProcess:
        return False


async def test_a_stopped_controller_answers_again_when_it_goes_on(kernel: Kernel) -> None:
    page = await kernel.install()
    await page.create(workers=1)
    kernel.signal(signal.SIGSTOP)
    _, reply = page.begin("ping")
    with pytest.raises(asyncio.TimeoutError):
        await asyncio.wait_for(asyncio.shield(reply), 1)
    kernel.signal(signal.SIGCONT)
    assert await asyncio.wait_for(reply, 5) == {}
    assert (await page.call("describe"))["cluster"]["state"] == "running"


@also_latest
async def test_a_restart_replaces_all_workers_at_once_and_forgets_their_tasks(
    kernel: Kernel,
) -> None:
    page, other = await kernel.install(), Page(kernel)
    cluster = await page.create(workers=4, threads=1)
    await page.call("watch", detail="counts", lease=120)
    await submit(kernel, cluster, "c.submit(__import__('time').sleep, 600 + i, pure=False)", 6)
    await page.snapshot(lambda s: s.get("tasks", {}).get("processing", 0) >= 4)
    before = {row["pid"] for row in await page.call("workers")}
    # One of them hangs, and cannot be asked to end.
    os.kill(min(before), signal.SIGSTOP)
    known = len(page.events("clusterChanged"))
    await asyncio.gather(page.call("restart", within=90), other.call("restart", within=90))
    after = {row["pid"] for row in await page.call("workers")}
    assert len(after) == 4
    assert before.isdisjoint(after)
    told = [
        s.get("conditions", {}).get("restarting") for s in page.events("clusterChanged")[known:]
    ]
    assert 4 in told, told
    end = await page.snapshot(lambda s: "restarting" not in s.get("conditions", {}))
    assert {s["state"] for s in page.events("clusterChanged")[known:]} == {"running"}
    assert end["tasks"] == {"processing": 0, "waiting": 0, "memory": 0, "erred": 0}
    lost = [e for e in page.events("clusterEvent") if e["kind"] == "worker-lost"]
    assert {e["level"] for e in lost} <= {"info"}
    assert {e["reason"] for e in lost} <= {"asked"}


async def test_a_number_that_is_asked_for_while_the_load_takes_workers_away_holds(
    kernel: Kernel,
) -> None:
    page = await kernel.install()
    await page.create(workers=2, threads=1)
    await kernel.execute(SLOW_TO_FORGET, silent=True)
    await page.call("watch", detail="counts", lease=60)
    await page.call("adapt", minimum=1, maximum=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=30)
    await page.call("scale", workers=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == s["workers"]["wanted"] == 2)
    assert (await page.call("describe"))["cluster"]["workers"]["ready"] == 2


async def test_the_same_request_twice_makes_one_cluster(kernel: Kernel) -> None:
    page = await kernel.install()
    other = Page(kernel)
    both = asyncio.gather(page.create(key="same", workers=1), other.create(key="same", workers=1))
    first, second = await both
    assert first["id"] == second["id"]
    assert (await other.create(key="same", workers=1))["id"] == first["id"]
    assert len(await page.call("workers")) == 1
    with pytest.raises(RefusedError, match="already has the cluster") as refused:
        await other.create(key="another", workers=1)
    assert refused.value.code == -32602


async def test_stopping_from_everywhere_at_once_stops_once(kernel: Kernel, place: Place) -> None:
    pages = [await kernel.install(), Page(kernel), Page(kernel)]
    await pages[0].create(workers=2, threads=1)
    replies = await asyncio.gather(*(page.call("stop") for page in pages))
    assert [reply["state"] for reply in replies] == ["stopped"] * 3
    stops = [e for e in await pages[0].call("events") if "stopping" in e["text"]]
    assert len(stops) == 1
    assert not [p for p in place.processes() if _is_worker(p)]


async def test_stopping_during_the_start_ends_it(kernel: Kernel, place: Place) -> None:
    page, other = await kernel.install(), Page(kernel)
    await page.call("warm", within=60)
    _, start = page.begin_create(workers=2, threads=1)
    await page.until(lambda p: p.events("$/progress"))
    assert (await other.call("stop"))["state"] == "stopped"
    with pytest.raises(RefusedError) as refused:
        await start
    assert refused.value.code == -32800
    assert not [p for p in place.processes() if _is_worker(p)]


@also_latest
async def test_a_notebook_that_shuts_the_cluster_down_is_named(kernel: Kernel) -> None:
    page = await kernel.install()
    cluster = await page.create(workers=1)
    await submit(kernel, cluster, "c.submit(abs, i)", 1)
    await kernel.execute("c.shutdown()", silent=True)
    stopped = await page.snapshot(lambda s: s["state"] == "stopped")
    assert "from a notebook" in stopped["cause"][0]["message"]


async def test_an_unused_controller_ends_its_kernel(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    used = await new_kernel(SEASONAL_MONITOR_STAND_BY_MINUTES="0.03")
    spare = await new_kernel(SEASONAL_MONITOR_STAND_BY_MINUTES="0.03")
    page = await used.install()
    await page.create(workers=1)
    await (await spare.install()).call("warm", within=60)
    await spare.wait_for_end(within=10)
    assert (await page.call("describe"))["cluster"]["state"] == "running"


async def test_creating_and_stopping_leaks_nothing(kernel: Kernel) -> None:
    page = await kernel.install()
    me = psutil.Process(kernel.pid)

    async def cycle(count: int) -> None:
        for _ in range(count):
            await page.create(workers=1, threads=1)
            await page.snapshot(lambda s: s.get("dashboard"))
            await page.call("stop")

    await cycle(3)
    before = (me.num_fds(), me.num_threads(), me.memory_info().rss)
    await cycle(8)
    assert me.num_threads() <= before[1] + 2
    assert me.memory_info().rss <= before[2] * 1.1
    # ipykernel closes the socket pair of each ended thread within ten seconds.
    wait_until(lambda: me.num_fds() <= before[0] + 2, 15, "file descriptors")


def test_the_tests_can_see_processes_of_others() -> None:
    """The leak checks read /proc, so they would pass for nothing elsewhere."""
    assert sys.platform == "linux"


async def test_a_kernel_that_somebody_shuts_down_says_so(kernel: Kernel) -> None:
    page = await kernel.install()
    await page.create(workers=1)
    await kernel.shut_down()
    lost = await page.snapshot(lambda s: s["state"] == "lost")
    assert "was shut down from elsewhere" in lost["cause"][0]["message"]
    assert lost["cause"][0]["hint"]
    # A card that was stopped in order would go without a word.
    states = {s["state"] for s in page.events("clusterChanged")}
    assert states.isdisjoint({"stopping", "stopped"})
