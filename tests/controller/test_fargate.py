"""Clusters on a fake of AWS Fargate: moto's services, and real Dask in its containers."""

from __future__ import annotations

import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from typing import Any

import pytest
from amazon import KEYS, OTHER_REGION, REGION, Amazon
from killing import dies, killed
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from reading import read

pytestmark = pytest.mark.timeout(400)


@pytest.fixture
def amazon(place: Place) -> Iterator[Amazon]:
    home = place.folder / "home"
    home.mkdir()
    fake = Amazon(dict(place.env))
    try:
        fake.start()
        # No file of whoever runs the tests is read.
        place.env.update(fake.env, AWS_CONFIG_FILE=str(home / "c"), HOME=str(home))
        place.env["AWS_SHARED_CREDENTIALS_FILE"] = str(home / "s")
        yield fake
    finally:
        fake.stop()


@pytest.fixture
def python(amazon: Amazon) -> str:
    """The Python of the kernels, once their environment is that of the fake."""
    return sys.executable


CLIENT = """
import sys
from distributed import Client
from distributed.security import Security

pem = sys.argv[2]
security = Security(
    require_encryption=True, tls_ca_file=pem, tls_client_cert=pem, tls_client_key=pem
)
with Client(sys.argv[1], security=security) as client:
    idle = client.run_on_scheduler(lambda dask_scheduler: dask_scheduler.idle_timeout)
    workers = client.scheduler_info(n_workers=-1)["workers"]
    print(client.submit(lambda: 7 * 7).result(), len(workers), idle)
"""
IMAGE = {"image": "example.org/climate:1"}


def compute(connection: dict[str, str], place: Place) -> list[bytes]:
    client = [sys.executable, "-c", CLIENT, connection["address"], connection["credentials"]]
    return subprocess.check_output(client, env=place.env, timeout=90).split()


async def create(page: Page, **options: Any) -> Any:
    return await page.call(
        "create",
        within=180,
        key="k",
        name="Rented",
        launcher="fargate",
        options={**IMAGE, **options},
        profile=None,
        environment=None,
    )


async def test_the_whole_way_with_containers(page: Page, place: Place, amazon: Amazon) -> None:
    # With such a tag the library takes it for one of its own that is not used any more.
    tags = [{"key": "createdBy", "value": "dask-cloudprovider"}]
    named = {"clusterName": "dask-sm-theirs", "tags": tags}
    theirs = amazon.client("ecs").create_cluster(**named)["cluster"]
    cluster = await create(page, workers=2, cores=1, memory="4 GiB", spot=True)
    assert cluster["state"] in ("running", "degraded")
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 2, within=120)
    assert ready["connection"]["address"].startswith("tls://127.77.")
    assert compute(ready["connection"], place) == [b"49", b"2", b"1200"]
    # The scheduler ends by itself, later than the cluster does when it is looked after.
    assert amazon.commands[0][:4] == ["dask", "scheduler", "--idle-timeout", "20 minutes"]
    assert ready["options"]["idleTimeout"] == 15
    await dashboard_answers(ready["dashboard"])
    # What may be taken back at any time is no place for the scheduler.
    providers = [one["capacityProvider"] for run in amazon.ran for one in run["providers"]]
    assert providers == ["FARGATE", "FARGATE_SPOT", "FARGATE_SPOT"]
    assert {run["network"]["awsvpcConfiguration"]["assignPublicIp"] for run in amazon.ran} == {
        "DISABLED"
    }
    (group,) = amazon.client("ec2").describe_security_groups(
        Filters=[{"Name": "tag-key", "Values": ["seasonal-monitor"]}]
    )["SecurityGroups"]
    ranges = [r["CidrIp"] for rule in group["IpPermissions"] for r in rule["IpRanges"]]
    assert ranges == ["172.31.0.0/16"]

    await page.call("keep", minutes=60)
    assert compute(ready["connection"], place)[2] == b"4800.0"

    await page.call("scale", within=60, workers=3)
    await page.snapshot(lambda s: s["workers"]["ready"] == 3, within=60)
    # Why a worker ended is told, and the next scaling replaces it.
    list(amazon.processes.values())[-1].kill()
    ended = await page.snapshot(lambda s: "A worker ended" in str(s.get("cause")), within=60)
    assert "Essential container" in str(ended["cause"])
    await page.call("scale", within=60, workers=3)
    await page.snapshot(lambda s: s["workers"]["ready"] == 3, within=60)
    await page.call("adapt", within=60, minimum=0, maximum=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 0, within=60)
    # An adaptive that goes on would take this one away again.
    await page.call("scale", within=60, workers=1)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=60)
    (row,) = await page.call("workers")
    logs = await page.call("logs", lines=20, worker=None)
    assert {entry["source"] for entry in logs} >= {"scheduler", row["name"]}
    described = await page.call("describe")
    assert KEYS["AWS_SECRET_ACCESS_KEY"] not in str([described, logs, page.received])
    assert (await page.call("stop", within=90))["state"] == "stopped"
    wait_until(lambda: amazon.inventory() == ["dask-sm-theirs"], 30, "something is left")
    amazon.client("ecs").delete_cluster(cluster=theirs["clusterArn"])


