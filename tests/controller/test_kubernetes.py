"""Clusters of pods, on a real control plane with the real Dask operator."""

from __future__ import annotations

import asyncio
import json
import re
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from control_plane import LAB, ControlPlane, why_not
from killing import dies, killed
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from reading import read

pytestmark = [
    pytest.mark.skipif(why_not() is not None, reason=str(why_not())),
    pytest.mark.timeout(400),
]
CLIENT = """
import sys, json
from distributed import Client
with Client(sys.argv[1]) as c:
    print(json.dumps([c.submit(pow, 7, 2).result(), len(c.scheduler_info()["workers"])]))
"""

#: Kills its kernel when the API has done something, before anybody there hears of it.
TRAP = """
import httpx, os
plain = httpx.AsyncClient.request
async def request(self, method, url, **more):
    answer = await plain(self, method, url, **more)
    if method == "{method}" and "{path}" in str(url):
        os.kill(os.getpid(), 9)
    return answer
httpx.AsyncClient.request = request
"""


@pytest.fixture(scope="module")
def bare() -> Iterator[ControlPlane]:
    """A Kubernetes without the operator."""
    with tempfile.TemporaryDirectory(prefix="sm-kube-") as folder:
        plane = ControlPlane(Path(folder))
        try:
            plane.start()
            yield plane
        finally:
            plane.stop()


@pytest.fixture(scope="module")
def installed(bare: ControlPlane) -> ControlPlane:
    bare.install_operator()
    return bare


@pytest.fixture
def plane(installed: ControlPlane, place: Place) -> Iterator[ControlPlane]:
    place.env["KUBECONFIG"] = str(installed.config("person"))
    yield installed
    installed.clear()
    wait_until(lambda: not installed.pods(), 180, "pods are left")


@pytest.fixture
async def page(plane: ControlPlane, kernel: Kernel) -> Page:
    return await kernel.install()


def gone(plane: ControlPlane) -> None:
    """Wait for the operator, which every end of a cluster waits for."""
    wait_until(lambda: plane.clusters() == [], 180, "a cluster is left")


async def create(page: Page, **options: Any) -> Any:
    asked = {"image": "test/dask:1", "memory": "512 MiB", **options}
    return await page.create(within=200, name="Rain in 2026", launcher="kubernetes", **asked)


async def workers(page: Page, count: int) -> Any:
    await page.call("watch", detail="counts", lease=600)
    return await page.snapshot(lambda s: s.get("workers", {}).get("ready") == count, within=120)


def compute(address: str, place: Place) -> Any:
    command = [sys.executable, "-c", CLIENT, address]
    return json.loads(subprocess.check_output(command, env=place.env, text=True))


async def test_without_the_operator_its_line_of_helm_is_told(
    bare: ControlPlane, place: Place, new_kernel: Callable[..., Any]
) -> None:
    kernel = await new_kernel(KUBECONFIG=str(bare.config("person")))
    page = await kernel.install()
    with pytest.raises(RefusedError, match="operator is not installed") as refused:
        await create(page)
    assert "helm install" in refused.value.data["hint"]
    told = await page.call("kubernetesDescribe", namespace=None)
    assert "operator is not installed" in told["problem"]
    assert told["namespace"] == "default"


async def test_the_whole_way_with_pods(page: Page, place: Place, plane: ControlPlane) -> None:
    cluster = await create(page, workers=2)
    assert cluster["state"] in ("running", "degraded")
    ready = await workers(page, 2)
    (resource,) = plane.clusters()
    assert resource["spec"]["idleTimeout"] == 900
    assert resource["metadata"]["annotations"]["seasonal-monitor/title"] == "Rain in 2026"
    assert ready["connection"]["address"].startswith("tcp://127.0.0.1:")
    assert compute(ready["connection"]["address"], place) == [49, 2]
    await dashboard_answers(ready["dashboard"])
    assert ready["memory"]["limit"] == 2 * 512 * 2**20
    assert (await page.call("stop", within=60))["state"] == "stopped"
    gone(plane)


async def test_a_scheduler_that_listens_later_than_its_pod_is_ready_is_waited_for(
    page: Page, plane: ControlPlane
) -> None:
    cluster = await create(page, workers=1, variables="TEST_READY_EARLY=1")
    assert cluster["state"] in ("running", "degraded")
    await page.call("stop", within=60)
    gone(plane)


