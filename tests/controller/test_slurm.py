"""Workers as jobs of a real SLURM of one node."""

from __future__ import annotations

import re
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from killing import dies
from page import Kernel, Page, RefusedError
from place import Place, dashboard_answers, wait_until
from reading import read
from slurm import Slurm, why_not
from test_journey import compute

pytestmark = pytest.mark.skipif(why_not() is not None, reason=str(why_not()))


@pytest.fixture(scope="module")
def slurm() -> Iterator[Slurm]:
    with tempfile.TemporaryDirectory(prefix="sm-slurm-") as folder:
        slurm = Slurm(Path(folder))
        try:
            slurm.start()
            yield slurm
        finally:
            slurm.stop()


@pytest.fixture
def place(slurm: Slurm, place: Place) -> Iterator[Place]:
    place.env["SLURM_CONF"] = slurm.env["SLURM_CONF"]
    place.env["PATH"] = slurm.env["PATH"]
    yield place
    wait_until(lambda: not slurm.jobs(), 60, "jobs are left")


JOB = {"cores": 1, "memory": "500 MB", "interface": "lo"}


async def create(page: Page, **options: Any) -> Any:
    return await page.create(within=120, name="Jobs", launcher="slurm", **{**JOB, **options})


async def test_the_form_is_told_what_there_is(page: Page) -> None:
    told = await page.call("queueDescribe", system="slurm")
    assert told["missing"] == []
    assert told["problem"] is None
    assert "lo" in told["interfaces"]
    queues = {queue["name"]: queue for queue in told["queues"]}
    assert queues["debug"]["default"] is True
    assert queues["debug"]["limit"] == "2:00:00"
    assert queues["debug"]["cores"] == 8
    assert queues["closed"]["up"] is False


async def test_the_whole_way_with_jobs(page: Page, place: Place, slurm: Slurm) -> None:
    cluster = await create(page, workers=2)
    assert cluster["state"] in ("running", "degraded")
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 2, within=60)
    assert ready["connection"]["address"].startswith("tls://127.0.0.1:")
    assert len(slurm.jobs()) == 2
    assert compute(sys.executable, ready["connection"], place) == [49, 2]
    assert ready["dashboard"].startswith("http://127.0.0.1:")
    await dashboard_answers(ready["dashboard"])

    await page.call("scale", workers=3)
    await page.snapshot(lambda s: s["workers"]["ready"] == 3, within=60)
    await page.call("adapt", minimum=0, maximum=2)
    await page.snapshot(lambda s: s["workers"]["ready"] == 0, within=60)
    # An adaptive that goes on would take this one away again.
    await page.call("scale", workers=1)
    await page.snapshot(
        lambda s: s["workers"]["ready"] == 1 and s["workers"].get("wanted") == 1, within=60
    )
    (row,) = await page.call("workers")
    logs = await page.call("logs", lines=20, worker=None)
    assert {entry["source"] for entry in logs} >= {"scheduler", row["name"]}
    assert (await page.call("stop"))["state"] == "stopped"
    wait_until(lambda: not slurm.jobs(), 10, "jobs are left")


async def test_a_refusal_is_told_in_the_words_of_sbatch(page: Page, slurm: Slurm) -> None:
    with pytest.raises(RefusedError) as refused:
        await create(page, workers=1, queue="nowhere")
    assert "invalid partition specified: nowhere" in read(refused.value)
    assert not slurm.jobs()


async def test_a_slurm_that_does_not_answer_is_told_with_a_next_step(
    new_kernel: Callable[..., Any], slurm: Slurm, place: Place
) -> None:
    conf = (slurm.folder / "slurm.conf").read_text()
    (place.folder / "slurm.conf").write_text(re.sub("SlurmctldPort=.*", "SlurmctldPort=9", conf))
    page = await (await new_kernel(SLURM_CONF=str(place.folder / "slurm.conf"))).install()
    told = await page.call("queueDescribe", within=60, system="slurm")
    assert "sinfo" in told["problem"]
    with pytest.raises(RefusedError) as refused:
        await create(page, workers=1)
    assert "Unable to contact slurm controller" in read(refused.value)
    with pytest.raises(RefusedError) as refused:
        await page.call("queueLeftovers", within=60, system="slurm")
    assert "whether SLURM runs" in read(refused.value)


