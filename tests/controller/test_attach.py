"""Schedulers of others, and what a site configured (faults 23, 24; parity P13)."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from unittest.mock import create_autospec

import pytest
from distributed import Client, LocalCluster
from page import Page, RefusedError
from place import Place, wait_until

SERVE = """
import asyncio, json, sys
from distributed import LocalCluster
from distributed.security import Security
async def main(file, pem):
    roles = ("client", "scheduler", "worker")
    roles = {f"tls_{r}_{p}": pem for r in roles for p in ("cert", "key")}
    security = Security(require_encryption=True, tls_ca_file=pem, **roles) if pem else None
    async with LocalCluster(n_workers=2, threads_per_worker=1, dashboard_address="127.0.0.1:0",
                            asynchronous=True, security=security) as cluster:
        with open(file + ".new", "w") as stream:
            json.dump({"address": cluster.scheduler_address}, stream)
        __import__("os").replace(file + ".new", file)
        await asyncio.sleep(600)
if __name__ == "__main__":
    asyncio.run(main(*sys.argv[1:]))
"""


class Served:
    """A cluster that is not ours."""

    def __init__(
        self, place: Place, credentials: Path | None, python: str = sys.executable
    ) -> None:
        self.file = place.folder / "scheduler.json"
        self.credentials = credentials
        script = place.folder / "serve.py"
        script.write_text(SERVE)
        arguments = [python, str(script), str(self.file), str(credentials or "")]
        self.process = subprocess.Popen(arguments, env=place.env, stderr=subprocess.DEVNULL)
        wait_until(self.file.exists, 30, "a cluster of somebody else")
        self.address = json.loads(self.file.read_text())["address"]


@pytest.fixture(params=["open", "with TLS"])
def served(place: Place, request: pytest.FixtureRequest) -> Iterator[Served]:
    credentials = None
    if request.param == "with TLS":
        sys.path.insert(0, str(Path(__file__).parents[2]))
        from jupyterlab_seasonal_monitor.controller.security import Credentials

        credentials = Credentials(place.folder).path.rename(place.folder / "theirs")
    served = Served(place, credentials)
    yield served
    served.process.kill()
    served.process.wait()


async def attach(page: Page, **options: Any) -> Any:
    return await page.create(within=30, name="Theirs", launcher="scheduler", **options)


async def test_an_existing_scheduler_is_used_and_forgotten(page: Page, served: Served) -> None:
    extra = {"credentials": str(served.credentials)} if served.credentials else {}
    cluster = await attach(page, file=str(served.file), **extra)
    assert cluster["state"] == "running"
    assert cluster["workers"] == {"ready": 2}
    assert cluster["tasks"]["processing"] == 0
    assert cluster["connection"] == {"kind": "scheduler", "address": served.address, **extra}
    assert cluster["dashboard"].startswith("http://127.0.0.1:")
    capabilities = (await page.call("describe"))["capabilities"]
    assert [name for name, can in capabilities.items() if not can] == [
        "scale",
        "adapt",
        "restart",
        "stop",
        "keep",
    ]
    with pytest.raises(RefusedError, match="somebody else"):
        await page.call("scale", workers=1)
    assert {entry["source"] for entry in await page.call("logs", lines=5, worker=None)} == {
        "scheduler",
        "0",
        "1",
    }
    # A worker of theirs that dies is told here too.
    addresses = {row["address"] for row in await page.call("workers")}
    assert len(addresses) == 2
    assert (await page.call("stop"))["state"] == "stopped"
    assert served.process.poll() is None
    again = await attach(page, address=served.address.partition("://")[2], **extra)
    assert again["workers"]["ready"] == 2
    os.kill(served.process.pid, signal.SIGKILL)
    lost = await page.snapshot(lambda s: s["state"] == "lost", within=5)
    assert "stopped" in lost["cause"][0]["message"]


def local_cluster() -> LocalCluster:
    """Return a cluster in this process that is reached over the network, to be awaited."""
    return LocalCluster(
        n_workers=1,
        threads_per_worker=1,
        processes=False,
        protocol="tcp",
        host="127.0.0.1",
        dashboard_address="127.0.0.1:0",
        asynchronous=True,
    )


async def test_a_scheduler_over_the_network_tells_what_its_tasks_have_done(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    from jupyterlab_seasonal_monitor.controller.launchers import remote_scheduler
    from jupyterlab_seasonal_monitor.controller.launchers.base import Reporter

    async with (
        local_cluster() as cluster,
        Client(cluster, asynchronous=True) as client,
    ):
        reporter = create_autospec(Reporter)
        scheduler = remote_scheduler.RemoteScheduler(
            cluster.scheduler_address, None, reporter, listen=False
        )
        await scheduler.connect()
        # Nothing is sent to a scheduler without tasks.
        assert (await scheduler.read())[0].work is None
        tasks = client.map(lambda number: number + 1, range(300))
        await client.gather(tasks)
        work = (await scheduler.read())[0].work
        assert work is not None
        assert work.done == 300
        assert 0 < work.largest < 1000
        assert work.seconds > 0
        monkeypatch.setattr(remote_scheduler, "_WORK_PAUSE", 3600.0)
        assert (await scheduler.read())[0].work is None
        monkeypatch.setattr(remote_scheduler, "_WORK_PAUSE", 0.0)
        assert (await scheduler.read())[0].work == work
        # Functions do not pass to another Python.
        scheduler._takes_functions = None
        monkeypatch.setattr(remote_scheduler, "sys", SimpleNamespace(version_info=(2, 7)))
        assert (await scheduler.read())[0].work is None
        await scheduler.close()


async def test_the_owner_of_a_cluster_is_told_of_its_workers_still(page: Page) -> None:
    async with local_cluster() as owner:
        await attach(page, address=owner.scheduler_address)
        await page.call("watch", detail="counts", lease=60)
        owner.scale(2)
        for _ in range(300):
            if len(owner.scheduler_info["workers"]) == 2:
                break
            await asyncio.sleep(0.1)
        assert len(owner.scheduler_info["workers"]) == 2
        await page.snapshot(lambda s: s["workers"].get("ready") == 2)


async def test_whoever_notices_first_that_a_scheduler_is_gone_says_it_in_words(
    served: Served,
) -> None:
    from jupyterlab_seasonal_monitor.controller.launchers.base import Reporter
    from jupyterlab_seasonal_monitor.controller.launchers.remote_scheduler import RemoteScheduler
    from jupyterlab_seasonal_monitor.controller.security import load_security

    class Silent(Reporter):
        pass

    security = load_security(served.credentials) if served.credentials else None
    remote = RemoteScheduler(served.address, security, Silent())
    await remote.connect()
    try:
        await remote.read()
        served.process.kill()
        served.process.wait()
        with pytest.raises(ConnectionError, match="it was stopped, or its machine is gone"):
            await remote.read()
    finally:
        await remote.close()


async def test_addresses_that_cannot_be_used_are_explained(page: Page, place: Place) -> None:
    bad = [
        ({}, "address"),
        ({"address": "nonsense"}, "address"),
        ({"address": "http://127.0.0.1:1"}, "address"),
        ({"address": "tcp://user:secret@host:1"}, "address"),
        ({"address": 5}, "address"),
        ({"file": "/nowhere/scheduler.json"}, "file"),
        ({"address": "tcp://127.0.0.1:1", "credentials": "/nowhere/x"}, "credentials"),
        ({"address": "tcp://127.0.0.1:1", "module": "os"}, "module"),
    ]
    for options, field in bad:
        with pytest.raises(RefusedError) as caught:
            await attach(page, **options)
        assert field in caught.value.data["fields"], options
    (place.folder / "not.json").write_text("[]")
    with pytest.raises(RefusedError, match="names no address"):
        await attach(page, file=str(place.folder / "not.json"))
    with pytest.raises(RefusedError) as caught:
        await asyncio.wait_for(attach(page, address="tcp://127.0.0.1:1"), 30)
    assert caught.value.code == -32001
    assert caught.value.data["hint"]
    assert caught.value.data["cause"]
    failed = (await page.call("describe"))["cluster"]
    assert failed["state"] == "failed"
    assert failed["cause"][0]["hint"]


FACTORIES = """
import asyncio, time
from distributed import LocalCluster
class Secretive(LocalCluster):
    def __init__(self, **kwargs):
        try:
            raise OSError("AWS_SECRET_ACCESS_KEY=abcdef123456 was refused")
        except OSError as error:
            raise RuntimeError("no cluster for AKIAABCDEFGHIJKLMNOP") from error
