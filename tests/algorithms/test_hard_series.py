"""Series in which algorithms go wrong easily, against what is known or calculated otherwise."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd
import pymannkendall
import pytest
import xarray as xr
from made_data import cube, dekads
from scipy import stats

from seasonal_monitor import algorithms as sm
from seasonal_monitor.notebook import area_mean
from seasonal_monitor.sources import open_source

STEPS = 46
STRAIGHT = {
    "zeros": np.zeros(STEPS),
    "constant": np.full(STEPS, 4500),
    "line": 100 * np.arange(STEPS),
    "two values": np.where(np.isin(np.arange(STEPS), [7, 30]), 1000, -3000),
    "both ends": np.where(np.isin(np.arange(STEPS), [0, STEPS - 1]), 5000, -3000),
}


def one_pixel(values: np.ndarray, **attrs: object) -> xr.DataArray:
    times = pd.date_range("2020-01-01", periods=len(values), freq="16D")
    return cube(np.asarray(values)[:, None, None], times, **attrs)


class TestSpi:
    @pytest.mark.parametrize("spread", [1e-2, 1e-3, 3e-4, 1e-4])
    def test_a_narrow_distribution_is_nearly_normal(self, spread):
        # Beyond a shape of some ten millions the series of the gamma function did not end.
        values = 1000 * (1 + spread * np.random.default_rng(0).normal(size=(40, 1)))
        shape, _, scale = stats.gamma.fit(values[:, 0], floc=0)
        expected = stats.norm.ppf(stats.gamma.cdf(values[:, 0], shape, scale=scale))
        got = sm.spi(values, groups=np.zeros(40, int), engine="numba")[:, 0]
        np.testing.assert_allclose(got, expected, atol=2e-3)

    @pytest.mark.parametrize("engine", ["numba", "hdc"])
    def test_nothing_is_said_of_zeros_gaps_and_a_single_value(self, request, engine):
        if engine == "hdc":
            request.getfixturevalue("hdc")
        values = np.zeros((36 * 12, 1, 4), np.float32)
        values[:, 0, 1] = np.nan
        values[:, 0, 2] = np.nan
        values[40, 0, 2] = 12.5
        values[:, 0, 3] = 25.3
        got = sm.spi(cube(values, dekads(2001, 12)), engine=engine)
        assert np.isnan(got).all()


class TestWhittaker:
    @pytest.mark.parametrize("p", [None, 0.9])
    @pytest.mark.parametrize("engine", ["numba", "hdc"])
    @pytest.mark.parametrize("name", STRAIGHT)
    def test_a_straight_series_stays_straight_whatever_lambda(self, request, name, engine, p):
        if engine == "hdc":
            request.getfixturevalue("hdc")
        values = STRAIGHT[name].astype(np.int16)
        expected = np.where(values == -3000, values.max(), values)
        data = one_pixel(values, nodata=-3000)
        for got in (
            sm.smooth_v_curve(data, p=p, engine=engine)["band"],
            sm.smooth(data, lam=10.0, p=p, engine=engine),
        ):
            np.testing.assert_allclose(got[:, 0, 0], expected, atol=1e-3)

    @pytest.mark.parametrize("nodata", [-99.9, 1e20, -3.4e38])
    def test_a_gap_is_known_as_its_dtype_holds_it(self, nodata):
        # float32 holds none of these exactly.
        values = np.linspace(0.2, 0.6, STEPS).astype(np.float32)
        values[[3, 4, 30]] = nodata
        got = sm.smooth(one_pixel(values), lam=10.0, nodata=nodata, engine="numba")
        np.testing.assert_allclose(got[:, 0, 0], np.linspace(0.2, 0.6, STEPS), atol=1e-6)


class TestTrend:
    @pytest.mark.parametrize("engine", ["numba", "hdc", "pymannkendall"])
    def test_a_trend_out_of_many_dry_years_has_a_direction(self, request, engine):
        # More than half of all pairs are ties, so that Sen's slope is 0.
        if engine == "hdc":
            request.getfixturevalue("hdc")
        series = np.array([0.0] * 22 + list(range(1, 9)))
        assert pymannkendall.original_test(series).trend == "increasing"
        values = np.stack([series, -series, 0 * series], axis=1)[:, None].astype(np.float32)
        data = xr.DataArray(values, dims=("year", "y", "x"), coords={"year": np.arange(1990, 2020)})
        got = sm.mann_kendall(data, dim="year", engine=engine)
        np.testing.assert_array_equal(got["trend"][0], [1, -1, 0])


class TestGaps:
    def test_a_value_that_a_file_marks_gaps_with_may_be_a_value_once_it_is_scaled(self, tmp_path):
        # MODIS marks gaps with 0 before it is scaled; 0 degC is no gap.
        celsius = np.linspace(-40, 40, 36 * 3)[:, None, None].round() * np.ones((1, 2, 2))
        data = cube(celsius.astype(np.float32), dekads(2001, 3), units="degC")
        data[5, 0, 0] = np.nan
        path = tmp_path / "lst.zarr"
        stored = {"dtype": "int16", "scale_factor": 1.0, "add_offset": -50.0, "_FillValue": 0}
        data.to_dataset(name="lst").to_zarr(path, encoding={"lst": stored}, consolidated=False)
        read = xr.open_zarr(path, consolidated=False)["lst"]
        usual = sm.rolling_sum(read, 1)
        np.testing.assert_array_equal(np.isnan(usual), np.isnan(data))

    def test_kelvin_that_mark_gaps_stay_gaps_in_celsius(self):
        values = np.array([0.0, 273.15, 300.0], np.float32)
        got = sm.celsius(one_pixel(values, units="K", nodata=0))
        np.testing.assert_allclose(got[:, 0, 0], [np.nan, 0.0, 26.85], atol=1e-4)
        totals = sm.rolling_sum(got.assign_coords(time=dekads(2001, 1)[:3]), 1)
        np.testing.assert_allclose(totals[:, 0, 0], [np.nan, 0.0, 26.85], atol=1e-4)


class TestCalendar:
    def test_the_last_dekads_of_leap_years_and_of_years_are_whole(self):
        days = pd.date_range("2019-12-01", "2020-03-31", freq="D")
        data = cube(np.ones((days.size, 1, 1), np.float32), days)
        got = sm.dekads_from_days(data)[:, 0, 0].to_series()
        assert got["2019-12-21"] == 11
        assert got["2020-02-21"] == 9
        assert list(got.index[:4].strftime("%m%d")) == ["1201", "1211", "1221", "0101"]

    def test_a_composite_over_the_new_year_ends_with_the_year(self):
        starts = pd.DatetimeIndex(["2019-12-19", "2019-12-27", "2020-01-01", "2020-01-09"])
        data = cube(np.array([1, 2, 3, 4], np.float32)[:, None, None], starts)
        got = sm.dekads_from_composites(data)[:, 0, 0].to_series()
        assert got["2019-12-21"] == pytest.approx((6 * 1 + 5 * 2) / 11)
        assert got["2020-01-01"] == pytest.approx((8 * 3 + 2 * 4) / 10)

    def test_a_southern_season_belongs_to_the_year_in_which_it_begins(self):
        times = dekads(2001, 3)
        season = sm.Season(31, 9)  # November to March
        values = np.zeros((times.size, 1, 1), np.float32)
        values[36 + 1 : 36 + 4, 0, 0] = [30, 15, 15]  # from the second dekad of January 2002
        got = sm.season_start(cube(values, times), season)[:, 0, 0].to_series()
        assert got.to_dict() == {2001: 38.0, 2002: 0.0}
        total = sm.season_total(cube(values, times), season)[:, 0, 0].to_series()
        assert total.to_dict() == {2001: 60.0, 2002: 0.0}


class TestGrid:
    def test_an_area_mean_does_not_depend_on_the_order_of_latitudes_or_chunks(self):
        values = np.random.default_rng(3).normal(size=(5, 7, 6)).astype(np.float32)
        values[:, 2:4, 1] = np.nan
        values[3] = np.nan
        data = cube(values, dekads(2001, 1)[:5], units="mm")
        weights = np.cos(np.deg2rad(data["latitude"].values))[:, None] * np.ones((1, 6))
        there = np.isfinite(values)
        expected = np.where(there, values, 0) * weights
        with np.errstate(invalid="ignore"):
            expected = expected.sum(axis=(1, 2)) / (there * weights).sum(axis=(1, 2))
        for turned in (data, data[:, ::-1], data.transpose("longitude", "time", "latitude")):
            lazy = turned.chunk({"latitude": 3, "longitude": 4})
            for one in (turned, lazy, lazy.isel(time=slice(1, None))):
                got = area_mean(one)
                assert got.dims == ("time",)
                assert got.attrs == {"units": "mm"}
                np.testing.assert_allclose(got, expected[-got.size :], rtol=1e-6)

    @pytest.mark.parametrize("chunk", [{"latitude": 3, "longitude": 2}, {"time": 2, "latitude": 1}])
    @pytest.mark.parametrize("turned", [False, True])
    def test_the_nearest_pixel_is_the_same_in_chunks(self, chunk, turned):
        coarse = cube(np.arange(5 * 8 * 6, dtype=np.float32).reshape(5, 8, 6), dekads(2001, 1)[:5])
        coarse = coarse.assign_coords(
            latitude=6.05 - 0.1 * np.arange(8), longitude=34.95 + 0.1 * np.arange(6)
        )
        if turned:
            coarse = coarse[:, ::-1]
        fine = cube(np.zeros((1, 14, 11), np.float32), dekads(2001, 1)[:1])
        fine = fine.assign_coords(latitude=6.07 - 0.05 * np.arange(14)).chunk(
            {"latitude": 5, "longitude": 4}
        )
        got = sm.onto_grid(coarse.chunk(chunk), fine)
        expected = sm.onto_grid(coarse, fine)
        assert got.chunksizes["latitude"] == (5, 5, 4)
        xr.testing.assert_equal(got.compute(), expected)
        nearest = coarse.sel(latitude=fine["latitude"], method="nearest")
        np.testing.assert_array_equal(got[:, :, 0], nearest[:, :, 0])


def test_degrees_from_0_to_360_are_refused_where_they_would_be_cut(tmp_path: Path):
    data = cube(np.ones((3, 4, 36), np.float32), dekads(2001, 1)[:3])
    data = data.assign_coords(longitude=5.0 + 10 * np.arange(36))
    path = tmp_path / "world.zarr"
    data.to_dataset(name="rfh").to_zarr(path, consolidated=False)
    asked = ("", "rfh")
    east = open_source(path, *asked, [20, 5, 60, 7], "200101d1", "200101d3")
    assert east.sizes["longitude"] == 4
    with pytest.raises(ValueError, match=r"^area: .*0 to 360.*"):
        open_source(path, *asked, [-20, 5, 60, 7], "200101d1", "200101d3")
