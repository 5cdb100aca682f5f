"""The controller as the voice of a real Dask Gateway, with real workers."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import signal
import tempfile
import time
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import pytest_asyncio
from gateway_server import BIN, Server
from page import Kernel, Page, RefusedError
from place import PYTHONS, wait_until
from reading import read

pytestmark = [
    pytest.mark.skipif(not BIN.exists(), reason="needs the environment of environments/gateway"),
    pytest.mark.timeout(300),
]


@pytest.fixture(scope="module")
def server() -> Iterator[Server]:
    folder = Path(tempfile.mkdtemp(prefix="sm-gateway-"))
    try:
        server = Server(folder)
        yield server
        server.end()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def python() -> str:
    return str(BIN / "python")


@pytest.fixture
def variables(server: Server) -> dict[str, str]:
    """What an administrator sets for kernels."""
    return {
        "DASK_GATEWAY__ADDRESS": server.address,
        "DASK_GATEWAY__AUTH__TYPE": "basic",
        "DASK_GATEWAY__AUTH__KWARGS__USERNAME": "alice",
    }


@pytest_asyncio.fixture
async def page(new_kernel: Callable[..., Any], variables: dict[str, str]) -> AsyncIterator[Page]:
    kernel: Kernel = await new_kernel(**variables)
    page = await kernel.install()
    yield page
    with contextlib.suppress(RefusedError):
        for cluster in await page.call("gatewayList"):
            await page.call("gatewayStop", name=cluster["name"])


async def until_running(page: Page, name: str) -> dict[str, Any]:
    deadline = time.monotonic() + 120
    while (cluster := await page.call("gatewayGet", name=name, wait=True))["status"] == "PENDING":
        assert time.monotonic() < deadline
    assert cluster["status"] == "RUNNING"
    return dict(cluster)


async def until_workers(page: Page, name: str, workers: int) -> None:
    deadline = time.monotonic() + 120
    while True:
        answer = await page.call("gatewayScheduler", name=name, page="counts")
        if answer["data"] and answer["data"]["workers"] == workers:
            return
        assert time.monotonic() < deadline, answer
        await asyncio.sleep(0.2)


async def test_a_cluster_is_made_scaled_used_by_the_snippet_and_stopped(
    page: Page, new_kernel: Callable[..., Any], variables: dict[str, str], server: Server
) -> None:
    place = await page.call("gatewayConnect", address=None)
    assert place == {"address": server.address, "dashboards": server.address}
    name = (await page.call("gatewayCreate", options={"cores": 2}))["name"]
    cluster = await until_running(page, name)
    assert cluster["options"]["cores"] == 2
    assert cluster["dashboard_route"] == f"/clusters/{name}/status"
    assert await page.call("gatewayList") == [cluster]

    assert await page.call("gatewayScale", name=name, workers=1) == {"ok": True, "msg": None}
    await until_workers(page, name, 1)
    rows = await page.call("gatewayScheduler", name=name, page="identity")
    assert [row["nthreads"] for row in rows["data"]["workers"].values()] == [2]

    refused = await page.call("gatewayScale", name=name, workers=99)
    assert not refused["ok"]
    assert "exceed resource limit of 2 workers" in refused["msg"]
    await until_workers(page, name, 2)

    fresh: Kernel = await new_kernel(**variables)
    await fresh.execute(
        "from dask_gateway import Gateway\n"
        f'cluster = Gateway("{server.address}").connect("{name}")\n'
        "client = cluster.get_client()"
    )
    assert await fresh.evaluate("client.submit(sum, [1, 2, 3]).result()") == "6"
    await fresh.execute("client.close(); cluster.close()")
    assert (await page.call("gatewayList"))[0]["status"] == "RUNNING"

    answer = await page.call("gatewayAdapt", name=name, minimum=0, maximum=1)
    assert answer == {"ok": True, "msg": None}
    await until_workers(page, name, 0)

    await page.call("gatewayStop", name=name)
    assert await page.call("gatewayList") == []
    assert "PRIVATE" not in str(page.kernel.messages)
    assert "CERTIFICATE" not in str(page.kernel.messages)
    assert "tls_" not in str(page.received)


async def test_clusters_made_elsewhere_are_listed_and_those_of_others_are_not(
    page: Page, new_kernel: Callable[..., Any], variables: dict[str, str]
) -> None:
    elsewhere: Kernel = await new_kernel(**variables)
    await elsewhere.execute("from dask_gateway import Gateway\nname = Gateway().submit()")
    name = (await elsewhere.evaluate("name")).strip("'")
    assert [cluster["name"] for cluster in await page.call("gatewayList")] == [name]

    kernel: Kernel = await new_kernel(
        **{**variables, "DASK_GATEWAY__AUTH__KWARGS__USERNAME": "bob"}
    )
    other = await kernel.install()
    assert await other.call("gatewayList") == []
    with pytest.raises(RefusedError, match="belongs to somebody else") as refusal:
        await other.call("gatewayGet", name=name, wait=False)
    assert refusal.value.data["cause"][0]["kind"] == "HTTP 403"


async def test_a_cluster_is_used_and_stopped_by_another_controller_when_its_own_is_gone(
    page: Page, new_kernel: Callable[..., Any], variables: dict[str, str]
) -> None:
    first: Kernel = await new_kernel(**variables)
    own = await first.install()
    name = (await own.call("gatewayCreate", options={}))["name"]
    await until_running(own, name)
    await first.kill()
    (cluster,) = await page.call("gatewayList")
    assert (cluster["name"], cluster["status"]) == (name, "RUNNING")
    assert (await page.call("gatewayScale", name=name, workers=1))["ok"]
    await until_workers(page, name, 1)
    await page.call("gatewayStop", name=name)
    with pytest.raises(RefusedError) as refused:
        await page.call("gatewayScale", name=name, workers=2)
    assert read(refused.value)
    assert await page.call("gatewayList") == []


async def test_what_cannot_be_done_is_said_in_words(page: Page) -> None:
    form = await page.call("gatewayOptions")
    assert form["cluster_options"][0]["spec"] == {"type": "int", "min": 1, "max": 2}

    with pytest.raises(RefusedError, match="refuses these options") as refusal:
        await page.call("gatewayCreate", options={"cores": 99})
    assert "must be <= 2" in refusal.value.data["fields"]["cores"]
    with pytest.raises(RefusedError) as refusal:
        await page.call("gatewayCreate", options={"foo": 1})
    assert list(refusal.value.data["fields"]) == ["foo"]

    with pytest.raises(RefusedError, match="no such cluster"):
        await page.call("gatewayGet", name="nope", wait=False)
    with pytest.raises(RefusedError, match="no name of a cluster"):
        await page.call("gatewayStop", name="..")


async def test_a_start_that_fails_is_told_as_failed_and_takes_no_workers(page: Page) -> None:
    made = await page.call("gatewayCreate", options={"program": "no-such-program"})
    deadline = time.monotonic() + 120
    while (cluster := await page.call("gatewayGet", wait=True, **made))["status"] == "PENDING":
        assert time.monotonic() < deadline
    assert cluster["status"] in ("FAILED", "STOPPING")
    with pytest.raises(RefusedError, match="not running now") as refusal:
        await page.call("gatewayScale", workers=1, **made)
    assert refusal.value.data["cause"][0]["kind"] == "HTTP 409"


async def test_waiting_blocks_nobody_and_can_be_given_up(page: Page) -> None:
    made = await page.call("gatewayCreate", options={})
    number, waiting = page.begin("gatewayGet", wait=True, **made)
    await page.call("ping")
    assert not waiting.done()
    page.cancel(number)
    with pytest.raises(RefusedError, match="Cancelled"):
        await asyncio.wait_for(waiting, 30)


async def test_a_cluster_whose_making_is_given_up_does_not_stay(page: Page, server: Server) -> None:
    before = server.made()
    number, making = page.begin("gatewayCreate", options={})
    await page.call("ping")
    page.cancel(number)
    with pytest.raises(RefusedError, match="Cancelled"):
        await asyncio.wait_for(making, 60)
    wait_until(lambda: server.made() > before, 60, "the gateway has made it all the same")
    assert await page.call("gatewayList") == []


async def test_a_gateway_that_is_killed_is_named_and_found_again(
    page: Page, server: Server
) -> None:
    assert await page.call("gatewayList") == []
    server.end(signal.SIGKILL)
    try:
        with pytest.raises(RefusedError, match="does not answer") as refusal:
            await page.call("gatewayList")
        assert refusal.value.data["hint"]
    finally:
        server.start()
    assert await page.call("gatewayList") == []


async def test_what_answers_there_may_be_something_else(page: Page, server: Server) -> None:
    with pytest.raises(RefusedError, match="is no Dask Gateway"):
        await page.call("gatewayConnect", address=f"{server.address}/elsewhere")
    await page.call("gatewayConnect", address=server.address)


class TestWithoutTheClient:
    @pytest.fixture
    def python(self) -> str:
        return str(PYTHONS["newest"])

    async def test_the_missing_package_is_named_with_the_line_that_installs_it(
        self, new_kernel: Callable[..., Any]
    ) -> None:
        kernel: Kernel = await new_kernel()
        page = await kernel.install()
        with pytest.raises(RefusedError, match="lacks dask-gateway") as refusal:
            await page.call("gatewayList")
        assert "%pip install dask-gateway" in refusal.value.data["hint"]