class Slow(LocalCluster):
    def __init__(self, **kwargs):
        time.sleep(3)
        super().__init__(**kwargs)
class Endless:
    def __init__(self, **kwargs):
        time.sleep(600)
class Half(LocalCluster):
    async def _start(self):
        await super()._start()
        raise RuntimeError("failed after the scheduler was up")
"""


@pytest.fixture
def site(place: Place) -> Callable[..., None]:
    """Write a site's configuration with a class of the module above."""
    folder = place.folder / "site"
    folder.mkdir()
    (folder / "site_factories.py").write_text(FACTORIES)
    place.env["PYTHONPATH"] = str(folder)

    def write(module: str, name: str, **default: Any) -> None:
        kwargs = {"n_workers": 0, "dashboard_address": "127.0.0.1:0", "threads_per_worker": 1}
        section = {
            "factory": {"module": module, "class": name, "args": [], "kwargs": kwargs},
            "default": {"workers": None, "adapt": None, **default},
            "initial": [],
        }
        config = place.folder / "dask"
        config.mkdir(exist_ok=True)
        (config / "site.yaml").write_text(json.dumps({"labextension": section}))

    return write


async def start_site(page: Page, **options: Any) -> Any:
    return await page.call(
        "create",
        key=str(time.monotonic()),
        name="Site",
        launcher="labextension",
        options=options,
        profile="Site",
        environment=None,
    )