async def test_a_cluster_with_public_addresses_is_reached_by_them_and_its_workers_are_not(
    page: Page, place: Place, amazon: Amazon
) -> None:
    await create(page, workers=1, public=True, **{"from": "203.0.113.4"})
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=120)
    assert ready["connection"]["address"].startswith("tls://127.78.")
    assert compute(ready["connection"], place) == [b"49", b"1", b"1200"]
    await dashboard_answers(ready["dashboard"])
    public = ready["connection"]["address"].partition("://")[2].partition(":")[0]
    assert amazon.relay.connections[public] >= 2
    assert {run["network"]["awsvpcConfiguration"]["assignPublicIp"] for run in amazon.ran} == {
        "ENABLED"
    }
    (group,) = amazon.client("ec2").describe_security_groups(
        Filters=[{"Name": "tag-key", "Values": ["seasonal-monitor"]}]
    )["SecurityGroups"]
    ranges = [r["CidrIp"] for rule in group["IpPermissions"] for r in rule["IpRanges"]]
    assert sorted(ranges) == ["172.31.0.0/16", "203.0.113.4/32"]
    await page.call("scale", within=60, workers=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=60)
    assert (await page.call("stop", within=90))["state"] == "stopped"
    wait_until(lambda: amazon.inventory() == [], 30, "something is left")


#: What only the account knows to be wrong; the rest is in ``bad_input.json``.
WRONG = [
    ({"subnets": "subnet-0123abcd"}, "subnets"),
    ({"vpc": "vpc-0123abcd"}, "vpc"),
]


async def test_what_cannot_be_is_refused_in_words_and_leaves_nothing(
    page: Page, amazon: Amazon
) -> None:
    for options, field in WRONG:
        with pytest.raises(RefusedError) as refused:
            await create(page, **{"workers": 1, **options})
        assert field in refused.value.data["fields"], options
    assert amazon.inventory() == []

    # A container that cannot start says why; spot, ARM and public addresses are asked for.
    amazon.stillborn = "CannotPullContainerError: example.org/climate:1 not found"
    options = {"spot": True, "arm": True, "public": True, "from": "203.0.113.4"}
    with pytest.raises(RefusedError, match="CannotPullContainerError") as refused:
        await create(page, workers=1, **options)
    assert "Check the image's name" in refused.value.data["hint"]
    assert amazon.ran[0]["platform"] == {"cpuArchitecture": "ARM64"}
    assert amazon.ran[0]["providers"] == [{"capacityProvider": "FARGATE"}]
    assert amazon.ran[0]["network"]["awsvpcConfiguration"]["assignPublicIp"] == "ENABLED"
    assert amazon.inventory() == []