async def test_a_refused_scaling_leaves_the_cluster_as_it_was(page: Page) -> None:
    await create(page, workers=1)
    with pytest.raises(RefusedError, match="at most"):
        await page.call("scale", workers=10**6)
    await page.call("stop")


async def test_a_job_that_waits_says_why(page: Page, slurm: Slurm) -> None:
    await create(page, workers=1, queue="closed", walltime="00:30:00")
    waiting = await page.snapshot(lambda s: s["state"] == "degraded", within=60)
    assert waiting["cause"][0]["message"] == "1 of 1 workers wait in the queue."
    assert "(PartitionDown)" in waiting["cause"][1]["message"]
    await page.call("stop")
    wait_until(lambda: not slurm.jobs(), 10, "the waiting job is left")


async def test_its_idle_time_can_be_put_off_and_does_not_run_in_the_queue(page: Page) -> None:
    await create(page, workers=1, queue="closed", walltime="00:30:00", idle=20)
    await page.snapshot(lambda s: s["state"] == "degraded", within=60)
    await page.call("watch", detail="counts", lease=300)
    assert "stopsAt" not in await page.call("watch", detail="counts", lease=300)
    await page.call("stop")

    await create(page, workers=1, idle=20)
    await page.call("watch", detail="counts", lease=300)
    idle = await page.snapshot(
        lambda s: s.get("workers", {}).get("ready") == 1 and s.get("stopsFor") == "idle", within=60
    )
    kept = await page.call("keep", minutes=30)
    assert kept["stopsAt"] > idle["stopsAt"]
    await page.call("stop")


async def test_a_cluster_without_work_ends_with_its_jobs(page: Page, slurm: Slurm) -> None:
    await create(page, workers=1, idle=1)
    await page.call("watch", detail="counts", lease=300)
    ended = await page.snapshot(lambda s: s["state"] == "stopped", within=180)
    assert "No task has run for 1 minute" in ended["cause"][0]["message"]
    wait_until(lambda: not slurm.jobs(), 30, "jobs are left")


async def test_an_administrator_bounds_the_idle_time(page: Page) -> None:
    with pytest.raises(RefusedError) as refused:
        await create(page, workers=1, idle=20, limits={"idleTimeout": 10})
    assert refused.value.data["fields"]["idle"] == "This must be at most 10 here."


