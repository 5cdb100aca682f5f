"""Starts, ends and lengths against loops over the dekads of the same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from template_notebook import run_cells
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "season-start"
WINDOW = np.s_[8:32, 4:28]  # of the 48 x 48 pixels, 0.05 degrees each
SEASON = {
    "area": [35.2, 4.4, 36.4, 5.6],
    "year": 2013,
    "baseline_start": 2001,
    "baseline_end": 2012,
}
FIRST, LAST = 7, 18


def window(archive: Path, year: int) -> np.ndarray:
    """Rain of the season and the two dekads after it, (dekads, 24, 24)."""
    labels = [f"{year}{d // 3 + 1:02}d{d % 3 + 1}" for d in range(FIRST - 1, LAST + 2)]
    return np.stack(
        [read_tiff(archive / f"rfh_dekad/{year}/rfh_{label}.tif")[WINDOW] for label in labels]
    )


def answers(rain: np.ndarray) -> np.ndarray:
    """Start, end and length of one pixel's season, as one would find them on paper."""
    start = 0.0
    for k in range(LAST - FIRST + 1):
        if np.isnan(rain[k]) or (rain[k] >= 25 and np.isnan(rain[k + 1] + rain[k + 2])):
            start = np.nan
            break
        if rain[k] >= 25 and rain[k + 1] + rain[k + 2] >= 20:
            start = FIRST + k
            break
    end = 0.0
    for k in range(LAST - FIRST, -1, -1):
        if np.isnan(rain[k]) or rain[k] >= 10:
            end = np.nan if np.isnan(rain[k]) else FIRST + k
            break
    length = end - start + 1 if start > 0 and end >= start else np.nan
    return np.array([start, end, length], float)


@pytest.fixture(scope="module")
def seasons(products: Path) -> dict[int, np.ndarray]:
    """By year: start, end, length, (3, 24, 24)."""
    return {
        year: np.apply_along_axis(answers, 0, window(products, year)) for year in range(2001, 2014)
    }


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, **SEASON)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("season-start")


def test_should_write_the_season_of_the_year(run: Run, seasons: dict[int, np.ndarray]):
    for place, name in enumerate(("start", "end", "length")):
        np.testing.assert_array_equal(run.tiff(f"season_{name}_2013"), seasons[2013][place])
    assert (seasons[2013][0] > 0).any()


def test_should_write_the_differences_to_usual(run: Run, seasons: dict[int, np.ndarray]):
    past = np.stack([seasons[year] for year in range(2001, 2013)])
    started = past[:, 0] > 0
    enough = started.sum(axis=0) >= 0.5 * 12
    assert enough.any()
    for place, name in ((0, "start"), (2, "length")):
        values = np.where(started, past[:, place], np.nan)
        with np.errstate(all="ignore"):
            usual = np.nansum(values, axis=0) / np.isfinite(values).sum(axis=0)
        now = seasons[2013][place]
        now = np.where(seasons[2013][0] > 0, now, np.nan)
        expected = np.where(enough, now - usual, np.nan)
        np.testing.assert_allclose(run.tiff(f"season_{name}_difference_2013"), expected, atol=1e-4)


def test_should_add_up_the_whole_window(run: Run, products: Path):
    total = window(products, 2013)[: LAST - FIRST + 1].sum(axis=0)
    np.testing.assert_allclose(run.tiff("season_total_2013"), total, rtol=1e-5)


def test_should_find_a_season_that_reaches_into_the_next_year(products: Path):
    result = run_cells(
        "plausible",
        NAME,
        catalog=str(products / "catalog.json"),
        dry_run=True,
        season_opens=28,
        season_closes=3,
        **{**SEASON, "year": 2012, "baseline_end": 2011},
    )["result"]
    start = result["start"].where(result["start"] > 0)
    assert 28 <= start.min() <= start.max() <= 39
    assert list(result["year"].values) == list(range(2001, 2013))


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"year": 2014}, "^year: nothing between|^year: the archive ends with 201312d3"),
        ({"season_opens": 0}, "^season_opens: 0 is no dekad of a year"),
        ({"season_closes": 37}, "^season_closes: 37 is no dekad of a year"),
        ({"season_closes": 8}, "^season_closes: The season has fewer than 3 dekads"),
        ({"season_closes": 35}, "^year: the archive ends with 201312d3"),
        ({"baseline_start": 1991}, "^baseline_start: the archive begins with 200101d1"),
        ({"baseline_end": 2020}, "^baseline_end: the archive ends with 201312d3"),
        ({"baseline_start": 2012}, "^baseline_start: 2012 to 2012 is not 2 years"),
        ({"onset_mm": -1.0}, "^onset_mm: -1.0 mm is negative"),
        ({"min_valid": 0.0}, "^min_valid: 0.0 is no share"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
        ({"band": "rain"}, "^band: no 'rain' in rfh_.*, only rfh"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **SEASON}
    refuse(NAME, "seasons", words, **{**good, **bad})
