"""Monthly medians of clear pixels against numpy's of the same scenes, laid together by hand."""

from __future__ import annotations

from collections import defaultdict
from itertools import product
from pathlib import Path

import numpy as np
import pytest
import rasterio
from template_notebook import run_cells
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "s2-fields"
SEASON = {"area": [37.1995, 3.6135, 37.2035, 3.6169], "start": "2013-04-01", "end": "2013-05-31"}
TOP, LEFT = 400_000, 300_000
FEWEST = 0.3


def read_passes(archive: Path, band: str, month: int) -> list[np.ndarray]:
    """Each day's tiles on one raster of 48 x 48 pixels of 10 m, NaN where there is no data."""
    days: dict[str, list[Path]] = defaultdict(list)
    for path in sorted((archive / "s2_l2a/2013").glob(f"{band}_2013{month:02}*.tif")):
        days[path.stem.split("_")[1]].append(path)
    passes = []
    for tiles in days.values():
        assert len(tiles) == 2
        image = np.full((48, 48), np.nan)
        for path in tiles:
            values = read_tiff(path)
            if band == "scl":
                values = values.repeat(2, axis=0).repeat(2, axis=1)
            with rasterio.open(path) as tile:
                row = round((TOP - tile.transform.f) / 10)
            image[row : row + values.shape[0]] = values
        passes.append(image)
    return passes


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, min_clear=FEWEST, **SEASON)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("monthly-median")


def test_should_count_the_tiles_of_a_day_once(run: Run, products: Path):
    tiles = [*(products / "s2_l2a/2013").glob("red_20130[45]*.tif")]
    assert f"{len(tiles) // 2} passes\n" in run.printed("load")


def weiszfeld(points: np.ndarray) -> np.ndarray:
    """The point with the least sum of distances to points, of shape (number, bands)."""
    found = points.mean(axis=0)
    for _ in range(500):
        weight = 1 / np.maximum(np.linalg.norm(points - found, axis=1), 1e-9)
        found = (points * weight[:, None]).sum(axis=0) / weight.sum()
    return found


def test_should_take_the_geomedian_of_both_bands(products: Path):
    names = run_cells(
        "compute",
        NAME,
        catalog=str(products / "catalog.json"),
        chunk_px=16,
        min_clear=0.0,
        composite="geomedian",
        dry_run=True,
        **SEASON,
    )
    red, nir, result = names["red"].compute(), names["nir"].compute(), names["result"]["ndvi"]
    months, compared = result.indexes["time"].month, 0
    for month, image in zip(months, result.values, strict=True):
        days = red["time"].dt.month.values == month
        both = np.stack([red.values[days], nir.values[days]], axis=-1)
        for row, column in product(range(2, image.shape[0], 7), range(2, image.shape[1], 7)):
            points = both[:, row, column]
            points = points[np.isfinite(points).all(axis=1)].astype(float)
            assert np.isnan(image[row, column]) == (len(points) == 0)
            if len(points) > 2:  # of two, each point between them would do
                r, n = weiszfeld(points)
                assert image[row, column] == pytest.approx((n - r) / (n + r), abs=3e-3)
                compared += 1
    assert compared >= 10
    assert "geomedian" in result.attrs["long_name"]


@pytest.mark.parametrize("month", [4, 5])
def test_should_write_the_median_of_clear_pixels(run: Run, products: Path, month: int):
    path = run.output / f"ndvi_2013{month:02}d1.tif"
    written = read_tiff(path)
    with rasterio.open(path) as raster:
        assert raster.crs.to_epsg() == 32637
        assert raster.res == (10, 10)
        row, column = (
            round((TOP - raster.transform.f) / 10),
            round((raster.transform.c - LEFT) / 10),
        )
    # The part of the scenes that the result holds; it may reach a pixel over their edge.
    rows = slice(max(row, 0), min(row + written.shape[0], 48))
    columns = slice(max(column, 0), min(column + written.shape[1], 48))
    written = written[rows.start - row : rows.stop - row]
    written = written[:, columns.start - column : columns.stop - column]
    clear_values = []
    bands = (read_passes(products, band, month) for band in ("red", "nir", "scl"))
    for red, nir, scl in zip(*bands, strict=True):
        clear = ~np.isin(scl, (0, 1, 3, 8, 9, 10)) & np.isfinite(scl)
        if clear[rows, columns].mean() >= FEWEST:
            ndvi = np.where(clear, (nir - red) / (nir + red), np.nan)
            clear_values.append(ndvi[rows, columns])
    stack = np.stack(clear_values)
    seen = np.isfinite(stack).any(axis=0)
    median = np.nanmedian(np.where(seen, stack, 0), axis=0)
    np.testing.assert_array_equal(np.isfinite(written), seen)
    np.testing.assert_allclose(written[seen], median[seen], atol=1e-4)
    assert seen.mean() > 0.5
    assert len(clear_values) < len(read_passes(products, "scl", month)) or month == 5


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "2013-06-01"}, "^start: 2013-06-01 is after the end"),
        ({"start": "2009-01-01", "end": "2009-02-01"}, "^start: nothing between 2009-01-01"),
        ({"start": "april"}, "^start: 'april' is not a dekad"),
        ({"red_band": "B04"}, "^red_band: no 'B04' in s2_l2a_.*, only red, nir, scl"),
        ({"scl_band": "SCL"}, "^scl_band: no 'SCL' in s2_l2a_.*, only red, nir, scl"),
        ({"cloudy": [12]}, r"^cloudy: there is no class \[12\]"),
        ({"composite": "mean"}, "^composite: 'mean' is not known"),
        ({"min_clear": 1.5}, "^min_clear: 1.5 is no share"),
        ({"cloudy": [3, 4, 5, 8, 9]}, "^min_clear: no pass is clear enough; the best has 0%"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **SEASON}
    refuse(NAME, "ndvi", words, **{**good, **bad})
