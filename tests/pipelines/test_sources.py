from __future__ import annotations

import json
import shutil
from pathlib import Path

import dask
import numpy as np
import pytest
import rasterio
from distributed import Client, LocalCluster

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.algorithms import percent_of_average
from seasonal_monitor.dekads import parse
from seasonal_monitor.errors import ParameterError
from seasonal_monitor.sources import describe, open_source

AREA = [35.5, 4.0, 37.0, 5.5]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(first_year=2012, last_year=2013, size=48, seed=7)
    return make_archive(tmp_path_factory.mktemp("archive"), recipe).catalog.parent


def plain(archive: Path, label: str) -> np.ndarray:
    """One dekad of the area, with nothing but rasterio and numpy."""
    with rasterio.open(archive / f"rfh_dekad/{label[:4]}/rfh_{label}.tif") as raster:
        stored = raster.read(1)[10:40, 10:40]
        return np.where(stored == raster.nodata, np.nan, stored * raster.scales[0])


def open_rain(source: Path | str, **other: object):
    asked = {
        "collection": "rfh_dekad",
        "bands": "rfh",
        "area": AREA,
        "start": "201301d1",
        "end": "201303d3",
        **other,
    }
    return open_source(source, **asked)


class TestStac:
    @pytest.mark.parametrize(
        "name", ["", "catalog.json", "rfh_dekad/collection.json", "rfh_dekad/2013"]
    )
    def test_should_give_the_values_of_the_files(self, archive: Path, name: str):
        rain = open_rain(archive / name)["rfh"]
        assert rain.dims == ("time", "latitude", "longitude")
        assert rain.dtype == "float32"
        assert rain.attrs["units"] == "mm"
        assert rain.shape == (9, 30, 30)
        np.testing.assert_allclose(rain[3], plain(archive, "201302d1"), atol=1e-4)
        np.testing.assert_allclose(rain[8], plain(archive, "201303d3"), atol=1e-4)

    def test_should_hold_all_dates_in_one_chunk_with_few_tasks(self, archive: Path):
        data = open_rain(archive, chunk_px=16)
        assert data["rfh"].chunks == ((9,), (16, 14), (16, 14))
        plan = describe(data)
        assert plan.bytes == 9 * 30 * 30 * 4 + data["spatial_ref"].nbytes + sum(
            data[name].nbytes for name in ("time", "latitude", "longitude")
        )
        assert plan.chunk_bytes == 9 * 16 * 16 * 4
        assert plan.tasks <= 20 * 4
        assert "time 9" in str(plan)

    def test_should_compute_on_a_cluster_what_it_computes_here(self, archive: Path):
        data = open_rain(archive, chunk_px=16)
        with (
            LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
            Client(cluster),
        ):
            there = data["rfh"].compute()
        np.testing.assert_array_equal(there, data["rfh"].compute(scheduler="synchronous"))

    def test_should_read_an_area_from_geojson(self, archive: Path, tmp_path: Path):
        west, south, east, north = AREA
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        geometry = {"type": "Polygon", "coordinates": [ring]}
        file = tmp_path / "area.geojson"
        feature = {"type": "Feature", "geometry": geometry, "properties": {}}
        file.write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}))
        assert open_rain(archive, area=geometry).equals(open_rain(archive, area=file))


class TestChosenDekads:
    STEPS = frozenset(parse(label) for label in ("201202d1", "201302d1", "201302d2"))

    def test_should_open_nothing_between_them(self, archive: Path):
        data = open_rain(archive, start="201202d1", end="201302d2", dekads=self.STEPS)
        assert list(data["time"].dt.strftime("%Y%m%d").values) == [
            "20120201",
            "20130201",
            "20130211",
        ]
        np.testing.assert_allclose(data["rfh"][0], plain(archive, "201202d1"), atol=1e-4)
        np.testing.assert_allclose(data["rfh"][2], plain(archive, "201302d2"), atol=1e-4)
        assert describe(data).tasks <= 20

    def test_should_be_the_same_from_zarr(self, archive: Path, tmp_path: Path):
        asked = {"start": "201202d1", "end": "201302d2"}
        open_rain(archive, **asked).to_zarr(tmp_path / "rain.zarr")
        there = open_rain(tmp_path / "rain.zarr", **asked, dekads=self.STEPS)["rfh"]
        here = open_rain(archive, **asked, dekads=self.STEPS)["rfh"]
        np.testing.assert_array_equal(there, here)
        np.testing.assert_array_equal(there["time"], here["time"])

    @pytest.mark.parametrize("source", ["catalog.json", "rain.zarr"])
    def test_should_say_that_none_of_them_is_there(
        self, archive: Path, tmp_path: Path, source: str
    ):
        place = archive
        if source == "rain.zarr":
            place = tmp_path
            open_rain(archive).to_zarr(tmp_path / source)
        with pytest.raises(ParameterError, match=r"^start: nothing between 2013-01-01"):
            open_rain(place / source, dekads={parse("201202d1")})


