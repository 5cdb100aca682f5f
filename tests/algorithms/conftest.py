"""Invented rain and vegetation, hdc-algo where its wheel is, and a real cluster."""

from __future__ import annotations

import os
import sys
import zipfile
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType

import numpy as np
import pandas as pd
import pytest
import xarray as xr
from distributed import Client, LocalCluster
from made_data import cube, dekads

from seasonal_monitor.algorithms import engines

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture(scope="session")
def rain() -> xr.DataArray:
    """14 years of dekadal rain: two seasons, dry dekads, one gap, one pixel of the sea."""
    rng = np.random.default_rng(5)
    times = dekads(2001, 14)
    season = 18 + 16 * np.sin(2 * np.pi * 2 * np.arange(times.size) / 36)
    values = rng.gamma(1.3, season[:, None, None] / 1.3, (times.size, 6, 5))
    values[rng.random(values.shape) < 0.12] = 0
    values = values.astype(np.float32)
    values[100, 1, 1] = np.nan
    values[:, 0, 0] = np.nan
    return cube(values, times, units="mm")


@pytest.fixture(scope="session")
def days() -> xr.DataArray:
    """Two years of daily rain with one day missing in one pixel."""
    rng = np.random.default_rng(6)
    times = pd.date_range("2019-01-01", "2020-12-31", freq="D")
    values = rng.gamma(0.6, 9, (times.size, 4, 3)) * (rng.random((times.size, 4, 3)) < 0.5)
    values = values.astype(np.float32)
    values[45, 2, 2] = np.nan
    return cube(values, times, units="mm")


@pytest.fixture(scope="session")
def ndvi() -> xr.DataArray:
    """5 years of 16-day NDVI as MODIS stores it: int16, clouds that lower it, gaps of -3000."""
    rng = np.random.default_rng(7)
    times = pd.date_range("2015-01-01", periods=115, freq="16D")
    phase = rng.uniform(0, 2 * np.pi, (1, 7, 6))
    wave = np.sin(2 * np.pi * np.arange(115)[:, None, None] / 22.8 + phase)
    values = 4500 + 2500 * wave + rng.normal(0, 250, (115, 7, 6))
    values -= rng.exponential(900, values.shape) * (rng.random(values.shape) < 0.25)
    stored = np.clip(values, -2000, 10000).astype(np.int16)
    stored[rng.random(stored.shape) < 0.15] = -3000
    stored[:, 0, 0] = -3000
    stored[5:, 0, 1] = -3000
    return cube(stored, times, nodata=-3000, units="1")


class Hdc:
    """hdc-algo unpacked in a folder of its own, seen only by the tests that ask for it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.modules: dict[str, ModuleType] = {}

    def show(self) -> None:
        sys.path.insert(0, str(self.folder))
        sys.modules.update(self.modules)
        engines.installed.cache_clear()

    def hide(self) -> None:
        sys.path.remove(str(self.folder))
        self.modules = {
            name: module
            for name, module in sys.modules.items()
            if name == "hdc" or name.startswith("hdc.")
        }
        for name in self.modules:
            del sys.modules[name]
        engines.installed.cache_clear()


@pytest.fixture(scope="session")
def unpacked_hdc(tmp_path_factory: pytest.TempPathFactory) -> Hdc:
    given = os.environ.get("HDC_ALGO_WHEEL")
    folders = [parent / "shared" / "wheels" for parent in ROOT.parents]
    wheels = [Path(given)] if given else [w for f in folders for w in f.glob("hdc_algo-*.whl")]
    if not wheels:
        pytest.skip(
            "hdc-algo is not on PyPI and no wheel of it is here (HDC_ALGO_WHEEL, or shared/wheels "
            "above the checkout), so this package is not compared with it"
        )
    folder = tmp_path_factory.mktemp("hdc")
    with zipfile.ZipFile(wheels[0]) as wheel:
        wheel.extractall(folder)
    return Hdc(folder)


@pytest.fixture
def hdc(unpacked_hdc: Hdc) -> Iterator[Hdc]:
    unpacked_hdc.show()
    yield unpacked_hdc
    unpacked_hdc.hide()


@pytest.fixture(scope="module")
def client() -> Iterator[Client]:
    """A real cluster: two worker processes with one thread each.

    It ends with its module, for whatever comes next would compute on it.
    """
    with (
        LocalCluster(
            n_workers=2,
            threads_per_worker=1,
            processes=True,
            host="127.0.0.1",
            dashboard_address=None,
        ) as cluster,
        Client(cluster) as connected,
    ):
        yield connected
