"""Jobs of PBS, SGE and LSF: their scripts, run by commands that play the queue.

There is no such system here. ``qsub`` and ``bsub`` of these tests keep the script that the
library has written and run it at once, with a real worker in it; whether a real system takes
its directives is not tested.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from page import Page
from place import Place, wait_until

#: Keeps the script, runs it in a session of its own, and tells the number as the system does.
SUBMIT = """#!/bin/sh
folder={folder}
number=$(($(ls $folder | wc -l) + 1))
if [ $# -gt 0 ]; then cat "$1" > $folder/$number; else cat > $folder/$number; fi
setsid sh $folder/$number > {folder}.log 2>&1 < /dev/null &
echo $! > {folder}.$number.pid
echo "{answer}"
"""
REMOVE = """#!/bin/sh
echo $1 >> {folder}.removed
kill -- -$(cat {folder}.${{1%%.*}}.pid)
"""
LAUNCHERS = {
    "pbs": ("qsub", "qdel", "$number.server"),
    "sge": ("qsub", "qdel", "$number"),
    "lsf": ("bsub", "bkill", "Job <$number> is submitted to queue <fast>."),
}
LINES = {
    "pbs": ["#PBS -q fast", "#PBS -A rain", "#PBS -l walltime=01:30:05", "#PBS -l place=free"],
    "sge": ["#$ -q fast", "#$ -P rain", "#$ -l h_rt=01:30:05", "#$ -l place=free"],
    "lsf": ["#BSUB -q fast", '#BSUB -P "rain"', "#BSUB -W 01:31", "#BSUB -l place=free"],
}


@pytest.fixture
def scripts(request: pytest.FixtureRequest, place: Place) -> Path:
    """The folder of the scripts that were submitted."""
    submit, remove, answer = LAUNCHERS[request.param]
    folder, commands = place.folder / "scripts", place.folder / "commands"
    for made in (folder, commands):
        made.mkdir()
    (commands / submit).write_text(SUBMIT.format(folder=folder, answer=answer))
    (commands / remove).write_text(REMOVE.format(folder=folder))
    for command in commands.iterdir():
        command.chmod(0o755)
    place.env["PATH"] = f"{commands}:{place.env['PATH']}"
    return folder


@pytest.fixture
def python(scripts: Path, python: str) -> str:
    """The Python of the kernels, once the commands are there."""
    return python


@pytest.mark.parametrize(
    ("scripts", "launcher"), [(name, name) for name in LAUNCHERS], indirect=["scripts"]
)
async def test_the_script_of_a_job_has_what_was_asked_for_and_brings_a_worker(
    scripts: Path, place: Place, page: Page, launcher: str
) -> None:
    asked: dict[str, Any] = {
        "queue": "fast",
        "account": "rain",
        "walltime": "01:30:05",
        "prologue": "export FROM_PROLOGUE=1",
        "directives": "-l place=free",
        "memory": "1 GiB",
        "interface": "lo",
    }
    await page.create(launcher=launcher, name="Rain", workers=1, within=90, **asked)
    await page.call("watch", detail="counts", lease=300)
    ready = await page.snapshot(lambda s: s["workers"]["ready"] == 1, within=60)
    assert ready["connection"]["address"].startswith("tls://127.0.0.1:")
    script = (scripts / "1").read_text().splitlines()
    assert [line for line in LINES[launcher] if line not in script] == []
    worker = next(n for n, line in enumerate(script) if "dask_worker" in line)
    assert script.index("export FROM_PROLOGUE=1") < worker
    assert "--lifetime 5105s" in script[worker]
    await page.call("scale", workers=2, within=60)
    await page.snapshot(lambda s: s["workers"]["ready"] == 2, within=60)
    assert (await page.call("stop", within=60))["state"] == "stopped"
    removed = scripts.with_suffix(".removed")
    wait_until(lambda: len(set(removed.read_text().split())) == 2, 30, "a job was not removed")