async def test_a_site_configuration_is_a_profile(
    site: Callable[..., None], new_kernel: Callable[..., Any]
) -> None:
    site("distributed", "LocalCluster", workers=2)
    page = await (await new_kernel()).install()
    told = (await page.call("initialize", protocol=1, client="x"))["labextension"]
    assert told == {
        "factory": {"module": "distributed", "class": "LocalCluster"},
        "default": {"workers": 2},
        "initial": [],
    }
    cluster = await start_site(page)
    assert cluster["workers"]["wanted"] == 2
    await page.call("watch", detail="counts", lease=60)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2)
    await page.call("scale", workers=1)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1)
    before = {row["address"] for row in await page.call("workers")}
    await page.call("restart")
    await page.until(lambda p: any(e["kind"] == "worker-lost" for e in p.events("clusterEvent")))
    assert before
    await page.call("adapt", minimum=2, maximum=3)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2)
    assert (await page.call("stop"))["state"] == "stopped"


def added(page: Page) -> list[str]:
    return [e["worker"] for e in page.events("clusterEvent") if e["kind"] == "worker-added"]


async def test_the_object_of_a_library_goes_on_counting_its_workers(
    site: Callable[..., None], new_kernel: Callable[..., Any]
) -> None:
    site("distributed", "LocalCluster", workers=1)
    kernel = await new_kernel()
    page = await kernel.install()
    await start_site(page)
    await page.call("watch", detail="counts", lease=60)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1)
    # It adapts by what it knows, so what it knows must be true.
    held = (
        '__import__("sys").modules["_seasonal_monitor_controller.kernel"]'
        "._host._controller._cluster.launcher._cluster"
    )
    for workers in (3, 1):
        await page.call("scale", workers=workers)
        await page.snapshot(lambda s, wanted=workers: s["workers"]["ready"] == wanted)
        # It hears through a connection of its own: now, or a moment later.
        for _ in range(100):
            counted = await kernel.evaluate(f'len({held}.scheduler_info["workers"])')
            if counted == str(workers):
                break
            await asyncio.sleep(0.1)
        assert counted == str(workers)
    await page.until(lambda p: len(added(p)) >= 3)
    told = added(page)
    assert len(told) == len(set(told)) == 3


async def test_without_a_site_configuration_nothing_is_told(page: Page) -> None:
    assert (await page.call("initialize", protocol=1, client="x"))["labextension"] is None
    with pytest.raises(RefusedError, match="no labextension factory"):
        await start_site(page)


@pytest.mark.parametrize(
    ("module", "name", "code", "words"),
    [
        ("not_installed_here", "X", -32003, "%pip install not-installed-here"),
        ("distributed", "NoSuchCluster", -32001, "NoSuchCluster"),
        ("site_factories", "Secretive", -32001, "no cluster for"),
        ("site_factories", "Half", -32001, "failed after the scheduler was up"),
    ],
)
async def test_a_site_class_that_fails_is_explained(
    site: Callable[..., None],
    new_kernel: Callable[..., Any],
    module: str,
    name: str,
    code: int,
    words: str,
) -> None:
    site(module, name)
    page = await (await new_kernel()).install()
    with pytest.raises(RefusedError) as caught:
        await start_site(page)
    assert caught.value.code == code
    told = json.dumps(page.received)
    assert words in told
    assert "AKIAABC" not in told
    assert "abcdef123456" not in told
    assert (await page.call("describe"))["cluster"]["state"] == "failed"


async def test_a_site_class_that_blocks_blocks_nobody(
    site: Callable[..., None], new_kernel: Callable[..., Any]
) -> None:
    site("site_factories", "Slow", workers=1)
    page = await (await new_kernel()).install()
    start = asyncio.ensure_future(start_site(page))
    await page.until(lambda p: "active" in json.dumps(p.events("$/progress")[-1:]))
    while not start.done():
        assert await page.call("ping", within=1) == {}
        await asyncio.sleep(0.1)
    assert (await start)["state"] == "running"
    await page.call("stop")


async def test_a_site_class_that_never_returns_is_given_up(
    site: Callable[..., None], new_kernel: Callable[..., Any]
) -> None:
    site("site_factories", "Endless")
    kernel = await new_kernel()
    page = await kernel.install()
    module = "__import__('sys').modules['_seasonal_monitor_controller.launchers.base']"
    await kernel.execute(f"{module}.Launcher.start_timeout = 3.0", silent=True)
    with pytest.raises(RefusedError, match="within 3 seconds"):
        await start_site(page)
    assert (await page.call("describe"))["cluster"]["state"] == "failed"
    assert await kernel.shut_down() < 4
