"""Clusters of classes that the settings name: real classes in real kernels."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from killing import dies
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from reading import read
from test_journey import compute

DOCUMENT = Path(__file__).parents[2] / "docs" / "providers.md"
LOCAL = {"dashboard_address": "127.0.0.1:0", "threads_per_worker": 1}
#: With certificates of its own, as clusters on machines of many people should have.
CLOSED = {**LOCAL, "security": True}
MODULE = """
import json, os, pathlib, subprocess, sys, time
from distributed import LocalCluster, Scheduler, SpecCluster, Worker

class Fixed(SpecCluster):
    '''Like SSHCluster: its workers are those that it is made with.'''
    def __init__(self, asynchronous=False):
        address = {"host": "127.0.0.1", "dashboard": False}
        super().__init__(
            {0: {"cls": Worker, "options": {"host": "127.0.0.1", "dashboard": False}}},
            {"cls": Scheduler, "options": address},
            asynchronous=asynchronous,
        )

class Told(LocalCluster):
    '''Wants a token, and fails with it in its words.'''
    def __init__(self, token, **kwargs):
        raise RuntimeError(f"login with {token} was refused by {kwargs.get('region')}")

class Spent(LocalCluster):
    def __init__(self, **kwargs):
        raise ValueError("Permission denied: no more machines for you")

class Away(LocalCluster):
    def __init__(self, **kwargs):
        import urllib.request
        urllib.request.urlopen("http://127.0.0.1:9")

class Named(LocalCluster):
    '''Can be taken up by name, from another process, while a file of its name is there.'''
    def __init__(self, folder, name, **kwargs):
        pathlib.Path(folder, name).touch()
        super().__init__(name=name, **kwargs)

    @classmethod
    def from_name(cls, name, folder):
        if not pathlib.Path(folder, name).exists():
            raise ValueError(f"There is no cluster {name}")
        return cls(folder, name, n_workers=0, dashboard_address="127.0.0.1:0")

class NoCluster:
    pass

class Remote:
    '''Like that of a service: its scheduler goes on when its maker is gone.'''
    def __init__(self, file, idle=None, deadly=False):
        self.deadly = deadly
        command = [sys.executable, "-m", "distributed.cli.dask_scheduler", "--host=127.0.0.1"]
        command += ["--port=0", "--no-dashboard", f"--scheduler-file={file}"]
        command += [f"--idle-timeout={idle}"] if idle else []
        self.process = subprocess.Popen(command, start_new_session=True)
        while not pathlib.Path(file).exists():
            time.sleep(0.05)
        self.scheduler_address = json.loads(pathlib.Path(file).read_text())["address"]

    @property
    def name(self):
        # The first thing that is asked of it once its scheduler has been reached.
        if self.deadly:
            os.kill(os.getpid(), 9)
        return "here"

    def close(self):
        self.process.terminate()
        self.process.wait()

def made(**kwargs):
    return LocalCluster(**kwargs)
"""


#: Tells after which time without work a scheduler ends, and lets it be another one.
IDLE = """
import json, sys
from distributed import Client
def change(seconds, dask_scheduler):
    before = dask_scheduler.idle_timeout
    dask_scheduler.idle_timeout = seconds or before
    return before
with Client(json.load(open(sys.argv[1]))["address"]) as client:
    print(client.run_on_scheduler(change, float(sys.argv[2])))
