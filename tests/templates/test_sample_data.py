from __future__ import annotations

import filecmp
import json
from dataclasses import replace
from datetime import date
from pathlib import Path

import geopandas
import numpy as np
import pystac
import pytest
import rasterio
import shapely

from jupyterlab_seasonal_monitor.sample_data import archive as archive_module
from jupyterlab_seasonal_monitor.sample_data.__main__ import main
from jupyterlab_seasonal_monitor.sample_data.archive import ArchiveError, Recipe, make_archive
from jupyterlab_seasonal_monitor.sample_data.daily import DailyRainfallModel
from jupyterlab_seasonal_monitor.sample_data.products import PRODUCTS
from jupyterlab_seasonal_monitor.sample_data.rainfall import RainfallModel
from seasonal_monitor.dekads import label, steps_of_years

SMALL = Recipe(first_year=2019, last_year=2019, size=20, seed=3)


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    }


class TestRainfall:
    def test_should_have_two_rainy_seasons_and_two_dry_ones(self):
        model = RainfallModel(size=48, seed=7)
        years = [
            [np.nanmean(model.step(year * 36 + d)) for d in range(36)] for year in range(2001, 2011)
        ]
        mean = np.mean(years, axis=0)
        long_rains, short_rains = mean[9:13].mean(), mean[29:33].mean()
        dry_summer, dry_winter = mean[18:24].mean(), mean[0:4].mean()
        assert min(long_rains, short_rains) > 5 * max(dry_summer, dry_winter)
        assert 8 <= np.argmax(mean[:20]) <= 13
        assert 28 <= 20 + np.argmax(mean[20:]) <= 33

    def test_should_leave_an_ocean_and_passing_gaps_without_data(self):
        model = RainfallModel(size=48, seed=7)
        missing = np.stack([np.isnan(model.step(step)) for step in steps_of_years(2001, 2001)])
        ocean = missing.all(axis=0)
        assert 0.1 < ocean.mean() < 0.3
        assert ocean[-1, -1]
        assert not ocean[0, 0]
        gaps = (missing & ~ocean).any(axis=(1, 2))
        assert 0 < gaps.sum() < 36

    def test_should_be_skewed_with_dry_pixels_and_never_negative(self):
        rain = np.stack([RainfallModel(48, 7).step(2010 * 36 + dekad) for dekad in range(36)])
        seen = rain[np.isfinite(rain)]
        assert seen.min() == 0
        assert 0.2 < (seen == 0).mean() < 0.6
        assert seen.mean() > 2 * np.median(seen)

    def test_should_share_patterns_between_neighbours(self):
        rain = RainfallModel(96, 7).step(2010 * 36 + 11)[:40, :40]
        beside = np.corrcoef(rain[:, :-1].ravel(), rain[:, 1:].ravel())[0, 1]
        far = np.corrcoef(rain[:, :-30].ravel(), rain[:, 30:].ravel())[0, 1]
        assert beside > 0.9 > abs(far)

    def test_should_give_one_dekad_the_same_rain_whatever_else_was_drawn(self):
        step = 2010 * 36 + 11
        model = RainfallModel(32, 7)
        model.step(step - 1)
        np.testing.assert_array_equal(model.step(step), RainfallModel(32, 7).step(step))
        assert not np.array_equal(model.step(step), RainfallModel(32, 8).step(step))


class TestDailyRainfall:
    def test_should_add_up_to_the_dekads(self):
        days = np.stack([DailyRainfallModel(32, 7).day(date(2012, 4, d)) for d in range(21, 31)])
        total, dekad = days.sum(axis=0), RainfallModel(32, 7).step(2012 * 36 + 11)
        whole = np.isfinite(total)
        assert whole.mean() > 0.4
        np.testing.assert_allclose(total[whole], dekad[whole], rtol=1e-4, atol=1e-3)

    def test_should_have_dry_days_in_the_rains_that_follow_each_other(self):
        days = np.stack([DailyRainfallModel(32, 7).day(date(2012, 4, d)) for d in range(1, 31)])
        rain = days[:, :16, :16]
        wet = np.where(np.isnan(rain), np.nan, rain >= 2)
        share = np.nanmean(wet)
        assert 0.1 < share < 0.6
        assert np.nanmean(wet[1:][wet[:-1] == 1]) > 1.3 * share

    def test_should_give_one_day_the_same_rain_whatever_else_was_drawn(self):
        model = DailyRainfallModel(32, 7)
        model.day(date(2012, 3, 9))
        day = date(2012, 4, 2)
        np.testing.assert_array_equal(model.day(day), DailyRainfallModel(32, 7).day(day))


