"""The water anomaly index against ranks that numpy counts in the same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "water-anomaly-index"
WINDOW = np.s_[8:48, 4:44]  # of the 48 x 48 pixels; the sea is in its corner
SEASON = {
    "area": [35.2, 3.6, 37.2, 5.6],
    "year": 2012,
    "first_month": 12,
    "last_month": 1,
    "first_year": 2001,
}
MONTHS = {12: range(2001, 2013), 1: range(2001, 2014)}


def rain(archive: Path, year: int, month: int) -> np.ndarray:
    labels = [f"{year}{month:02}d{part}" for part in (1, 2, 3)]
    return sum(read_tiff(archive / f"rfh_dekad/{year}/rfh_{label}.tif") for label in labels)[WINDOW]


def water(archive: Path, band: str, year: int, month: int) -> np.ndarray:
    """A raster of 0.1 degree pixels, each laid over the four of the rain."""
    coarse = read_tiff(archive / f"era5l_monthly/{year}/{band}_{year}{month:02}.tif")
    return coarse.repeat(2, axis=0).repeat(2, axis=1)[WINDOW]


def logit(values: np.ndarray) -> np.ndarray:
    """Of the last year's percentile among all years, by counting."""
    last = values[-1]
    there = np.isfinite(values)
    rank = (values < last).sum(axis=0) + ((values == last).sum(axis=0) + 1) / 2
    share = (rank - 1 / 3) / (there.sum(axis=0) + 1 / 3)
    return np.where(there[-1], np.log(share / (1 - share)), np.nan)


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, weight_rain=0.5, weight_soil=0.2, **SEASON)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("rolling-sum")


def test_should_write_what_numpy_gives(run: Run, products: Path):
    thetas, usual = {}, []
    for month, years in MONTHS.items():
        rains = np.stack([rain(products, year, month) for year in years])
        et0 = np.stack([water(products, "et0", year, month) for year in years])
        soil = np.stack([water(products, "swvl", year, month) for year in years])
        # The files hold tenths, of which float32 makes sums that differ where they are equal.
        parts = (logit(rains.astype(np.float32).round(2)), -logit(et0), logit(soil))
        thetas[month] = np.stack(parts)
        past = np.stack([rain(products, year, month) for year in range(2001, 2012)])
        known = np.maximum(np.isfinite(past).sum(axis=0), 1)
        usual.append(np.nansum(past, axis=0) / known)
    weights = np.array([0.5, 0.3, 0.2])[:, None, None]
    share = np.stack(usual) / np.sum(usual, axis=0)
    season = sum(part * thetas[month] for part, month in zip(share, MONTHS, strict=True))
    expected = {
        "wai_201212d1": thetas[12],
        "wai_201301d1": thetas[1],
        "wai_201212d1_201301d3_season": season,
    }
    for name, theta in expected.items():
        index = 100 / (1 + np.exp(-(weights * theta).sum(axis=0)))
        written = run.tiff(name)
        np.testing.assert_array_equal(np.isnan(written), np.isnan(index))
        apart = np.abs(written - index)[np.isfinite(index)]
        # Where it did not rain at all in several years the sums tie, in both alike; a few
        # others tie in one of them only.
        assert np.mean(apart < 0.05) > 0.97, name
    assert 0.5 < np.isfinite(season[0]).mean() < 1


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"year": 2013}, "^year: the archive ends with 201312d3"),
        ({"first_year": 2000}, "^first_year: the archive begins with 200101d1"),
        ({"first_year": 2005}, "^first_year: 7 years of history are too few"),
        ({"first_month": 13}, "^first_month: 13 is no month"),
        ({"last_month": 0}, "^last_month: 0 is no month"),
        ({"weight_rain": -1.0}, "^weight_rain: a weight is negative"),
        ({"et0_band": "pet"}, "^et0_band: no 'pet' in era5l_monthly_.*, only et0, swvl"),
        ({"soil_collection": "soil"}, "^soil_collection: no items of 'soil'"),
        ({"soil_collection": "rfh_dekad", "soil_band": "rfh"}, "^soil_collection: .* more than"),
        ({"collection": "mxd13a2_vim_dekad", "band": "vim"}, "^first_year: the archive begins"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **SEASON}
    refuse(NAME, "index", words, **{**good, **bad})
