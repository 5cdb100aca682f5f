from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from made_data import cube

from seasonal_monitor.algorithms import (
    at_steps,
    difference,
    difference_to_average,
    long_term,
    percent_of_average,
    ratio,
    rolling_sum,
)
from seasonal_monitor.errors import ParameterError


def plain_sums(values: np.ndarray, n: int) -> np.ndarray:
    out = np.full(values.shape, np.nan)
    for step in range(n - 1, values.shape[0]):
        out[step] = values[step - n + 1 : step + 1].astype(float).sum(axis=0)
    return out


@pytest.mark.parametrize("n", [1, 3, 36])
def test_sums_are_of_the_step_and_those_before_it_and_keep_its_label(rain, n):
    got = rolling_sum(rain, n)
    np.testing.assert_allclose(got.values, plain_sums(rain.values, n), rtol=1e-6)
    assert got.dims == rain.dims
    assert got.time.equals(rain.time)
    assert got.dtype == np.float32


@pytest.mark.parametrize("n", [1, 3])
def test_percent_of_average_is_wfps_formula(rain, n):
    got = percent_of_average(rain, n=n, baseline=(2003, 2012))
    sums = plain_sums(rain.values, n)
    years = rain.time.dt.year.values
    for step in (40, 251, 500):
        same = (np.arange(sums.shape[0]) % 36 == step % 36) & (years >= 2003) & (years <= 2012)
        with np.errstate(invalid="ignore"):
            average = np.array(
                [
                    [np.mean(c[np.isfinite(c)]) if np.isfinite(c).any() else np.nan for c in row]
                    for row in np.moveaxis(sums[same], 0, -1)
                ]
            )
        expected = 100 * (sums[step] + 5) / (average + 5)
        np.testing.assert_allclose(got.values[step], expected, rtol=1e-5)
    assert got.attrs["baseline"] == "2003-2012"
    assert got.attrs["units"] == "%"


def test_only_the_newest_dekad_costs_less_and_says_the_same(rain):
    wanted = rain.time.values[[-1, -37]]
    got = percent_of_average(rain, n=3, at=wanted)
    xr.testing.assert_allclose(got, percent_of_average(rain, n=3).sel(time=wanted))
    with pytest.raises(ParameterError, match="at: The data has no step 1990-01-01"):
        percent_of_average(rain, at=["1990-01-01"])


def test_a_published_average_gives_the_same_as_the_own_one(rain):
    average = long_term(rain, baseline=(2003, 2012))
    assert average.dims == ("dekad", "latitude", "longitude")
    xr.testing.assert_allclose(
        ratio(rain, average), percent_of_average(rain, baseline=(2003, 2012)), rtol=1e-5
    )
    xr.testing.assert_allclose(
        difference(rain, average).astype(np.float32),
        difference_to_average(rain, baseline=(2003, 2012)),
        atol=1e-4,
    )


def test_a_dry_place_without_offset_is_a_gap_and_not_infinite():
    months = pd.date_range("2001-01-01", periods=36, freq="MS")
    dry = cube(np.zeros((36, 2, 2), np.float32), months)
    assert np.isnan(percent_of_average(dry, by="month", offset=0.0).values).all()
    assert (percent_of_average(dry, by="month").values == 100).all()


@pytest.mark.parametrize("statistic", ["mean", "min", "max"])
def test_flox_and_numpy_take_the_same_statistics(rain, statistic):
    arguments = {"statistic": statistic, "baseline": (2002, 2010), "min_years": 3}
    ours = long_term(rain, engine="numpy", **arguments)
    theirs = long_term(rain, engine="flox", **arguments)
    assert theirs.attrs["engine"].startswith("flox")
    xr.testing.assert_allclose(ours, theirs, rtol=1e-5)
    inside = rain.sel(time=slice("2002", "2010"))
    expected = getattr(inside[7::36], statistic)("time")
    np.testing.assert_allclose(ours.sel(dekad=8), expected, rtol=1e-5)


def test_an_average_lies_beside_its_own_dekad(rain):
    laid = at_steps(long_term(rain), rain)
    assert laid.time.equals(rain.time)
    np.testing.assert_array_equal(laid.values[5], laid.values[5 + 36])
    with pytest.raises(ParameterError, match="average: It has no dekad 36"):
        at_steps(long_term(rain).isel(dekad=slice(0, 35)), rain)


def test_a_dekad_with_too_few_years_has_no_average(rain):
    average = long_term(rain, baseline=(2003, 2005), min_years=3)
    assert np.isnan(average.values[100 % 36, 1, 1])
    assert np.isfinite(average.values[100 % 36, 2, 2])


def test_a_baseline_backwards_and_time_without_dates_are_refused(rain):
    with pytest.raises(ParameterError, match="baseline: It begins in 2010, after"):
        long_term(rain, baseline=(2010, 2003))
    with pytest.raises(ParameterError, match="Its time has no dates"):
        long_term(rain.drop_vars("time"))
    with pytest.raises(ParameterError, match="not in order"):
        long_term(rain[::-1])
    with pytest.raises(ParameterError, match="is there twice"):
        long_term(xr.concat([rain, rain[-1:]], "time"))
    with pytest.raises(ParameterError, match="n: 900 steps are more"):
        rolling_sum(rain, 900)
