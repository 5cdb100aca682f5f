from __future__ import annotations

import numpy as np
import pandas as pd
import pymannkendall
import pytest
import xarray as xr
from made_data import cube
from scipy import stats

from seasonal_monitor.algorithms import mann_kendall
from seasonal_monitor.errors import ParameterError

YEARS = pd.date_range("1985-01-01", periods=34, freq="YS")


@pytest.fixture(scope="module")
def totals() -> xr.DataArray:
    rng = np.random.default_rng(8)
    slope = rng.normal(0, 4, (1, 5, 4))
    values = 400 + slope * np.arange(34)[:, None, None] + rng.normal(0, 60, (34, 5, 4))
    values = np.round(values, -1).astype(np.float32)  # so that there are ties
    return cube(values, YEARS, units="mm")


def test_it_equals_pymannkendall_and_scipy_also_with_ties(totals):
    got = mann_kendall(totals, engine="numba")
    for row in range(5):
        for column in range(4):
            series = totals.values[:, row, column].astype(float)
            test = pymannkendall.original_test(series)
            here = got.isel(latitude=row, longitude=column)
            assert float(here.tau) == pytest.approx(test.Tau, abs=1e-6)
            assert float(here.p) == pytest.approx(test.p, abs=1e-6)
            assert float(here.slope) == pytest.approx(
                stats.theilslopes(series).slope, rel=1e-5, abs=1e-6
            )
            expected = {"increasing": 1, "decreasing": -1, "no trend": 0}[test.trend]
            assert int(here.trend) == expected
    assert got.slope.attrs["units"] == "mm a-1"


def test_engines_agree(hdc, totals):
    ours = mann_kendall(totals, engine="numba")
    theirs = mann_kendall(totals)
    third = mann_kendall(totals, engine="pymannkendall")
    assert theirs.tau.attrs["engine"].startswith("hdc-algo")
    xr.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-5)
    xr.testing.assert_allclose(ours, third, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize("engine", ["numba", "hdc", "pymannkendall"])
def test_a_gap_is_left_out_and_is_no_value(request, totals, engine):
    if engine == "hdc":
        request.getfixturevalue("hdc")
    rising = np.arange(34.0) * 2 + 100
    stored = np.broadcast_to(rising[:, None, None], (34, 2, 2)).astype(np.float32).copy()
    stored[[4, 20], 0, 0] = -9999
    got = mann_kendall(cube(stored, YEARS, nodata=-9999), engine=engine)
    np.testing.assert_allclose(got.tau, 1.0)
    np.testing.assert_allclose(got.slope, 2.0, rtol=1e-6)


def test_slopes_are_per_year_even_where_years_are_missing(totals):
    line = totals * 0 + xr.DataArray(np.arange(34.0) * 3, dims="time", coords={"time": YEARS})
    uneven = line.isel(time=[0, 1, 2, 5, 6, 11, 12, 20])
    got = mann_kendall(uneven)
    assert got.tau.attrs["engine"].startswith("numba")
    np.testing.assert_allclose(got.slope, 3.0, rtol=1e-5)
    with pytest.raises(ParameterError, match="not evenly spaced"):
        mann_kendall(uneven, engine="pymannkendall")


def test_pixels_with_too_few_values_are_not_tested(totals):
    holed = totals.copy()
    holed[3:, 0, 0] = np.nan
    holed[:, 0, 1] = 7.0
    got = mann_kendall(holed, engine="numba").isel(latitude=0)
    assert np.isnan(got.trend[0])
    assert (float(got.tau[1]), float(got.p[1]), float(got.trend[1])) == (0, 1, 0)


def test_years_may_be_a_dimension_of_their_own(totals):
    yearly = totals.rename(time="year").assign_coords(year=YEARS.year)
    got = mann_kendall(yearly, dim="year", engine="numba")
    expected = mann_kendall(totals, engine="numba")
    xr.testing.assert_allclose(got, expected, rtol=1e-5)
    with pytest.raises(ParameterError, match="dim: The data has year"):
        mann_kendall(yearly)
