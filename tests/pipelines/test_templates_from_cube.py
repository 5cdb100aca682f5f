"""Templates of rain, vegetation and districts from an Open Data Cube on PostgreSQL and from Zarr.

The data are published as the library publishes them, and what the templates give is compared
with numpy on the rasters that they were published from.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import geopandas
import numpy as np
import pytest
import shapely
import xarray as xr
from distributed import Client, LocalCluster
from postgres import run_cube, run_datacube
from template_notebook import run_cells
from template_run import read_tiff

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.outputs import Stored, write_cogs, write_zarr
from seasonal_monitor.sources import open_source

pytest.importorskip("datacube", reason="datacube is not installed")
pytestmark = pytest.mark.timeout(400)

AREA = [35.0, 4.4, 36.6, 6.0]
YEARS = range(2009, 2013)
BASELINE = {"baseline_start": 2009, "baseline_end": 2011}
APRIL = ["201204d1", "201204d2", "201204d3"]
STORED = {
    "rfh_dekad": ("rfh", Stored("int16", -9999, 0.1)),
    "rfh_daily": ("rfh", Stored("int16", -9999, 0.1)),
    "mxd13a2_vim_dekad": ("vim", Stored("int16", -3000, 0.0001)),
    "myd11a2_txa_dekad": ("txa", Stored("uint16", 0, 0.02, -273.15)),
}


@dataclass(frozen=True)
class Place:
    """Where a template finds its collections: a cube, or a Zarr store for each."""

    cube: bool
    folder: Path

    def catalog(self, collection: str) -> str:
        return "odc" if self.cube else str(self.folder / f"{collection}.zarr")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("archive")
    dekads = tuple(name for name in STORED if name.endswith("dekad"))
    make_archive(folder / "dekads", Recipe(2009, 2012, 32, 7, dekads))
    make_archive(folder / "days", Recipe(2012, 2012, 32, 7, ("rfh_daily",)))
    return folder


@pytest.fixture(scope="module")
def published(archive: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The ends of all years and April, as COGs with documents and as Zarr."""
    folder = tmp_path_factory.mktemp("published")
    for collection, (band, stored) in STORED.items():
        daily = collection == "rfh_daily"
        source = archive / ("days" if daily else "dekads")
        first = "2012-04-01" if daily else "2009-01-01"
        data = open_source(source, collection, band, AREA, first, "2012-12-31").load()
        months = [4] if daily else [1, 4, 12]
        data = data.isel(time=np.isin(data["time"].dt.month, months).nonzero()[0])
        step = "day" if daily else "dekad"
        write_cogs(data, folder, collection, stored={band: stored}, step=step, block_px=32)
        write_zarr(data, folder / f"{collection}.zarr")
    return folder


@pytest.fixture(scope="module", params=["cube", "zarr"])
def place(request: pytest.FixtureRequest, published: Path) -> Iterator[Place]:
    """Either of both, with a cluster of two processes that know of no database."""
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            env={"ODC_CONFIG_PATH": "/nowhere"},
            dashboard_address=None,
        ) as cluster,
        Client(cluster),
        pytest.MonkeyPatch.context() as patch,
    ):
        if request.param == "zarr":
            yield Place(False, published)
            return
        with run_cube(published) as (_, config):
            products = [published / f"{name}.odc-product.yaml" for name in STORED]
            run_datacube(config, "product", "add", *products)
            datasets = sorted(published.glob("*/*/*.odc-metadata.yaml"))
            run_datacube(config, "dataset", "add", *datasets)
            patch.setenv("ODC_CONFIG_PATH", str(config))
            yield Place(True, published)


def dekad(archive: Path, collection: str, band: str, label: str) -> np.ndarray:
    return read_tiff(archive / f"dekads/{collection}/{label[:4]}/{band}_{label}.tif")


def run(template: str, output: Path, **parameters: object) -> dict[str, object]:
    """Run a whole template on the cluster that this process is connected to."""
    names = run_cells("plausible", template, output=str(output), chunk_px=16, **parameters)
    assert isinstance(names["client"], Client)
    return names


