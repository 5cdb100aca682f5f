"""Clusters of Coiled, against a fake of its API: see ``coiled_api.py`` for what it is not."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

import pytest
from coiled_api import BARE, OTHER, TOKEN, WORKSPACE, CoiledApi
from killing import killed
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from reading import read
from test_journey import compute

pytestmark = pytest.mark.timeout(300)
CREATE = f"/api/v2/clusters/account/{WORKSPACE}/"


@pytest.fixture
def api(place: Place) -> Iterator[CoiledApi]:
    folder = place.folder / "coiled"
    folder.mkdir()
    api = CoiledApi(folder, place.env)
    api.start()
    place.env.update(
        {
            "DASK_COILED__SERVER": api.url,
            "DASK_COILED__TOKEN": TOKEN,
            # Such secrets are in many a configuration.
            "DASK_DATABASE__PASSWORD": "hush-hush-2",
        }
    )
    yield api
    api.stop()


@pytest.fixture
async def page(api: CoiledApi, new_kernel: Callable[..., Any]) -> Page:
    return await (await new_kernel()).install()


async def create(page: Page, **options: Any) -> Any:
    return await page.create(within=120, name="Rain in 2026", launcher="coiled", **options)


async def ready(page: Page, count: int) -> Any:
    await page.call("watch", detail="counts", lease=600)
    return await page.snapshot(lambda s: s.get("workers", {}).get("ready") == count, within=90)


async def test_the_whole_way_without_a_word_of_the_token(
    api: CoiledApi, page: Page, place: Place
) -> None:
    told = await page.call("coiledDescribe", workspace=None)
    assert (told["workspace"], told["problem"], told["clusters"]) == (WORKSPACE, None, [])
    await create(page, workers=2, region="eu-central-1")
    cluster = await ready(page, 2)
    assert cluster["connection"]["address"].startswith("tls://")
    assert compute(sys.executable, cluster["connection"], place) == [49, 2]
    # Nobody needs the token of the dashboard's address.
    (fake,) = api.clusters.values()
    assert cluster["dashboard"] == f"http://127.0.0.1:{fake.dashboard}"
    await dashboard_answers(cluster["dashboard"])

    (asked,) = api.bodies(CREATE)
    assert asked["scheduler_options"]["idle_timeout"] == "20 minutes"
    assert asked["cluster_timeout_seconds"] == 485 * 60
    assert (asked["workers"], asked["dask_config"], asked["env_id"]) == (2, {}, None)
    assert asked["worker_instance_types"] == ["m6i.xlarge"]
    assert asked["options"]["region_name"] == "eu-central-1"
    assert asked["options"]["spot"] is False
    assert asked["tags"] == {"team": "rain"}
    (software,) = api.bodies(f"/api/v2/software-environment/account/{WORKSPACE}")
    assert software["container"].startswith("ghcr.io/dask/dask:")

    await page.call("scale", workers=3, within=60)
    await ready(page, 3)
    await page.call("scale", workers=1, within=60)
    await ready(page, 1)
    await page.call("adapt", minimum=2, maximum=3, within=60)
    await ready(page, 2)
    logs = await page.call("logs", lines=50, worker=None)
    assert {"controller", "scheduler"} <= {entry["source"] for entry in logs}
    able = (await page.call("describe"))["capabilities"]
    assert (able["scale"], able["stop"], able["keep"]) == (True, True, False)
    assert (await page.call("stop", within=60))["state"] == "stopped"
    assert api.living() == []
    assert TOKEN not in json.dumps(page.received)
    sent = json.dumps([body for _, _, body in api.asked if body])
    assert TOKEN not in sent
    assert "hush-hush" not in sent


async def test_a_cluster_whose_controller_died_is_taken_up_by_name(
    api: CoiledApi, new_kernel: Callable[..., Any]
) -> None:
    first: Kernel = await new_kernel()
    page = await first.install()
    await create(page, workers=1, workspace=OTHER, idleTimeout=45)
    other = await (await new_kernel()).install()
    assert (await other.call("coiledDescribe", workspace=None))["clusters"] == []
    await first.kill()
    (left,) = (await other.call("coiledDescribe", workspace=None))["clusters"]
    assert left["certain"]
    assert left["name"].startswith("sm-rain-in-2026-")
    assert (left["id"], left["workspace"]) == (f"{OTHER}/{left['name']}", OTHER)
    with pytest.raises(RefusedError, match="no cluster “sm-rain-gone” in rain-team"):
        await create(other, attach="sm-rain-gone")
    (fake,) = api.clusters.values()
    fake.created -= timedelta(minutes=100)
    asked = {"name": "Rain", "launcher": "coiled", "attach": left["id"]}
    with pytest.raises(RefusedError, match=r"10\d minutes old") as caught:
        await other.create(key="old", **asked, lifetime=60)
    assert set(caught.value.data["fields"]) == {"lifetime"}
    # The form's idle time is that of new clusters: Coiled ends this one by its own.
    again = await other.create(key="again", **asked, idleTimeout=300, lifetime=120)
    assert len(api.clusters) == 1
    assert again["options"]["idleTimeout"] == 45
    cluster = await ready(other, 1)
    assert cluster["workers"]["wanted"] == 1
    # Its lifetime counts from when the cluster was made, and ends it before it was idle so long.
    ending = await other.snapshot(lambda s: s.get("stopsFor") == "lifetime", within=30)
    assert ending["stopsAt"] / 1000 == pytest.approx(fake.created.timestamp() + 120 * 60, abs=1)
    # What has a controller again is not removed with the left-overs.
    third = await (await new_kernel()).install()
    kept = await third.call("coiledRemove", clusters=[left["id"]])
    assert (kept, api.living()) == ({"clusters": []}, [left["name"]])
    await other.call("stop", within=60)
    assert api.living() == []


async def test_what_a_dead_controller_left_can_be_stopped(
    api: CoiledApi, new_kernel: Callable[..., Any]
) -> None:
    first: Kernel = await new_kernel()
    await create(await first.install(), workers=0)
    await first.kill()
    (name,) = api.living()
    page = await (await new_kernel()).install()
    known, theirs = f"{WORKSPACE}/{name}", f"{WORKSPACE}/not-ours"
    stopped = await page.call("coiledRemove", clusters=[f"{OTHER}/{name}", known, theirs])
    assert (stopped, api.living()) == ({"clusters": [known]}, [])


async def test_all_pages_of_all_workspaces_are_listed_and_what_refuses_is_said(
    api: CoiledApi, page: Page
) -> None:
    api.page = 2
    for number in range(5):
        api.add(f"sm-old-{number}", state="stopped")
    last, other = api.add("sm-last"), api.add("sm-other", OTHER)
    told = await page.call("coiledDescribe", workspace=None)
    assert [one["id"] for one in told["clusters"]] == [f"{OTHER}/{other}", f"{WORKSPACE}/{last}"]
    assert told["remarks"] == []
    api.closed.add(OTHER)
    told = await page.call("coiledDescribe", workspace=None)
    assert [one["id"] for one in told["clusters"]] == [f"{WORKSPACE}/{last}"]
    (remark,) = told["remarks"]
    assert f"workspace {OTHER} could not be asked: Coiled does not permit this" in remark
    assert told["problem"] is None


async def test_a_workspace_without_a_cloud_is_refused_before_anything_is_made(
    api: CoiledApi, page: Page
) -> None:
    with pytest.raises(RefusedError, match=f"workspace {BARE} has no cloud") as caught:
        await create(page, workspace=BARE)
    assert "coiled setup" in caught.value.data["hint"]
    assert {method for method, _, _ in api.asked} == {"GET"}
    told = await page.call("coiledDescribe", workspace=BARE)
    assert "has no cloud" in told["problem"]


@pytest.mark.parametrize(
    ("during", "done", "left"),
    [
        ("create", "_backend", 0),
        ("create", "_software", 0),
        ("create", "_create", 1),
        ("create", "ready", 1),
        ("scale", "_more", 1),
        ("stop", "_delete", 0),
    ],
)
async def test_whatever_a_controller_is_killed_at_its_cluster_is_listed_and_ends_by_itself(
    api: CoiledApi, new_kernel: Callable[..., Any], during: str, done: str, left: int
) -> None:
    other = await killed(
        new_kernel,
        lambda page: create(page, workers=1),
        lambda kernel: api.trap.set(kernel, done),
        during,
    )
    # Coiled was told of both ends with the very request that made it.
    for body in api.bodies(CREATE):
        assert body["scheduler_options"]["idle_timeout"] == "20 minutes"
        assert body["cluster_timeout_seconds"] == 485 * 60
    names = api.living()
    assert len(names) == left
    theirs = api.add("somebody-elses")
    listed = (await other.call("coiledDescribe", workspace=None))["clusters"]
    ids = [f"{WORKSPACE}/{name}" for name in names]
    assert [one["id"] for one in listed if one["certain"]] == ids
    # Of what has no mark of ours nothing is certain, and nobody is asked to remove it.
    assert [one["name"] for one in listed if not one["certain"]] == [theirs]
    removed = await other.call("coiledRemove", within=60, clusters=ids)
    assert (removed, api.living()) == ({"clusters": ids}, [theirs])


async def test_coiled_says_why_it_has_ended_a_cluster(api: CoiledApi, page: Page) -> None:
    await create(page, workers=0)
    await page.call("watch", detail="counts", lease=600)
    (fake,) = api.clusters.values()
    fake.stop("Dask idle timeout of 20 minutes")
    ended = await page.snapshot(lambda s: s["state"] in ("stopped", "lost"), within=60)
    assert ended["state"] == "stopped"
    assert "Dask idle timeout of 20 minutes" in ended["cause"][0]["message"]


async def test_a_start_that_cannot_be_says_why_and_leaves_nothing(
    api: CoiledApi, page: Page
) -> None:
    with pytest.raises(RefusedError, match="InsufficientInstanceCapacity") as caught:
        await create(page, region="no-capacity-1")
    assert "another region" in read(caught.value, TOKEN)

    with pytest.raises(RefusedError, match="manifest unknown") as caught:
        await page.create(key="2", name="Rain", launcher="coiled", software="missing-one")
    assert "Check the image" in read(caught.value, TOKEN)
    assert "the container runtime gave up" in "".join(caught.value.data["log"])
    deleted = [path for method, path, _ in api.asked if method == "DELETE"]
    assert len({path.partition("?")[0] for path in deleted}) == len(api.clusters) == 2

    # One that is given up while its machine is awaited is stopped, too.
    number, _ = page.begin_create(key="3", name="Rain", launcher="coiled", region="slow-1")
    await asyncio.to_thread(wait_until, lambda: len(api.living()) == 1, 60, "none is asked for")
    page.cancel(number)
    await page.snapshot(lambda s: s["state"] == "stopped", within=60)
    wait_until(lambda: api.living() == [], 30, "a cluster is left")


async def test_workers_that_fail_are_explained_on_the_card(api: CoiledApi, page: Page) -> None:
    await create(page, workers=2, region="small-quota-1")
    await page.call("watch", detail="counts", lease=600)
    short = await page.snapshot(lambda s: s["state"] == "degraded", within=60)
    told = json.dumps(short["cause"])
    assert "VcpuLimitExceeded" in told
    assert "higher quota" in told
    await page.call("stop", within=60)


@pytest.mark.parametrize(
    ("env", "options", "words", "hint"),
    [
        ({"DASK_COILED__TOKEN": ""}, {}, "no token of Coiled", "coiled login"),
        ({"DASK_COILED__TOKEN": "wrong-one-1"}, {}, "does not accept the token", "coiled login"),
        ({"DASK_COILED__SERVER": "http://127.0.0.1:9"}, {}, "does not answer", "network"),
        ({}, {"workspace": "others"}, "not in the workspace others. Yours: ada, rain-team", ""),
    ],
)
async def test_an_account_that_cannot_be_used_is_told_before_anything_is_made(
    api: CoiledApi,
    new_kernel: Callable[..., Any],
    env: dict[str, str],
    options: dict[str, Any],
    words: str,
    hint: str,
) -> None:
    page = await (await new_kernel(**env)).install()
    with pytest.raises(RefusedError, match=words) as caught:
        await create(page, **options)
    if not options:
        assert hint in read(caught.value, TOKEN, "wrong-one-1")
    assert set(caught.value.data["fields"]) == set(options)
    assert api.bodies(CREATE) == []
    told = await page.call("coiledDescribe", workspace=options.get("workspace"))
    assert words[:20] in told["problem"]


async def test_an_environment_without_coiled_is_told_what_installs_it(
    new_kernel: Callable[..., Any], place: Place
) -> None:
    hider = place.folder / "hide"
    hider.mkdir()
    (hider / "sitecustomize.py").write_text(
        "import importlib.util as u\nfind = u.find_spec\n"
        "u.find_spec = lambda name, *a: None if name == 'coiled' else find(name, *a)\n"
    )
    page = await (await new_kernel(PYTHONPATH=str(hider))).install()
    with pytest.raises(RefusedError) as caught:
        await create(page)
    assert "%pip install coiled" in caught.value.data["hint"]
    assert (await page.call("coiledDescribe", workspace=None))["missing"] == ["coiled"]
