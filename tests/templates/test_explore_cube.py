"""A cube that is kept on the cluster, against the files; and what does not fit."""

from __future__ import annotations

from pathlib import Path

import dask.array as da
import numpy as np
import pandas as pd
import pytest
import xarray as xr
from template_run import Run, Runner, read_tiff, refuse

from seasonal_monitor.notebook import Room, fit

pytestmark = pytest.mark.timeout(300)

NAME = "explore-cube"
PLACE = {"area": [35.2, 4.4, 36.4, 5.6], "longitude": 35.52, "latitude": 5.01}
PERIOD = {"start": "201301d1", "end": "201304d1"}


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, **PLACE, **PERIOD)


def test_should_say_what_it_takes_before_it_computes_and_run_on_the_cluster(run: Run):
    run.check("rfh")
    advice = run.printed("advice")
    assert "latitude 24, longitude 24, time 10: 0.0 MB in chunks of 0.0 MB" in advice
    assert "2 workers of " in advice
    assert advice.rstrip().endswith("It fits.")
    cells = [cell.id for cell in run.notebook.cells]
    assert cells.index("advice") < cells.index("compute")


def test_should_show_what_the_files_hold(run: Run, products: Path):
    labels = [f"{month:02}d{dekad}" for month in (1, 2, 3) for dekad in (1, 2, 3)] + ["04d1"]
    files = [products / f"rfh_dekad/2013/rfh_2013{label}.tif" for label in labels]
    rain = np.stack([read_tiff(file)[8:32, 4:28] for file in files])
    table = pd.read_csv(run.output / "rfh_201301d1_201304d1.csv", parse_dates=["date"])
    # 35.52 E is in the 7th pixel from 35.2, 5.01 N in the 12th from 5.6.
    np.testing.assert_allclose(table["rfh"], rain[:, 11, 6], atol=1e-4)
    np.testing.assert_allclose(table["area_mean"], np.nanmean(rain, axis=(1, 2)), rtol=1e-4)
    np.testing.assert_allclose(run.tiff("rfh_2013-04-01"), rain[-1], atol=1e-4)


def lazy(steps: int, side: int, chunk: int) -> xr.DataArray:
    zeros = da.zeros((steps, side, side), chunks=(-1, chunk, chunk), dtype="float32")
    degrees = np.arange(side) * 0.01
    return xr.DataArray(
        zeros,
        dims=("time", "latitude", "longitude"),
        name="rfh",
        coords={"latitude": degrees[::-1], "longitude": degrees},
    )


def test_what_does_not_fit_is_said_without_computing():
    small = Room(workers=2, threads=1, worker_bytes=2 * 10**9, free_bytes=10**9)
    assert fit(lazy(100, 1000, 100), small).fits
    large = fit(lazy(1000, 1000, 100), small)
    assert not large.fits
    assert large.problem == "4.0 GB do not fit into 1.0 GB of memory."
    many = fit(lazy(1, 6000, 16), small)
    assert many.problem.startswith("140,625 tasks are more than a scheduler takes well")
    coarse = fit(lazy(200, 1000, 1000), small)
    assert coarse.fits
    assert "Workers may go to disk: chunks of 576 pixels would be better." in str(coarse)
    crowded = fit(lazy(20000, 100, 16), Room(1, 2, 5 * 10**8, 10**9))
    assert "they have little memory for so many dates" in str(crowded)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"longitude": 30.0}, "^longitude: 30 is outside the area. Give 35.2 to 36.4"),
        ({"latitude": 9.0}, "^latitude: 9 is outside the area"),
        ({"area": [36.4, 4.4, 35.2, 5.6]}, "^area: west 36.4 must be less than east"),
        ({"end": "201401d1", "start": "201401d1"}, "^start: nothing between 2014-01-01"),
        ({"band": "rain"}, "^band: no 'rain'"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **PLACE, **PERIOD}
    refuse(NAME, "advice", words, **{**good, **bad})


def test_should_refuse_more_than_the_memory_holds(products: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("seasonal_monitor.notebook.room_of", lambda client: Room(1, 1, 10**9, 100))
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **PLACE, **PERIOD}
    refuse(NAME, "advice", "^area: 0.0 GB do not fit into 0.0 GB of memory", **good)