class TestArchive:
    def test_should_hold_36_cogs_a_year_on_the_chirps_grid(self, archive: Path):
        rasters = sorted(archive.glob("rfh_dekad/2005/*.tif"))
        assert len(rasters) == 36
        with rasterio.open(rasters[0]) as raster:
            assert raster.tags(ns="IMAGE_STRUCTURE")["LAYOUT"] == "COG"
            assert (raster.dtypes[0], raster.nodata, raster.units[0]) == ("int16", -9999, "mm")
            assert raster.scales[0] == 0.1
            assert raster.crs.to_epsg() == 4326
            corner = np.array([raster.transform.c, raster.transform.f]) / 0.05
            np.testing.assert_allclose(corner, np.round(corner), atol=1e-9)
            assert raster.res == pytest.approx((0.05, 0.05))

    def test_should_tile_large_rasters_with_overviews(self, tmp_path: Path):
        make_archive(tmp_path, Recipe(2019, 2019, size=200))
        with rasterio.open(tmp_path / "rfh_dekad/2019/rfh_201904d1.tif") as raster:
            assert raster.block_shapes == [(128, 128)]
            assert raster.overviews(1) == [2]

    def test_should_store_what_the_model_drew(self, archive: Path):
        step = 2007 * 36 + 10
        with rasterio.open(archive / f"rfh_dekad/2007/rfh_{label(step)}.tif") as raster:
            stored = raster.read(1)
        drawn = RainfallModel(48, 7).step(step)
        np.testing.assert_array_equal(stored == -9999, np.isnan(drawn))
        np.testing.assert_allclose(
            stored[stored != -9999] * 0.1, drawn[stored != -9999], atol=0.051
        )

    def test_should_be_a_stac_catalogue_whose_links_resolve_after_a_move(
        self, archive: Path, tmp_path: Path
    ):
        moved = tmp_path / "moved"
        make_archive(tmp_path / "made", SMALL)
        (tmp_path / "made").rename(moved)
        catalog = pystac.Catalog.from_file(str(moved / "catalog.json"))
        collection = catalog.get_child("rfh_dekad")
        assert isinstance(collection, pystac.Collection)
        items = list(collection.get_items())
        assert len(items) == 36
        begins, ends = collection.extent.temporal.intervals[0]
        west, south, east, north = collection.extent.spatial.bboxes[0]
        assert collection.summaries.to_dict()["raster:bands"][0]["nodata"] == -9999
        for item in items:
            asset = item.assets["rfh"]
            with rasterio.open(asset.get_absolute_href()) as raster:
                assert list(raster.bounds) == pytest.approx([west, south, east, north])
                assert item.properties["proj:shape"] == list(raster.shape)
                assert item.properties["proj:transform"][:6] == pytest.approx(raster.transform[:6])
                assert asset.extra_fields["raster:bands"][0]["scale"] == raster.scales[0]
            assert Path(asset.get_absolute_href()).stat().st_size == asset.extra_fields["file:size"]
            assert begins <= item.datetime <= item.common_metadata.end_datetime <= ends
            assert item.get_collection() is collection
        for document in moved.rglob("*.json"):
            hrefs = [link["href"] for link in json.loads(document.read_text()).get("links", [])]
            assert all(href.startswith(("./", "../")) for href in hrefs)

    def test_should_make_equal_bytes_from_an_equal_recipe(self, tmp_path: Path):
        for name in ("one", "two"):
            make_archive(tmp_path / name, SMALL)
        assert contents(tmp_path / "one") == contents(tmp_path / "two")

    def test_should_change_nothing_in_a_second_run(self, tmp_path: Path):
        make_archive(tmp_path, SMALL)
        before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
        report = make_archive(tmp_path, SMALL)
        assert (report.written, report.kept) == (0, 36)
        assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before

    def test_should_repair_a_set_that_was_cut_off(self, tmp_path: Path):
        whole, torn = tmp_path / "whole", tmp_path / "torn"
        make_archive(whole, SMALL)
        make_archive(torn, SMALL)
        year = torn / "rfh_dekad/2019"
        (year / "rfh_201901d1.tif").unlink()
        (year / "rfh_201901d2.json").unlink()
        (year / "rfh_201901d3.tif").write_bytes(b"II*\0")
        (year / "rfh_201902d1.json").write_text('{"type": "Fea')
        (year / ".rfh_201902d2.tif.partial").write_bytes(b"II*\0")
        (torn / "catalog.json").unlink()
        report = make_archive(torn, SMALL)
        assert report.written == 4
        assert contents(torn) == contents(whole)

    def test_should_hold_exactly_the_years_of_the_last_run(self, tmp_path: Path):
        make_archive(tmp_path / "moving", Recipe(2018, 2019, size=20, seed=3))
        report = make_archive(tmp_path / "moving", Recipe(2019, 2020, size=20, seed=3))
        assert (report.written, report.kept) == (36, 36)
        make_archive(tmp_path / "fresh", Recipe(2019, 2020, size=20, seed=3))
        assert contents(tmp_path / "moving") == contents(tmp_path / "fresh")

    def test_should_replace_an_archive_of_another_seed(self, tmp_path: Path):
        make_archive(tmp_path / "moving", SMALL)
        make_archive(tmp_path / "moving", Recipe(2019, 2019, size=20, seed=4))
        make_archive(tmp_path / "fresh", Recipe(2019, 2019, size=20, seed=4))
        assert contents(tmp_path / "moving") == contents(tmp_path / "fresh")
        assert not filecmp.cmp(
            tmp_path / "moving/rfh_dekad/2019/rfh_201904d1.tif",
            make_archive(tmp_path / "other", SMALL).catalog.parent
            / "rfh_dekad/2019/rfh_201904d1.tif",
            shallow=False,
        )

    def test_should_leave_another_catalogue_alone(self, tmp_path: Path):
        (tmp_path / "catalog.json").write_text("{}")
        with pytest.raises(ArchiveError, match="already holds a catalogue"):
            make_archive(tmp_path, SMALL)
        assert contents(tmp_path) == {"catalog.json": b"{}"}