"""


def idle_time(file: Path, place: Place, then: float = 0) -> float:
    command = [sys.executable, "-c", IDLE, str(file), str(then)]
    return float(subprocess.check_output(command, env=place.env, timeout=90))


@pytest.fixture
def modules(place: Place) -> Path:
    folder = place.folder / "modules"
    folder.mkdir()
    (folder / "site_classes.py").write_text(MODULE)
    place.env["PYTHONPATH"] = str(folder)
    return folder


async def create(page: Page, named: str, **options: Any) -> Any:
    return await page.create(name="Custom", launcher="custom", **{"class": named}, **options)


async def test_the_whole_way_with_a_class_that_can_do_all(page: Page, place: Place) -> None:
    cluster = await create(page, "distributed:LocalCluster", arguments=CLOSED, workers=2)
    assert cluster["workers"]["wanted"] == 2
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=60)
    assert compute(sys.executable, ready["connection"], place) == [49, 2]
    await dashboard_answers(ready["dashboard"])
    # It ends by itself although nobody asked for that.
    idle = await page.snapshot(lambda s: s.get("stopsFor") == "idle", within=60)
    kept = await page.call("keep", minutes=60)
    assert kept["stopsAt"] > idle["stopsAt"]
    await page.call("scale", workers=1)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=60)
    await page.call("adapt", minimum=2, maximum=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=60)
    logs = await page.call("logs", lines=20, worker=None)
    assert {"controller", "scheduler"} <= {entry["source"] for entry in logs}
    assert (await page.call("stop"))["state"] == "stopped"


async def test_no_more_workers_are_started_than_were_asked_for(page: Page) -> None:
    await create(page, "distributed:LocalCluster", arguments=LOCAL, workers=0)
    assert await page.call("workers") == []
    events = await page.call("events")
    assert [event for event in events if "everybody who reaches it" in event["text"]]
    assert not [event for event in events if event["kind"] == "worker-added"]


async def test_what_a_class_cannot_do_is_not_offered(
    modules: Path, new_kernel: Callable[..., Any]
) -> None:
    page = await (await new_kernel()).install()
    with pytest.raises(RefusedError) as caught:
        await create(page, "site_classes:Fixed", workers=3)
    assert "cannot be changed" in caught.value.data["fields"]["workers"]
    await create(page, "site_classes:Fixed")
    able = (await page.call("describe"))["capabilities"]
    assert (able["scale"], able["adapt"], able["stop"]) == (False, False, True)
    assert len(await page.call("workers")) == 1
    with pytest.raises(RefusedError):
        await page.call("scale", workers=2)
    assert (await page.call("stop"))["state"] == "stopped"


async def test_names_that_only_sound_like_secrets_are_taken(page: Page) -> None:
    worker = {"n_tokens": 5, "env": {"TOKENIZERS_PARALLELISM": "false"}}
    with pytest.raises(RefusedError) as caught:
        await create(page, "distributed:NoSuchCluster", arguments={**LOCAL, **worker})
    assert "arguments" not in caught.value.data.get("fields", {})


async def test_a_secret_comes_from_a_variable_and_is_told_nowhere(
    modules: Path, new_kernel: Callable[..., Any]
) -> None:
    page = await (await new_kernel(LAB_TOKEN="plain-words-7")).install()
    arguments = {"token": {"$env": "LAB_TOKEN"}, "region": "the moon"}
    with pytest.raises(RefusedError) as refused:
        await create(page, "site_classes:Told", arguments=arguments)
    assert "was refused by the moon" in read(refused.value, "plain-words-7")
    await page.call("logs", lines=50, worker=None)
    told = json.dumps(page.received)
    assert "was refused by the moon" in told
    assert "plain-words-7" not in told


@pytest.mark.parametrize(
    ("named", "words"),
    [
        ("not_installed_here:X", "%pip install not-installed-here"),
        ("site_classes:Spent", "no more machines for you"),
        ("site_classes:Away", "Nothing answers there"),
        ("distributed:NoSuchCluster", "has no NoSuchCluster"),
        ("distributed:__version__", "not a class"),
        ("site_classes:NoCluster", "scheduler_address"),
    ],
)
async def test_a_class_that_cannot_be_used_is_explained(
    modules: Path, new_kernel: Callable[..., Any], named: str, words: str
) -> None:
    page = await (await new_kernel()).install()
    with pytest.raises(RefusedError) as refused:
        await create(page, named)
    told = read(refused.value)
    assert words in told
    # Of a folder on this machine it is no question.
    assert "TMPDIR" not in told


async def test_a_function_can_make_the_cluster(
    modules: Path, new_kernel: Callable[..., Any]
) -> None:
    page = await (await new_kernel()).install()
    await create(page, "site_classes:made", arguments={**LOCAL, "n_workers": 1})
    assert len(await page.call("workers")) == 1
    assert (await page.call("stop"))["state"] == "stopped"


async def test_a_killed_controller_leaves_no_process(kernel: Kernel, place: Place) -> None:
    page = await kernel.install()
    await create(page, "distributed:LocalCluster", arguments=LOCAL, workers=1)
    await kernel.kill()
    wait_until(lambda: not place.processes(), 60, "processes are left")


async def test_a_scheduler_elsewhere_has_its_end_as_soon_as_it_was_reached(
    modules: Path, place: Place, new_kernel: Callable[..., Any]
) -> None:
    kernel = await new_kernel()
    page = await kernel.install()
    file = place.folder / "scheduler.json"
    arguments = {"file": str(file), "deadly": True}
    # Its controller dies before it could tell anybody that the start is over.
    await dies(kernel, create(page, "site_classes:Remote", arguments=arguments, idleTimeout=10))
    assert "result" not in page.received[-1]
    # Ten minutes, and five in which the controller would have ended it; then one second.
    assert idle_time(file, place, then=1) == 15 * 60
    wait_until(lambda: not place.processes(), 30, "the scheduler goes on")


async def test_an_idle_time_of_the_class_stays_where_it_is_shorter_until_somebody_keeps_it(
    modules: Path, place: Place, new_kernel: Callable[..., Any]
) -> None:
    page = await (await new_kernel()).install()
    file = place.folder / "scheduler.json"
    arguments = {"file": str(file), "idle": "7 minutes"}
    await create(page, "site_classes:Remote", arguments=arguments, idleTimeout=10)
    assert idle_time(file, place) == 7 * 60
    await page.call("keep", minutes=60)
    assert idle_time(file, place) == 75 * 60
    assert (await page.call("stop"))["state"] == "stopped"


async def test_a_cluster_that_is_gone_says_so_and_can_be_forgotten(
    modules: Path, place: Place, new_kernel: Callable[..., Any]
) -> None:
    first, looking = await asyncio.gather(new_kernel(), new_kernel())
    page, other = await first.install(), await looking.install()
    arguments = {**LOCAL, "folder": str(place.folder), "name": "rain"}
    await create(page, "site_classes:Named", arguments=arguments, workers=0)
    nothing: dict[str, Any] = {"clusters": [], "remarks": []}
    assert await other.call("customLeftovers") == nothing
    await first.kill()
    (left,) = (await other.call("customLeftovers"))["clusters"]
    assert (left["name"], left["failed"], left["refused"]) == ("rain", False, False)
    # Somebody ends it where it is.
    (place.folder / "rain").unlink()
    taken = {**LOCAL, "folder": str(place.folder)}
    with pytest.raises(RefusedError) as refused:
        await create(other, "site_classes:Named", arguments=taken, attach="rain")
    words = read(refused.value)
    assert "did not take up “rain”" in words
    assert "There is no cluster rain" in words
    with pytest.raises(RefusedError) as refused:
        await other.call("customRemove", clusters=[left["id"]])
    words = read(refused.value)
    assert "Custom could not be stopped" in words
    assert "There is no cluster rain" in words
    assert "forget it" in words
    (left,) = (await other.call("customLeftovers"))["clusters"]
    assert left["refused"]
    note = f"forget:{left['id']}"
    assert await other.call("customRemove", clusters=[note]) == {"clusters": [note]}
    assert await other.call("customLeftovers") == nothing


async def test_the_class_of_the_documents_works_as_it_is_written(
    modules: Path, new_kernel: Callable[..., Any]
) -> None:
    text = DOCUMENT.read_text()
    section = text[text.index("## Write your own provider") :]
    code = re.search(r"```python\n(.*?)```", section, re.S)
    settings = re.search(r"```json\n(.*?)```", section, re.S)
    assert code
    assert settings
    assert len(code[1].splitlines()) <= 30
    (modules / "my_clusters.py").write_text(code[1])
    (entry,) = json.loads(settings[1])["jupyterlab-seasonal-monitor:custom"]["classes"]
    page = await (await new_kernel()).install()
    await create(page, entry["class"], arguments=entry["arguments"], workers=1)
    await page.call("watch", detail="counts", lease=300)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=60)
    await page.call("scale", workers=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=60)
    assert (await page.call("stop"))["state"] == "stopped"
