"""Dekads against sums of the days that rasterio reads from the same files."""

from __future__ import annotations

import calendar
from pathlib import Path

import numpy as np
import pytest
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "rainfall-dekads"
WINDOW = np.s_[8:32, 4:28]  # of the 48 x 48 pixels, 0.05 degrees each
AREA = [35.2, 4.4, 36.4, 5.6]
PERIOD = {"start": "201202d2", "end": "201204d3"}
LABELS = [f"2012{month:02}d{part}" for month in (2, 3, 4) for part in (1, 2, 3)][1:]


def days_of(archive: Path, label: str) -> np.ndarray:
    """All days of a dekad, (days, 24, 24)."""
    year, month, part = int(label[:4]), int(label[4:6]), int(label[7])
    last = 10 * part if part < 3 else calendar.monthrange(year, month)[1]
    days = [f"{year}{month:02}{day:02}" for day in range(10 * part - 9, last + 1)]
    return np.stack(
        [read_tiff(archive / f"rfh_daily/{year}/rfh_{day}.tif")[WINDOW] for day in days]
    )


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, area=AREA, chunk_px=16, min_valid_days=10, **PERIOD)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("dekads")


def test_should_write_the_sum_of_the_days_with_data(run: Run, products: Path):
    written, gaps = 0, 0
    for label in LABELS:
        days = days_of(products, label)
        count = np.isfinite(days).sum(axis=0)
        expected = np.where(count >= min(10, len(days)), np.nansum(days, axis=0), np.nan)
        np.testing.assert_allclose(run.tiff(f"rfh_{label}"), expected, rtol=1e-5, atol=1e-4)
        written += np.isfinite(expected).sum()
        gaps += ((count < len(days)) & (count > 0)).sum()
    assert written > 0
    assert gaps > 0


def test_should_count_the_days_with_data(run: Run, products: Path):
    known = run.zarr("rfh_dekad_201202d2_201204d3")["valid_days"]
    assert known.sizes["time"] == len(LABELS)
    for place, label in enumerate(LABELS):
        count = np.isfinite(days_of(products, label)).sum(axis=0)
        np.testing.assert_array_equal(np.nan_to_num(known[place].values), count)


def test_should_agree_with_the_archives_own_dekads_where_all_days_are_there(
    run: Run, products: Path
):
    for label in LABELS:
        whole = np.isfinite(days_of(products, label)).all(axis=0)
        own = read_tiff(products / f"rfh_dekad/2012/rfh_{label}.tif")[WINDOW]
        made = run.tiff(f"rfh_{label}")
        assert whole.any()
        # Each day is rounded to 0.1 mm, and so is the dekad.
        np.testing.assert_allclose(made[whole], own[whole], atol=0.05 * 12)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"end": "201401d1"}, "^end: the archive ends with 2013-12-31"),
        ({"start": "201012d3"}, "^start: 2010-12-21 is needed; the archive begins with 2011-01-01"),
        ({"start": "201205d1"}, "^start: 201205d1 is after the end"),
        ({"min_valid_days": 11}, "^min_valid_days: 11 days are not possible"),
        ({"collection": "mxd13a2_ndvi", "band": "ndvi"}, "^collection|^end|^start|^band"),
        ({"band": "rain"}, "^band: no 'rain' in rfh_.*, only rfh"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, "area": AREA, **PERIOD}
    refuse(NAME, "dekads", words, **{**good, **bad})
