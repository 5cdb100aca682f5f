"""The ready classes, run to their last cell on a real cluster with the answers of the notes."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import jsonschema
import nbformat
import pytest
from class_run import answers, checked, exercises, run
from distributed import LocalCluster

from jupyterlab_seasonal_monitor.templates import template_ids
from jupyterlab_seasonal_monitor.workshops import copy_workshop, workshop_folder, workshop_ids

pytestmark = pytest.mark.timeout(400)

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/workshop.schema.json").read_text())
NOTEBOOKS = [
    ("first-steps", "first-steps.ipynb"),
    ("vegetation-health", "clean-ndvi.ipynb"),
    ("vegetation-health", "vegetation-health.ipynb"),
]


def read(workshop: str) -> dict[str, object]:
    return json.loads((workshop_folder(workshop) / f"{workshop}.workshop.json").read_text())


def steps(workshop: str, notebook: str) -> set[str]:
    (material,) = [one for one in read(workshop)["materials"] if one.get("notebook") == notebook]
    return {step["id"] for step in material["steps"]}


def open_notebook(workshop: str, notebook: str) -> nbformat.NotebookNode:
    return nbformat.read(workshop_folder(workshop) / notebook, as_version=4)


@pytest.mark.parametrize("workshop", workshop_ids())
def test_a_class_is_a_valid_file_of_things_that_are_there(workshop: str):
    content = read(workshop)
    jsonschema.validate(content, SCHEMA)
    assert content["id"] == workshop
    known = {(workshop, one.get("notebook")) for one in content["materials"]} - {(workshop, None)}
    assert known == {pair for pair in NOTEBOOKS if pair[0] == workshop}
    assert {one["template"] for one in content["materials"] if "template" in one} <= set(
        template_ids()
    )
    assert (workshop_folder(workshop) / "trainer.md").exists()


@pytest.mark.parametrize(("workshop", "notebook"), NOTEBOOKS)
def test_every_step_is_checked_and_every_exercise_has_an_answer(workshop: str, notebook: str):
    content = open_notebook(workshop, notebook)
    nbformat.validate(content)
    assert all(not cell.get("outputs") for cell in content.cells)
    assert checked(content) == steps(workshop, notebook)
    assert exercises(content) <= answers(workshop_folder(workshop) / "trainer.md").keys()


@pytest.mark.parametrize(("workshop", "notebook"), NOTEBOOKS)
def test_the_answers_tick_every_step_and_without_them_none_ticks(
    workshop: str, notebook: str, cluster: LocalCluster, tmp_path: Path
):
    content = open_notebook(workshop, notebook)
    written = answers(workshop_folder(workshop) / "trainer.md")
    if "connect" not in exercises(content):  # what the sidebar puts into any notebook
        content.cells.insert(1, nbformat.v4.new_code_cell(answers_connect()))

    def add_a_worker(cell: str) -> None:
        if cell == "scale-check":
            cluster.scale(2)
            cluster.wait_for_workers(2, timeout=120)

    address = cluster.scheduler_address
    wanted = steps(workshop, notebook)
    try:
        solved = run(content, tmp_path, address, written, add_a_worker)
    finally:
        cluster.scale(1)
    assert solved == dict.fromkeys(wanted, True)
    unsolved = run(content, tmp_path, address, goes_wrong=True)
    assert unsolved == dict.fromkeys(wanted, False)


def answers_connect() -> str:
    return answers(workshop_folder("first-steps") / "trainer.md")["connect"]


def test_a_trainer_copies_a_class_once(tmp_path: Path):
    command = [sys.executable, "-m", "jupyterlab_seasonal_monitor.workshops"]

    def call(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run([*command, *words], capture_output=True, text=True, cwd=tmp_path)

    assert call().stdout.split() == workshop_ids()
    done = call("first-steps", "class")
    assert "class/first-steps.workshop.json" in done.stdout
    assert (tmp_path / "class/first-steps.ipynb").exists()
    again = call("first-steps", "class")
    assert again.returncode == 1
    assert "is there already. Choose another folder." in again.stderr
    unknown = call("nothing")
    assert unknown.returncode == 1
    assert unknown.stderr.startswith("No class 'nothing'; there is first-steps, ")


def test_a_class_that_is_half_there_is_not_copied(tmp_path: Path):
    (tmp_path / "trainer.md").write_text("mine")
    with pytest.raises(FileExistsError, match=r"trainer\.md is there already"):
        copy_workshop("first-steps", tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["trainer.md"]
