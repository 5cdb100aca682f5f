"""The workshop template: unsolved it runs and ticks nothing, solved it ticks every exercise."""

from __future__ import annotations

from pathlib import Path

import nbformat
import numpy as np
import pytest
from class_run import answers, checked, exercises, run
from distributed import LocalCluster
from template_notebook import printed, read_template, run_unattended
from template_run import has_picture, read_tiff, refuse

from jupyterlab_seasonal_monitor import workshops
from seasonal_monitor.workshop import MIME

pytestmark = pytest.mark.timeout(400)

NAME = "dask-on-dekads"
NOTES = workshops.FOLDER / f"{NAME}.md"
PARAMETERS = {
    "area": [35.2, 4.0, 37.2, 6.0],
    "dekad": "202404d2",
    "baseline_start": 2021,
    "baseline_end": 2023,
    "chunk_px": 20,
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp(NAME)


@pytest.fixture(scope="module")
def unsolved(folder: Path, cluster: LocalCluster) -> nbformat.NotebookNode:
    """Run as it comes, unattended, in an empty folder."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("DASK_SCHEDULER_ADDRESS", cluster.scheduler_address)
        return run_unattended(folder, NAME, **PARAMETERS)


def test_it_makes_its_own_data_and_ticks_nothing_by_itself(
    unsolved: nbformat.NotebookNode, folder: Path
):
    assert (folder / "dask-on-dekads/catalog.json").exists()
    assert "0 of 8 exercises are done" in printed(unsolved, "plausible")
    said = [
        output.data[MIME]
        for cell in unsolved.cells
        for output in cell.get("outputs", [])
        if MIME in output.get("data", {})
    ]
    assert [one["passed"] for one in said] == [False] * 8
    assert {one["step"] for one in said} == checked(unsolved)
    for cell in ("map", "series"):
        assert has_picture(unsolved, cell)


def test_the_answers_of_the_notes_tick_every_exercise_and_kill_one_worker(
    unsolved: nbformat.NotebookNode, folder: Path, cluster: LocalCluster
):
    written = answers(NOTES)
    assert exercises(unsolved) == written.keys()
    solved = run(unsolved, folder, cluster.scheduler_address, written)
    assert solved == dict.fromkeys(checked(unsolved), True)

    def rain(year: int) -> np.ndarray:
        file = folder / f"dask-on-dekads/rfh_dekad/{year}/rfh_{year}04d2.tif"
        return read_tiff(file)[0:40, 4:44]

    past = np.stack([rain(year) for year in (2021, 2022, 2023)])
    known = np.isfinite(past).sum(axis=0)
    normal = np.where(known, np.nansum(past, axis=0) / np.maximum(1, known), np.nan)
    expected = 100 * (rain(2024) + 5) / (normal + 5)
    found = read_tiff(folder / "dask-on-dekads/rfq_202404d2.tif")
    np.testing.assert_allclose(found, expected, rtol=1e-3)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"seed": -1}, "^seed: -1 is negative"),
        ({"baseline_end": 2015}, "^baseline_start: 2015 to 2015 is not 3 years"),
        ({"catalog": "nowhere.json"}, "^catalog: nowhere.json is not there"),
    ],
    ids=["seed", "years", "catalog"],
)
def test_it_names_the_parameter(bad: dict[str, object], words: str):
    refuse(NAME, "checks", words, dry_run=True, **bad)


def test_its_notes_answer_its_exercises():
    assert exercises(read_template(NAME)) == answers(NOTES).keys()