async def test_the_operator_waits_as_long_as_a_cluster_was_kept_twice(
    page: Page, plane: ControlPlane
) -> None:
    await create(page, workers=0)
    for seconds in (900 + 1800, 900 + 2 * 1800):
        await page.call("keep", minutes=30)
        (resource,) = plane.clusters()
        assert resource["spec"]["idleTimeout"] == seconds
    await page.call("stop", within=60)
    gone(plane)


async def test_scaling_adapting_and_logs(page: Page, place: Place) -> None:
    await create(page, workers=1)
    ready = await workers(page, 1)
    await page.call("scale", workers=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=60)
    logs = await page.call("logs", lines=50, worker=None, within=60)
    assert logs[0]["source"] == "controller"
    by_source = {entry["source"]: "\n".join(entry["lines"]) for entry in logs}
    assert "Scheduler at" in by_source["scheduler"]
    rows = await page.call("workers")
    assert {row["name"] for row in rows} <= set(by_source)
    (one,) = await page.call("logs", lines=50, worker=rows[0]["name"])
    assert "Start worker" in "\n".join(one["lines"])

    await page.call("adapt", minimum=0, maximum=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 0, within=120)
    # An autoscaler that goes on would take this one away again.
    await page.call("scale", workers=1)
    await page.snapshot(
        lambda s: s["workers"]["ready"] == 1 and s["workers"].get("wanted") == 1, within=60
    )
    assert compute(ready["connection"]["address"], place) == [49, 1]
    await page.call("keep", minutes=30)
    await page.call("stop", within=60)


@pytest.mark.parametrize(
    ("image", "words", "hint"),
    [
        ("missing/dask:1", "image missing/dask:1 cannot be pulled", "registry"),
        ("crashing/dask:1", "exit code 3", "log lines"),
    ],
)
async def test_a_scheduler_that_cannot_run_is_told_at_once(
    page: Page, plane: ControlPlane, image: str, words: str, hint: str
) -> None:
    began = time.monotonic()
    with pytest.raises(RefusedError, match=words) as refused:
        await create(page, workers=1, image=image)
    # Not after the ten minutes that a start may take; on a quiet machine it takes some seconds.
    assert time.monotonic() - began < 90
    assert hint in refused.value.data["hint"]
    if "crashing" in image:
        assert "No module named seasonal" in "\n".join(refused.value.data["log"])
    gone(plane)


@pytest.mark.timeout(300)
async def test_a_pod_without_room_says_so_while_it_waits(page: Page, plane: ControlPlane) -> None:
    number, answer = page.begin_create(
        name="Big", launcher="kubernetes", memory="900 GiB", workers=1
    )

    def waits(page: Page) -> bool:
        steps = [step for e in page.events("$/progress") for step in e["value"]["steps"]]
        return any("Insufficient memory" in step.get("detail", "") for step in steps)

    # The operator begins again when its first request met a busy server.
    await page.until(waits, within=150)
    page.cancel(number)
    with pytest.raises(RefusedError):
        await asyncio.wait_for(answer, 60)
    gone(plane)


async def test_without_a_right_its_verb_and_resource_are_named(
    plane: ControlPlane, new_kernel: Callable[..., Any]
) -> None:
    kernel = await new_kernel(KUBECONFIG=str(plane.config("nobody")))
    page = await kernel.install()
    with pytest.raises(RefusedError, match=r"create daskclusters\.kubernetes\.dask\.org"):
        await create(page)


@pytest.mark.parametrize(
    ("pattern", "instead", "words"),
    [
        ("persontoken", "wrongtoken-1", "does not accept your sign-in"),
        (r"127\.0\.0\.1:\d+", "127.0.0.1:9", "does not answer"),
    ],
)
async def test_a_cluster_that_cannot_be_asked_is_told_with_a_next_step(
    plane: ControlPlane,
    place: Place,
    new_kernel: Callable[..., Any],
    pattern: str,
    instead: str,
    words: str,
) -> None:
    config = place.folder / "kube"
    config.write_text(re.sub(pattern, instead, plane.config("person").read_text()))
    page = await (await new_kernel(KUBECONFIG=str(config))).install()
    with pytest.raises(RefusedError) as refused:
        await create(page)
    assert words in read(refused.value, "wrongtoken-1", "persontoken")
    told = await page.call("kubernetesDescribe", namespace=None)
    assert words in told["problem"]
    assert plane.clusters() == []


