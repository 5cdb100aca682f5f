"""Workers that wait with a stand-by for the cluster that is likely to come."""

from __future__ import annotations

from typing import Any

import pytest
from page import Kernel, Page, RefusedError
from place import Place

EXPECTED = {"workers": 2, "threads": 1, "memory": 2**29}


def forked(place: Place) -> set[int]:
    """Return the processes of the fork server but itself: all its workers."""
    family = place.processes()
    servers = [p.pid for p in family if "forkserver" in " ".join(p.cmdline())]
    return {p.pid for p in family if p.ppid() in servers}


async def waiting(page: Page, place: Place, options: dict[str, Any]) -> set[int]:
    await page.call("warm", within=60, options=options)
    assert not page.events("clusterChanged")
    assert (await page.call("describe"))["cluster"] is None
    return forked(place)


async def pids(page: Page) -> set[int]:
    return {row["pid"] for row in await page.call("workers")}


async def test_workers_that_wait_are_those_of_the_cluster(page: Page, place: Place) -> None:
    spares = await waiting(page, place, EXPECTED)
    assert len(spares) == 2
    snapshot = await page.create(**EXPECTED)
    assert (snapshot["workers"]["ready"], snapshot["workers"]["wanted"]) == (2, 2)
    assert snapshot["memory"]["limit"] == 2 * 2**29
    assert await pids(page) == spares
    assert [size["count"] for size in snapshot["usage"]["sizes"]] == [2]
    added = [e for e in await page.call("events") if e["kind"] == "worker-added"]
    assert {event["worker"] for event in added} == {"0", "1"}


@pytest.mark.parametrize("workers", [1, 3])
async def test_another_number_of_workers_keeps_those_that_fit(
    page: Page, place: Place, workers: int
) -> None:
    spares = await waiting(page, place, EXPECTED)
    snapshot = await page.create(**{**EXPECTED, "workers": workers})
    assert snapshot["workers"]["ready"] == workers
    now = await pids(page)
    assert len(now & spares) == min(workers, 2)
    assert forked(place) == now
    assert not [e for e in await page.call("events") if e["kind"] == "worker-lost"]


async def test_workers_that_do_not_fit_are_replaced(page: Page, place: Place) -> None:
    spares = await waiting(page, place, EXPECTED)
    snapshot = await page.create(workers=2, threads=2, memory=2**28)
    assert (snapshot["threads"], snapshot["memory"]["limit"]) == (4, 2 * 2**28)
    assert snapshot["workers"]["ready"] == 2
    assert spares.isdisjoint(await pids(page))
    assert forked(place) == await pids(page)
    kinds = [event["kind"] for event in await page.call("events")]
    assert kinds.count("worker-added") == 2
    assert "worker-lost" not in kinds


async def test_a_start_in_the_middle_of_it_gets_what_it_asks_for(page: Page, place: Place) -> None:
    page.begin("warm", options=EXPECTED)
    snapshot = await page.create(workers=1, threads=2)
    assert (snapshot["workers"]["ready"], snapshot["threads"]) == (1, 2)
    assert forked(place) == await pids(page)


async def test_no_more_than_two_wait(page: Page, place: Place) -> None:
    assert len(await waiting(page, place, {**EXPECTED, "workers": 4})) == 2


async def test_options_that_cannot_be_had_are_told_by_the_start(page: Page, place: Place) -> None:
    bad = {**EXPECTED, "threads": 10**6}
    assert not await waiting(page, place, bad)
    with pytest.raises(RefusedError):
        await page.create(**bad)


async def test_waiting_workers_end_with_their_kernel(kernel: Kernel, place: Place) -> None:
    page = await kernel.install()
    assert await waiting(page, place, EXPECTED)
    await kernel.kill()
