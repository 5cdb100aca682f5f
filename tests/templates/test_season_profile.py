"""The course of a season against means over pixels that shapely cuts, on the same files."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pandas as pd
import pytest
import shapely
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "season-profile"
SEASON = {
    "zone": "SM02",
    "start": "201212d2",
    "end": "201302d1",
    "baseline_start": 2004,
    "baseline_end": 2009,
    "analogs": 2,
}
DEKADS = ["12d2", "12d3", "01d1", "01d2", "01d3", "02d1"]


@pytest.fixture(scope="module")
def run(runner: Runner, products: Path) -> Run:
    return runner.run(NAME, zones=str(products / "zones.geojson"), chunk_px=16, **SEASON)


@pytest.fixture(scope="module")
def share(products: Path) -> np.ndarray:
    """How much of each of the 48 x 48 pixels lies in the district."""
    edge = np.arange(48) * 0.05
    west, north = np.meshgrid(35.0 + edge, 6.0 - edge)
    pixels = shapely.box(west, north - 0.05, west + 0.05, north)
    zones = geopandas.read_file(products / "zones.geojson").set_index("PCODE")
    return shapely.area(shapely.intersection(pixels, zones.geometry["SM02"])) / 0.05**2


def course(archive: Path, collection: str, band: str, year: int, share: np.ndarray) -> np.ndarray:
    """The district's means in the six dekads from December of a year."""
    found = []
    for dekad in DEKADS:
        label = f"{year + (dekad[0] == '0')}{dekad}"
        values = read_tiff(archive / f"{collection}/{label[:4]}/{band}_{label}.tif")
        weight = np.where(np.isfinite(values), share, 0)
        found.append(np.nansum(values * weight) / weight.sum())
    return np.array(found)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("percent-of-average")


def test_should_write_a_row_for_each_dekad_that_numpy_gives_too(
    run: Run, products: Path, share: np.ndarray
):
    table = pd.read_csv(run.output / "SM02_201212d2_201302d1.csv")
    assert list(table["dekad"]) == [f"{2012 + (d[0] == '0')}{d}" for d in DEKADS]
    rain = {y: course(products, "rfh_dekad", "rfh", y, share) for y in range(2004, 2013)}
    green = {y: course(products, "mxd13a2_vim_dekad", "vim", y, share) for y in range(2004, 2013)}
    summed = {year: np.cumsum(course) for year, course in rain.items()}
    for column, found in (("rfh", rain), ("rfh_sum", summed), ("ndvi", green)):
        usual = np.stack([found[year] for year in range(2004, 2010)])
        close = {"rtol": 1e-4, "atol": 1e-4, "err_msg": column}
        np.testing.assert_allclose(table[column], found[2012], **close)
        np.testing.assert_allclose(table[f"{column}_avg"], usual.mean(axis=0), **close)
        np.testing.assert_allclose(table[f"{column}_min"], usual.min(axis=0), **close)
        np.testing.assert_allclose(table[f"{column}_max"], usual.max(axis=0), **close)
    apart = {y: np.mean((summed[y] - summed[2012]) ** 2) for y in range(2004, 2012)}
    alike = ", ".join(map(str, sorted(apart, key=apart.__getitem__)[:2]))
    assert f"most alike in {alike}\n" in run.printed("compute")


def test_should_map_the_percentage_of_the_season(run: Run, products: Path):
    def total(year: int) -> np.ndarray:
        labels = [f"{year + (dekad[0] == '0')}{dekad}" for dekad in DEKADS]
        return sum(read_tiff(products / f"rfh_dekad/{la[:4]}/rfh_{la}.tif") for la in labels)

    past = np.stack([total(year) for year in range(2004, 2010)])
    known = np.maximum(np.isfinite(past).sum(axis=0), 1)
    usual = np.where(np.isfinite(past).any(axis=0), np.nansum(past, axis=0) / known, np.nan)
    expected = 100 * (total(2012) + 5) / (usual + 5)
    written = run.tiff("SM02_201212d2_201302d1_rfq")
    rows, columns = written.shape
    store = geopandas.read_file(products / "zones.geojson").set_index("PCODE").geometry["SM02"]
    west, _, _, north = store.bounds
    row, column = int((6.0 - north) / 0.05), int((west - 35.0) / 0.05)
    part = expected[row : row + rows, column : column + columns]
    np.testing.assert_allclose(written, part, rtol=1e-4)
    assert np.isfinite(written).mean() > 0.5


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201303d1"}, "^start: 201303d1 is after the end"),
        ({"start": "201201d1"}, "^end: 201302d1 is over a year away"),
        ({"end": "201401d1", "start": "201312d1"}, "^end: the archive ends with 201312d3"),
        ({"baseline_start": 2001}, "^baseline_start: the archive begins with 200201d1"),
        ({"baseline_end": 2012}, "^baseline_end: 2012 is not before the season"),
        ({"zone": "SM99"}, "^zone: there is no 'SM99'. Use one of SM01, SM02"),
        ({"zones": "nowhere.geojson"}, "^zones: nowhere.geojson cannot be read as polygons"),
        ({"analogs": 0}, "^analogs: 0 years cannot be drawn"),
        ({"ndvi_collection": "rfh_dekad", "ndvi_band": "rfh"}, "^ndvi_band: 'rfh' is in mm"),
        ({"ndvi_band": "ndvi"}, "^ndvi_band: no 'ndvi' in vim_.*, only vim"),
        ({"collection": "mxd13a2_vim_dekad", "band": "vim"}, "^band: 'vim' is in 1, not in mm"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {
        "catalog": str(products / "catalog.json"),
        "zones": str(products / "zones.geojson"),
        "dry_run": True,
        **SEASON,
    }
    refuse(NAME, "profiles", words, **{**good, **bad})