@pytest.mark.parametrize("kind", ["count/daskclusters.kubernetes.dask.org", "pods"])
async def test_a_quota_that_is_used_up_is_told_with_a_next_step(
    page: Page, plane: ControlPlane, kind: str
) -> None:
    path = "/api/v1/namespaces/default/resourcequotas"
    hard = {kind: "0"}
    quota = {"metadata": {"name": "spent"}, "spec": {"hard": hard}}
    made = plane.call("POST", path, quota)
    # What its controller, which does not run here, would note.
    used = {**made, "status": {"hard": hard, "used": {kind: "0"}}}
    plane.call("PUT", f"{path}/spent/status", used)
    try:
        with pytest.raises(RefusedError) as refused:
            await create(page, workers=0)
    finally:
        plane.call("DELETE", f"{path}/spent")
    told = read(refused.value)
    assert "exceeded quota: spent" in told
    assert "stop what you no longer need" in told
    gone(plane)


async def test_a_name_that_is_taken_is_told_and_its_cluster_stays(
    new_kernel: Callable[..., Any], plane: ControlPlane
) -> None:
    theirs, kernel = await asyncio.gather(new_kernel(), new_kernel())
    other, page = await theirs.install(), await kernel.install()
    await create(other, workers=0)
    (name,) = [cluster["metadata"]["name"] for cluster in plane.clusters()]
    launcher = (
        "__import__('importlib').import_module('_seasonal_monitor_controller.launchers.kubernetes')"
    )
    await kernel.execute(f"{launcher}.new_name = lambda title: {name!r}", silent=True)
    with pytest.raises(RefusedError) as refused:
        await create(page, workers=0)
    assert "already exists" in read(refused.value)
    assert [cluster["metadata"]["name"] for cluster in plane.clusters()] == [name]
    assert (await other.call("describe"))["cluster"]["state"] in ("running", "degraded")
    await other.call("stop", within=60)
    gone(plane)


async def test_without_a_configuration_it_is_said_where_one_goes(
    new_kernel: Callable[..., Any], plane: ControlPlane
) -> None:
    kernel = await new_kernel(KUBECONFIG="/nowhere/config", HOME="/nowhere")
    page = await kernel.install()
    with pytest.raises(RefusedError, match="No Kubernetes cluster is configured") as refused:
        await create(page)
    assert "KUBECONFIG" in refused.value.data["hint"]


async def test_a_cluster_outlives_its_controller_and_is_taken_up_again(
    new_kernel: Callable[..., Any], plane: ControlPlane, place: Place
) -> None:
    first: Kernel = await new_kernel()
    page = await first.install()
    await create(page, workers=1)
    await workers(page, 1)
    second: Kernel = await new_kernel()
    other = await second.install()
    # That of a controller that lives is nobody's to take.
    assert (await other.call("kubernetesDescribe", namespace=None))["clusters"] == []
    await first.kill()
    told = await other.call("kubernetesDescribe", namespace=None)
    (left,) = told["clusters"]
    assert (left["title"], left["certain"]) == ("Rain in 2026", True)
    # The operator's own word can stay so for ever.
    path = f"/apis/kubernetes.dask.org/v1/namespaces/default/daskclusters/{left['name']}"
    pending = plane.call("PATCH", path, {"status": {"phase": "Pending"}})
    assert pending["status"]["phase"] == "Pending"
    again = await create(other, attach=left["id"])
    assert again["options"]["idleTimeout"] == 15
    ready = await workers(other, 1)
    assert compute(ready["connection"]["address"], place) == [49, 1]
    assert (await other.call("kubernetesDescribe", namespace=None))["clusters"] == []
    await other.call("stop", within=60)
    gone(plane)


async def test_a_cluster_that_was_kept_is_taken_up_with_the_idle_time_that_its_person_chose(
    new_kernel: Callable[..., Any], plane: ControlPlane
) -> None:
    first: Kernel = await new_kernel()
    page = await first.install()
    began = time.time()
    await create(page, workers=0, idleTimeout=30)
    await page.call("keep", minutes=60)
    await first.kill()
    (kept,) = plane.clusters()
    assert kept["spec"]["idleTimeout"] == 1800 + 3600
    other = await (await new_kernel()).install()
    # The form's own time is that of new clusters.
    again = await create(other, attach=kept["metadata"]["name"], idleTimeout=5)
    assert again["options"]["idleTimeout"] == 30
    (resource,) = plane.clusters()
    # The operator counts from the last task, and may not delete it before the controller does.
    assert 1800 < resource["spec"]["idleTimeout"] <= 1800 + time.time() - began
    await other.call("watch", detail="counts", lease=300)
    told = await other.snapshot(lambda s: s.get("stopsFor") == "idle", within=60)
    assert told["stopsAt"] - told["idleSince"] == 30 * 60_000
    await other.call("keep", minutes=60)
    (resource,) = plane.clusters()
    assert resource["spec"]["idleTimeout"] > 1800 + 3600
    await other.call("stop", within=60)
    gone(plane)


