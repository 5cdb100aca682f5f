"""Clusters on a fake of AWS EC2: moto's services, and real Dask on its machines."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from typing import Any

import pytest
from amazon import KEYS, REGION, Amazon
from killing import killed
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from reading import read
from test_fargate import amazon, compute, python, up  # noqa: F401 - fixtures

pytestmark = pytest.mark.timeout(400)
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

    await dashboard_answers(ready["dashboard"])
    await page.call("adapt", within=60, minimum=2, maximum=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=90)
    await page.call("scale", within=60, workers=2)
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


async def test_machines_with_public_addresses_are_reached_by_them(
    page: Page,
    place: Place,
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    await create(page, ami, workers=1, public=True, **{"from": "203.0.113.0/24"})
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=120)
    assert ready["connection"]["address"].startswith("tls://127.78.")
    assert compute(ready["connection"], place) == [b"49", b"1", b"1200"]
    await dashboard_answers(ready["dashboard"])
    # Workers come by the private address, which the group lets through.
    (worker,) = [command for command in amazon.commands if "--spec" in command]
    assert "tls://127.77." in " ".join(worker)
    assert "127.78." not in " ".join(worker)
    assert (await page.call("stop", within=90))["state"] == "stopped"
    wait_until(lambda: amazon.inventory() == [], 30, "something is left")


async def test_what_cannot_be_is_refused_in_words_and_leaves_no_machine(
    page: Page,
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    # What only the account knows to be wrong; the rest is in ``bad_input.json``.
    wrong = [
        ({"ami": "ami-0123abcd"}, "ami"),
        ({"instanceType": "m6i.enormous"}, "instanceType"),
        ({"instanceType": "m7g.xlarge"}, "instanceType"),
        ({"arm": True}, "ami"),
        ({"zone": "eu-central-1z"}, "zone"),
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


async def test_a_missing_permission_for_machines_is_told_before_anything_is_made(
    new_kernel: Callable[..., Any],
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    with amazon.enforcing() as keys:
        kernel: Kernel = await new_kernel(**keys)
        page = await kernel.install()
        for action in ("ec2:DescribeVpcs", "ec2:RunInstances"):
            amazon.deny(action)
            with pytest.raises(RefusedError, match=f"do not permit {action}"):
                await create(page, ami, workers=1)
    assert amazon.inventory() == []


async def test_a_quota_that_is_used_up_is_told_with_a_next_step(
    page: Page,
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    for code, words in (
        ("VcpuLimitExceeded", "so many virtual processors"),
        ("InsufficientInstanceCapacity", "no such machine free"),
    ):
        amazon.refusal = (code, "You have requested more vCPU capacity than you may have.")
        with pytest.raises(RefusedError) as refused:
            await create(page, ami, workers=1)
        assert words in read(refused.value)
    wait_until(lambda: amazon.inventory() == [], 30, "something is left")


async def test_a_machine_that_never_answers_is_given_up_and_leaves_nothing(
    page: Page,
    kernel: Kernel,
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    amazon.mute = True
    number, answer = page.begin_create(launcher="ec2", name="Mute", ami=ami, workers=1, **IMAGE)
    await asyncio.to_thread(wait_until, lambda: bool(amazon.ran), 90, "no machine")
    page.cancel(number)
    with pytest.raises(RefusedError):
        await asyncio.wait_for(answer, 90)
    wait_until(lambda: amazon.inventory() == [], 60, "something is left")
    # The library itself would wait for ever.
    module = "__import__('sys').modules['_seasonal_monitor_controller.launchers.ec2']"
    await kernel.execute(f"{module}._MACHINE_PATIENCE = 2.0", silent=True)
    with pytest.raises(RefusedError, match="cannot be reached") as refused:
        await page.create(within=180, key="2", launcher="ec2", ami=ami, workers=1, **IMAGE)
    assert "has not answered for 2 s" in json.dumps(refused.value.data)
    wait_until(lambda: amazon.inventory() == [], 60, "something is left")


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
    assert (await other.call("awsLeftovers", within=60, service="fargate"))["clusters"] == []
    (left,) = (await other.call("awsLeftovers", within=60, service="ec2"))["clusters"]
    assert (left["title"], left["region"], left["runs"]) == ("Machines", REGION, True)
    asked = [left["id"], theirs["Instances"][0]["InstanceId"]]
    answer = await other.call("awsRemove", within=150, service="ec2", clusters=asked)
    assert answer["clusters"] == [left["id"]]
    wait_until(lambda: amazon.inventory() == asked[1:], 30, "something is left")


@pytest.mark.parametrize(
    ("during", "action", "times", "parts"),
    [
        ("create", "DescribeImages", 1, []),
        ("create", "CreateSecurityGroup", 1, ["1 security group"]),
        ("create", "RunInstances", 1, ["1 machine", "1 security group"]),
        ("create", "RunInstances", 2, ["2 machines", "1 security group"]),
        ("scale", "RunInstances", 1, ["3 machines", "1 security group"]),
        # The library ends machines at the same time: what is left then is counted below.
        ("stop", "DescribeInstances", 1, None),
        ("stop", "TerminateInstances", 1, None),
    ],
)
async def test_whatever_a_controller_is_killed_at_its_machines_are_listed_end_and_can_be_removed(
    new_kernel: Callable[..., Any],
    amazon: Amazon,  # noqa: F811
    ami: str,
    during: str,
    action: str,
    times: int,
    parts: list[str] | None,
) -> None:
    ec2 = amazon.client("ec2")
    theirs = ec2.run_instances(ImageId=ami, MinCount=1, MaxCount=1, UserData=DATA)["Instances"]
    ec2.create_security_group(GroupName="dask-sm-theirs", Description="of somebody else")
    before = amazon.inventory()

    def make(page: Page) -> Any:
        made = create(page, ami, workers=1)
        return made if during == "create" else up(page, made)

    trap = amazon.trap
    other = await killed(new_kernel, make, lambda kernel: trap.set(kernel, action, times), during)
    left = amazon.inventory()
    # What costs money ends by itself, whoever is left, and its machine with it: also one that
    # hangs at getting Docker or its image, which none of what it runs would end.
    for commands in amazon.boots[1:]:
        assert commands[0] == "shutdown -h +20"
        assert commands[-4:-2] == [f"docker pull {IMAGE['image']}", "shutdown -c"]
    for run, command in zip(amazon.ran[1:], amazon.commands[1:], strict=True):
        assert run["instance_initiated_shutdown_behavior"] == "terminate"
        if "--spec" in command:
            assert json.loads(command[-1])["opts"]["death_timeout"] == 300
        else:
            assert command[command.index("--idle-timeout") + 1] == "20 minutes"
    told = await other.call("awsLeftovers", within=60, service="ec2")
    listed = told["clusters"]
    assert told["remarks"] == []
    found = [part for one in listed for part in one["parts"]]
    assert parts is None or found == parts
    assert sum(int(part[0]) for part in found) == len(left) - len(before)
    ids = [one["id"] for one in listed]
    asked = [*ids, theirs[0]["InstanceId"], "dask-sm-theirs"]
    answer = await other.call("awsRemove", within=150, service="ec2", clusters=asked)
    assert answer["clusters"] == ids
    wait_until(lambda: amazon.inventory() == before, 30, "something else is left")


async def test_a_machine_that_gets_no_image_is_shut_down(
    page: Page,
    place: Place,
    amazon: Amazon,  # noqa: F811
    ami: str,
) -> None:
    amazon.stillborn = "no such image"
    with pytest.raises(RefusedError):
        await create(page, ami, workers=1)
    # What the machine runs, with commands that only write down how they were called.
    log, stubs = place.folder / "shutdown.log", place.folder / "stubs"
    stubs.mkdir()
    script = "\n".join(amazon.boots[0])
    command = ["timeout", "-k1", "3", "sh", "-c", script]
    for docker, told in (
        ("[ $1 = pull ] && sleep 20", ["-h +20"]),
        ("true", ["-h +20", "-c", "-h now"]),
    ):
        for name, does in (("shutdown", f"echo $* >> {log}"), ("docker", docker)):
            (stubs / name).write_text(f"#!/bin/sh\n{does}\n")
            (stubs / name).chmod(0o755)
        log.unlink(missing_ok=True)
        machine = await asyncio.create_subprocess_exec(
            *command, env={"PATH": f"{stubs}:/usr/bin:/bin"}, stderr=asyncio.subprocess.DEVNULL
        )
        await machine.wait()
        assert log.read_text().splitlines() == told


#: Of somebody else's machine.
DATA = """#cloud-config
runcmd:
  - docker run other env A=b python -c "import time; time.sleep(600)"
  - shutdown -h now
"""
