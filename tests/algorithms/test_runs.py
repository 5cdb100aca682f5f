from __future__ import annotations

import itertools

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st

from seasonal_monitor.algorithms import spells, wet_day_percentile
from seasonal_monitor.algorithms.kernels.spells import runs
from seasonal_monitor.errors import ParameterError


def longest(flags) -> int:
    return max((len(list(g)) for on, g in itertools.groupby(flags) if on), default=0)


def current(flags) -> int:
    return len(list(itertools.takewhile(bool, reversed(list(flags)))))


def test_dry_spells_of_the_last_30_days_are_counted_at_each_dekads_end(days):
    got = spells(days, below=2.0, engine="numba")
    assert str(got.time.values[0])[:10] == "2019-01-31"
    assert (got.time.dt.day >= 10).all()
    assert got.sizes["time"] == 70
    for end in ("2019-03-31", "2020-02-29", "2020-12-31"):
        window = days.sel(time=slice(None, end))[-30:]
        for row, column in ((0, 0), (3, 2)):
            dry = window.values[:, row, column] < 2
            here = got.sel(time=end).isel(latitude=row, longitude=column)
            assert int(here.days) == dry.sum()
            assert int(here.longest) == longest(dry)
            assert int(here.current) == current(dry)


def test_a_window_with_an_unknown_day_is_a_gap(days):
    got = spells(days, below=2.0, engine="numba")
    assert np.isnan(got.longest.sel(time="2019-02-20")[2, 2])
    assert np.isfinite(got.longest.sel(time="2019-03-31")[2, 2])


def test_hdc_and_own_kernels_agree_also_on_runs_of_one_day(hdc, days):
    ends = days.time.values[[40, 100, 400, 730]]
    for window in (3, 30):
        ours = spells(days, below=2.0, window=window, ends=ends, engine="numba")
        theirs = spells(days, below=2.0, window=window, ends=ends)
        assert theirs.longest.attrs["engine"].startswith("hdc-algo")
        assert (1 in ours.longest.values) == (window == 3)
        xr.testing.assert_equal(ours, theirs)


def test_days_of_heavy_rain_are_those_above_each_pixels_percentile(days):
    limit = wet_day_percentile(days, 90)
    pixel = days.values[:, 1, 1]
    assert float(limit[1, 1]) == pytest.approx(np.percentile(pixel[pixel >= 1], 90), rel=1e-6)
    got = spells(days, above=limit, window=30, ends=["2020-12-31"], engine="numba")
    assert int(got.days[0, 1, 1]) == (pixel[-30:] > float(limit[1, 1])).sum()


@settings(max_examples=60, deadline=None)
@given(st.lists(st.booleans(), min_size=1, max_size=50))
def test_runs_are_what_counting_by_hand_gives(flags):
    states = np.array(flags, np.int8)[:, None]
    got = runs(states, np.array([len(flags) - 1]), len(flags))
    assert got[0, 0, 0] == longest(flags)
    assert got[1, 0, 0] == current(flags)


def test_missing_days_and_impossible_windows_are_refused(days):
    with pytest.raises(ParameterError, match="After 2019-01-05 follows 2019-01-07"):
        spells(days.drop_isel(time=5), below=2.0)
    with pytest.raises(ParameterError, match="window: 900 days"):
        spells(days, below=2.0, window=900)
    with pytest.raises(ParameterError, match="ends: The data has not all 30 days"):
        spells(days, below=2.0, ends=["2019-01-10"])
    with pytest.raises(ParameterError, match="below"):
        spells(days)