async def test_a_missing_permission_is_told_by_its_name(
    new_kernel: Callable[..., Any], amazon: Amazon
) -> None:
    with amazon.enforcing() as keys:
        kernel: Kernel = await new_kernel(**keys)
        page = await kernel.install()
        # All but the last are asked for before anything is made; at that, something was.
        # Of ECS and logs moto refuses in other words than AWS.
        for action in ("ec2:CreateSecurityGroup", "iam:ListRoles", "iam:CreateRole"):
            amazon.deny(action)
            with pytest.raises(RefusedError, match=f"do not permit {action}"):
                await create(page, workers=1)
        amazon.deny("aws:nothing")
        said = "User: analyst is not authorized to perform: ecs:RunTask on resource: x"
        amazon.refusal = ("AccessDeniedException", said)
        # The library tries this for a minute.
        with pytest.raises(RefusedError, match="do not permit ecs:RunTask") as refused:
            await create(page, workers=1)
        assert "permit ecs:RunTask to you" in refused.value.data["hint"]
    assert amazon.inventory() == []


async def test_what_aws_refuses_is_told_with_a_cause_and_a_next_step(
    new_kernel: Callable[..., Any], amazon: Amazon
) -> None:
    page = await (await new_kernel()).install()
    said = "You've reached the limit on the number of vCPUs you can run concurrently"
    for code, words in (
        ("LimitExceededException", "A limit of the account is reached"),
        ("InvalidParameterException", "AWS refused: .*limit on the number of vCPUs"),
    ):
        amazon.refusal = (code, said)
        with pytest.raises(RefusedError) as refused:
            await create(page, workers=1)
        told = read(refused.value, *KEYS.values())
        assert re.search(words, told)
        assert "ask AWS for a higher quota" in told
    wait_until(lambda: amazon.inventory() == [], 30, "something is left")
    nowhere = await (await new_kernel(AWS_ENDPOINT_URL="http://127.0.0.1:9")).install()
    with pytest.raises(RefusedError) as refused:
        await create(nowhere, workers=1)
    assert "AWS cannot be reached" in read(refused.value, *KEYS.values())
    with amazon.enforcing():
        wrong = {"AWS_ACCESS_KEY_ID": "AKIAWRONGWRONGWRONG1", "AWS_SECRET_ACCESS_KEY": "w" * 40}
        stranger = await (await new_kernel(**wrong)).install()
        with pytest.raises(RefusedError) as refused:
            await create(stranger, workers=1)
        assert "AWS does not know these credentials" in read(refused.value, *wrong.values())


async def test_a_kernel_without_credentials_is_told_so(
    new_kernel: Callable[..., Any], place: Place, amazon: Amazon
) -> None:
    for name in KEYS:
        place.env.pop(name)
    kernel: Kernel = await new_kernel()
    page = await kernel.install()
    told = await page.call("awsDescribe")
    assert "no AWS credentials" in told["problem"]
    with pytest.raises(RefusedError, match="no AWS credentials"):
        await create(page, workers=1)
    assert amazon.inventory() == []


async def test_a_kernel_without_a_region_and_an_account_without_tags_are_told_so(
    new_kernel: Callable[..., Any], place: Place, amazon: Amazon
) -> None:
    place.env.pop("AWS_DEFAULT_REGION")
    kernel: Kernel = await new_kernel()
    page = await kernel.install()
    with pytest.raises(RefusedError, match="Give a region") as refused:
        await create(page, workers=1)
    assert "region" in refused.value.data["fields"]
    # Tasks with names of the old kind can have no tags, by which they would be found again.
    amazon.client("ecs").put_account_setting(name="taskLongArnFormat", value="disabled")
    with pytest.raises(RefusedError, match="short names") as refused:
        await create(page, workers=1, region=REGION)
    assert "put-account-setting-default" in refused.value.data["hint"]
    assert amazon.inventory() == []