async def test_a_cluster_whose_controller_is_gone_is_deleted_and_no_other(
    new_kernel: Callable[..., Any], plane: ControlPlane
) -> None:
    first: Kernel = await new_kernel()
    page = await first.install()
    await create(page, workers=0)
    second: Kernel = await new_kernel()
    other = await second.install()
    (meta,) = [cluster["metadata"] for cluster in plane.clusters()]
    name, owner = meta["name"], meta["labels"]["seasonal-monitor/owner"]
    name = f"default/{name}"
    asked = {"namespace": None, "clusters": [name, "default/never-was"]}
    # That of a controller that lives stays, whoever asks.
    assert await other.call("kubernetesRemove", **asked) == {"clusters": []}
    await first.kill()
    plane.label(meta["name"], {"seasonal-monitor/owner": "somebody-else"})
    assert await other.call("kubernetesRemove", **asked) == {"clusters": []}
    assert len(plane.clusters()) == 1
    plane.label(meta["name"], {"seasonal-monitor/owner": owner})
    assert await other.call("kubernetesRemove", **asked) == {"clusters": [name]}
    assert await other.call("kubernetesRemove", **asked) == {"clusters": []}
    gone(plane)


@pytest.mark.parametrize(
    ("during", "method", "path", "left"),
    [
        ("create", "POST", "/selfsubjectaccessreviews", 0),
        ("create", "POST", "/daskclusters", 1),
        ("create", "POST", "/daskautoscalers", 1),
        ("scale", "PATCH", "/daskworkergroups/", 1),
        ("stop", "GET", "/daskclusters/", 1),
        ("stop", "DELETE", "/daskclusters/", 0),
    ],
)
async def test_whatever_a_controller_is_killed_at_its_cluster_is_listed_and_has_an_idle_time(
    new_kernel: Callable[..., Any],
    plane: ControlPlane,
    during: str,
    method: str,
    path: str,
    left: int,
) -> None:
    asked = {"minimum": 0, "maximum": 1} if path == "/daskautoscalers" else {"workers": 0}
    trap = TRAP.format(method=method, path=path)
    other = await killed(
        new_kernel,
        lambda page: create(page, **asked),
        lambda kernel: kernel.execute(trap),
        during,
        grown=1,
    )
    found = [c for c in plane.clusters() if "deletionTimestamp" not in c["metadata"]]
    assert len(found) == left
    assert all(cluster["spec"]["idleTimeout"] == 900 for cluster in found)
    names = [f"default/{cluster['metadata']['name']}" for cluster in found]
    told = await other.call("kubernetesDescribe", namespace=None)
    listed = [one for one in told["clusters"] if one["kind"] == "cluster"]
    assert [(one["id"], one["certain"]) for one in listed] == [(name, True) for name in names]
    asked = {"namespace": None, "clusters": names}
    assert await other.call("kubernetesRemove", **asked) == {"clusters": names}
    gone(plane)
    wait_until(lambda: not plane.pods(), 180, "pods are left")
    # The operator can make a group of workers when its cluster is gone: that is listed, too.
    told = await other.call("kubernetesDescribe", namespace=None)
    groups = [one["id"] for one in told["clusters"]]
    asked = {"namespace": None, "clusters": groups}
    assert await other.call("kubernetesRemove", **asked) == {"clusters": groups}
    wait_until(lambda: plane.others() == [], 60, "groups or autoscalers are left")


