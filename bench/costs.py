"""Measure what each template costs, for the cost model in its metadata.

``python -m bench.costs`` writes ``docs/benchmarks-costs.md``. Each template's own cells run with
the parameters that the template comes with, on the sample data, which are made at the first run
and kept in ``.cache/bench``. They compute in one thread of this process: what workers do beside
their tasks is then no part of it, and other programs change it little.
"""

from __future__ import annotations

import argparse
import contextlib
import multiprocessing
import os
import time
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from .advisor import prepare, record_of, run
from .machine import CACHE, ROOT, commit, load, now, processor

if TYPE_CHECKING:
    from distributed import Client

    from seasonal_monitor.advisor import Workload

PATH = ROOT / "docs" / "benchmarks-costs.md"
DATA = CACHE / "sample-data"
CHUNK = 200
#: Of the sides of a template's own area: of the first run, and of the one that counts.
WARM, SHARE = 0.25, 1.0
#: Exercises that start, scale and kill workers are no part of what a template computes.
EXERCISES = frozenset(
    f"{name}{ending}"
    for name in ("lazy", "chunks", "dashboard", "scale-up", "scale-down", "killed", "fixed")
    for ending in ("", "-run", "-check")
) | {"practice", "watch", "plan"}
#: Less than this cannot be told from what the reading takes, in seconds for each value.
LEAST = 5e-9
#: How many times the measured processor time the metadata may ask for.
NEAR = (0.7, 5.0)


@dataclass(frozen=True)
class Cost:
    """A template that ran with its own parameters.

    Attributes
    ----------
    template : str
        Its id.
    work : Workload
        By its cost model.
    chunk : int
        Pixels per side of a chunk.
    busy : float
        Processor time in seconds, the less of two runs.
    small : tuple of int and float, optional
        Pixels and processor time of a smaller part, which opens the same files.
    """

    template: str
    work: Workload
    chunk: int
    busy: float
    small: tuple[int, float] | None

    @property
    def reading(self) -> float:
        """Seconds of one core to open the files and to read, by the advisor's constants."""
        from seasonal_monitor.advisor import SECONDS_PER_OPEN, SECONDS_PER_READ, count_chunks

        opens = count_chunks(self.work, self.chunk) * self.work.dates
        return opens * SECONDS_PER_OPEN + self.work.pixels * self.work.dates * SECONDS_PER_READ

    @property
    def measured(self) -> float:
        """Seconds for each pixel and step without reading; not less than `LEAST`."""
        from seasonal_monitor.advisor import SECONDS_PER_READ

        if self.small is None:
            more = (self.busy - self.reading) / self.work.pixels
        else:
            pixels, seconds = self.small
            more = (self.busy - seconds) / (self.work.pixels - pixels)
            more -= self.work.dates * SECONDS_PER_READ
        return max(LEAST, more / self.work.steps)

    @property
    def whole(self) -> float:
        """Processor time by the cost model."""
        stated = self.work.pixels * self.work.steps * self.work.seconds_per_pixel_step
        return stated + self.reading


def make_data() -> None:
    """Make the sample data, unless they are there."""
    from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
    from jupyterlab_seasonal_monitor.sample_data.products import PRODUCTS

    make_archive(DATA, Recipe(products=tuple(PRODUCTS)))


def zone_km2(variables: Mapping[str, Any]) -> float:
    """Give the area of the district, or of all, that a template is about, in square kilometres."""
    import geopandas

    zones = geopandas.read_file(DATA / "zones.geojson")
    if "zone" in variables:
        zones = zones[zones[variables["id_column"]] == variables["zone"]]
    return float(zones.to_crs("ESRI:54034").area.sum() / 1e6)


def changes() -> dict[str, Any]:
    """Give the parameters that say where the sample data are."""
    return {
        "catalog": str(DATA / "catalog.json"),
        "zones": str(DATA / "zones.geojson"),
        "dry_run": True,
    }


def corner(template: str, share: float) -> dict[str, Any]:
    """Give the north-western corner of the template's area: one chunk with this share of a side."""
    west, south, east, north = record_of(template)["parameters"]["properties"]["area"]["default"]
    edges = [west, north - share * (north - south), west + share * (east - west), north]
    area = [round(edge, 6) for edge in edges]
    middle = {"longitude": (area[0] + area[2]) / 2, "latitude": (area[1] + area[3]) / 2}
    return {"area": area, "chunk_px": CHUNK, **middle}


@contextlib.contextmanager
def place(template: str) -> Iterator[Client | None]:
    """Compute in one thread of this process; the service needs a client for that."""
    import dask
    from distributed import Client, LocalCluster

    if template != "statistics-service":
        with dask.config.set(scheduler="synchronous"):
            yield None
        return
    options = {"n_workers": 1, "threads_per_worker": 1, "dashboard_address": None}
    with LocalCluster(processes=False, **options) as local, Client(local) as client:
        yield client