async def test_what_a_killed_controller_left_is_found_and_removed(
    new_kernel: Callable[..., Any], amazon: Amazon
) -> None:
    second: Kernel = await new_kernel()
    other = await second.install()
    first: Kernel = await new_kernel()
    page = await first.install()
    page.begin_create(launcher="fargate", name="Rented", workers=1, **IMAGE)
    await asyncio.to_thread(wait_until, lambda: bool(amazon.ran), 90, "no container")
    # What belongs to a controller that lives is nobody's to remove.
    nothing = {"clusters": [], "remarks": []}
    assert await other.call("awsLeftovers", within=60, service="fargate") == nothing
    amazon.client("ecs").create_cluster(clusterName="dask-sm-theirs")
    await first.kill()
    (left,) = (await other.call("awsLeftovers", within=60, service="fargate"))["clusters"]
    assert (left["title"], left["region"]) == ("Rented", REGION)
    assert (left["runs"], left["certain"]) == (True, True)
    assert {"1 cluster", "2 roles", "1 security group"} < set(left["parts"])
    asked = [left["id"], "dask-sm-theirs"]
    answer = await other.call("awsRemove", within=150, service="fargate", clusters=asked)
    assert answer["clusters"] == [left["id"]]
    wait_until(lambda: amazon.inventory() == ["dask-sm-theirs"], 30, "something is left")
    nothing = {"clusters": [], "remarks": []}
    assert await other.call("awsLeftovers", within=60, service="fargate") == nothing


async def test_what_is_left_in_another_region_is_found_and_one_that_refuses_is_said(
    new_kernel: Callable[..., Any], amazon: Amazon
) -> None:
    ec2, logs = (amazon.client(service, OTHER_REGION) for service in ("ec2", "logs"))
    vpc = ec2.describe_vpcs()["Vpcs"][0]["VpcId"]
    group = ec2.create_security_group(GroupName="mine", Description="mine", VpcId=vpc)["GroupId"]
    role = amazon.client("iam").create_role(RoleName="mine", AssumeRolePolicyDocument="{}")
    arn = role["Role"]["Arn"]
    given = {"securityGroups": group, "executionRole": arn, "taskRole": arn}
    first: Kernel = await new_kernel()
    page = await first.install()
    amazon.trap.set(first, "CreateLogGroup")
    await dies(first, create(page, workers=1, region=OTHER_REGION, **given))
    # The log group is all that tells of it then.
    ecs = amazon.client("ecs", OTHER_REGION)
    for cluster in ecs.list_clusters()["clusterArns"]:
        ecs.delete_cluster(cluster=cluster)
    with amazon.enforcing() as keys:
        other = await (await new_kernel(**keys)).install()
        told = await other.call("awsLeftovers", within=60, service="fargate")
        (left,) = told["clusters"]
        assert (left["region"], left["parts"]) == (OTHER_REGION, ["1 log group"])
        assert told["remarks"] == []
        answer = await other.call("awsRemove", within=150, service="fargate", clusters=[left["id"]])
        assert answer["clusters"] == [left["id"]]
        amazon.closed.add(("ec2", OTHER_REGION))
        told = await other.call("awsLeftovers", within=60, service="fargate")
        assert told["clusters"] == []
        remarks = " ".join(told["remarks"])
        assert OTHER_REGION in remarks
        assert "DescribeSecurityGroups" in remarks
        amazon.deny("ec2:DescribeRegions")
        told = await other.call("awsLeftovers", within=60, service="fargate")
        assert told["remarks"] == [
            f"Only {REGION} was asked: your permissions lack ec2:DescribeRegions."
        ]
    assert logs.describe_log_groups()["logGroups"] == []


