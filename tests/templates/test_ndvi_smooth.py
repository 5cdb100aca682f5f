"""Smoothed NDVI against dense matrices of plain numpy on the same files."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import numpy as np
import pytest
from template_notebook import run_cells
from template_run import Run, Runner, read_tiff, refuse

pytestmark = pytest.mark.timeout(300)

NAME = "ndvi-smooth"
AREA = [35.2, 4.4, 36.4, 5.6]
WINDOW = np.s_[8:32, 4:28]  # of the 48 x 48 pixels, 0.05 degrees each
PERIOD = {"start": "201303d2", "end": "201305d1", "area": AREA}


def composites(archive: Path) -> tuple[list[date], np.ndarray]:
    """First days and values of all that the template should find for the period."""
    opens, closes = date(2012, 3, 11) - timedelta(16), date(2013, 5, 10) + timedelta(16)
    found = {}
    for path in sorted(archive.glob("mxd13a2_ndvi/*/ndvi_*.tif")):
        year, day = int(path.stem[5:9]), int(path.stem[9:])
        first = date(year, 1, 1) + timedelta(day - 1)
        if opens <= first <= closes:
            found[first] = read_tiff(path)[WINDOW]
    return list(found), np.stack(list(found.values()))


def dense(y: np.ndarray, w: np.ndarray, lam: float) -> np.ndarray:
    bend = np.diff(np.eye(y.size), 2, axis=0)
    return np.linalg.solve(np.diag(w) + lam * bend.T @ bend, w * y)


def envelope(y: np.ndarray, w: np.ndarray, lam: float, p: float) -> np.ndarray:
    z = dense(y, w, lam)
    for _ in range(100):
        z = dense(y, w * np.where(y > z, p, 1 - p), lam)
    return z


def v_curve(y: np.ndarray, w: np.ndarray) -> float:
    grid = np.round(np.arange(-2, 2.01, 0.2), 1)
    curves = [dense(y, w, 10.0**power) for power in grid]
    misfit = [np.log((w * (y - z) ** 2).sum()) for z in curves]
    rough = [np.log((np.diff(z, 2) ** 2).sum()) for z in curves]
    best = np.hypot(np.diff(misfit), np.diff(rough)).argmin()
    return float(grid[best] + grid[best + 1]) / 2


def dekad_mean(days: list[date], z: np.ndarray, first: date, last: date) -> float:
    """Day by day the curve of least bending through the composites' middles, then its mean."""
    middles = [(day - days[0]).days + 8 for day in days]
    weight = np.zeros(middles[-1] + 30)
    value = np.zeros(weight.size)
    weight[middles], value[middles] = 1, z
    daily = dense(value, weight, 1e-5)
    return float(daily[(first - days[0]).days : (last - days[0]).days + 1].mean())


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, **PERIOD)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("whittaker")
    names = sorted(path.name for path in run.output.glob("*.tif"))
    labels = ["201303d2", "201303d3", "201304d1", "201304d2", "201304d3", "201305d1"]
    assert names == [f"vim_{label}.tif" for label in labels]


def test_should_write_what_dense_matrices_give(run: Run, products: Path):
    days, seen = composites(products)
    powers = run.zarr("vim_201303d2_201305d1")["sgrid"].values
    april, may = run.tiff("vim_201304d2"), run.tiff("vim_201305d1")
    assert np.isnan(seen).any()
    for row, column in [(0, 0), (5, 17), (12, 9), (20, 3), (23, 20)]:
        y, w = seen[:, row, column], np.isfinite(seen[:, row, column]).astype(float)
        z = envelope(np.where(w > 0, y, 0), w, 10.0 ** powers[row, column], 0.9)
        expected = dekad_mean(days, z, date(2013, 4, 11), date(2013, 4, 20))
        assert april[row, column] == pytest.approx(expected, abs=2e-4)
        expected = dekad_mean(days, z, date(2013, 5, 1), date(2013, 5, 10))
        assert may[row, column] == pytest.approx(expected, abs=2e-4)