def measure(template: str) -> Cost:
    """Run a template over a part of its area, after a small one that imports and compiles."""
    import matplotlib

    from seasonal_monitor.cost_model import read_cost_model, workload

    matplotlib.use("agg")
    record = record_of(template)
    names = record["parameters"]["properties"]
    model = read_cost_model(record["cost"], names)
    found = []
    with place(template) as client:
        for share in (WARM, SHARE):
            part = corner(template, share) if model.area is not None else {"chunk_px": CHUNK}
            variables, code = prepare(template, client, changes() | part, EXERCISES)
            # The first run imports and compiles.
            busy = [timed(code, variables) for _ in range(3)]
            values = {name: variables[name] for name in names}
            square_km = None if model.area is not None else zone_km2(variables)
            work = workload(model, values, square_km=square_km)
            found.append((work, min(busy[1:])))
    (less, before), (work, after) = found
    chunk = int(variables.get(model.chunk or "chunk_px", CHUNK))
    return Cost(template, work, chunk, after, (less.pixels, before) if model.area else None)


def timed(code: CodeType, variables: dict[str, Any]) -> float:
    """Run a cell, and give the processor time of this process in seconds."""
    before = time.process_time()
    run(code, variables)
    return time.process_time() - before


def write(costs: list[Cost], started: str, average: str, path: Path) -> None:
    """Write the report."""
    rows = [
        [
            "Template",
            "Pixels",
            "Steps",
            "Dates read",
            "Processor",
            "A corner",
            "Pixels/s/core",
            "Measured s per pixel and step",
            "In the metadata",
            "Processor by the metadata",
        ]
    ]
    rows.append(["---"] * len(rows[0]))
    rows += [
        [
            one.template,
            f"{one.work.pixels:,}",
            f"{one.work.steps:,}",
            f"{one.work.dates:,}",
            f"{one.busy:.2f} s",
            f"{one.small[1]:.2f} s" if one.small else "",
            f"{one.work.pixels / one.busy:,.0f}",
            f"{one.measured:.1e}",
            f"{one.work.seconds_per_pixel_step:.1e}",
            f"{one.whole:.2f} s ({one.whole / one.busy:.2f} times)",
        ]
        for one in costs
    ]
    text = "\n".join(
        [
            "# Costs of the templates",
            "",
            "Written by `python -m bench.costs`. Do not edit: run it again.",
            "",
            "Each template with the parameters that it comes with, on the area of the sample data",
            "as one chunk, or on all districts, in one thread of one process. _Processor_ is its",
            "processor time from plan to result, the less of two runs after one that imports and",
            "compiles. What a corner a quarter as wide takes, which opens the same files, is taken",
            "off; the rest for each pixel more, without the unpacking of what is read (by the",
            "advisor's constant), is for each step the number for the template's cost model. Of",
            "districts there is no such corner: there opening and reading by the constants are",
            f"taken off, and what any run costs counts in. {LEAST:.0e} is the least",
            "that is told. _Pixels/s/core_ counts whole series, reading included. Measure on a",
            "quiet machine: with ten programs beside it two runs differ by more than cheap",
            "templates take.",
            "",
            "The metadata hold what workers take, which for cheap steps is more than this thread",
            "does: they fetch and copy, and their memory is new each time. What is predicted of",
            "it stands beside runs on a cluster in `docs/benchmarks.md`. The last column should",
            f"be from {NEAR[0]:g} to {NEAR[1]:g} times; a service's start is no part of a request.",
            "",
            f"{processor()}, {len(os.sched_getaffinity(0))} cores; load",
            f"average at the start {average}, at the end {load()}.",
            f"Measured {started}, commit {commit()}.",
            "",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
        ]
    )
    path.write_text(text)


def main() -> int:
    """Measure all, and write the report.

    Returns
    -------
    int
        0.
    """
    from jupyterlab_seasonal_monitor.templates import template_ids

    known = template_ids()
    parser = argparse.ArgumentParser(prog="python -m bench.costs", description=__doc__)
    parser.add_argument("--out", type=Path, default=PATH, help="default: %(default)s")
    parser.add_argument("--only", nargs="+", choices=known, default=known, metavar="NAME")
    parser.add_argument("--jobs", type=int, default=1, help="templates at a time, default: 1")
    options = parser.parse_args()
    make_data()
    started, average, costs = now(), load(), []
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context) as pool:
        for one in pool.map(measure, options.only):
            costs.append(one)
            print(
                f"{one.template}: processor {one.busy:.2f} s, {one.reading:.2f} s reading, "
                f"measured {one.measured:.1e}, stated {one.work.seconds_per_pixel_step:.1e}, "
                f"load {load()}",
                flush=True,
            )
            # A run that is cut short leaves what was measured.
            write(costs, started, average, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
