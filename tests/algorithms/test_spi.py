from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from made_data import cube, dekads
from scipy import stats

from seasonal_monitor.algorithms import rolling_sum, spi
from seasonal_monitor.errors import ParameterError


def naive(sums: np.ndarray, calibration: np.ndarray) -> np.ndarray:
    """One group of one pixel with scipy: fit by maximum likelihood, then the two distributions."""
    known = sums[calibration & np.isfinite(sums)]
    wet = known[known > 0]
    dry = 1 - wet.size / known.size
    shape, _, scale = stats.gamma.fit(wet, floc=0)
    probability = dry + (1 - dry) * stats.gamma.cdf(sums, shape, scale=scale)
    with np.errstate(divide="ignore"):
        return np.where(np.isfinite(sums), stats.norm.ppf(probability), np.nan)


@pytest.mark.parametrize("n", [1, 3, 9])
def test_it_equals_a_scipy_fit_of_each_dekad(rain, n):
    got = spi(rain, n=n, baseline=(2002, 2012), engine="numba")
    sums = rolling_sum(rain, n).values
    dekad = np.arange(rain.sizes["time"]) % 36
    years = rain.time.dt.year.values
    used = (years >= 2002) & (years <= 2012)
    for row, column in ((1, 1), (3, 2), (5, 4)):
        for group in (0, 7, 20, 35):
            mine = dekad == group
            expected = naive(sums[mine, row, column].astype(float), used[mine])
            found = got.values[mine, row, column]
            inside = np.abs(np.nan_to_num(expected)) < 5
            np.testing.assert_allclose(found[inside], expected[inside], atol=2e-5)
    assert np.isnan(got.values[: n - 1]).all()
    assert np.isnan(got.values[:, 0, 0]).all()
    assert got.attrs["baseline"] == "2002-2012"


def test_high_shapes_of_long_sums_are_fitted_as_well():
    rng = np.random.default_rng(1)
    values = rng.gamma(600, 2, (60, 1)).astype(np.float32)
    got = spi(values, groups=np.zeros(60, int), engine="numba")[:, 0]
    expected = naive(values[:, 0].astype(float), np.ones(60, bool))
    np.testing.assert_allclose(got, expected, atol=2e-4)


def test_hdc_and_own_kernels_agree_to_its_rounding(hdc, rain):
    ours = spi(rain, n=3, engine="numba")
    theirs = spi(rain, n=3)
    assert theirs.attrs["engine"].startswith("hdc-algo")
    both = np.isfinite(ours) & np.isfinite(theirs)
    assert float(both.mean()) > 0.9
    assert float(np.abs(ours - theirs).where(both).max()) < 1.5e-3
    assert (np.isfinite(ours) == np.isfinite(theirs)).values.all()


def test_hdc_is_not_taken_when_it_would_count_dry_periods_outside_the_calibration(hdc, rain):
    assert spi(rain, baseline=(2003, 2010)).attrs["engine"].startswith("numba")
    with pytest.raises(ParameterError, match="engine: hdc cannot do this: it counts dry"):
        spi(rain, baseline=(2003, 2010), engine="hdc")


def test_climate_indices_agrees_within_thoms_approximation_and_its_bounds(rain, capfd):
    pixel = rain[:, 2:4, 2:4]
    ours = spi(pixel, n=3, engine="numba").clip(-3.09, 3.09)
    theirs = spi(pixel, n=3, engine="climate-indices")
    assert theirs.attrs["engine"].startswith("climate-indices")
    difference = np.abs(ours - theirs).values[3:]
    assert np.nanmax(difference) < 0.03
    assert np.nanmean(difference) < 0.005
    assert "calculation" not in capfd.readouterr().out


def test_months_have_twelve_groups(rain):
    months = rain.resample(time="MS").sum(skipna=False)
    got = spi(months, by="month", engine="numba")
    pixel = months.values[:, 3, 3].astype(float)
    expected = naive(pixel[4::12], np.ones(14, bool))
    np.testing.assert_allclose(got.values[4::12, 3, 3], expected, atol=2e-5)


def test_mostly_dry_places_have_no_index():
    values = np.zeros((40, 2), np.float32)
    values[:3, 0] = 5.0, 9.0, 2.0
    values[:10, 1] = np.arange(1, 11)
    got = spi(values, groups=np.zeros(40, int), engine="numba")
    assert np.isnan(got[:, 0]).all()
    expected = naive(values[:, 1].astype(float), np.ones(40, bool))
    np.testing.assert_allclose(got[:, 1], expected, atol=2e-5)


def test_equal_rain_in_all_years_has_no_index_and_no_warning(recwarn):
    got = spi(np.full((30, 1), 12.0, np.float32), groups=np.zeros(30, int), engine="numba")
    assert np.isnan(got).all()
    assert not recwarn.list


def test_what_the_calibration_never_saw_stays_within_bounds(rain):
    changed = rain.copy()
    changed[-1] = 1e5
    got = spi(changed, baseline=(2001, 2013), engine="numba")
    assert float(got[-1, 3, 3]) == 5.0
    assert float(got.max()) <= 5
    assert float(got.min()) >= -5


def test_int16_holds_thousandths_and_marks_gaps(rain):
    plain = spi(rain, engine="numba")
    stored = spi(rain, dtype="int16", engine="numba")
    assert stored.dtype == np.int16
    assert stored.attrs["scale_factor"] == 0.001
    gap = stored.values == stored.attrs["nodata"]
    assert (gap == np.isnan(plain.values)).all()
    np.testing.assert_allclose(stored.values[~gap] * 0.001, plain.values[~gap], atol=5.01e-4)


def test_stored_integers_and_their_nodata_give_the_same(rain):
    stored = rain.fillna(-9999).round().astype(np.int16).assign_attrs(nodata=-9999)
    expected = spi(rain.round(), engine="numba")
    xr.testing.assert_allclose(spi(stored, engine="numba"), expected, atol=1e-6)


def test_a_missing_dekad_is_refused_when_sums_would_reach_over_it(rain):
    with pytest.raises(ParameterError, match="After 2001-02-11 a dekad is missing"):
        spi(rain.drop_isel(time=5), n=3)


def test_a_baseline_outside_the_data_is_refused(rain):
    with pytest.raises(ParameterError, match=r"baseline: The data has the years 2001-2014"):
        spi(rain, baseline=(1991, 2010))
    with pytest.raises(ParameterError, match="only 2 years"):
        spi(rain, baseline=(2004, 2005))


def test_two_steps_in_one_dekad_are_refused():
    values = np.ones((72, 2, 2), np.float32)
    times = dekads(2001, 2).to_numpy().copy()
    times[1] = np.datetime64("2001-01-03")
    with pytest.raises(ParameterError, match="2001-01-01 and 2001-01-03 are in one dekad"):
        spi(cube(values, times))
