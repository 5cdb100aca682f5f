"""Measure the pipelines' algorithms beside hdc-algo, libraries from PyPI and the naive way.

``python -m bench.algorithms`` writes ``docs/benchmarks-algorithms.md``. With ``HDC_ALGO_WHEEL``
naming a wheel of hdc-algo, that is measured too; it is not on PyPI.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import xarray as xr

from .machine import ROOT, commit, load, now, processor
from .naive import smooth as naive_smooth
from .naive import spi as naive_spi

PATH = ROOT / "docs" / "benchmarks-algorithms.md"
SRANGE = np.round(np.arange(-2.0, 2.01, 0.2), 1)


@dataclass
class Rate:
    """How many pixels a second each way does; None where it could not be measured."""

    what: str
    ours: float
    others: dict[str, float | None] = field(default_factory=dict)
    #: By the name of another way: how many times its rate ours shall be.
    goals: dict[str, float] = field(default_factory=dict)


def rate(work: Callable[[], Any], pixels: int, repeats: int = 3) -> float:
    """Return pixels per second of processor time; the first call compiles and does not count."""
    work()
    best = float("inf")
    for _ in range(repeats):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return pixels / best


def dekads(years: int) -> pd.DatetimeIndex:
    """Return the first days of the dekads of some years."""
    months = pd.date_range("1985-01-01", periods=12 * years, freq="MS")
    return pd.DatetimeIndex(
        [m + pd.Timedelta(days=offset) for m in months for offset in (0, 10, 20)]
    )


def cube(values: np.ndarray[Any, Any], times: pd.DatetimeIndex) -> xr.DataArray:
    """Return a cube of one row of pixels."""
    coords = {"time": times, "y": [0.0], "x": np.arange(values.shape[1])}
    return xr.DataArray(values[:, None, :], dims=("time", "y", "x"), coords=coords)


def vegetation(steps: int, pixels: int) -> xr.DataArray:
    """Return int16 NDVI with a season, noise, and 15 % gaps of -3000."""
    rng = np.random.default_rng(1)
    wave = 5000 + 2500 * np.sin(np.arange(steps)[:, None] * 2 * np.pi / 46)
    values = (wave + rng.normal(0, 600, (steps, pixels))).astype(np.int16)
    values[rng.random(values.shape) < 0.15] = -3000
    times = pd.date_range("2002-01-01", periods=steps, freq="8D")
    return cube(values, times).assign_attrs(nodata=-3000)


def rainfall(years: int, pixels: int) -> xr.DataArray:
    """Return float32 dekadal rain, a fifth of it dry."""
    rng = np.random.default_rng(2)
    values = rng.gamma(1.2, 30, (36 * years, pixels)).astype(np.float32)
    values[rng.random(values.shape) < 0.2] = 0
    return cube(values, dekads(years))


def whittaker(steps: int, hdc: bool) -> list[Rate]:
    """Measure the smoother in its three forms."""
    from seasonal_monitor.algorithms import smooth, smooth_v_curve

    count = 3_000_000 // steps
    data = vegetation(steps, count)
    few = data[..., : max(16, count // 100)]
    found = []
    for form, p, many in (
        ("fixed lambda", None, 1),
        ("V-curve", None, 21),
        ("V-curve p = 0.9", 0.9, 21),
    ):
        part = data if many == 1 else data[..., : count // 8]
        pixels = part.sizes["x"]

        def run(
            engine: str, part: xr.DataArray = part, p: float | None = p, many: int = many
        ) -> object:
            if many == 1:
                return smooth(part, lam=10.0, p=p, engine=engine)
            return smooth_v_curve(part, srange=SRANGE, p=p, engine=engine)

        others: dict[str, float | None] = {"hdc-algo": None}
        if hdc:
            others["hdc-algo"] = rate(partial(run, engine="hdc"), pixels, 2)
        if p is None:
            naive = few if many == 1 else few[..., :16]
            grid = None if many == 1 else SRANGE
            others["naive"] = rate(partial(naive_smooth, naive, 10.0, grid), naive.sizes["x"], 1)
        found.append(
            Rate(
                f"Whittaker, {form}, {steps} steps",
                rate(partial(run, engine="numba"), pixels),
                others,
                {"hdc-algo": 0.9, "naive": 30},
            )
        )
    return found


def precipitation(hdc: bool) -> list[Rate]:
    """Measure the three months' SPI of 30 years of dekads."""
    from seasonal_monitor.algorithms import spi

    data = rainfall(30, 600)
    few = data[..., :12]
    others: dict[str, float | None] = {
        "hdc-algo": rate(lambda: spi(data, n=9, engine="hdc"), 600, 2) if hdc else None,
        "climate-indices": rate(lambda: spi(few, n=9, engine="climate-indices"), 12, 1),
        "naive": rate(lambda: naive_spi(few, 9), 12, 1),
    }
    ours = rate(lambda: spi(data, n=9, engine="numba"), 600)
    return [Rate("SPI, 9 dekads, 1,080 steps", ours, others, {"naive": 10})]


