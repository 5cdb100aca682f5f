"""Temperatures per dekad against means over the days of the same files."""

from __future__ import annotations

import calendar
from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "lst-dekad"
WINDOW = np.s_[8:32, 4:28]  # of the 48 x 48 pixels, 0.05 degrees each
AREA = [35.2, 4.4, 36.4, 5.6]
SEASON = {"start": "201302d3", "end": "201303d1", "baseline_start": 2010, "baseline_end": 2012}
LABELS = ["201302d3", "201303d1"]
FEWEST_DAYS = 6


def dekad(archive: Path, label: str, part: str) -> np.ndarray:
    """The mean over the days, each with the composite that covers it, degrees Celsius."""
    year, month, third = int(label[:4]), int(label[4:6]), int(label[7])
    last = 10 * third if third < 3 else calendar.monthrange(year, month)[1]
    days = []
    for day in range(10 * third - 9, last + 1):
        passed = (date(year, month, day) - date(year, 1, 1)).days
        begin = date(year, 1, 1) + timedelta(days=passed // 8 * 8)
        path = archive / f"myd11a2_lst/{year}/lst_{part}_{begin:%Y%j}.tif"
        days.append(read_tiff(path)[WINDOW] - 273.15)
    there = np.isfinite(days).sum(axis=0)
    total = np.nansum(days, axis=0)
    return np.where(there >= FEWEST_DAYS, total / np.maximum(there, 1), np.nan)


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(
        NAME, area=AREA, chunk_px=16, min_valid_days=FEWEST_DAYS, min_valid=0.5, **SEASON
    )


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("dekads-of-composites")


@pytest.mark.parametrize("label", LABELS)
def test_should_write_what_the_days_give(run: Run, products: Path, label: str):
    day, night = dekad(products, label, "day"), dekad(products, label, "night")
    past = np.stack([dekad(products, f"{y}{label[4:]}", "day") for y in (2010, 2011, 2012)])
    enough = np.isfinite(past).sum(axis=0) >= 2
    count = np.maximum(np.isfinite(past).sum(axis=0), 1)
    usual = np.where(enough, np.nansum(past, axis=0) / count, np.nan)
    close = {"rtol": 1e-5, "atol": 1e-3}
    np.testing.assert_allclose(run.tiff(f"txa_{label}"), day, **close)
    np.testing.assert_allclose(run.tiff(f"tna_{label}"), night, **close)
    np.testing.assert_allclose(run.tiff(f"taa_{label}"), day - night, **close)
    np.testing.assert_allclose(run.tiff(f"txd_{label}"), day - usual, **close)
    assert 0.02 < np.isnan(day).mean() < 0.6
    assert np.isfinite(day - usual).mean() > 0.4


def test_should_say_the_unit_that_it_gives(run: Run):
    store = run.zarr("lst_201302d3_201303d1")
    assert {store[name].attrs["units"] for name in ("txa", "tna", "taa", "txd")} == {"degC"}


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201304d1"}, "^start: 201304d1 is after the end"),
        ({"end": "201401d2"}, "^end: the archive ends with 2014-01-0"),
        ({"baseline_start": 2005}, "^baseline_start: the archive begins with 2008-01-01"),
        ({"baseline_start": 2011}, "^baseline_start: 2011 to 2012 is not 3 years"),
        ({"baseline_end": 2015}, "^baseline_end: the archive ends with 2014-01-0"),
        ({"start": "200501d1", "end": "200501d2"}, "^start: the archive begins with 2008-01-01"),
        ({"min_valid_days": 0}, "^min_valid_days: 0 days are not possible"),
        ({"min_valid": 0.0}, "^min_valid: 0.0 is no share"),
        ({"composite_days": 4}, "^collection: .* every 8 days, so its composites are not of 4"),
        ({"night_band": "lst"}, "^night_band: no 'lst' in .*, only lst_day, lst_night"),
        (
            {"collection": "rfh_dekad", "band": "rfh", "composite_days": 11},
            "^band: .* unit is 'mm'",
        ),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, "area": AREA, **SEASON}
    refuse(NAME, "dekads", words, **{**good, **bad})