@pytest.fixture(scope="module")
def vegetation(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(2018, 2019, 32, 7, tuple(PRODUCTS))
    return make_archive(tmp_path_factory.mktemp("vegetation"), recipe).catalog.parent


def read_year(archive: Path, pattern: str) -> np.ndarray:
    """All rasters that fit a pattern, NaN where there is no data."""
    images = []
    for path in sorted(archive.glob(pattern)):
        with rasterio.open(path) as raster:
            stored = raster.read(1)
            images.append(np.where(stored == raster.nodata, np.nan, stored * raster.scales[0]))
    return np.stack(images)


class TestVegetation:
    def test_should_be_stored_as_modis_stores_it(self, vegetation: Path):
        items = sorted((vegetation / "mxd13a2_ndvi/2019").glob("*.json"))
        assert len(items) == 46
        item = pystac.Item.from_file(str(items[1]))
        band = item.assets["ndvi"].extra_fields["raster:bands"][0]
        assert (band["nodata"], band["scale"], band["data_type"]) == (-3000, 1e-4, "int16")
        assert f"{item.common_metadata.start_datetime:%Y-%m-%d}" == "2019-01-09"
        assert f"{item.common_metadata.end_datetime:%Y-%m-%d}" == "2019-01-24"

    def test_should_have_gaps_where_clouds_were_seen_and_low_values_beside_them(
        self, vegetation: Path
    ):
        ndvi = read_year(vegetation, "mxd13a2_ndvi/2019/*.tif")
        smooth = read_year(vegetation, "mxd13a2_vim_dekad/2019/*.tif")
        land = np.isfinite(smooth).all(axis=0)
        assert 0.6 < land.mean() < 0.95
        assert 0.08 < np.isnan(ndvi[:, land]).mean() < 0.2
        assert np.nanmean(ndvi[:, land]) < smooth[:, land].mean() - 0.005
        assert np.nanmin(ndvi) >= -0.2
        assert np.nanmax(ndvi) <= 1

    def test_should_turn_green_after_the_rain(self, vegetation: Path):
        green = np.nanmean(read_year(vegetation, "mxd13a2_vim_dekad/2019/*.tif"), axis=(1, 2))
        rain = np.nanmean(read_year(vegetation, "rfh_dekad/2019/*.tif"), axis=(1, 2))
        assert 1 <= green[:22].argmax() - rain[:20].argmax() <= 6
        assert green[6:22].max() > 1.3 * green[20:28].min()

    def test_should_hold_a_product_only_for_its_last_years(self):
        contents = Recipe(1991, 2024, products=tuple(PRODUCTS)).contents
        years = {p.collection: (slots[0].year, slots[-1].year) for p, slots in contents.items()}
        assert years["rfh_dekad"] == (1991, 2024)
        assert years["mxd13a2_vim_dekad"] == (2013, 2024)
        assert years["mxd13a2_ndvi"] == (2019, 2024)

    def test_should_add_products_one_by_one_and_keep_the_others(self, tmp_path: Path):
        def listed() -> list[str]:
            catalog = pystac.Catalog.from_file(str(tmp_path / "catalog.json"))
            return [child.id for child in catalog.get_children()]

        make_archive(tmp_path, SMALL, add=True)
        assert listed() == ["rfh_dekad"]
        one = replace(SMALL, products=("mxd13a2_ndvi",))
        make_archive(tmp_path, one, add=True)
        assert listed() == ["rfh_dekad", "mxd13a2_ndvi"]
        again = make_archive(tmp_path, SMALL, add=True)
        assert again.written == 0
        assert listed() == ["rfh_dekad", "mxd13a2_ndvi"]

    def test_should_keep_its_catalogue_whole_while_a_product_is_added(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ):
        report = make_archive(tmp_path, SMALL, add=True)
        before = report.catalog.read_bytes()
        one = replace(SMALL, products=("mxd13a2_ndvi",))

        def stop(*_: object) -> None:
            assert report.catalog.read_bytes() == before
            raise KeyboardInterrupt

        with monkeypatch.context() as patch:
            patch.setattr(archive_module, "write_catalog", stop)
            with pytest.raises(KeyboardInterrupt):
                make_archive(tmp_path, one, add=True)
        assert not list(tmp_path.rglob("*.partial"))
        make_archive(tmp_path, one, add=True)
        catalog = pystac.Catalog.from_file(str(report.catalog))
        assert [child.id for child in catalog.get_children()] == ["rfh_dekad", "mxd13a2_ndvi"]

    def test_should_take_away_products_that_are_no_longer_asked_for(self, tmp_path: Path):
        make_archive(tmp_path, Recipe(2019, 2019, 20, 3, tuple(PRODUCTS)))
        report = make_archive(tmp_path, SMALL)
        assert (report.written, report.kept) == (0, 36)
        assert not (tmp_path / "mxd13a2_ndvi").exists()
        catalog = pystac.Catalog.from_file(str(report.catalog))
        assert [child.id for child in catalog.get_children()] == ["rfh_dekad"]


class TestZones:
    def test_should_share_borders_and_end_at_the_coast(self, vegetation: Path):
        zones = geopandas.read_file(vegetation / "zones.geojson")
        assert list(zones.columns[:4]) == ["PCODE", "name", "adm_level", "adm_id"]
        assert zones["PCODE"].is_unique
        assert 8 <= len(zones) <= 12
        whole = zones.union_all()
        assert whole.area == pytest.approx(shapely.area(zones.geometry.to_numpy()).sum())
        assert 0.6 < whole.area / (32 * 0.05) ** 2 < 0.95
        assert zones.crs.to_epsg() == 4326


class TestCommand:
    def test_should_print_the_path_that_a_template_is_given(self, tmp_path: Path, capsys):
        folder = tmp_path / "data"
        arguments = [str(folder), "--years", "2019", "--size", "20", "--seed", "3"]
        assert main([*arguments, "--products", "rfh_dekad"]) == 0
        printed = capsys.readouterr().out
        assert str(folder / "catalog.json") in printed.splitlines()[-1]
        assert "36 rasters written" in printed
        assert (folder / "catalog.json").exists()

    @pytest.mark.parametrize(
        ("arguments", "words"),
        [
            (["--years", "2020-2010"], "wrong way round"),
            (["--years", "1200-2010"], "between 1981 and 2100"),
            (["--size", "0"], "16 to 1000 pixels, but 0"),
            (["--size", "-5"], "16 to 1000 pixels, but -5"),
            (["--seed", "-1"], "seed must be 0 or more"),
            (["--products", "rfh_dekad,clouds"], "no product clouds. Choose among rfh_dekad, "),
        ],
    )
    def test_should_refuse_in_words(self, tmp_path: Path, capsys, arguments, words):
        assert main([str(tmp_path / "data"), *arguments]) == 1
        captured = capsys.readouterr()
        assert words in captured.err
        assert "Traceback" not in captured.err
        assert not (tmp_path / "data").exists()

    def test_should_refuse_years_that_are_not_years(self, tmp_path: Path, capsys):
        with pytest.raises(SystemExit):
            main([str(tmp_path), "--years", "soon"])
        assert "write years as 1991-2024" in capsys.readouterr().err

    def test_should_say_why_a_folder_cannot_be_written(self, tmp_path: Path, capsys):
        (tmp_path / "file").write_text("not a folder")
        assert main([str(tmp_path / "file" / "data")]) == 1
        message = capsys.readouterr().err
        assert "Cannot write to" in message
        assert "Choose a folder of your own" in message