def anomaly() -> list[Rate]:
    """Measure percent of average, for all steps and for the newest only."""
    from seasonal_monitor.algorithms import percent_of_average

    data = rainfall(30, 4000)

    def grouped() -> object:
        groups = xr.DataArray(np.arange(data.sizes["time"]) % 36, dims="time", name="dekad")
        sums = data.rolling(time=3).sum().assign_coords(dekad=groups)
        mean = sums.groupby("dekad").mean()
        return 100 * ((sums + 5).groupby("dekad") / (mean + 5))

    newest = [data.time.values[-1]]
    return [
        Rate(
            "Percent of average, 3 dekads, all 1,080 steps",
            rate(lambda: percent_of_average(data, n=3), 4000),
            {"naive": rate(grouped, 4000, 2)},
        ),
        Rate(
            "Percent of average, 3 dekads, the newest step",
            rate(lambda: percent_of_average(data, n=3, at=newest), 4000),
        ),
    ]


def trend(hdc: bool) -> list[Rate]:
    """Measure the Mann-Kendall test of 44 years."""
    from seasonal_monitor.algorithms import mann_kendall

    rng = np.random.default_rng(3)
    times = pd.date_range("1981-01-01", periods=44, freq="YS")
    data = cube(rng.normal(size=(44, 8000)).astype(np.float32), times)
    others: dict[str, float | None] = {
        "hdc-algo": rate(lambda: mann_kendall(data, engine="hdc"), 8000, 2) if hdc else None,
        "pymannkendall": rate(
            lambda: mann_kendall(data[..., :100], engine="pymannkendall"), 100, 1
        ),
    }
    ours = rate(lambda: mann_kendall(data, engine="numba"), 8000)
    return [Rate("Mann-Kendall and Sen, 44 years", ours, others)]


def zonal() -> list[Rate]:
    """Measure weighted means of 64 polygons in 72 steps of 200 x 200 pixels, all in all."""
    import geopandas
    import shapely
    from exactextract import exact_extract
    from exactextract.raster import NumPyRasterSource

    from seasonal_monitor.algorithms import zonal_statistics, zone_weights

    rng = np.random.default_rng(4)
    side = 200
    coords = {
        "time": dekads(2),
        "y": np.arange(side)[::-1] + 0.5,
        "x": np.arange(side) + 0.5,
    }
    values = rng.random((72, side, side)).astype(np.float32)
    data = xr.DataArray(values, dims=("time", "y", "x"), coords=coords)
    circles = [shapely.Point(*xy).buffer(18) for xy in rng.uniform(20, 180, (64, 2))]
    polygons = geopandas.GeoDataFrame(geometry=circles, crs="EPSG:32636")

    def ours() -> object:
        weights = zone_weights(data, polygons, crs="EPSG:32636")
        return zonal_statistics(data, weights, statistics=["mean"])

    def each_step() -> object:
        wkt = polygons.crs.to_wkt()
        sources = [NumPyRasterSource(v, 0, 0, side, side, srs_wkt=wkt) for v in values[:12]]
        return [exact_extract(source, polygons, ["mean"]) for source in sources]

    pixels = 72 * side * side
    return [
        Rate(
            "Zonal means, pixel-steps",
            rate(ours, pixels),
            {"naive": rate(each_step, 12 * side * side, 1)},
            {"naive": 10},
        )
    ]


def fresh_worker() -> list[str]:
    """Say how the first run in a fresh, warmed worker compares with the next ones."""
    from distributed import Client, LocalCluster

    from seasonal_monitor.algorithms import smooth_v_curve, spi, warm_up

    rain, green = rainfall(30, 10_000), vegetation(230, 10_000)
    lines = []
    with (
        LocalCluster(
            n_workers=1, threads_per_worker=1, host="127.0.0.1", dashboard_address=None
        ) as cluster,
        Client(cluster) as client,
    ):
        begun = time.monotonic()
        warm_up(client, ["whittaker", "spi"], engine="numba")
        lines.append(f"warming up took {time.monotonic() - begun:.1f} s, before the first run")
        tasks: list[tuple[str, Callable[..., Any], xr.DataArray]] = [
            ("SPI", partial(spi, n=9), rain),
            ("V-curve", partial(smooth_v_curve, p=0.9), green),
        ]
        for name, function, data in tasks:
            sent = client.scatter(data)
            taken = []
            for _ in range(6):
                begun = time.monotonic()
                client.submit(function, sent, engine="numba", pure=False).result()
                taken.append(time.monotonic() - begun)
            later = float(np.median(taken[1:]))
            met = "met" if taken[0] <= 1.2 * later else "not met"
            lines.append(
                f"{name}: first run {taken[0]:.2f} s, later {later:.2f} s (median of 5), "
                f"{taken[0] / later:.2f} times; goal 1.2: {met}"
            )
    return lines


