from __future__ import annotations

import errno
import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import dask.array as da
import numpy as np
import odc.geo.xr
import pandas as pd
import pystac
import pytest
import rasterio
import xarray as xr
from distributed import Client, LocalCluster
from odc.geo.geobox import GeoBox
from rasterio.enums import MaskFlags

from seasonal_monitor.errors import OutputError, ParameterError
from seasonal_monitor.outputs import Stored, write_cogs, write_zarr
from seasonal_monitor.outputs.replace import replacing
from seasonal_monitor.sources import open_source

AREA = [35.0, 3.0, 36.5, 5.0]


def make(days: list[str], *, lazy: bool = False, seed: int = 3, size: int = 40) -> xr.Dataset:
    """Rain with gaps on 0.05 degree pixels, different for each day."""
    box = GeoBox.from_bbox(
        (35.0, 3.0, 35.0 + 0.75 * size * 0.05, 3.0 + size * 0.05), shape=(size, int(0.75 * size))
    )
    values = np.stack(
        [
            np.random.default_rng(seed + int(day[:4]) * 400 + pd.Timestamp(day).day_of_year)
            .gamma(2, 20, box.shape)
            .round(1)
            for day in days
        ]
    ).astype("float32")
    values[:, 5:9, 7] = np.nan
    data = odc.geo.xr.wrap_xr(
        da.from_array(values, chunks=(1, 16, 16)) if lazy else values,
        box,
        time=pd.to_datetime(days).to_numpy(),
    )
    return data.assign_attrs(units="mm").to_dataset(name="rain")


JANUARY = ["2024-01-01", "2024-01-11", "2024-01-21"]
FEBRUARY = ["2024-02-01", "2024-02-11", "2024-02-21"]
META = np.empty((0, 0, 0), "float32")
TENTHS = {"rain": Stored("int16", -9999, 0.1)}


def elsewhere(data: xr.Dataset) -> xr.Dataset:
    """The same numbers for pixels, in another reference system."""
    box = GeoBox(data.odc.geobox.shape, data.odc.geobox.affine, "EPSG:32637")
    wrapped = odc.geo.xr.wrap_xr(data["rain"].values, box, time=data["time"].values)
    return wrapped.to_dataset(name="rain")


def state(folder: Path) -> dict[str, tuple[int, bytes]]:
    """When each file was written, and what is in it."""
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