class TestZarr:
    def test_should_give_what_was_stored(self, archive: Path, tmp_path: Path):
        rain = open_rain(archive)
        store = tmp_path / "rain.zarr"
        rain.to_zarr(store)
        again = open_rain(store)["rfh"]
        np.testing.assert_array_equal(again, rain["rfh"])
        assert again.attrs["units"] == "mm"
        assert len(again.chunks[0]) == 1

    def test_should_read_decode_and_compute_a_chunk_in_one_task(
        self, archive: Path, tmp_path: Path
    ):
        store = tmp_path / "rain.zarr"
        open_rain(archive).to_zarr(store)
        rain = open_rain(store)["rfh"]
        (plan,) = dask.optimize(percent_of_average(rain, n=3))
        assert len(dict(plan.__dask_graph__())) == plan.data.npartitions == rain.data.npartitions

    def test_should_keep_to_the_area_where_longitudes_are_not_in_order(
        self, archive: Path, tmp_path: Path
    ):
        rain = open_rain(archive).load()
        width = rain.sizes["longitude"]
        turned = rain.isel(longitude=np.roll(np.arange(width), width // 2))
        turned.to_zarr(tmp_path / "turned.zarr")
        west, east = float(rain["longitude"][width // 4]), float(rain["longitude"][3 * width // 4])
        south, north = float(rain["latitude"].min()), float(rain["latitude"].max())
        again = open_rain(tmp_path / "turned.zarr", area=[west, south, east, north])["rfh"]
        assert float(again["longitude"].min()) >= west
        assert float(again["longitude"].max()) <= east
        there = again.sortby("longitude")
        expected = rain["rfh"].sel(longitude=there["longitude"], latitude=there["latitude"])
        np.testing.assert_array_equal(there, expected)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201305d1"}, "^start: 201305d1 is after the end, 201303d3"),
        ({"start": "soon"}, "^start: 'soon' is not a dekad"),
        ({"end": "201313d1"}, "^end: '201313d1' is not a dekad"),
        ({"start": "199901d1", "end": "199902d1"}, "^start: nothing between 1999-01-01"),
        ({"area": [10, 40, 12, 42]}, "^area: .* is outside the data"),
        ({"area": [37, 4, 35, 5]}, "^area: west 37 must be less than east 35"),
        ({"area": [170, 4, -170, 5]}, "^area: west 170 .* open 170 to 180 and -180 to -170 by"),
        (
            {
                "area": {
                    "type": "MultiPolygon",
                    "coordinates": [
                        [[[177, -20], [180, -20], [180, -15], [177, -20]]],
                        [[[-180, -20], [-178, -20], [-180, -15], [-180, -20]]],
                    ],
                }
            },
            "^area: the shapes lie on both sides of 180 degrees. Open both .* 177 to 180, and",
        ),
        ({"area": [35, 5, 37, 4]}, "^area: south 5 must be less than north 4"),
        ({"area": "nowhere.geojson"}, "^area: nowhere.geojson cannot be read"),
        ({"area": {"type": "Polygon", "coordinates": []}}, "^area: the GeoJSON has no coord"),
        ({"area": [1, 2, 3]}, "^area: .* is not an area"),
        ({"bands": "rain"}, "^bands: no 'rain' in rfh_201301d1, only rfh"),
        ({"bands": []}, "^bands: no band is named"),
        ({"collection": "rfq"}, "^collection: no items of 'rfq'"),
        ({"chunk_px": 2}, "^chunk_px: 2 pixels are too few"),
        ({"time_chunk": 0}, "^time_chunk: 0 is no number of steps"),
    ],
)
def test_should_refuse_by_the_name_of_the_parameter(archive: Path, bad, words):
    with pytest.raises(ParameterError, match=words):
        open_rain(archive, **bad)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda item: item["assets"]["rfh"]["raster:bands"][0].pop("nodata"), "which value means"),
        (lambda item: item["properties"].pop("proj:transform"), "lacks proj:code"),
        (
            lambda item: item["properties"].update({"proj:code": "EPSG:32637"}),
            "several projections: 32637, 4326",
        ),
        (
            lambda item: item["assets"]["rfh"]["raster:bands"][0].update(scale=1),
            "stored in different ways",
        ),
    ],
)
def test_should_refuse_items_that_cannot_be_trusted(archive: Path, tmp_path: Path, change, words):
    folder = tmp_path / "items"
    shutil.copytree(archive / "rfh_dekad/2013", folder)
    path = folder / "rfh_201302d1.json"
    item = json.loads(path.read_text())
    item["links"] = []
    change(item)
    path.write_text(json.dumps(item))
    with pytest.raises(ParameterError, match=words):
        open_rain(folder)


def test_should_say_that_a_source_cannot_be_read(tmp_path: Path):
    with pytest.raises(ParameterError, match=r"^source: .* cannot be read"):
        open_rain(tmp_path / "catalog.json")
    with pytest.raises(ParameterError, match=r"^source: .* cannot be read as Zarr"):
        open_rain(tmp_path / "no.zarr")