def test_should_add_up_days(place: Place, archive: Path, tmp_path: Path):
    catalog = place.catalog("rfh_daily")
    period = {"start": "201204d1", "end": "201204d3"}
    run("rainfall-dekads", tmp_path, catalog=catalog, area=AREA, min_valid_days=10, **period)
    for place_of, label in enumerate(APRIL):
        days = np.stack(
            [
                read_tiff(archive / f"days/rfh_daily/2012/rfh_201204{day:02}.tif")
                for day in range(10 * place_of + 1, 10 * place_of + 11)
            ]
        )
        written = read_tiff(tmp_path / f"rfh_{label}.tif")
        np.testing.assert_allclose(written, days.sum(axis=0), rtol=1e-5, atol=1e-3)
        assert np.isfinite(written).any()


def test_should_compare_rain_with_its_average(place: Place, archive: Path, tmp_path: Path):
    run(
        "rainfall-anomaly",
        tmp_path,
        catalog=place.catalog("rfh_dekad"),
        area=AREA,
        start=APRIL[0],
        end=APRIL[-1],
        **BASELINE,
    )
    for label in APRIL:
        past = [dekad(archive, "rfh_dekad", "rfh", f"{y}{label[4:]}") for y in YEARS[:-1]]
        # As WFP publishes it: both with 5 mm more.
        now = dekad(archive, "rfh_dekad", "rfh", label)
        expected = 100 * (now + 5) / (np.mean(past, axis=0) + 5)
        written = read_tiff(tmp_path / f"rfq_{label}.tif")
        known = np.isfinite(written)
        assert known.sum() > 200
        np.testing.assert_allclose(written[known], expected[known], rtol=1e-3, atol=0.05)


def test_should_rate_the_vegetation(place: Place, archive: Path, tmp_path: Path):
    run(
        "vegetation-health",
        tmp_path,
        catalog=place.catalog("mxd13a2_vim_dekad"),
        lst_catalog=place.catalog("myd11a2_txa_dekad"),
        area=AREA,
        start=APRIL[0],
        end=APRIL[-1],
        **BASELINE,
    )
    for label in APRIL:
        shares = []
        for collection, band in (("mxd13a2_vim_dekad", "vim"), ("myd11a2_txa_dekad", "txa")):
            past = np.stack(
                [dekad(archive, collection, band, f"{y}{label[4:]}") for y in YEARS[:-1]]
            )
            low, high = past.min(axis=0), past.max(axis=0)
            now = dekad(archive, collection, band, label)
            shares.append(np.clip(100 * (now - low) / (high - low), 0, 100))
        expected = (shares[0] + 100 - shares[1]) / 2
        written = read_tiff(tmp_path / f"vhi_{label}.tif")
        np.testing.assert_allclose(written, expected, rtol=1e-3, atol=0.05)
        assert ((written > 0) & (written < 100)).any()


def test_should_average_districts(place: Place, archive: Path, tmp_path: Path):
    zones = archive / "dekads/zones.geojson"
    table = run(
        "zonal-timeseries",
        tmp_path,
        catalog=place.catalog("rfh_dekad"),
        zones=str(zones),
        start=APRIL[0],
        end=APRIL[-1],
        **BASELINE,
    )["result"].set_index(["PCODE", "date"])
    edge = np.arange(32) * 0.05
    west, north = np.meshgrid(35.0 + edge, 6.0 - edge)
    pixels = shapely.box(west, north - 0.05, west + 0.05, north)
    polygons = geopandas.read_file(zones)
    for code, polygon in zip(polygons["PCODE"], polygons.geometry, strict=True):
        share = shapely.area(shapely.intersection(pixels, polygon)) / 0.05**2

        def mean(label: str, share: np.ndarray = share) -> float:
            rain = dekad(archive, "rfh_dekad", "rfh", label)
            weight = np.where(np.isfinite(rain), share, 0)
            return float(np.nansum(rain * weight) / weight.sum())

        row = table.loc[(code, np.datetime64("2012-04-11"))]
        assert row["rfh"] == pytest.approx(mean("201204d2"), rel=1e-3, abs=1e-3)
        usual = np.mean([mean(f"{year}04d2") for year in YEARS[:-1]])
        assert row["rfh_avg"] == pytest.approx(usual, rel=1e-3, abs=1e-3)


def test_should_have_published_what_the_archive_holds(published: Path, archive: Path):
    with xr.open_zarr(published / "rfh_dekad.zarr", consolidated=False) as store:
        rain = store["rfh"].sel(time="2012-04-11").squeeze().load()
    np.testing.assert_allclose(rain, dekad(archive, "rfh_dekad", "rfh", "201204d2"), atol=1e-3)
