from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from distributed import Client

import seasonal_monitor.algorithms as sm
from seasonal_monitor.algorithms.kernels.compile import private_folder
from seasonal_monitor.errors import ParameterError

ROOT = Path(__file__).resolve().parents[2]
SPATIAL = {"latitude": 3, "longitude": 3}


def tasks(data) -> int:
    return len(dict(data.__dask_graph__()))


ALGORITHMS = {
    "percent_of_average": lambda rain: sm.percent_of_average(rain, n=3),
    "spi": lambda rain: sm.spi(rain, n=3, dtype="int16", engine="numba"),
    "long_term": sm.long_term,
    "theta": lambda rain: sm.theta(rain, engine="scipy"),
    "vci": sm.vci,
    "season_start": lambda rain: sm.season_start(rain, sm.Season(5, 20)),
    "envelope": lambda rain: sm.smooth(rain, lam=5.0, p=0.9, engine="numba"),
    "trend": lambda rain: (
        sm.mann_kendall(sm.season_total(rain, sm.Season(5, 20)), dim="year", engine="numba").slope
    ),
}


@pytest.mark.parametrize("name", ALGORITHMS)
def test_workers_give_what_one_process_gives(client: Client, rain, name):
    run = ALGORITHMS[name]
    lazy = run(rain.chunk(time=-1, **SPATIAL))
    assert lazy.chunks is not None
    xr.testing.assert_allclose(client.compute(lazy).result(timeout=120), run(rain))


def test_the_v_curve_is_lazy_for_both_of_its_results(client: Client, ndvi):
    lazy = sm.smooth_v_curve(ndvi.chunk(time=-1, **SPATIAL), p=0.9, engine="numba")
    expected = sm.smooth_v_curve(ndvi, p=0.9, engine="numba")
    xr.testing.assert_allclose(client.compute(lazy).result(timeout=120), expected)
    again = sm.smooth(
        ndvi.chunk(time=-1, **SPATIAL), sgrid=expected.sgrid.chunk(SPATIAL), p=0.9, engine="numba"
    )
    xr.testing.assert_allclose(client.compute(again).result(timeout=120), expected.band, rtol=1e-4)


def test_an_anomaly_is_one_task_for_each_spatial_chunk(rain):
    lazy = rain.chunk(time=-1, **SPATIAL)
    chunks = lazy.data.npartitions
    assert tasks(sm.percent_of_average(lazy, n=3)) - tasks(lazy) == chunks
    assert tasks(sm.spi(lazy, n=9, engine="numba")) - tasks(lazy) == chunks


@pytest.mark.parametrize("name", ALGORITHMS)
def test_time_in_several_chunks_is_refused_with_the_way_out(rain, name):
    with pytest.raises(ParameterError, match=r"Time is in 14 chunks.*chunks=\{'time': -1"):
        ALGORITHMS[name](rain.chunk(time=36, **SPATIAL))


def test_an_error_on_a_worker_keeps_its_words(client: Client, rain):
    with pytest.raises(ParameterError, match="p: 7 is no expectile"):
        client.submit(sm.smooth, rain, lam=1.0, p=7.0).result(timeout=60)


def test_workers_are_warm_after_the_plugin_also_those_that_come_later(client: Client):
    sm.warm_up(client, ["whittaker", "spi", "trend", "spells", "anomaly", "zonal"], engine="numba")

    def signatures() -> int:
        module = sys.modules.get("seasonal_monitor.algorithms.kernels.whittaker")
        return 0 if module is None else len(module.fixed.signatures)

    assert all(count >= 2 for count in client.run(signatures).values())
    with pytest.raises(ParameterError, match="algorithms: 'tea' is not known"):
        sm.warm_up(client, ["tea"])


PROBE = """
import numpy as np
from seasonal_monitor.algorithms.kernels import kendall
kendall.trends(np.random.default_rng(0).random((9, 2)), np.arange(9.0))
stats = kendall.trend_of_pixels.stats
print(sum(stats.cache_hits.values()), sum(stats.cache_misses.values()))
"""


def run_probe(package: Path, **environment: str) -> tuple[int, int]:
    done = subprocess.run(
        [sys.executable, "-c", PROBE],
        cwd=package,
        env={**os.environ, "PYTHONPATH": str(package), **environment},
        capture_output=True,
        text=True,
        check=True,
        timeout=150,
    )
    hits, misses = done.stdout.split()
    return int(hits), int(misses)


def test_a_second_process_reads_what_the_first_compiled(tmp_path):
    folder = tmp_path / "compiled"
    assert run_probe(ROOT, NUMBA_CACHE_DIR=str(folder)) == (0, 1)
    assert run_probe(ROOT, NUMBA_CACHE_DIR=str(folder)) == (1, 0)


def test_only_a_folder_of_ones_own_holds_compiled_code(tmp_path):
    mine = private_folder(tmp_path)
    assert mine is not None
    assert mine.stat().st_mode & 0o077 == 0
    mine.chmod(0o777)
    assert private_folder(tmp_path) is None
    mine.rmdir()
    mine.symlink_to(tmp_path)
    assert private_folder(tmp_path) is None
    assert private_folder(tmp_path / "missing") is None


def test_numpy_arrays_come_back_as_numpy_arrays(rain):
    values = rain.values[:, 2:4, 2:4]
    got = sm.smooth(values, lam=3.0, engine="numba")
    assert isinstance(got, np.ndarray)
    np.testing.assert_array_equal(got, sm.smooth(rain[:, 2:4, 2:4], lam=3.0, engine="numba").values)
    sums = sm.rolling_sum(values, 3)
    np.testing.assert_array_equal(sums, sm.rolling_sum(rain[:, 2:4, 2:4], 3).values)
