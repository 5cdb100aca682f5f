"""Saturn Cloud through the class of ``dask-saturn``, against a fake of its API.

See ``saturn_api.py`` for what the fake is and is not.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import re
import subprocess
import sys
from collections.abc import Callable, Iterator
from typing import Any

import psutil
import pytest
from killing import dies
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from reading import read
from saturn_api import TOKEN, Saturn
from test_custom import DOCUMENT
from test_journey import compute

NOTHING: dict[str, list[Any]] = {"clusters": [], "remarks": []}
#: Lets what waits beside a start try again after a second, not after its minute.
HASTE = """
import sys
sources = sys.modules["_seasonal_monitor_controller"].__spec__.loader.sources
sources["watchdog"] = sources["watchdog"].replace("= 60.0, ", "= 1.0, ")
assert "= 1.0, " in sources["watchdog"]
"""
STOPPED = "Saturn was stopped: its controller died while it started, and nobody has used it."


@pytest.fixture
def saturn(place: Place) -> Iterator[Saturn]:
    saturn = Saturn(place.folder / "saturn", place.env)
    place.env.update({"SATURN_BASE_URL": saturn.url, "SATURN_TOKEN": TOKEN})
    yield saturn
    saturn.stop()


@pytest.fixture
def python(saturn: Saturn) -> str:
    """The Python of the kernels, once their environment is that of the fake."""
    return sys.executable


def documented() -> tuple[dict[str, Any], dict[str, Any]]:
    """The class and the options of the profile, as the document has them."""
    text = DOCUMENT.read_text()
    section = text[text.index("### Saturn Cloud") :]
    match = re.search(r"```json\n(.*?)```", section, re.S)
    assert match
    settings = json.loads(match[1])
    (entry,) = settings["jupyterlab-seasonal-monitor:custom"]["classes"]
    (profile,) = settings["jupyterlab-seasonal-monitor:profiles"]["profiles"]
    options = profile["options"]
    assert options.pop("cluster") == entry["name"]
    asked = {"class": entry["class"], "arguments": entry["arguments"]}
    return asked, {**options, "workers": 1}


async def create(page: Page, **options: Any) -> Any:
    asked = {"name": "Saturn", "launcher": "custom", "within": 120}
    return await page.create(**asked, **options)


@pytest.mark.timeout(300)
async def test_the_profile_of_the_documents_makes_a_cluster_that_computes(
    saturn: Saturn, new_kernel: Callable[..., Any], place: Place
) -> None:
    page = await (await new_kernel()).install()
    entry, options = documented()
    await create(page, **entry, **options)
    made = [body for verb, body in saturn.asked if verb == "POST "][-1]
    assert made == {
        "n_workers": 1,
        "worker_size": "large",
        "scheduler_size": "medium",
        "nthreads": 2,
    }
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=90)
    assert compute(sys.executable, ready["connection"], place) == [49, 1]
    await page.call("scale", workers=2, within=60)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=90)
    await page.call("adapt", minimum=1, maximum=2, within=60)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=90)
    await dashboard_answers(ready["dashboard"])
    logs = await page.call("logs", lines=20, worker=None)
    assert {"controller", "scheduler"} <= {entry["source"] for entry in logs}

    # Another controller takes up the cluster of this resource, and stops it.
    other = await (await new_kernel()).install()
    with pytest.raises(RefusedError) as caught:
        await create(other, **entry, attach="c1", workers=1)
    assert "scale it later" in caught.value.data["fields"]["workers"]
    await create(other, **entry, attach="c1")
    assert len(await other.call("workers")) == 1
    assert (await other.call("stop", within=60))["state"] == "stopped"
    assert saturn.processes == []
    await page.snapshot(lambda s: s["state"] == "lost", within=60)
    assert TOKEN not in json.dumps([page.received, other.received])


@pytest.mark.timeout(300)
@pytest.mark.parametrize(
    ("during", "done", "times", "living"),
    [
        ("create", "GET info", 1, 0),
        ("create", "POST ", 1, 0),
        ("create", "POST ", 2, 2),
        ("create", "GET c1/info", 1, 2),
        ("scale", "POST c1/scale", 1, 3),
        ("stop", "POST c1/close", 1, 0),
    ],
)
async def test_whatever_a_controller_is_killed_at_its_cluster_is_stopped(
    saturn: Saturn,
    new_kernel: Callable[..., Any],
    place: Place,
    during: str,
    done: str,
    times: int,
    living: int,
) -> None:
    first, looking = await asyncio.gather(new_kernel(), new_kernel())
    page, second = await first.install(), await looking.install()
    entry, options = documented()
    if during == "create":
        saturn.trap.set(first, done, times)
        await dies(first, create(page, **entry, **options))
    else:
        await create(page, **entry, **options)
        # From here on its scheduler ends it.
        assert watchdogs(place) == []
        # What has a controller that lives is not left over.
        assert await second.call("customLeftovers") == NOTHING
        saturn.trap.set(first, done, times)
        await dies(first, page.call(during, **({"workers": 2} if during == "scale" else {})))
    assert saturn.living == living
    if during == "create":
        # Nobody looks: what waited beside the start stops it.
        await asyncio.to_thread(wait_until, lambda: not watchdogs(place), 90, "it still tries")
    else:
        (left,) = (await second.call("customLeftovers"))["clusters"]
        assert (left["title"], left["kind"]) == ("Saturn", "dask_saturn:SaturnCluster")
        assert (left["name"], left["certain"]) == ("c1", True)
        asked = [left["id"], "dask-sm.elsewhere.1.2.abcdef12"]
        answer = await second.call("customRemove", within=90, clusters=asked)
        assert answer == {"clusters": [left["id"]]}
    assert saturn.living == 0
    assert await second.call("customLeftovers") == NOTHING
    assert TOKEN not in json.dumps(page.received + second.received)


def watchdogs(place: Place) -> list[psutil.Process]:
    """Return what waits beside starts of this test, to end what they leave."""
    found = []
    for process in place.processes():
        with contextlib.suppress(psutil.Error):
            if any(".watchdog" in part for part in process.cmdline()):
                found.append(process)
    return found


@pytest.mark.timeout(300)
async def test_what_nothing_ends_after_the_end_of_a_machine_is_stopped_by_who_looks_next(
    saturn: Saturn, new_kernel: Callable[..., Any], place: Place
) -> None:
    await left_without_an_end(saturn, await new_kernel(), place)
    second = await (await new_kernel()).install()
    told = await second.call("customLeftovers", within=90)
    assert told == {"clusters": [], "remarks": [STOPPED]}
    assert saturn.living == 0
    assert await second.call("customLeftovers") == NOTHING


async def left_without_an_end(saturn: Saturn, kernel: Kernel, place: Place) -> None:
    """Kill a controller in a start, and all that it started, as the end of its machine does."""
    page = await kernel.install()
    entry, options = documented()
    saturn.trap.set(kernel, "POST ", 2)
    await dies(kernel, create(page, **entry, **options))
    (watchdog,) = watchdogs(place)
    watchdog.kill()
    assert saturn.living == 2


@pytest.mark.timeout(300)
async def test_a_service_that_does_not_answer_is_asked_again_after_the_death_of_a_controller(
    saturn: Saturn, kernel: Kernel, place: Place
) -> None:
    page = await kernel.install()
    await kernel.execute(HASTE, silent=True)
    entry, options = documented()
    saturn.trap.set(kernel, "POST ", 2)
    await dies(kernel, create(page, **entry, **options))
    saturn.away = 2
    await asyncio.to_thread(wait_until, lambda: not watchdogs(place), 90, "it still tries")
    assert (saturn.away, saturn.living) == (0, 0)


@pytest.mark.timeout(300)
async def test_what_comes_after_its_start_was_cancelled_and_its_kernel_is_gone_is_stopped(
    saturn: Saturn, kernel: Kernel, place: Place
) -> None:
    page = await kernel.install()
    entry, options = documented()
    saturn.slow = True
    number, answer = page.begin_create(name="Saturn", launcher="custom", **entry, **options)
    await asyncio.to_thread(wait_until, lambda: saturn.tries > 1, 60, "it was not asked for")
    page.cancel(number)
    with pytest.raises(RefusedError):
        await asyncio.wait_for(answer, 60)
    await kernel.shut_down()
    saturn.slow = False
    await asyncio.to_thread(wait_until, lambda: not watchdogs(place), 90, "it still tries")
    assert "POST c1/close" in [verb for verb, _ in saturn.asked]
    assert saturn.living == 0


@pytest.mark.timeout(300)
async def test_a_cluster_without_an_end_that_somebody_uses_gets_one_and_is_taken_up(
    saturn: Saturn, new_kernel: Callable[..., Any], place: Place
) -> None:
    first, looking, third = await asyncio.gather(*(new_kernel() for _ in range(3)))
    second, (entry, _) = await looking.install(), documented()
    await left_without_an_end(saturn, first, place)
    address, pem = f"tls://127.0.0.1:{saturn.port}", str(saturn.authority)
    # Somebody who signs in at Saturn, and does something.
    ask(WORK, address, pem, env=place.env)
    told = await second.call("customLeftovers", within=90)
    (remark,) = told["remarks"]
    assert "ends now after 20 minutes without work" in remark
    (left,) = told["clusters"]
    assert (left["name"], left["certain"], saturn.living) == ("c1", True, 2)
    assert float(ask(IDLE, address, pem, "0", env=place.env)) == 20 * 60

    # Taken up by another controller, it is nothing left over, and no old list stops it.
    other = await third.install()
    await create(other, **entry, attach="c1")
    assert await second.call("customLeftovers") == NOTHING
    assert await second.call("customRemove", clusters=[left["id"]]) == {"clusters": []}
    assert saturn.living == 2
    assert (await other.call("stop", within=60))["state"] == "stopped"
    assert saturn.living == 0


@pytest.mark.timeout(300)
async def test_a_cluster_of_another_account_is_not_stopped_with_this_one(
    saturn: Saturn, new_kernel: Callable[..., Any], place: Place
) -> None:
    await left_without_an_end(saturn, await new_kernel(), place)
    asked = len(saturn.asked)
    second = await (await new_kernel(SATURN_TOKEN="other-token-0123456789")).install()
    told = await second.call("customLeftovers")
    (left,) = told["clusters"]
    assert (told["remarks"], left["name"], left["refused"]) == ([], "", False)
    with pytest.raises(RefusedError, match="could not be stopped") as caught:
        await second.call("customRemove", clusters=[left["id"]])
    assert "of another account" in caught.value.data["cause"][0]["message"]
    assert "forget it" in caught.value.data["hint"]
    assert (len(saturn.asked), saturn.living) == (asked, 2)
    # What its class cannot stop may be gone, and can be forgotten.
    (left,) = (await second.call("customLeftovers"))["clusters"]
    assert left["refused"]
    note = f"forget:{left['id']}"
    assert await second.call("customRemove", clusters=[note]) == {"clusters": [note]}
    assert await second.call("customLeftovers") == NOTHING


#: Tells after which time without work a scheduler ends, and lets it be another one.
IDLE = """
import sys
from distributed import Client
from distributed.security import Security
def change(seconds, dask_scheduler):
    before = dask_scheduler.idle_timeout
    dask_scheduler.idle_timeout = seconds or before
    return before