def with_hdc() -> bool:
    """Unpack hdc-algo's wheel where Python finds it; say whether there is one."""
    wheel = os.environ.get("HDC_ALGO_WHEEL")
    if not wheel:
        return False
    folder = tempfile.TemporaryDirectory(prefix="bench-hdc-")
    _KEPT.append(folder)
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(folder.name)
    sys.path.insert(0, folder.name)
    return True


_KEPT: list[Any] = []


def write(rates: list[Rate], lines: list[str], started: str, average: str, path: Path) -> None:
    """Write the report."""
    columns = ["hdc-algo", "climate-indices", "pymannkendall", "naive"]
    head = ["What", "This project", *columns, "Goal", "Met"]
    rows = []
    for found in rates:
        cells = []
        for name in columns:
            other = found.others.get(name)
            cells.append("" if other is None else f"{other:,.0f} ({found.ours / other:.1f} times)")
        goals = {n: g for n, g in found.goals.items() if found.others.get(n)}
        kept = [found.ours >= g * (found.others[n] or 0) for n, g in goals.items()]
        goal = ", ".join(f"{g:g} times {n}" for n, g in goals.items())
        met = "" if not kept else "yes" if all(kept) else "**no**"
        rows.append([found.what, f"{found.ours:,.0f}", *cells, goal, met])
    table = [f"| {' | '.join(row)} |" for row in [head, ["---"] * len(head), *rows]]
    text = [
        "# Benchmarks of the algorithms",
        "",
        "Written by `python -m bench.algorithms`. Do not edit: run it again.",
        "",
        "Pixels per second of processor time on one core, the best of a few runs after the first,",
        "which compiles; in brackets how many times faster this project is. All ways get the same",
        "invented data in the same run. _naive_ is what one writes first: for Whittaker",
        "`apply_ufunc(vectorize=True)` with a sparse solve, for SPI `scipy.stats.gamma.fit` for",
        "each dekad, for percent of average xarray's `groupby`, for zonal means `exact_extract`",
        "on each step (`docs/benchmarks-pipelines.md` has them beside xvec, on a Dask array).",
        "hdc-algo runs behind this project's functions, which bring its input and output into",
        "shape; called bare it does up to 1.7 times as much at a fixed lambda. A first run with it",
        "compiles for seconds in each process; this project's kernels are read from disk.",
        "",
        f"{processor()}, {len(os.sched_getaffinity(0))} cores; load",
        f"average at the start {average}. Measured {started}, commit {commit()}.",
        "Processor time hides most of what else runs, but caches are shared too: rates vary by",
        "some 10 to 20 %.",
        "",
        *table,
        "",
        "## The first run in a fresh worker",
        "",
        "One new worker process of a `LocalCluster`, warmed up by `warm_up(client)`; wall time of",
        "a chunk of 10,000 pixels.",
        "",
        *(f"- {line}" for line in lines),
    ]
    path.write_text("\n".join(text) + "\n")


def main() -> int:
    """Measure all, and write the report.

    Returns
    -------
    int
        0.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.algorithms", description=__doc__)
    parser.add_argument("--out", type=Path, default=PATH, help="default: %(default)s")
    options = parser.parse_args()
    started, average, hdc = now(), load(), with_hdc()
    rates: list[Rate] = []
    parts: list[Callable[[], list[Rate]]] = [
        lambda: whittaker(46, hdc),
        lambda: whittaker(230, hdc),
        lambda: whittaker(506, hdc),
        lambda: precipitation(hdc),
        anomaly,
        lambda: trend(hdc),
        zonal,
    ]
    for part in parts:
        begun = time.monotonic()
        rates += part()
        print(f"{rates[-1].what}: {time.monotonic() - begun:.0f} s", flush=True)
    write(rates, fresh_worker(), started, average, options.out)
    print(options.out.read_text())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
