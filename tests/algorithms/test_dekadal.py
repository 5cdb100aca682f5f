from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from made_data import cube
from scipy.interpolate import CubicSpline

from seasonal_monitor.algorithms import (
    dekads_from_composites,
    dekads_from_days,
    interpolate_to_dekads,
)
from seasonal_monitor.dekads import first_day, last_day, step_of
from seasonal_monitor.errors import ParameterError


def steps(data) -> list[int]:
    return [step_of(pd.Timestamp(t).date()) for t in data.time.values]


def test_dekads_are_sums_of_their_days(days):
    got = dekads_from_days(days)
    series = days.to_series()
    assert steps(got) == list(range(2019 * 36, 2021 * 36))
    for step in (2019 * 36 + 5, 2020 * 36 + 5, 2020 * 36 + 35):
        inside = series.loc[str(first_day(step)) : str(last_day(step))]
        expected = inside.groupby(level=["latitude", "longitude"], sort=False).sum()
        found = got.sel(time=str(first_day(step))).values.ravel()
        np.testing.assert_allclose(found, expected.to_numpy(), rtol=1e-5)


def test_a_dekad_needs_its_valid_days_and_february_no_more_than_it_has(days):
    holed = days.copy()
    holed[0:3, 0, 0] = np.nan
    got = dekads_from_days(holed)
    assert np.isnan(got[0, 0, 0])
    assert np.isfinite(got[0, 0, 1])
    assert np.isfinite(dekads_from_days(holed, min_valid_days=7)[0, 0, 0])
    strict = dekads_from_days(days, min_valid_days=10).sel(time="2019-02-21")
    assert np.isfinite(strict).all()


@pytest.mark.parametrize("statistic", ["mean", "min", "max"])
def test_other_statistics_are_of_the_days_too(days, statistic):
    got = dekads_from_days(days, statistic=statistic)
    expected = getattr(days.sel(time=slice("2020-02-21", "2020-02-29")), statistic)("time")
    np.testing.assert_allclose(got.sel(time="2020-02-21"), expected, rtol=1e-5)


def test_composites_count_for_each_day_that_they_cover():
    starts = pd.DatetimeIndex(
        [pd.Timestamp(y, 1, 1) + pd.Timedelta(days=8 * k) for y in (2019, 2020) for k in range(46)]
    )
    rng = np.random.default_rng(3)
    values = rng.normal(300, 8, (92, 3, 2)).astype(np.float32)
    values[10, 1, 1] = np.nan
    got = dekads_from_composites(cube(values, starts, units="K"))
    daily = pd.Series(np.nan, pd.date_range("2019-01-01", "2020-12-31"))
    for row, column in ((0, 0), (1, 1)):
        for start, value in zip(starts, values[:, row, column], strict=True):
            end = min(start + pd.Timedelta(days=7), pd.Timestamp(start.year, 12, 31))
            daily.loc[start:end] = value
        expected = [
            daily.loc[str(first_day(s)) : str(last_day(s))].mean()
            for s in range(2019 * 36, 2021 * 36)
        ]
        np.testing.assert_allclose(got.values[:, row, column], expected, rtol=1e-6)


def test_dekads_between_composites_lie_on_a_natural_spline():
    starts = pd.date_range("2019-01-01", periods=40, freq="16D")
    rng = np.random.default_rng(4)
    values = np.cumsum(rng.normal(0, 300, (40, 2, 2)), axis=0) + 5000
    got = interpolate_to_dekads(cube(values.astype(np.float32), starts))
    middle = (starts - starts[0]).days.to_numpy() + 8
    spline = CubicSpline(middle, values, bc_type="natural")
    for step, found in list(zip(steps(got), got.values, strict=True))[1:-1]:
        first = (pd.Timestamp(first_day(step)) - starts[0]).days
        last = (pd.Timestamp(last_day(step)) - starts[0]).days
        expected = spline(np.arange(first, last + 1)).mean(axis=0)
        # A curve of least bending from day to day is a spline but for its steps.
        np.testing.assert_allclose(found, expected, atol=3)


def test_hdc_interpolates_to_the_same_dekads(hdc):
    from hdc.algo.ops import tinterpolate

    starts = pd.date_range("2019-01-01", periods=40, freq="16D")
    wave = 5000 + 2500 * np.sin(np.arange(40) / 4)
    values = np.broadcast_to(wave[:, None, None], (40, 2, 2)).astype(np.int16)
    ours = interpolate_to_dekads(cube(values, starts))
    daily = pd.date_range(starts[0], starts[-1]) + pd.Timedelta(days=8)
    template = np.isin(daily, starts + pd.Timedelta(days=8)).astype(float)
    labels = np.array([step_of(day.date()) for day in daily], np.int32)
    theirs = tinterpolate(
        values[:, 0, 0], template, labels, np.zeros(np.unique(labels).size, np.uint8)
    )
    by_step = dict(zip(np.unique(labels).tolist(), theirs.tolist(), strict=True))
    for step, found in list(zip(steps(ours), ours.values[:, 0, 0], strict=True))[1:-1]:
        assert abs(found - by_step[step]) <= 0.6


def test_what_is_not_daily_is_refused(days):
    hourly = days.assign_coords(time=pd.date_range("2019-01-01", periods=731, freq="h"))
    with pytest.raises(ParameterError, match="more than one step a day"):
        dekads_from_days(hourly)
    with pytest.raises(ParameterError, match="min_valid_days: 0 days"):
        dekads_from_days(days, min_valid_days=0)