address, pem, seconds = sys.argv[1:]
tls = Security(require_encryption=True, tls_ca_file=pem, tls_client_cert=pem, tls_client_key=pem)
with Client(address, security=tls) as client:
    print(client.run_on_scheduler(change, float(seconds)))
"""


#: Computes something, as a person's own notebook does.
WORK = """
import sys
from distributed import Client
from distributed.security import Security
address, pem = sys.argv[1:]
tls = Security(require_encryption=True, tls_ca_file=pem, tls_client_cert=pem, tls_client_key=pem)
with Client(address, security=tls) as client:
    assert client.submit(sum, [3, 4]).result(60) == 7
"""


def idle_time(connection: dict[str, str], place: Place, then: float = 0) -> float:
    where = connection["address"], connection["credentials"]
    return float(ask(IDLE, *where, str(then), env=place.env))


def ask(code: str, *values: str, env: dict[str, str]) -> bytes:
    """Return what other code prints, in a process of its own."""
    return subprocess.check_output([sys.executable, "-c", code, *values], env=env, timeout=90)


@pytest.mark.timeout(300)
async def test_the_scheduler_of_a_killed_controller_ends_by_itself(
    saturn: Saturn, place: Place, kernel: Kernel
) -> None:
    entry, options = documented()
    page = await kernel.install()
    cluster = await create(page, **entry, **options)
    # A quarter of an hour, and five minutes in which the controller would have ended it.
    assert idle_time(cluster["connection"], place) == 20 * 60
    await page.call("keep", minutes=60)
    # No test has so much time.
    assert idle_time(cluster["connection"], place, then=3) == 80 * 60
    await kernel.kill()
    wait_until(lambda: saturn.living == 0, 60, "processes are left")


@pytest.mark.timeout(300)
async def test_a_start_that_saturn_refuses_says_why_and_is_noted_until_it_is_forgotten(
    saturn: Saturn, new_kernel: Callable[..., Any]
) -> None:
    entry, options = documented()
    page = await (await new_kernel()).install()
    saturn.errors = ["You have no hours left this month."]
    with pytest.raises(RefusedError) as refused:
        await create(page, **entry, **options)
    assert "You have no hours left this month." in read(refused.value, TOKEN)
    saturn.errors, saturn.slow = [], True
    entry["arguments"]["scheduler_service_wait_timeout"] = 2
    with pytest.raises(RefusedError) as refused:
        await create(page, **entry, **options)
    assert "Check status in Saturn User Interface" in read(refused.value, TOKEN)
    entry["arguments"]["worker_size"] = "enormous"
    with pytest.raises(RefusedError) as refused:
        await create(page, **entry, **options)
    assert "enormous" in read(refused.value, TOKEN)
    assert saturn.living == 0
    # Something may be there all the same: a start that failed is told until it is forgotten.
    # An account has one cluster, so that one note is enough.
    (left,) = (await page.call("customLeftovers"))["clusters"]
    assert (left["failed"], left["name"]) == (True, "")
    saturn.errors = ["You have no hours left this month."]
    with pytest.raises(RefusedError, match="could not be stopped"):
        await page.call("customRemove", within=60, clusters=[left["id"]])
    assert len((await page.call("customLeftovers"))["clusters"]) == 1
    note = f"forget:{left['id']}"
    answer = await page.call("customRemove", within=60, clusters=[note])
    assert answer == {"clusters": [note]}
    assert await page.call("customLeftovers") == NOTHING


@pytest.mark.parametrize(
    ("env", "words"),
    [
        ({"SATURN_TOKEN": "wrong-token-012345"}, "Not signed in"),
        ({"SATURN_TOKEN": None}, "Missing required environment variable SATURN_TOKEN"),
        ({"SATURN_BASE_URL": "http://127.0.0.1:9"}, "127.0.0.1"),
        ({"SATURN_BASE_URL": "saturn"}, "not a valid URL"),
    ],
)
async def test_an_account_that_cannot_be_used_is_told(
    saturn: Saturn,
    new_kernel: Callable[..., Any],
    place: Place,
    env: dict[str, str | None],
    words: str,
) -> None:
    for name, value in env.items():
        if value is None:
            place.env.pop(name)
        else:
            place.env[name] = value
    page = await (await new_kernel()).install()
    entry, options = documented()
    with pytest.raises(RefusedError) as refused:
        await create(page, **entry, **options)
    assert words in read(refused.value, TOKEN, "wrong-token")
    assert "wrong-token" not in json.dumps(page.received)
    assert saturn.processes == []


async def test_a_class_without_from_name_takes_up_nothing(page: Page) -> None:
    with pytest.raises(RefusedError) as caught:
        await create(page, **{"class": "distributed:LocalCluster"}, attach="mine")
    assert "no from_name" in caught.value.data["fields"]["attach"]
