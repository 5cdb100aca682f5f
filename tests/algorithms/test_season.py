from __future__ import annotations

import numpy as np
import pytest
from made_data import cube, dekads

from seasonal_monitor.algorithms import (
    Season,
    season_end,
    season_length,
    season_start,
    season_total,
    start_anomaly,
    usual_season,
)
from seasonal_monitor.errors import ParameterError


def by_rule(rain: np.ndarray, begin: int, length: int, first: int) -> float:
    """The rule, dekad by dekad, as one would do it on paper."""
    for k in range(length):
        here, one, two = rain[begin + k], rain[begin + k + 1], rain[begin + k + 2]
        if np.isnan(here):
            return np.nan
        if here >= 25:
            if np.isnan(one + two):
                return np.nan
            if one + two >= 20:
                return first + k
    return 0


@pytest.mark.parametrize(("first", "last"), [(7, 18), (28, 6)])
def test_a_season_starts_where_the_rule_says(rain, first, last):
    season = Season(first, last)
    got = season_start(rain, season)
    for place, year in enumerate(got.year.values):
        begin = (year - 2001) * 36 + first - 1
        for row, column in ((1, 1), (2, 3), (5, 0)):
            expected = by_rule(rain.values[:, row, column], begin, season.length, first)
            np.testing.assert_equal(float(got[place, row, column]), expected)
    assert np.isnan(got[:, 0, 0]).all()
    assert got.sizes["year"] == (14 if first < last else 13)


def test_a_false_start_is_passed_over_and_no_start_is_0():
    values = np.zeros((36, 2, 2), np.float32)
    values[10, 0, 0] = 30  # nothing follows
    values[14:17, 0, 0] = 26, 15, 5
    values[20:23, 0, 1] = 25, 10, 9.9
    got = season_start(cube(values, dekads(2001, 1)), Season(8, 30))
    assert got.values[0].tolist() == [[15, 0], [0, 0]]


def test_late_starts_have_positive_anomalies(rain):
    starts = season_start(rain, Season(1, 30))
    got = start_anomaly(starts)
    pixel = starts.values[:, 3, 3]
    mean = pixel[pixel > 0].mean()
    expected = np.where(pixel > 0, pixel - mean, np.nan)
    np.testing.assert_allclose(got.values[:, 3, 3], expected, atol=1e-5)


def test_totals_reach_over_the_years_end(rain):
    got = season_total(rain, Season(30, 5))
    assert got.year.values.tolist() == list(range(2001, 2014))
    expected = rain.values[29 + 36 : 29 + 36 + 12].astype(float).sum(axis=0)
    np.testing.assert_allclose(got.values[1], expected, rtol=1e-6)
    mean = season_total(rain, Season(30, 5), statistic="mean")
    np.testing.assert_allclose(mean.values[1], expected / 12, rtol=1e-6)


def test_a_period_without_a_whole_season_is_refused(rain):
    with pytest.raises(ParameterError, match="season: The data has no whole season"):
        season_total(rain[:20], Season(10, 30))
    with pytest.raises(ParameterError, match="last is no dekad of a year: 40"):
        Season(3, 40)
    with pytest.raises(ParameterError, match="a dekad is missing"):
        season_total(rain.drop_isel(time=7), Season(10, 20))


@pytest.mark.parametrize(("first", "last"), [(7, 18), (28, 6)])
def test_a_season_ends_with_its_last_dekad_of_enough_rain(rain, first, last):
    season = Season(first, last)
    got = season_end(rain, season, last_mm=15)
    for place, year in enumerate(got.year.values):
        begin = (year - 2001) * 36 + first - 1
        for row, column in ((1, 1), (2, 3), (5, 0)):
            window = rain.values[begin : begin + season.length, row, column]
            wet = np.flatnonzero(window >= 15)
            expected = first + wet[-1] if wet.size else 0
            after = window[wet[-1] + 1 :] if wet.size else window
            expected = np.nan if np.isnan(after).any() else expected
            np.testing.assert_equal(float(got[place, row, column]), expected)
    assert np.isnan(got[:, 0, 0]).all()


def test_a_length_counts_both_ends_and_needs_both():
    values = np.zeros((36, 2, 2), np.float32)
    values[10:13, 0, 0] = 30, 20, 15  # from the 11th to the 13th dekad
    values[10:13, 0, 1] = 24, 20, 15  # ends, but never starts
    values[[28, 31, 32], 1, 0] = 30, 20, 5  # what follows a start comes too late
    rain = cube(values, dekads(2001, 1))
    season = Season(8, 30)
    lengths = season_length(season_start(rain, season), season_end(rain, season))
    np.testing.assert_array_equal(lengths.values[0], [[3, np.nan], [np.nan, np.nan]])


def test_a_usual_season_is_the_mean_of_enough_years_of_the_baseline(rain):
    totals = season_total(rain, Season(7, 18))
    totals[2, 1, 2] = np.nan
    totals[1:4, 3, 3] = np.nan
    for data in (totals, totals.chunk(latitude=2, longitude=3)):
        got = usual_season(data, (2002, 2006), min_years=3)
        expected = totals.sel(year=slice(2002, 2006)).mean("year")
        expected[0, 0] = np.nan
        expected[3, 3] = np.nan  # two years only
        np.testing.assert_allclose(got, expected, rtol=1e-6)
        assert got.attrs["units"] == "mm"
    assert np.isfinite(got[1, 2])
    with pytest.raises(ParameterError, match=r"^baseline: The data has no season of 1990 to 1995"):
        usual_season(totals, (1990, 1995))