def names(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


class TestCogs:
    def test_should_read_back_as_it_was_from_its_catalogue(self, tmp_path: Path):
        data = make(JANUARY + FEBRUARY)
        items = write_cogs(data, tmp_path, "rain_dekad", stored=TENTHS)
        assert [item.name for item in items][:2] == [
            "rain_dekad_202401d1.json",
            "rain_dekad_202401d2.json",
        ]
        again = open_source(tmp_path, "rain_dekad", "rain", AREA, "202401d1", "202402d3")["rain"]
        assert again.attrs["units"] == "mm"
        np.testing.assert_allclose(again, data["rain"], atol=0.0501)
        assert bool(np.isnan(again[:, 5:9, 7]).all())

    def test_should_write_rasters_that_other_tools_understand(self, tmp_path: Path):
        data = make(JANUARY, size=700)
        write_cogs(data, tmp_path, "rain_dekad", stored=TENTHS, block_px=256)
        with rasterio.open(tmp_path / "rain_dekad/2024/rain_dekad_202401d2_rain.tif") as raster:
            assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert raster.overviews(1)
            assert raster.block_shapes == [(256, 256)]
            assert (raster.nodata, raster.scales, raster.units) == (-9999, (0.1,), ("mm",))
            assert raster.crs.to_epsg() == 4326
            assert MaskFlags.nodata in raster.mask_flag_enums[0]
            values = raster.read(1, masked=True) * 0.1
        np.testing.assert_allclose(values.filled(np.nan), data["rain"][1], atol=0.0501)

    def test_should_make_a_valid_stac_catalogue_that_can_be_moved(self, tmp_path: Path):
        write_cogs(make(JANUARY), tmp_path / "a", "rain_dekad", description="Rain.")
        (tmp_path / "a").rename(tmp_path / "b")
        catalog = pystac.Catalog.from_file(str(tmp_path / "b/catalog.json"))
        assert [child.id for child in catalog.get_children()] == ["rain_dekad"]
        items = list(catalog.get_items(recursive=True))
        assert [item.properties["end_datetime"] for item in items] == [
            "2024-01-10T23:59:59Z",
            "2024-01-20T23:59:59Z",
            "2024-01-31T23:59:59Z",
        ]
        for item in items:
            href = item.assets["rain"].get_absolute_href()
            assert href is not None
            with rasterio.open(href) as raster:
                assert np.isnan(raster.nodata)

    def test_should_leave_alone_what_is_the_same_and_list_several_products(self, tmp_path: Path):
        data = make(JANUARY)
        write_cogs(data, tmp_path, "rain_dekad")
        before = state(tmp_path)
        write_cogs(data, tmp_path, "rain_dekad")
        assert state(tmp_path) == before
        write_cogs(data.rename(rain="wind"), tmp_path, "wind_dekad")
        after = state(tmp_path)
        assert {name for name in before if after[name] != before[name]} == {"catalog.json"}
        catalog = pystac.Catalog.from_file(str(tmp_path / "catalog.json"))
        assert {child.id for child in catalog.get_children()} == {"rain_dekad", "wind_dekad"}

    def test_should_replace_a_step_or_keep_it_without_computing(self, tmp_path: Path):
        write_cogs(make(JANUARY), tmp_path, "rain_dekad")
        other = make(JANUARY[:1], seed=9)
        write_cogs(other, tmp_path, "rain_dekad")
        raster = tmp_path / "rain_dekad/2024/rain_dekad_202401d1_rain.tif"
        with rasterio.open(raster) as image:
            np.testing.assert_array_equal(image.read(1), other["rain"][0])

        def never(block: np.ndarray) -> np.ndarray:
            raise AssertionError("computed")

        lazy = make(JANUARY, lazy=True)
        lazy["rain"].data = lazy["rain"].data.map_blocks(
            never, dtype="float32", meta=np.empty((0, 0, 0), "float32")
        )
        items = write_cogs(lazy, tmp_path, "rain_dekad", existing="keep")
        assert len(items) == 3
        with pytest.raises(AssertionError, match="computed"):
            write_cogs(lazy, tmp_path, "rain_dekad")

    @pytest.mark.parametrize(
        ("change", "options", "words"),
        [
            (lambda d: d.isel(time=0), {}, "^data: .*dimensions"),
            (lambda d: d.drop_vars("spatial_ref").drop_attrs(), {}, "^data: .*reference system"),
            (lambda d: d, {"product": "../x"}, "^product: '../x' is no name"),
            (lambda d: d, {"step": "month"}, "^step: two times lie in the month 2024-01"),
            (lambda d: d, {"step": "week"}, "^step: 'week' is no step"),
            (lambda d: d * 1e4, {"stored": TENTHS}, "^stored: rain reaches .* int16"),
            (lambda d: d, {"stored": {"snow": Stored()}}, "^stored: no band snow"),
            (lambda d: d, {"stored": {"rain": Stored("int16", 12, 10)}}, "^stored: .*no data"),
        ],
    )
    def test_should_say_what_cannot_be_written(self, tmp_path: Path, change, options, words: str):
        arguments = {"product": "rain_dekad", **options}
        with xr.set_options(keep_attrs=True), pytest.raises(OutputError, match=words) as caught:
            write_cogs(change(make(JANUARY)), tmp_path, **arguments)
        assert len(str(caught.value)) < 300
        assert not list(tmp_path.rglob("*.json"))

    def test_should_refuse_another_grid_or_other_bands_in_one_product(self, tmp_path: Path):
        write_cogs(make(JANUARY), tmp_path, "rain_dekad")
        before = state(tmp_path)
        with pytest.raises(OutputError, match=r"^data: .*another grid"):
            write_cogs(make(FEBRUARY, size=32), tmp_path, "rain_dekad")
        with pytest.raises(OutputError, match=r"^data: .*has rain, not snow"):
            write_cogs(make(FEBRUARY).rename(rain="snow"), tmp_path, "rain_dekad")
        with pytest.raises(OutputError, match=r"^data: .* is in EPSG:4326, not EPSG:32637"):
            write_cogs(elsewhere(make(FEBRUARY)), tmp_path, "rain_dekad")
        with pytest.raises(
            OutputError,
            match=r"^stored: rain .* is stored as float32, nodata nan, .*, not int16, nodata -9999",
        ):
            write_cogs(make(FEBRUARY), tmp_path, "rain_dekad", stored=TENTHS)
        assert state(tmp_path) == before


class TestZarr:
    @pytest.mark.parametrize("lazy", [False, True])
    def test_should_grow_by_new_times_and_renew_old_ones(self, tmp_path: Path, lazy: bool):
        store = tmp_path / "rain.zarr"
        write_zarr(make(JANUARY, lazy=lazy), store)
        newer = make(JANUARY[1:] + FEBRUARY, lazy=lazy, seed=9)
        for _ in range(2):  # the second time changes nothing
            write_zarr(newer, store)
            with xr.open_zarr(store, consolidated=False) as read:
                assert list(read["time"].values) == list(pd.to_datetime(JANUARY + FEBRUARY))
                np.testing.assert_array_equal(read["rain"][0], make(JANUARY)["rain"][0])
                np.testing.assert_array_equal(read["rain"][1:], newer["rain"])
                assert read["rain"].attrs["units"] == "mm"
        assert names(tmp_path) == ["rain.zarr"]
        assert open_source(store, "", "rain", AREA, "202401d1", "202402d3")["rain"].shape[0] == 6

    def test_should_be_written_by_the_workers_of_a_cluster(self, tmp_path: Path):
        store = tmp_path / "rain.zarr"
        with (
            LocalCluster(
                n_workers=2, threads_per_worker=1, processes=False, dashboard_address=None
            ) as cluster,
            Client(cluster),
        ):
            write_zarr(make(JANUARY, lazy=True), store)
            write_zarr(make(JANUARY + FEBRUARY, lazy=True, seed=5), store)
        with xr.open_zarr(store, consolidated=False) as read:
            np.testing.assert_array_equal(read["rain"], make(JANUARY + FEBRUARY, seed=5)["rain"])

    @pytest.mark.parametrize(
        ("change", "words"),
        [
            (lambda d: d.rename(rain="snow"), "^data: rain.zarr holds rain, not snow"),
            (lambda d: d.isel(latitude=slice(1, None)), "^data: its latitude is not that of"),
            (lambda d: d.isel(time=0, drop=True), "^data: it has no time"),
            (
                lambda d: d.isel(time=[0]).assign_coords(time=[np.datetime64("2023-12-21", "ns")]),
                "^data: 2023-12-21 is not in rain.zarr, which goes on to 2024-01-21",
            ),
        ],
    )
    def test_should_stay_as_it_was_when_it_is_refused(self, tmp_path: Path, change, words: str):
        store = write_zarr(make(JANUARY), tmp_path / "rain.zarr")
        before = state(tmp_path)
        with pytest.raises(OutputError, match=words):
            write_zarr(change(make(JANUARY, seed=9)), store)
        assert state(tmp_path) == before

    def test_should_stay_as_it_was_when_computing_fails(self, tmp_path: Path):
        store = write_zarr(make(JANUARY), tmp_path / "rain.zarr")
        before = state(tmp_path)

        def spoil(block: np.ndarray) -> np.ndarray:
            raise ParameterError("area", "a file is broken.", "Get it again.")

        data = make(JANUARY, lazy=True)
        data["rain"].data = data["rain"].data.map_blocks(spoil, dtype="float32", meta=META)
        with pytest.raises(ParameterError, match=r"^area: a file is broken"):
            write_zarr(data, store)
        assert state(tmp_path) == before

    def test_should_name_the_ending_and_a_folder_that_is_no_store(self, tmp_path: Path):
        with pytest.raises(OutputError, match=r"^output: .* does not end with \.zarr"):
            write_zarr(make(JANUARY), tmp_path / "rain")
        (tmp_path / "x.zarr").mkdir()
        with pytest.raises(OutputError, match=r"^output: .*x\.zarr is a folder but no Zarr"):
            write_zarr(make(JANUARY), tmp_path / "x.zarr")


class TestNothingHalfWritten:
    """The writer is killed between two steps, or the system refuses."""

    SCRIPT = """
import sys, time
sys.path[:0] = [sys.argv[3], sys.argv[4]]
import test_outputs as t
import numpy as np
kind, folder = sys.argv[1:3]
data = t.make(t.JANUARY + t.FEBRUARY, lazy=True, seed=9)
def slowly(block, block_info=None):
    if block_info[0]["chunk-location"][0] >= 3:
        open(folder + "/waiting", "w").close()
        time.sleep(600)
    return block
data["rain"].data = data["rain"].data.map_blocks(slowly, dtype="float32", meta=t.META)
if kind == "zarr":
    t.write_zarr(data, folder + "/rain.zarr")
else:
    t.write_cogs(data, folder, "rain_dekad")
"""

    def kill_halfway(self, kind: str, folder: Path) -> None:
        here = Path(__file__).parent
        process = subprocess.Popen(
            [sys.executable, "-c", self.SCRIPT, kind, str(folder), str(here), str(here.parents[1])]
        )
        try:
            deadline = time.monotonic() + 100
            while not (folder / "waiting").exists():
                assert process.poll() is None
                assert time.monotonic() < deadline
                time.sleep(0.1)
        finally:
            process.send_signal(signal.SIGKILL)
            process.wait()
        (folder / "waiting").unlink()

    def test_should_leave_a_store_as_it_was_and_finish_the_next_time(self, tmp_path: Path):
        store = write_zarr(make(JANUARY), tmp_path / "rain.zarr")
        before = state(store)
        self.kill_halfway("zarr", tmp_path)
        assert state(store) == before
        write_zarr(make(JANUARY + FEBRUARY, seed=9), store)
        assert names(tmp_path) == ["rain.zarr"]
        with xr.open_zarr(store, consolidated=False) as read:
            np.testing.assert_array_equal(read["rain"], make(JANUARY + FEBRUARY, seed=9)["rain"])

    def test_should_list_only_whole_steps_and_finish_the_next_time(self, tmp_path: Path):
        self.kill_halfway("cogs", tmp_path)
        folder = tmp_path / "rain_dekad/2024"
        for item in folder.glob("*.json"):
            for asset in json.loads(item.read_text())["assets"].values():
                with rasterio.open(folder / asset["href"]) as raster:
                    raster.read()
        assert len(list(folder.glob("*.json"))) == 3
        kept = state(folder)
        items = write_cogs(
            make(JANUARY + FEBRUARY, seed=9), tmp_path, "rain_dekad", existing="keep"
        )
        assert len(items) == 6
        now = state(folder)
        assert {name: now[name] for name in kept} == kept
        assert not [path for path in tmp_path.rglob("*") if path.name.startswith(".")]

    @pytest.mark.parametrize("write", [write_cogs, write_zarr])
    def test_should_say_what_is_in_the_way(self, tmp_path: Path, write):
        (tmp_path / "file").touch()
        target = tmp_path / "file" / "rain.zarr"
        arguments = (target,) if write is write_zarr else (target, "rain_dekad")
        with pytest.raises(OutputError, match=r"^output: .*file.* in the way"):
            write(make(JANUARY), *arguments)

    @pytest.mark.parametrize(
        ("number", "words"),
        [(errno.ENOSPC, "No space left.*Free some space"), (errno.EACCES, "may not be written")],
    )
    def test_should_say_what_the_system_refuses(self, tmp_path: Path, number: int, words: str):
        target = tmp_path / "a"
        target.write_text("old")

        def refused() -> None:
            with replacing(target) as partial:
                partial.write_text("half")
                raise OSError(number, os.strerror(number), str(partial))

        with pytest.raises(OutputError, match=f"^output: .*{words}"):
            refused()
        assert names(tmp_path) == ["a"]
        assert target.read_text() == "old"
