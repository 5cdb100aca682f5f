"""Spells against runs that itertools counts on the days of the same files."""

from __future__ import annotations

import itertools
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from template_notebook import run_cells
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "rain-spells"
WINDOW = np.s_[8:32, 4:28]  # of the 48 x 48 pixels, 0.05 degrees each
SPELLS = {
    "area": [35.2, 4.4, 36.4, 5.6],
    "start": "201304d1",
    "end": "201305d3",
    "window": 20,
    "baseline_start": 2011,
    "baseline_end": 2013,
}
LAST_DAYS = {
    "201304d1": date(2013, 4, 10),
    "201304d2": date(2013, 4, 20),
    "201305d3": date(2013, 5, 31),
}


def longest(flags: np.ndarray) -> int:
    return max((len(list(run)) for on, run in itertools.groupby(flags) if on), default=0)


def present(flags: np.ndarray) -> int:
    return len(list(itertools.takewhile(bool, flags[::-1])))


def along(count, flags: np.ndarray, known: np.ndarray) -> np.ndarray:
    return np.where(known, np.apply_along_axis(count, 0, flags), np.nan)


@pytest.fixture(scope="module")
def days(products: Path) -> dict[date, np.ndarray]:
    """All rain of three years, by day, (24, 24)."""
    first = date(2011, 1, 1)
    every = [first + timedelta(days=place) for place in range(365 + 366 + 365)]
    return {
        day: read_tiff(products / f"rfh_daily/{day.year}/rfh_{day:%Y%m%d}.tif")[WINDOW]
        for day in every
    }


def window(days: dict[date, np.ndarray], last: date) -> np.ndarray:
    return np.stack([days[last - timedelta(days=back)] for back in range(19, -1, -1)])


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, percentile=75, **SPELLS)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("spells")


@pytest.mark.parametrize("label", LAST_DAYS)
def test_should_write_the_dry_spells(run: Run, days: dict[date, np.ndarray], label: str):
    rain = window(days, LAST_DAYS[label])
    known = np.isfinite(rain).all(axis=0)
    assert known.sum() > 0
    np.testing.assert_array_equal(run.tiff(f"dlx_{label}"), along(longest, rain < 2, known))
    np.testing.assert_array_equal(run.tiff(f"dlc_{label}"), along(present, rain < 2, known))


def test_should_write_the_percentile_of_each_pixels_wet_days(
    run: Run, days: dict[date, np.ndarray]
):
    rain = np.stack(list(days.values()))
    wet = np.where(rain >= 1, rain, np.nan)
    enough = np.isfinite(wet).sum(axis=0) >= 10
    assert enough.any()
    expected = np.full(enough.shape, np.nan)
    expected[enough] = np.nanpercentile(wet[:, enough], 75, axis=0)
    np.testing.assert_allclose(run.tiff("p75_2011_2013"), expected, rtol=1e-5)


@pytest.mark.parametrize("label", LAST_DAYS)
def test_should_write_the_days_of_heavy_rain(run: Run, days: dict[date, np.ndarray], label: str):
    rain, limit = window(days, LAST_DAYS[label]), run.tiff("p75_2011_2013")
    known = np.isfinite(rain).all(axis=0) & np.isfinite(limit)
    # A day that is the percentile itself may fall on either side when it is rounded.
    clear = (np.abs(rain - limit) > 1e-3).all(axis=0) | ~known
    assert clear.mean() > 0.9
    heavy = rain > limit
    assert heavy[:, known].any()
    for name, count in (("xnh", np.sum), ("xlh", longest)):
        found = run.tiff(f"{name}_{label}")
        np.testing.assert_array_equal(found[clear], along(count, heavy, known)[clear])


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"end": "201401d1"}, "^end: the archive ends with 2013-12-31"),
        ({"start": "201101d1"}, "^start: 2010-12-.. is needed; the archive begins with 2011-01-01"),
        ({"window": 1}, "^window: 1 days are no window"),
        ({"dry_mm": 0.0}, "^dry_mm: No day has less than 0.0 mm"),
        ({"wet_mm": -1.0}, "^wet_mm: -1.0 mm is negative"),
        ({"percentile": 80}, "^percentile: 80 is not known"),
        ({"baseline_start": 2005}, "^baseline_start: the archive begins with 2011-01-01"),
        ({"baseline_end": 2014}, "^baseline_end: the archive ends with 2013-12-31"),
        ({"baseline_end": 2010}, "^baseline_start: 2011 to 2010 is not 1 years"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **SPELLS}
    refuse(NAME, "spells", words, **{**good, **bad})


def test_should_look_back_beyond_the_first_dekad(products: Path):
    parameters = {**SPELLS, "end": "201304d1", "window": 60}
    rain = run_cells(
        "load", NAME, catalog=str(products / "catalog.json"), dry_run=True, **parameters
    )
    assert rain["lead"] == 50
