"""Trends against pymannkendall and scipy on seasonal totals of the same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pymannkendall
import pytest
import scipy.stats
from template_notebook import run_cells
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "trend"
WINDOW = np.s_[8:32, 4:28]  # of the 48 x 48 pixels, 0.05 degrees each
TREND = {
    "area": [35.2, 4.4, 36.4, 5.6],
    "first_year": 2001,
    "last_year": 2013,
    "season_opens": 8,
    "season_closes": 13,
}
YEARS = range(2001, 2014)


@pytest.fixture(scope="module")
def totals(products: Path) -> np.ndarray:
    """Rain of each year's season, (13, 24, 24)."""
    labels = [f"{d // 3 + 1:02}d{d % 3 + 1}" for d in range(7, 13)]
    return np.stack(
        [
            sum(
                read_tiff(products / f"rfh_dekad/{year}/rfh_{year}{label}.tif")[WINDOW]
                for label in labels
            )
            for year in YEARS
        ]
    )


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, min_valid=0.6, alpha=0.2, **TREND)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("mann-kendall")


def test_should_write_what_another_library_finds(run: Run, totals: np.ndarray):
    found = {part: run.tiff(f"rfh_trend_2001_2013_{part}") for part in ("tau", "p", "slope")}
    direction = run.tiff("rfh_trend_2001_2013_trend")
    compared = 0
    for row, column in np.ndindex(totals.shape[1:]):
        values = totals[:, row, column]
        there = np.isfinite(values)
        if there.sum() < 8:  # 0.6 of 13 years
            assert np.isnan(found["p"][row, column])
            continue
        values = np.round(values, 1)  # as the files have it
        if np.unique(values[there]).size < there.sum():
            continue  # sums of float32 and of float64 differ about which years are equal
        answer = pymannkendall.original_test(values[there])
        slope = scipy.stats.theilslopes(values[there], np.array(YEARS)[there]).slope
        assert found["tau"][row, column] == pytest.approx(answer.Tau, abs=1e-5)
        assert found["p"][row, column] == pytest.approx(answer.p, abs=1e-5)
        assert found["slope"][row, column] == pytest.approx(slope, abs=1e-3)
        expected = np.sign(slope) if answer.p < 0.2 else 0
        assert direction[row, column] == expected
        compared += 1
    assert compared > 300
    assert (direction != 0).any()
    assert (direction == 0).any()


def test_should_see_the_loss_of_vegetation_that_the_sample_has(products: Path):
    result = run_cells(
        "plausible",
        NAME,
        catalog=str(products / "catalog.json"),
        dry_run=True,
        collection="mxd13a2_vim_dekad",
        band="vim",
        statistic="mean",
        **{**TREND, "first_year": 2002, "area": [35.0, 3.6, 37.4, 6.0]},
    )["result"]
    axis = (np.arange(48) + 0.5) / 48
    cleared = (axis[:, None] - 0.55) ** 2 + (axis[None, :] - 0.2) ** 2 < 0.08**2
    slope = result["slope"].values
    assert np.nanmedian(slope[cleared]) < np.nanmedian(slope[~cleared]) - 0.003


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"first_year": 1999}, "^first_year: "),
        ({"last_year": 2014}, "^last_year: the archive ends with 201312d3"),
        ({"first_year": 2008}, "^last_year: 6 years are too few"),
        ({"season_opens": 0}, "^season_opens: 0 is no dekad of a year"),
        ({"season_closes": 37}, "^season_closes: 37 is no dekad of a year"),
        ({"season_closes": 3}, "^last_year: the archive ends with 201312d3"),
        ({"alpha": 1.0}, "^alpha: 1.0 is no significance"),
        ({"min_valid": 0.0}, "^min_valid: 0.0 is no share"),
        ({"statistic": "median"}, "^statistic: 'median' is not known"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **TREND}
    refuse(NAME, "trend", words, **{**good, **bad})
