"""A disk that is full, a real one of a few hundred kilobytes: words, and nothing half-written."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
import rasterio
import xarray as xr
from distributed import Client, LocalCluster
from template_notebook import run_cells
from test_outputs import FEBRUARY, JANUARY, TENTHS, make, state

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.errors import OutputError
from seasonal_monitor.notebook import Results
from seasonal_monitor.outputs import write_cogs, write_zarr

FULL = "^output: .*No space left on device. Free some space, or choose another folder"


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 300 kB."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=300k", "tmpfs", str(folder)]
    try:
        made = subprocess.run(mount, capture_output=True, text=True)
    except FileNotFoundError:
        pytest.skip("there is no mount")
    if made.returncode:
        pytest.skip(f"a small file system cannot be mounted here: {made.stderr.strip()}")
    try:
        yield folder
    finally:
        subprocess.run(["umount", str(folder)], check=True)


def large(days: list[str], *, lazy: bool = False) -> xr.Dataset:
    """More than the disk holds, and nothing that compresses well."""
    return make(days, lazy=lazy, size=300)


def test_should_leave_whole_steps_of_cogs_and_finish_when_there_is_room(disk: Path, tmp_path: Path):
    write_cogs(make(JANUARY), disk, "rain_dekad", stored=TENTHS)
    before = state(disk)
    with pytest.raises(OutputError, match=FULL):
        write_cogs(large(FEBRUARY), disk, "other", stored=TENTHS)
    assert {name: content for name, content in state(disk).items() if name in before} == before
    for item in (disk / "other").rglob("*.json"):
        with rasterio.open(item.with_name(f"{item.stem}_rain.tif")) as raster:
            raster.read()
    for raster in disk.rglob("*.tif"):
        with rasterio.open(raster) as image:
            image.read()
    assert not [path for path in disk.rglob("*") if path.name.startswith(".")]


@pytest.mark.parametrize("lazy", [False, True])
def test_should_leave_a_store_as_it_was(disk: Path, lazy: bool):
    store = write_zarr(make(JANUARY), disk / "rain.zarr")
    before = state(store)
    with pytest.raises(OutputError, match=FULL):
        write_zarr(large(JANUARY, lazy=lazy), disk / "large.zarr")
    assert [path.name for path in disk.iterdir()] == ["rain.zarr"]
    with pytest.raises(OutputError, match=FULL):
        write_zarr(make(JANUARY + [f"20{year}-01-01" for year in range(25, 99)]), store)
    assert state(store) == before
    assert [path.name for path in disk.iterdir()] == ["rain.zarr"]


def test_should_say_so_when_it_is_a_worker_that_writes(disk: Path):
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
        pytest.raises(OutputError, match=FULL),
    ):
        write_zarr(large(JANUARY, lazy=True), disk / "large.zarr")
    assert list(disk.iterdir()) == []


@pytest.mark.parametrize("kind", ["rasters", "zarr", "table"])
def test_should_keep_the_results_that_are_there(disk: Path, kind: str):
    small, big = make(JANUARY), large(JANUARY)
    numbers = np.random.default_rng(1).random(50_000)
    put = {
        "rasters": lambda data: Results(disk).rasters(data["rain"], "rain"),
        "zarr": lambda data: Results(disk).zarr(data, "rain"),
        "table": lambda data: Results(disk).table(
            pd.DataFrame({"rain": numbers[: 100 if data is small else None]}), "rain"
        ),
    }[kind]
    put(small)
    before = state(disk)
    assert before
    with pytest.raises(OutputError, match=FULL):
        put(big)
    if kind != "rasters":
        assert state(disk) == before
    for raster in disk.rglob("*.tif"):
        with rasterio.open(raster) as image:
            image.read()
    assert not [path for path in disk.rglob("*") if path.name.startswith(".")]


def test_a_template_says_so_and_leaves_only_whole_files(disk: Path, tmp_path: Path):
    recipe = Recipe(2024, 2024, 200, 1, ("rfh_daily",))
    catalog = make_archive(tmp_path / "archive", recipe).catalog
    parameters = {
        "catalog": str(catalog),
        "start": "202404d1",
        "end": "202406d3",
        "output": str(disk / "results"),
    }
    with pytest.raises(OutputError, match=FULL):
        run_cells("write", "rainfall-dekads", **parameters)
    for raster in disk.rglob("*.tif"):
        with rasterio.open(raster) as image:
            assert image.read(1).shape == (200, 200)
    assert not [path for path in disk.rglob("*") if path.name.startswith(".")]
