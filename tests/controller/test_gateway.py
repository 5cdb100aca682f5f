"""The controller as the voice of a real Dask Gateway, with real workers."""

from __future__ import annotations

import asyncio
import contextlib
import os
import shutil
import signal
import socket
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import AsyncIterator, Callable, Iterator
from pathlib import Path
from typing import Any

import psutil
import pytest
import pytest_asyncio
from conftest import PYTHONS, wait_until
from page import Kernel, Page, RefusedError

BIN = PYTHONS["gateway"].parent
pytestmark = [
    pytest.mark.skipif(not BIN.exists(), reason="needs the environment of environments/gateway"),
    pytest.mark.timeout(300),
]
CONFIG = """
from dask_gateway_server.options import Integer, Options, Select
c.DaskGateway.backend_class = "dask_gateway_server.backends.local.UnsafeLocalBackend"
c.DaskGateway.authenticator_class = "dask_gateway_server.auth.SimpleAuthenticator"
c.DaskGateway.address = "127.0.0.1:{api}"
c.Proxy.address = "127.0.0.1:{proxy}"
c.UnsafeLocalBackend.clusters_directory = {folder!r}
c.UnsafeLocalBackend.sigint_timeout = 3
c.UnsafeLocalBackend.sigterm_timeout = 1
c.ClusterConfig.scheduler_cmd = ["dask", "scheduler"]
c.ClusterConfig.worker_cmd = ["dask", "worker"]
c.ClusterConfig.cluster_max_workers = 2
def handler(chosen):
    return {{"worker_cores": chosen.cores, "scheduler_cmd": chosen.program.split()}}
c.Backend.cluster_options = Options(
    Integer("cores", default=1, min=1, max=2, label="Threads"),
    Select("program", ["dask scheduler", "no-such-program"], label="Program"),
    handler=handler,
)
"""


class Server:
    """A dask-gateway-server that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        self._api, self._proxy = _free_port(), _free_port()
        self.address = f"http://127.0.0.1:{self._proxy}"
        self._folder = folder
        self._config = folder / "config.py"
        text = CONFIG.format(api=self._api, proxy=self._proxy, folder=str(folder / "clusters"))
        self._config.write_text(text)
        self.start()

    def start(self) -> None:
        env = {name: value for name, value in os.environ.items() if not name.startswith("DASK_")}
        env["PATH"] = f"{BIN}{os.pathsep}{env['PATH']}"
        with (self._folder / "log").open("ab") as log:
            self._process = subprocess.Popen(
                [str(BIN / "dask-gateway-server"), "-f", str(self._config)],
                env=env,
                cwd=self._folder,
                stdout=log,
                stderr=log,
            )
        wait_until(self._answers, 60, "the gateway answers")

    def _answers(self) -> bool:
        assert self._process.poll() is None, (self._folder / "log").read_text()[-3000:]
        with contextlib.suppress(OSError):
            return bool(urllib.request.urlopen(f"{self.address}/api/health", timeout=5).status)
        return False

    def made(self) -> int:
        """Return how many clusters the gateway has been asked for, by its log."""
        return (self._folder / "log").read_text().count("201 POST /api/v1/clusters/")

    def end(self, number: int = signal.SIGTERM) -> None:
        """End the gateway, and whatever it has started and left."""
        children = psutil.Process(self._process.pid).children(recursive=True)
        self._process.send_signal(number)
        with contextlib.suppress(subprocess.TimeoutExpired):
            self._process.wait(30)
        self._process.kill()  # does nothing to what has ended
        self._process.wait(10)
        for child in children:
            with contextlib.suppress(psutil.Error):
                child.kill()
        psutil.wait_procs(children, timeout=10)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


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
