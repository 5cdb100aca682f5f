from __future__ import annotations

import numpy as np
import pytest
import xarray as xr
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from seasonal_monitor.algorithms import smooth, smooth_v_curve
from seasonal_monitor.errors import ParameterError


def dense(y: np.ndarray, w: np.ndarray, lam: float) -> np.ndarray:
    """The smoother as its paper writes it: one full matrix."""
    bend = np.diff(np.eye(y.size), 2, axis=0)
    return np.linalg.solve(np.diag(w) + lam * bend.T @ bend, w * y)


def dense_envelope(y: np.ndarray, w: np.ndarray, lam: float, p: float) -> np.ndarray:
    z = dense(y, w, lam)
    for _ in range(100):
        new = dense(y, w * np.where(y > z, p, 1 - p), lam)
        if np.allclose(new, z, rtol=0, atol=1e-9):
            break
        z = new
    return z


def dense_v_curve(y: np.ndarray, w: np.ndarray, grid: np.ndarray) -> float:
    curves = [dense(y, w, 10.0**s) for s in grid]
    misfit = np.array([np.log((w * (y - z) ** 2).sum()) for z in curves])
    rough = np.array([np.log((np.diff(z, 2) ** 2).sum()) for z in curves])
    speed = np.hypot(np.diff(misfit), np.diff(rough)) / np.diff(grid)
    k = speed.argmin()
    return (grid[k] + grid[k + 1]) / 2


def series(data: xr.DataArray) -> list[tuple[int, int, np.ndarray, np.ndarray]]:
    """Pixels with at least two values, as values and weights."""
    found = []
    for row in range(data.shape[1]):
        for column in range(data.shape[2]):
            y = data.values[:, row, column].astype(float)
            w = (y != -3000).astype(float)
            if w.sum() >= 2:
                found.append((row, column, np.where(w > 0, y, 0), w))
    return found


@pytest.mark.parametrize("lam", [0.05, 10.0, 1e4])
def test_a_fixed_lambda_gives_what_a_dense_solve_gives(ndvi, lam):
    got = smooth(ndvi, lam=lam, engine="numba")
    for row, column, y, w in series(ndvi):
        np.testing.assert_allclose(got.values[:, row, column], dense(y, w, lam), rtol=2e-6)


@pytest.mark.parametrize("p", [0.1, 0.9])
def test_an_envelope_gives_what_dense_solves_give(ndvi, p):
    got = smooth(ndvi, lam=30.0, p=p, engine="numba")
    for row, column, y, w in series(ndvi)[:12]:
        np.testing.assert_allclose(
            got.values[:, row, column], dense_envelope(y, w, 30.0, p), rtol=2e-5
        )


def test_the_v_curve_chooses_what_dense_solves_choose(ndvi):
    grid = np.round(np.arange(-1, 3.01, 0.5), 1)
    got = smooth_v_curve(ndvi, srange=grid, engine="numba")
    for row, column, y, w in series(ndvi):
        if w.sum() < 10:
            continue  # few values fit exactly, and both axes end in rounding
        chosen = dense_v_curve(y, w, grid)
        assert float(got.sgrid[row, column]) == pytest.approx(chosen, abs=1e-6)
        np.testing.assert_allclose(
            got.band.values[:, row, column], dense(y, w, 10**chosen), rtol=2e-6
        )


@pytest.mark.parametrize("steps", [3, 4, 5])
def test_the_shortest_series_have_their_own_corner_rows(steps):
    y = np.array([1.0, 4.0, 2.0, 8.0, 5.0])[:steps]
    got = smooth(y[:, None], lam=0.7, engine="numba")
    np.testing.assert_allclose(got[:, 0], dense(y, np.ones(steps), 0.7), rtol=1e-6)


@pytest.mark.parametrize("p", [None, 0.9])
def test_hdc_and_own_kernels_agree_to_its_rounding(hdc, ndvi, p):
    ours = smooth_v_curve(ndvi, p=p, engine="numba")
    theirs = smooth_v_curve(ndvi, p=p, engine="hdc")
    enough = (ndvi != -3000).sum("time") >= 10
    assert theirs.band.attrs["engine"].startswith("hdc-algo")
    assert ours.band.attrs["engine"].startswith("numba")
    xr.testing.assert_allclose(ours.sgrid.where(enough), theirs.sgrid.where(enough), atol=1e-5)
    difference = np.abs(ours.band - theirs.band).where(enough)
    assert float(difference.max()) <= 0.501
    again = smooth(ndvi, sgrid=ours.sgrid, p=p, engine="hdc")
    assert float(np.abs(again - ours.band).where(enough).max()) <= 0.501