@pytest.mark.parametrize(
    ("during", "action", "times", "kinds"),
    [
        ("create", "DescribeLogGroups", 1, ""),
        ("create", "CreateSecurityGroup", 1, "group"),
        ("create", "CreateRole", 1, "group, cluster, role"),
        ("create", "CreateLogGroup", 1, "group, cluster, roles, logs"),
        ("create", "RunTask", 1, "group, cluster, roles, logs, definitions, task"),
        ("create", "RunTask", 2, "group, cluster, roles, logs, definitions, tasks"),
        ("scale", "RunTask", 1, "group, cluster, roles, logs, definitions, 3 tasks"),
        # The library stops things at the same time: what is left then is counted below.
        ("stop", "ListTasks", 1, None),
        ("stop", "DeleteCluster", 1, None),
    ],
)
async def test_whatever_a_controller_is_killed_at_its_rest_is_listed_ends_and_can_be_removed(
    new_kernel: Callable[..., Any],
    amazon: Amazon,
    during: str,
    action: str,
    times: int,
    kinds: str | None,
) -> None:
    theirs = set_up_theirs(amazon)

    def make(page: Page) -> Any:
        made = create(page, workers=1)
        return made if during == "create" else up(page, made)

    trap = amazon.trap
    other = await killed(new_kernel, make, lambda kernel: trap.set(kernel, action, times), during)
    left = amazon.inventory()
    # What costs money ends by itself, whoever is left.
    for arn, command in zip(amazon.processes, amazon.commands, strict=True):
        if amazon.runs(arn):
            limit = "--idle-timeout" if command[1] == "scheduler" else "--death-timeout"
            assert limit in command
            assert command[command.index(limit) + 1] in ("20 minutes", "60")
    listed = (await other.call("awsLeftovers", within=60, service="fargate"))["clusters"]
    found = ", ".join(part for one in listed for part in one["parts"])
    assert kinds is None or counted(found) == counted(kinds)
    assert sum(counted(found).values()) == len(left) - len(theirs)
    assert any(one["runs"] for one in listed) == any(map(amazon.runs, amazon.processes))
    ids = [one["id"] for one in listed]
    answer = await other.call("awsRemove", within=150, service="fargate", clusters=[*ids, *theirs])
    assert answer["clusters"] == ids
    wait_until(lambda: amazon.inventory() == theirs, 90, "something else is left")


async def up(page: Page, made: Awaitable[object]) -> None:
    """Wait until a cluster with one worker is made."""
    await made
    await page.call("watch", detail="counts", lease=300)
    await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=90)


def set_up_theirs(amazon: Amazon) -> list[str]:
    """Make things that look like ours and are somebody else's."""
    amazon.client("ecs").create_cluster(clusterName="dask-sm-theirs")
    amazon.client("logs").create_log_group(logGroupName="/seasonal-monitor/dask-sm-theirs")
    amazon.client("iam").create_role(RoleName="dask-sm-theirs-role", AssumeRolePolicyDocument="{}")
    return amazon.inventory()


def counted(text: str) -> dict[str, int]:
    """Return how many there are of each kind, from words such as ``2 roles, 1 log group``."""
    found: dict[str, int] = {}
    for part in filter(None, text.split(", ")):
        kind = re.sub(r".*(group|cluster|role|definition|task|log)\w*$", r"\1", part)
        kind = "log" if "log" in part else kind
        number = re.match(r"\d+", part)
        found[kind] = int(number[0]) if number else 1 + part.endswith("s") - (part == "logs")
    return found


def shorten(connection: dict[str, str], place: Place) -> None:
    """Let a scheduler wait for seconds and not for its twenty minutes: no test has these."""
    change = "lambda dask_scheduler: setattr(dask_scheduler, 'idle_timeout', 3)"
    code = CLIENT.replace("    idle =", f"    client.run_on_scheduler({change})\n    idle =")
    client = [sys.executable, "-c", code, connection["address"], connection["credentials"]]
    assert subprocess.check_output(client, env=place.env, timeout=90).split()[2] == b"3"


async def test_containers_of_a_killed_controller_end_by_themselves(
    page: Page, kernel: Kernel, place: Place, amazon: Amazon
) -> None:
    await create(page, workers=1)
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=60)
    shorten(ready["connection"], place)
    await kernel.kill()
    wait_until(lambda: not any(map(amazon.runs, amazon.processes)), 60, "containers are left")


def test_the_fake_is_never_the_real_one(amazon: Amazon) -> None:
    assert amazon.env["AWS_ENDPOINT_URL"].startswith("http://127.0.0.1:")
    assert not os.environ.get("AWS_PROFILE")
