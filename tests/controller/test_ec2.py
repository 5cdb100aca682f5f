"""Clusters on a fake of AWS EC2: moto's services, and real Dask on its machines."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from amazon import KEYS, REGION, Amazon
from page import Kernel, Page, RefusedError
from place import Place, wait_until
from test_fargate import amazon, compute, python  # noqa: F401 - fixtures

IMAGE = {"image": "example.org/climate:1"}


@pytest.fixture
def ami(amazon: Amazon) -> str:  # noqa: F811
    return amazon.image()


async def create(page: Page, image: str, **options: Any) -> Any:
    asked = {**IMAGE, "ami": image, **options}
    return await page.create(within=180, launcher="ec2", name="Machines", **asked)


async def test_the_whole_way_with_machines(
    page: Page,
    place: Place,
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    await create(page, ami, workers=1, spot=True, zone=f"{REGION}a")
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=120)
    assert ready["connection"]["address"].startswith("tls://127.77.")
    # An m6i.xlarge has four, and the scheduler ends by itself.
    assert (ready["threads"], ready["options"]["region"]) == (4, REGION)
    assert compute(ready["connection"], place) == [b"49", b"1", b"1200"]
    scheduler, worker = amazon.ran
    assert scheduler["instance_type"] == "m6i.large"
    assert worker["instance_type"] == "m6i.xlarge"
    assert [run.get("instance_market_options") == "spot" for run in amazon.ran] == [False, True]
    assert all(run["placement"] is None for run in amazon.ran)

    await page.call("scale", within=60, workers=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=90)
    list(amazon.processes.values())[-1].kill()
    ended = await page.snapshot(lambda s: "A worker ended" in str(s.get("cause")), within=90)
    assert "shutdown" in str(ended["cause"])
    await page.call("scale", within=60, workers=1)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=60)
    logs = await page.call("logs", lines=20, worker=None)
    assert {entry["source"] for entry in logs} >= {"scheduler", "0"}
    described = await page.call("describe")
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str([described, logs, amazon.commands])
    assert (await page.call("stop", within=90))["state"] == "stopped"
    wait_until(lambda: amazon.inventory() == [], 30, "something is left")


async def test_what_cannot_be_is_refused_in_words_and_leaves_no_machine(
    page: Page,
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    wrong = [
        ({"ami": "ubuntu"}, "ami"),
        ({"ami": "ami-0123abcd"}, "ami"),
        ({"instanceType": "large"}, "instanceType"),
        ({"instanceType": "m6i.enormous"}, "instanceType"),
        ({"instanceType": "m7g.xlarge"}, "instanceType"),
        ({"arm": True}, "ami"),
        ({"zone": "eu-central-1z"}, "zone"),
        ({"disk": 1}, "disk"),
        ({"public": True}, "from"),
        ({"profile": "a b"}, "profile"),
        ({"cores": 2}, "cores"),
        ({"limits": {"threads": 2}}, "instanceType"),
    ]
    for options, field in wrong:
        with pytest.raises(RefusedError) as refused:
            await create(page, ami, **{"workers": 1, **options})
        assert field in refused.value.data["fields"], options
    assert amazon.inventory() == []

    # A machine whose container does not start shuts itself down.
    amazon.stillborn = "no such image"
    with pytest.raises(RefusedError, match="shutdown"):
        await create(page, ami, workers=1, public=True, **{"from": "203.0.113.4"})
    assert amazon.inventory() == []


async def test_machines_of_a_killed_controller_are_found_and_removed(
    new_kernel: Callable[..., Any],
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    second: Kernel = await new_kernel()
    other = await second.install()
    first: Kernel = await new_kernel()
    page = await first.install()
    page.begin_create(launcher="ec2", name="Machines", ami=ami, workers=1, **IMAGE)
    await asyncio.to_thread(wait_until, lambda: bool(amazon.ran), 90, "no machine")
    await first.kill()
    theirs = amazon.client("ec2").run_instances(ImageId=ami, MinCount=1, MaxCount=1, UserData=DATA)
    assert await other.call("awsLeftovers", within=60, service="fargate") == []
    (left,) = await other.call("awsLeftovers", within=60, service="ec2")
    assert (left["title"], left["region"], left["runs"]) == ("Machines", REGION, True)
    asked = [left["id"], theirs["Instances"][0]["InstanceId"]]
    answer = await other.call("awsRemove", within=150, service="ec2", clusters=asked)
    assert answer["clusters"] == [left["id"]]
    wait_until(lambda: amazon.inventory() == asked[1:], 30, "something is left")


#: Of somebody else's machine.
DATA = """#cloud-config
runcmd:
  - docker run other env A=b python -c "import time; time.sleep(600)"
  - shutdown -h now
"""