def test_hdc_is_given_scaled_numbers_so_that_a_fraction_survives(hdc, ndvi):
    real = (ndvi.where(ndvi != -3000) * 1e-4).astype(np.float32)
    ours = smooth(real, lam=10.0, engine="numba")
    theirs = smooth(real, lam=10.0, engine="hdc")
    enough = (ndvi != -3000).sum("time") >= 10
    assert float(np.abs(ours - theirs).where(enough).max()) <= 1.1e-4
    assert len(np.unique(theirs.values[np.isfinite(theirs.values)])) > 100


def test_auto_takes_hdc_for_whole_numbers_and_not_for_fractions_it_would_round(hdc, ndvi):
    assert smooth(ndvi, lam=1.0).attrs["engine"].startswith("hdc-algo")
    real = ndvi.where(ndvi != -3000) * 1e-4
    assert smooth(real, lam=1.0).attrs["engine"].startswith("numba")
    assert smooth(real, lam=1.0, precision=1e-4).attrs["engine"].startswith("hdc-algo")


def test_numbers_that_hdc_cannot_hold_are_refused(hdc, ndvi):
    kelvin = ndvi.where(ndvi != -3000) * 0.0 + 300.5
    with pytest.raises(ParameterError, match=r"precision: .*int16"):
        smooth(kelvin, lam=1.0, precision=1e-4)


def test_a_stored_sgrid_gives_the_same_curves_again(ndvi):
    first = smooth_v_curve(ndvi, p=0.9, engine="numba")
    again = smooth(ndvi, sgrid=first.sgrid, p=0.9, engine="numba")
    np.testing.assert_allclose(again, first.band, rtol=1e-4)


def test_pixels_with_fewer_than_two_values_are_nan_and_others_have_no_gap(ndvi):
    got = smooth_v_curve(ndvi, engine="numba")
    counts = (ndvi != -3000).sum("time").values
    there = np.isfinite(got.band.values).all(axis=0)
    assert (there == (counts >= 2)).all()
    assert (np.isfinite(got.sgrid.values) == (counts >= 2)).all()
    assert counts.min() == 0


def test_axes_may_stand_in_any_order(ndvi):
    first = smooth(ndvi, lam=5.0, engine="numba")
    last = smooth(ndvi.transpose("latitude", "longitude", "time"), lam=5.0, engine="numba")
    assert last.dims == ("latitude", "longitude", "time")
    xr.testing.assert_equal(last.transpose(*first.dims), first)


def test_neighbours_do_not_change_a_pixel(ndvi):
    whole = smooth_v_curve(ndvi, p=0.9, engine="numba")
    alone = smooth_v_curve(ndvi[:, 3:4, 2:3], p=0.9, engine="numba")
    np.testing.assert_array_equal(alone.band, whole.band[:, 3:4, 2:3])


@settings(max_examples=25, deadline=None)
@given(
    y=arrays(np.float64, st.integers(4, 40), elements=st.floats(-1e3, 1e3, width=32)),
    lam=st.floats(1e-3, 1e5),
    shift=st.floats(-100, 100),
    seed=st.integers(0, 10_000),
)
def test_it_is_linear_and_keeps_straight_lines(y, lam, shift, seed):
    gaps = np.random.default_rng(seed).random(y.size) < 0.3
    gaps[:2] = False
    holed = np.where(gaps, np.nan, y)
    line = 3.0 + 0.5 * np.arange(y.size)
    curve = smooth(holed[:, None], lam=lam, engine="numba")[:, 0]
    moved = smooth((holed + shift * line)[:, None], lam=lam, engine="numba")[:, 0]
    scale = float(max(np.abs(curve).max(), np.abs(moved).max(), 1.0))
    np.testing.assert_allclose(moved, curve + shift * line, atol=2e-4 * scale)
    w = (~gaps).astype(float)
    assert (w * (curve - np.where(gaps, 0, y))).sum() == pytest.approx(0, abs=1e-2 * scale)


def test_wrong_parameters_are_named(ndvi):
    for words, arguments in {
        "lam: There is none, or two": {},
        "lam: 0 smooths nothing": {"lam": 0.0},
        "p: 1.5 is no expectile": {"lam": 1.0, "p": 1.5},
        "precision: ": {"lam": 1.0, "precision": 0.0},
        "engine: 'fortran'": {"lam": 1.0, "engine": "fortran"},
    }.items():
        with pytest.raises(ParameterError, match=words):
            smooth(ndvi, **arguments)
    with pytest.raises(ParameterError, match="srange"):
        smooth_v_curve(ndvi, srange=[1.0, 0.0])
    with pytest.raises(ParameterError, match="Fewer than 3 steps"):
        smooth(ndvi[:2], lam=1.0)
    moved = ndvi[0].assign_coords(latitude=ndvi.latitude + 1) * 0.0
    with pytest.raises(ParameterError, match="another grid along latitude"):
        smooth(ndvi, sgrid=moved)