def test_should_choose_the_smoothing_of_the_v_curve(products: Path):
    result = run_cells(
        "compute",
        NAME,
        catalog=str(products / "catalog.json"),
        expectile=0.5,
        dry_run=True,
        **PERIOD,
    )["result"]
    _, seen = composites(products)
    for row, column in [(0, 0), (5, 17), (12, 9), (20, 3), (23, 20)]:
        y, w = seen[:, row, column], np.isfinite(seen[:, row, column]).astype(float)
        chosen = result["sgrid"].values[row, column]
        assert chosen == pytest.approx(v_curve(np.where(w > 0, y, 0), w), abs=1e-5)
    share = np.isfinite(seen).mean(axis=0)
    np.testing.assert_allclose(result["observed"], share, rtol=1e-6)


def test_should_have_no_value_in_the_sea_and_where_too_little_was_seen(products: Path):
    area = [35.2, 3.6, 37.4, 5.6]
    strict = run_cells(
        "compute",
        NAME,
        catalog=str(products / "catalog.json"),
        min_observed=0.85,
        dry_run=True,
        **{**PERIOD, "area": area},
    )["result"]
    few = strict["observed"] < 0.85
    assert (strict["observed"] == 0).any()
    assert (few & (strict["observed"] > 0)).any()
    assert (strict["vim"].isnull() == few).all()


def test_should_use_the_smoothing_of_an_earlier_run_again(run: Run, products: Path):
    store = run.output / "vim_201303d2_201305d1.zarr"
    parameters = {"catalog": str(products / "catalog.json"), "dry_run": True, **PERIOD}
    again = run_cells("compute", NAME, stored_lambdas=str(store), **parameters)["result"]
    before = run.zarr("vim_201303d2_201305d1")
    np.testing.assert_allclose(again["vim"], before["vim"], atol=1e-6)
    smaller = {**parameters, "area": [35.2, 4.4, 36.0, 5.6]}
    words = "^stored_lambdas: It lies on another grid"
    refuse(NAME, "smooth", words, stored_lambdas=str(store), **smaller)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201306d1"}, "^start: 201306d1 is after the end"),
        ({"end": "2013-05-01"}, "^end: '2013-05-01' is not a dekad"),
        ({"end": "201401d2"}, "^end: the archive's data give dekads from .* to 2013-12-21 only"),
        ({"start": "200712d1"}, "^start: the archive's data give dekads from 2008-01-"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
        ({"area": [36.0, 4.0, 35.0, 5.0]}, "^area: west 36 must be less than east 35"),
        ({"catalog": "nowhere/catalog.json"}, "^catalog: .*nowhere/catalog.json cannot be read"),
        ({"collection": "ndvi"}, "^collection: no items of 'ndvi'"),
        ({"band": "evi"}, "^band: no 'evi' in ndvi_.*, only ndvi"),
        ({"history_dekads": -1}, "^history_dekads: -1 is negative"),
        ({"composite_days": 0}, "^composite_days: A composite cannot cover 0 days"),
        ({"expectile": 1.0}, "^expectile: 1.0 is no expectile"),
        ({"lambda_high": -2.0}, "^lambda_high: -2.0 is not above lambda_low"),
        ({"stored_lambdas": "nothing.zarr"}, "^stored_lambdas: there is no store"),
        ({"min_observed": 30}, "^min_observed: 30 is no share"),
        ({"chunk_px": 1}, "^chunk_px: 1 pixels are too few"),
        ({"collection": "rfh_dekad", "band": "rfh", "composite_days": 8}, "^start: the archive la"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **PERIOD}
    refuse(NAME, "smooth", words, **{**good, **bad})


def test_should_name_the_output_that_cannot_be_made(products: Path, tmp_path: Path):
    (tmp_path / "file").write_text("not a folder")
    output = str(tmp_path / "file/out")
    refuse(NAME, "checks", "^output: .* cannot be made", output=output, **PERIOD)
