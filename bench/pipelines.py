"""Measure whole pipelines: a second worker, data larger than memory, zonal means beside xvec.

``python -m bench.pipelines`` writes ``docs/benchmarks-pipelines.md``. Nothing else should
run meanwhile; the load at the start stands in the report.
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import version
from pathlib import Path

import dask.array
import geopandas
import numpy as np
import pandas as pd
import shapely
import xarray as xr
import xvec  # noqa: F401 - its accessor
from distributed import Client, LocalCluster, wait

from seasonal_monitor.algorithms import (
    smooth,
    smooth_v_curve,
    warm_up,
    zonal_statistics,
    zone_weights,
)
from seasonal_monitor.outputs import write_zarr
from seasonal_monitor.sources import open_source

from .machine import ROOT, commit, load, now, processor

PATH = ROOT / "docs" / "benchmarks-pipelines.md"
STEPS = 230
CHUNK = 100
DEGREES = 0.01
BETTER = 1.8
TIMES_MEMORY = 4
ZONES, ZONE_STEPS, ZONE_SIDE = 256, 360, 400
TIMES_XVEC = 10


def archive(folder: Path, side: int) -> Path:
    """Write NDVI of `STEPS` composites with gaps, as archives store it; (time, y, x), int16."""
    shape, chunks = (STEPS, side, side), (STEPS, CHUNK, CHUNK)
    rng = dask.array.random.default_rng(1)
    season = np.sin(np.arange(STEPS) / 23 * 2 * np.pi)[:, None, None] * 2000 + 4500
    noise = rng.integers(-800, 800, size=shape, chunks=chunks, dtype=np.int16)
    cloud = rng.random(size=shape, chunks=chunks, dtype=np.float32) < 0.15
    values = dask.array.where(cloud, -3000, noise + season).astype(np.int16)
    places = (np.arange(side) + 0.5) * DEGREES
    data = xr.DataArray(
        values,
        dims=("time", "latitude", "longitude"),
        coords={
            "time": pd.date_range("2014-01-01", periods=STEPS, freq="16D"),
            "latitude": 20 - places,
            "longitude": 20 + places,
        },
        attrs={"scale_factor": 1e-4, "_FillValue": -3000},
    )
    path = folder / "ndvi.zarr"
    data.to_dataset(name="ndvi").to_zarr(path, consolidated=False, zarr_format=2)
    return path


def opened(path: Path, side: int) -> xr.DataArray:
    """Open the archive as templates do: masked, scaled, time in one chunk."""
    edge = side * DEGREES
    area = (20.0, 20.0 - edge, 20.0 + edge, 20.0)
    return open_source(str(path), "ndvi", "ndvi", area, "2014-01-01", "2100-01-01", chunk_px=CHUNK)[
        "ndvi"
    ]


@contextmanager
def cluster(workers: int, memory: str | int = 0) -> Iterator[Client]:
    """Start single-threaded workers whose kernels are compiled."""
    with (
        LocalCluster(
            n_workers=workers,
            threads_per_worker=1,
            memory_limit=memory,
            host="127.0.0.1",
            dashboard_address=None,
        ) as made,
        Client(made) as client,
    ):
        warm_up(client, ["whittaker"])
        yield client


def second_worker(path: Path, side: int, repeats: int) -> str:
    """Compare one worker with two, alternating, by the best of some runs."""
    best = {1: float("inf"), 2: float("inf")}
    for _ in range(repeats):
        for workers in best:
            with cluster(workers):
                plan = smooth_v_curve(opened(path, side)).mean()
                begun = time.monotonic()
                plan.compute()
                best[workers] = min(best[workers], time.monotonic() - begun)
    ratio = best[1] / best[2]
    met = "met" if ratio >= BETTER else "not met"
    return (
        f"{side} x {side} pixels, {STEPS} steps, Whittaker with V-curve from Zarr: one worker "
        f"{best[1]:.1f} s, two {best[2]:.1f} s (best of {repeats}): {ratio:.2f} times; goal "
        f"{BETTER} times: {met}"
    )


def beyond_memory(path: Path, side: int, folder: Path) -> str:
    """Smooth an archive of four times the workers' memory, and write all of it."""
    data = opened(path, side)
    memory = data.nbytes // TIMES_MEMORY // 2
    with cluster(2, memory) as client:
        before = set(client.run(os.getpid).values())
        begun = time.monotonic()
        smoothed = smooth(opened(path, side), lam=10.0)
        write_zarr(smoothed.to_dataset(name="ndvi"), folder / "out.zarr")
        taken = time.monotonic() - begun
        killed = len(before - set(client.run(os.getpid).values()))
        info = client.scheduler_info(n_workers=-1)["workers"].values()
        spilled = sum(sum(one["metrics"]["spilled_bytes"].values()) for one in info)
    met = "met" if killed == 0 else "not met"
    return (
        f"{data.nbytes / 1e9:.1f} GB as float32, two workers with {memory / 1e9:.2f} GB each: read "
        f"from Zarr, smoothed and written to Zarr in {taken:.0f} s, {killed} workers killed, "
        f"{spilled / 1e6:.0f} MB on disk at the end; goal none killed: {met}"
    )


