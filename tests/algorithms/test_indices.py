from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from made_data import cube, dekads
from scipy import stats

from seasonal_monitor.algorithms import (
    clear,
    monthly_median,
    ndvi,
    percentile,
    tci,
    theta,
    vci,
    vhi,
    water_anomaly_index,
)
from seasonal_monitor.errors import ParameterError


def test_percentiles_rank_a_dekad_among_its_own_years(rain):
    got = percentile(rain, engine="scipy")
    series = rain.values[10::36, 3, 3]
    expected = (stats.rankdata(series) - 1 / 3) / (14 + 1 / 3)
    np.testing.assert_allclose(got.values[10::36, 3, 3], expected, rtol=1e-6)
    gap = rain.values[100 % 36 :: 36, 1, 1]
    there = np.isfinite(gap)
    ranks = (stats.rankdata(gap[there]) - 1 / 3) / (13 + 1 / 3)
    np.testing.assert_allclose(got.values[100 % 36 :: 36, 1, 1][there], ranks, rtol=1e-6)
    assert np.isnan(got.values[100, 1, 1])


def test_hdc_ranks_the_same_once_its_gaps_are_set_right(hdc, rain):
    theirs = theta(rain)
    assert theirs.attrs["engine"].startswith("hdc-algo")
    xr.testing.assert_allclose(theirs, theta(rain, engine="scipy"), atol=2e-5)


@settings(max_examples=40, deadline=None)
@given(arrays(np.float32, (12, 2), elements=st.floats(-100, 100, width=16)))
def test_percentiles_are_inside_0_and_1_and_keep_the_order(values):
    got = percentile(values, groups=np.zeros(12, int), engine="scipy")
    assert ((got > 0) & (got < 1)).all()
    order = np.argsort(values[:, 0], kind="stable")
    assert (np.diff(got[order, 0]) >= 0).all()
    np.testing.assert_allclose(got.sum(axis=0), 12 * (6.5 - 1 / 3) / (12 + 1 / 3), rtol=1e-5)


def test_the_water_anomaly_index_is_the_logistic_of_weighted_thetas(rain):
    one = theta(rain, engine="scipy")
    thetas = {"rainfall": one, "evapotranspiration": -one, "soil_moisture": 0 * one}
    got = water_anomaly_index(thetas)
    combined = 0.4 * one - 0.3 * one
    expected = 100 * np.exp(combined) / (1 + np.exp(combined))
    np.testing.assert_allclose(got, expected, rtol=1e-5)
    equal = water_anomaly_index({"rainfall": one}, {"rainfall": 2.0})
    np.testing.assert_allclose(equal, 100 * percentile(rain, engine="scipy"), rtol=1e-4)
    with pytest.raises(ParameterError, match="weights: They are for"):
        water_anomaly_index({"rainfall": one})
    with pytest.raises(ParameterError, match="thetas: They lie on different"):
        water_anomaly_index({**thetas, "soil_moisture": one[1:]})


def test_condition_indices_lie_between_the_extremes_of_their_own_dekad():
    rng = np.random.default_rng(2)
    values = rng.normal(0.5, 0.1, (36 * 6, 3, 2)).astype(np.float32)
    values[3, 0, 0] = np.nan
    data = cube(values, dekads(2001, 6))
    got = vci(data, baseline=(2001, 2005))
    same = values[7::36][:5]
    low, high = same.min(axis=0), same.max(axis=0)
    expected = np.clip(100 * (values[7 + 36 * 5] - low) / (high - low), 0, 100)
    np.testing.assert_allclose(got.values[7 + 36 * 5], expected, rtol=1e-4, atol=1e-3)
    assert np.isnan(got.values[3, 0, 0])
    np.testing.assert_allclose(tci(data), 100 - vci(data), atol=1e-3)
    health = vhi(got, tci(data), alpha=0.25)
    np.testing.assert_allclose(health, 0.25 * got + 0.75 * tci(data), atol=1e-3)
    with pytest.raises(ParameterError, match="temperature: It lies on another grid"):
        vhi(got, tci(data)[1:])
    with pytest.raises(ParameterError, match="alpha"):
        vhi(got, got, alpha=1.5)


def test_a_pixel_that_never_changes_has_no_condition():
    flat = cube(np.full((72, 2, 2), 0.3, np.float32), dekads(2001, 2))
    assert np.isnan(vci(flat)).all()


def test_clouds_and_what_was_not_seen_leave_no_ndvi():
    classes = np.arange(12).reshape(1, 3, 4)
    times = dekads(2001, 1)[:1]
    scl = cube(classes.astype(np.uint8), times)
    red = cube(np.full((1, 3, 4), 0.1, np.float32), times)
    nir = cube(np.full((1, 3, 4), 0.5, np.float32), times)
    red[0, 1, 0] = nir[0, 1, 0] = 0.0
    got = ndvi(red, nir, mask=clear(scl))
    seen = np.isfinite(got.values.ravel())
    assert np.flatnonzero(seen).tolist() == [2, 5, 6, 7, 11]
    np.testing.assert_allclose(got.values.ravel()[seen], 0.4 / 0.6, rtol=1e-6)
    with pytest.raises(ParameterError, match="red: Stored whole numbers"):
        ndvi(red.astype(np.int16), nir.astype(np.int16))


def test_a_month_is_the_median_of_its_clear_scenes():
    rng = np.random.default_rng(9)
    values = rng.random((36, 2, 2)).astype(np.float32)
    values[0:3, 0, 0] = np.nan
    values[4, 1, 1] = np.nan
    got = monthly_median(cube(values, dekads(2001, 1)))
    assert got.sizes["time"] == 12
    assert np.isnan(got.values[0, 0, 0])
    np.testing.assert_allclose(got.values[1, 1, 1], np.median(values[[3, 5], 1, 1]))
    np.testing.assert_allclose(got.values[5], np.median(values[15:18], axis=0))