@pytest.mark.parametrize("user", ["person", "admin"])
async def test_a_cluster_in_another_namespace_is_listed_taken_up_and_removed_there(
    new_kernel: Callable[..., Any], plane: ControlPlane, place: Place, user: str
) -> None:
    # A person may list in two namespaces, one by one; an administrator in all at once.
    config = {"KUBECONFIG": str(plane.config(user))}
    other = await (await new_kernel(**config)).install()
    first: Kernel = await new_kernel(**config)
    await create(await first.install(), workers=0, namespace=LAB)
    assert (await other.call("kubernetesDescribe", namespace=None))["clusters"] == []
    await first.kill()
    told = await other.call("kubernetesDescribe", namespace=None)
    (left,) = told["clusters"]
    (meta,) = [cluster["metadata"] for cluster in plane.clusters()]
    assert (left["id"], left["namespace"]) == (f"{LAB}/{meta['name']}", LAB)
    assert (told["namespace"], told["problem"]) == ("default", None)
    partly = [] if user == "admin" else [f"Only these namespaces were asked: default, {LAB}."]
    assert [remark.partition(" You may")[0] for remark in told["remarks"]] == partly
    # The form's own namespace is that of new clusters.
    again = await create(other, attach=left["id"], namespace="default")
    assert again["options"]["namespace"] == LAB
    await other.call("stop", within=60)
    gone(plane)

    group = plane.add_group(LAB, "sm-gone-1", meta["labels"]["seasonal-monitor/owner"])
    plane.add_group("default", "sm-theirs-2", "somebody-else")
    try:
        (left,) = (await other.call("kubernetesDescribe", namespace=None))["clusters"]
        assert (left["kind"], left["title"]) == ("workers", "Rain of old")
        assert (left["id"], left["certain"]) == (f"{LAB}/workers/{group}", True)
        asked = [left["id"], "default/workers/sm-theirs-2-default", f"{LAB}/{group}"]
        removed = await other.call("kubernetesRemove", namespace=None, clusters=asked)
        assert removed == {"clusters": [left["id"]]}
        others = ["sm-theirs-2-default"]
        wait_until(lambda: plane.others() == others, 30, "it is left, or another is gone")
    finally:
        plane.remove_group("default", "sm-theirs-2-default")


async def test_a_cluster_whose_scheduler_never_ran_is_ended_when_the_list_is_asked_for(
    new_kernel: Callable[..., Any], plane: ControlPlane
) -> None:
    first: Kernel = await new_kernel()
    await first.execute(TRAP.format(method="POST", path="/daskclusters"))
    page = await first.install()
    asked = {"image": "missing/dask:1", "workers": 1, "idleTimeout": 0.5}
    other = await (await new_kernel()).install()
    await dies(first, create(page, **asked))
    began = time.monotonic()
    (cluster,) = plane.clusters()
    name = f"default/{cluster['metadata']['name']}"
    # It may still come up.
    told = await other.call("kubernetesDescribe", namespace=None)
    if time.monotonic() - began < 25:
        assert [left["id"] for left in told["clusters"]] == [name]

    def ended() -> bool:
        return time.monotonic() - began > 35 and any("scheduler" in pod for pod in plane.pods())

    await asyncio.to_thread(wait_until, ended, 90, "no pod of a scheduler")
    # The operator has left it: it asks a scheduler that does not run.
    assert len(plane.clusters()) == 1
    deadline = time.monotonic() + 120
    while (told := await other.call("kubernetesDescribe", namespace=None))["clusters"]:
        assert time.monotonic() < deadline, told
        await asyncio.sleep(5)
    assert f"({name}) was deleted" in " ".join(told["remarks"])
    gone(plane)


async def test_a_name_that_is_not_there_is_said(page: Page) -> None:
    with pytest.raises(RefusedError, match="no Dask cluster “gone”"):
        await create(page, attach="gone")


@pytest.mark.parametrize("running", [True, False])
async def test_the_operator_ends_an_idle_cluster_whose_controller_is_gone(
    new_kernel: Callable[..., Any], plane: ControlPlane, running: bool
) -> None:
    kernel: Kernel = await new_kernel()
    page = await kernel.install()
    if running:
        await create(page, workers=1, idleTimeout=0.4)
        await kernel.kill()
    else:
        await kernel.execute(TRAP.format(method="POST", path="/daskclusters"))
        await dies(kernel, create(page, workers=1, idleTimeout=0.4))
    wait_until(lambda: plane.clusters() == [], 180, "the cluster is left")


async def test_an_operator_that_does_not_run_is_told(page: Page, plane: ControlPlane) -> None:
    plane.stop_operator()
    try:
        with pytest.raises(RefusedError, match="operator does not answer") as refused:
            await create(page, workers=1)
        assert "helm install" in refused.value.data["hint"]
    finally:
        plane.run_operator()