def raster() -> xr.DataArray:
    """Return invented rainfall on workers; (time, y, x), float32, chunks of 36 steps."""
    rng = dask.array.random.default_rng(2)
    shape = (ZONE_STEPS, ZONE_SIDE, ZONE_SIDE)
    values = rng.random(size=shape, chunks=(36, 200, 200), dtype=np.float32)
    places = (np.arange(ZONE_SIDE) + 0.5) * DEGREES
    coords = {
        "time": pd.date_range("2014-01-01", periods=ZONE_STEPS, freq="10D"),
        "latitude": 20 - places,
        "longitude": 20 + places,
    }
    return xr.DataArray(values, dims=("time", "latitude", "longitude"), coords=coords)


def districts() -> geopandas.GeoDataFrame:
    """Return `ZONES` squares turned by 45 degrees, side by side over the raster."""
    edge = ZONE_SIDE * DEGREES
    rows = int(np.sqrt(ZONES))
    places = (np.arange(rows) + 0.5) * edge / rows
    shapes = [
        shapely.Point(20 + x, 20 - y).buffer(0.5 * edge / rows, quad_segs=1)
        for y in places
        for x in places
    ]
    return geopandas.GeoDataFrame({"zone": range(ZONES)}, geometry=shapes, crs="EPSG:4326")


def zones(repeats: int) -> str:
    """Compare zonal means on a Dask array with those of xvec, alternating, by the best run."""
    polygons = districts()
    best = {"ours": float("inf"), "xvec": float("inf")}
    with cluster(2):
        data = raster().persist()
        wait(data)
        for _ in range(repeats):
            begun = time.monotonic()
            weights = zone_weights(data, polygons, crs="EPSG:4326")
            ours = zonal_statistics(data, weights, statistics=["mean"]).compute()
            best["ours"] = min(best["ours"], time.monotonic() - begun)
            begun = time.monotonic()
            theirs = data.xvec.zonal_stats(
                polygons.geometry, "longitude", "latitude", stats="mean", method="exactextract"
            )
            theirs = theirs.compute()
            best["xvec"] = min(best["xvec"], time.monotonic() - begun)
    mean = ours["mean"].transpose("time", ...).values
    apart = float(np.abs(mean - theirs.transpose("time", ...).values).max())
    ratio = best["xvec"] / best["ours"]
    met = "met" if ratio >= TIMES_XVEC else "not met"
    return (
        f"Means of {ZONES} polygons, {ZONE_SIDE} x {ZONE_SIDE} pixels, {ZONE_STEPS} steps, a Dask "
        f"array on two workers: with the calculation of the weights {best['ours']:.1f} s, xvec "
        f"{version('xvec')} with exactextract {best['xvec']:.1f} s (best of {repeats}): "
        f"{ratio:.1f} times; goal {TIMES_XVEC} times: {met}; results at most {apart:.0e} apart"
    )


def main() -> int:
    """Measure, and write the report."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--out", type=Path, default=PATH)
    options.add_argument("--side", type=int, default=2600, help="pixels of the large archive")
    options.add_argument("--small", type=int, default=1000, help="pixels of the small archive")
    options.add_argument("--repeats", type=int, default=3)
    given = options.parse_args()
    started, average = now(), load()
    with tempfile.TemporaryDirectory(prefix="bench-pipelines-") as place:
        folder = Path(place)
        small, large = folder / "small", folder / "large"
        small.mkdir()
        large.mkdir()
        lines = [
            second_worker(archive(small, given.small), given.small, given.repeats),
            beyond_memory(archive(large, given.side), given.side, large),
            zones(given.repeats),
        ]
    text = [
        "# Benchmarks of pipelines",
        "",
        "Written by `python -m bench.pipelines`. Do not edit: run it again. Invented NDVI with",
        "15 % gaps, stored as int16; workers are processes with one thread, on a cluster of this",
        "machine.",
        "",
        f"{processor()}, {len(os.sched_getaffinity(0))} cores; load average at the start",
        f"{average}. Measured {started}, commit {commit()}.",
        "",
        *(f"- {line}" for line in lines),
    ]
    given.out.write_text("\n".join(text) + "\n")
    print("\n".join(lines))
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