@pytest.mark.parametrize(
    ("options", "field"),
    [
        ({"walltime": "soon"}, "walltime"),
        ({"walltime": "00:00:10"}, "walltime"),
        ({"interface": "eth77"}, "interface"),
        ({"processes": 2, "cores": 1}, "processes"),
        ({"queue": "a b"}, "queue"),
        ({"directives": "exclusive"}, "directives"),
        ({"directives": "--job-name=mine"}, "directives"),
        ({"shared": "/nowhere/at/all"}, "shared"),
        ({"idle": 0}, "idle"),
        ({"nodes": 3}, "nodes"),
    ],
)
async def test_a_wrong_option_is_refused_by_its_name(
    page: Page, slurm: Slurm, options: dict[str, Any], field: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        await create(page, workers=1, **options)
    assert field in refused.value.data["fields"]
    assert not slurm.jobs()


async def test_jobs_of_a_killed_controller_are_found_and_cancelled(
    new_kernel: Callable[..., Any], slurm: Slurm
) -> None:
    first: Kernel = await new_kernel()
    page = await first.install()
    # They wait, so that they outlive whoever sent them.
    await create(page, workers=2, queue="closed", walltime="00:30:00")
    second: Kernel = await new_kernel()
    other = await second.install()
    # Those of a controller that lives are nobody's to cancel.
    assert await other.call("queueLeftovers", system="slurm") == []
    foreign = slurm.ask("sbatch", "--parsable", "-p", "closed", "--wrap", "true").strip()
    try:
        await first.kill()
        left = await other.call("queueLeftovers", system="slurm")
        assert [(job["state"], job["queue"], job["certain"]) for job in left] == [
            ("waiting", "closed", True)
        ] * 2
        asked = [*(job["id"] for job in left), foreign]
        answer = await other.call("queueCancel", system="slurm", jobs=asked)
        assert sorted(answer["jobs"]) == sorted(job["id"] for job in left)
        wait_until(lambda: len(slurm.jobs()) == 1, 10, "the jobs are left")
        assert await other.call("queueLeftovers", system="slurm") == []
    finally:
        slurm.ask("scancel", foreign)


@pytest.mark.parametrize(
    ("during", "command", "times", "left"),
    [
        ("create", "sbatch", 0, 0),
        ("create", "sbatch", 1, 1),
        ("create", "sbatch", 2, 2),
        ("scale", "sbatch", 1, 3),
        ("stop", "scancel", 0, 2),
        ("stop", "scancel", 1, None),
    ],
)
async def test_whatever_a_controller_is_killed_at_its_jobs_are_listed_and_have_an_end(
    new_kernel: Callable[..., Any],
    place: Place,
    slurm: Slurm,
    during: str,
    command: str,
    times: int,
    left: int | None,
) -> None:
    traps = place.folder / "traps"
    first: Kernel = await new_kernel(PATH=slurm.lay_traps(traps))
    page = await first.install()
    foreign = slurm.ask("sbatch", "--parsable", "-p", "closed", "--wrap", "true").strip()
    try:
        # They wait, so that none ends before it is looked for.
        asked = {"workers": 2, "queue": "closed", "walltime": "00:30:00"}
        slurm.set_trap(traps, command, times if during == "create" else -1)
        if during == "create":
            await dies(first, create(page, **asked))
        else:
            await create(page, **asked)
            slurm.set_trap(traps, command, times)
            await dies(first, page.call(during, **({"workers": 3} if during == "scale" else {})))
        jobs = [line.split() for line in slurm.ask("squeue", "-h", "-o", "%i %l").splitlines()]
        ours = sorted(number for number, _ in jobs if number != foreign)
        assert left in (None, len(ours))
        assert {limit for number, limit in jobs if number in ours} <= {"30:00"}
        other = await (await new_kernel()).install()
        listed = await other.call("queueLeftovers", system="slurm")
        assert sorted(job["id"] for job in listed) == ours
        assert all(job["certain"] for job in listed)
        answer = await other.call("queueCancel", system="slurm", jobs=[*ours, foreign])
        assert sorted(answer["jobs"]) == ours
        wait_until(lambda: len(slurm.jobs()) == 1, 10, "the jobs are left")
    finally:
        slurm.ask("scancel", foreign)


async def test_jobs_of_a_killed_controller_end_by_themselves_also_those_that_start_later(
    new_kernel: Callable[..., Any], slurm: Slurm
) -> None:
    running: Kernel = await new_kernel()
    page = await running.install()
    await create(page, workers=1, walltime="00:30:00")
    await page.call("watch", detail="counts", lease=300)
    await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=60)
    waiting: Kernel = await new_kernel()
    await create(await waiting.install(), workers=1, queue="closed", walltime="00:30:00")
    assert sorted(slurm.jobs()) == ["PENDING", "RUNNING"]
    await running.kill()
    await waiting.kill()
    slurm.ask("scontrol", "update", "partitionname=closed", "state=up")
    try:
        wait_until(lambda: "PENDING" not in slurm.jobs(), 60, "the job does not start")
        wait_until(lambda: not slurm.jobs(), 120, "jobs are left")
    finally:
        slurm.ask("scontrol", "update", "partitionname=closed", "state=down")


async def test_a_job_that_somebody_cancels_is_told_and_can_be_replaced(
    page: Page, slurm: Slurm
) -> None:
    await create(page, workers=1)
    await page.call("watch", detail="counts", lease=300)
    await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=60)
    slurm.ask("scancel", slurm.ask("squeue", "-h", "-o", "%i").strip())
    lost = await page.snapshot(
        lambda s: s["state"] == "degraded" and "cancelled" in s["cause"][-1]["message"], within=60
    )
    assert lost["cause"][0]["hint"].startswith("Scale")
    await page.call("scale", workers=1)
    await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=60)
    await page.call("stop")


async def test_the_end_of_the_walltime_is_told(page: Page, slurm: Slurm) -> None:
    await create(page, workers=1, walltime="00:01:00")
    await page.call("watch", detail="counts", lease=300)
    await page.snapshot(lambda s: s.get("workers", {}).get("ready") == 1, within=50)
    ended = await page.snapshot(
        lambda s: (
            s["state"] == "degraded"
            and s["cause"][0]["message"] == "1 of 1 workers are missing."
            and len(s["cause"]) > 1
        ),
        within=120,
    )
    assert "its time" in ended["cause"][1]["message"] or "walltime" in ended["cause"][1]["message"]
    await page.call("stop")
