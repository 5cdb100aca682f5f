"""Compare what the advisor predicts for templates with what their runs take.

``python -m bench.advisor`` writes the section of ``docs/benchmarks.md`` on it. Each
template's own cells run on a real cluster of this machine, over areas of three sizes of one
invented archive, which is made at the first run and kept in ``.cache/bench``.
"""

from __future__ import annotations

import argparse
import contextlib
import io
import os
import statistics
import time
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import CodeType
from typing import TYPE_CHECKING, Any

from .machine import CACHE, commit, load, now, processor
from .report import PATH

if TYPE_CHECKING:
    from distributed import Client

ADVISOR = "## What the advisor predicts"
DATA = CACHE / "advisor-data"
TEMPLATES = ("rainfall-anomaly", "spi", "ndvi-smooth")
SIDES = (100, 200, 400)
WORKERS = 2
CHUNK = 100
GOAL = 0.3
PIXEL = 0.05
YEARS = (2005, 2024)


@dataclass(frozen=True)
class Run:
    """A template over one area, run a few times.

    Attributes
    ----------
    template : str
        Its id.
    side : int
        Pixels per side of the area.
    predicted, work : float
        Seconds of the whole, and of all cores together.
    wall, busy : list of float
        Seconds of each run, and the processor time of all workers.
    slowness : float
        How many times as long as the machine of the estimates this one took just before.
    """

    template: str
    side: int
    predicted: float
    work: float
    wall: list[float]
    busy: list[float]
    slowness: float

    @property
    def measured(self) -> float:
        """Seconds, the median."""
        return statistics.median(self.wall)

    @property
    def computed(self) -> float:
        """Processor time of all workers in seconds, the median."""
        return statistics.median(self.busy)


def make_data() -> None:
    """Make the archive, unless it is there."""
    from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive

    products = ("rfh_dekad", "mxd13a2_ndvi")
    make_archive(DATA, Recipe(*YEARS, max(SIDES), 1, products))


@contextlib.contextmanager
def cluster() -> Iterator[Client]:
    """Start workers of one thread each."""
    from distributed import Client, LocalCluster

    with (
        LocalCluster(
            n_workers=WORKERS,
            threads_per_worker=1,
            memory_limit="3GiB",
            host="127.0.0.1",
            dashboard_address=None,
        ) as local,
        Client(local) as client,
    ):
        yield client


def record_of(template: str) -> dict[str, Any]:
    """Read what a template says of itself."""
    import nbformat

    from jupyterlab_seasonal_monitor.templates import template_path

    notebook = nbformat.read(template_path(template), as_version=4)
    record: dict[str, Any] = notebook.metadata["seasonal_monitor"]
    return record


def changes(side: int) -> dict[str, Any]:
    """Give the parameters for an area of so many pixels per side."""
    return {
        "catalog": str(DATA / "catalog.json"),
        "area": [35.0, round(6 - side * PIXEL, 6), round(35 + side * PIXEL, 6), 6.0],
        "baseline_start": YEARS[0],
        "baseline_end": YEARS[0] + 15,
        "chunk_px": CHUNK,
        "dry_run": True,
    }


def prepare(
    template: str,
    client: Client | None,
    change: Mapping[str, Any],
    leave_out: Collection[str] = frozenset(),
) -> tuple[dict[str, Any], CodeType]:
    """Run a template's cells up to the one that computes.

    Parameters
    ----------
    template : str
        Its id.
    client : Client or None
        Where it computes; None for this process.
    change : mapping
        Values of parameters, of which those that the template has are taken.
    leave_out : collection of str
        Ids of cells that are not run.

    Returns
    -------
    dict, code
        The variables, the values of parameters among them, and that cell.
    """
    import nbformat

    from jupyterlab_seasonal_monitor.templates import template_path

    notebook = nbformat.read(template_path(template), as_version=4)
    variables: dict[str, Any] = {"__name__": "__main__", "client": client}
    for cell in notebook.cells:
        if cell.cell_type != "code" or cell.id in leave_out:
            continue
        code = compile(cell.source, cell.id, "exec")
        if cell.id == "compute":
            return variables, code
        run(code, variables)
        if "parameters" in cell.metadata.get("tags", []):
            variables |= {name: value for name, value in change.items() if name in variables}
    raise LookupError(f"{template} has no cell that computes.")


def run(code: CodeType, variables: dict[str, Any]) -> None:
    """Run a cell without what it prints."""
    with contextlib.redirect_stdout(io.StringIO()):
        exec(code, variables)


def predict(template: str, variables: dict[str, Any]) -> tuple[float, float]:
    """Predict the seconds of a template with the values in its variables.

    Returns
    -------
    float, float
        Of the whole on these workers, and of all cores together when nothing else runs, both on a
        machine of the speed of the one of the estimates.
    """
    from seasonal_monitor.advisor import OVERHEAD, chunk_seconds, count_chunks, duration
    from seasonal_monitor.cost_model import read_cost_model, workload

    record = record_of(template)
    names = record["parameters"]["properties"]
    model = read_cost_model(record["cost"], names)
    work = workload(model, {name: variables[name] for name in names})
    side = variables["chunk_px"]
    cores = count_chunks(work, side) * chunk_seconds(work, side) / OVERHEAD
    return duration(work, side, WORKERS), cores


def measure(template: str, side: int, repeats: int, client: Client) -> Run:
    """Run a template over an area; a run before the first takes up what workers import."""
    from jupyterlab_seasonal_monitor.controller.speed import measure_slowness

    variables, code = prepare(template, client, changes(side))
    slowness = measure_slowness()
    wall, busy = [], []
    for _ in range(repeats):
        before, began = processor_time(client), time.monotonic()
        run(code, variables)
        wall.append(time.monotonic() - began)
        busy.append(processor_time(client) - before)
    predicted, work = predict(template, variables)
    return Run(template, side, slowness * predicted, slowness * work, wall, busy, slowness)


def processor_time(client: Client) -> float:
    """Add up the processor time of the workers so far, in seconds."""
    return float(sum(client.run(time.process_time).values()))


def compare(measured: float, predicted: float) -> str:
    """Say by how much a prediction is off, in bold where by more than the goal."""
    off = measured / predicted - 1
    text = f"{100 * off:+.0f} %"
    return text if abs(off) <= GOAL else f"**{text}**"


def write(runs: list[Run], started: str, average: str, path: Path) -> None:
    """Put the section into the report, in place of the one that is there."""
    rows = [
        ["Template", "Pixels", "Predicted", "Measured", "", "Processor predicted", "measured", ""]
    ]
    rows.append(["---"] * len(rows[0]))
    rows += [
        [
            one.template,
            f"{one.side} by {one.side}",
            f"{one.predicted:.1f} s",
            f"{one.measured:.1f} s ({min(one.wall):.1f} to {max(one.wall):.1f})",
            compare(one.measured, one.predicted),
            f"{one.work:.1f} s",
            f"{one.computed:.1f} s ({min(one.busy):.1f} to {max(one.busy):.1f})",
            compare(one.computed, one.work),
        ]
        for one in runs
    ]
    speeds = [one.slowness for one in runs]
    near = [abs(one.measured / one.predicted - 1) <= GOAL for one in runs]
    near_work = [abs(one.computed / one.work - 1) <= GOAL for one in runs]
    left = [name for name in TEMPLATES if all(one.template != name for one in runs)]
    unmeasured = f" Not measured this time: {', '.join(left)}." if left else ""
    text = "\n".join(
        [
            ADVISOR,
            "",
            "Written by `python -m bench.advisor`. Do not edit: run it again.",
            "",
            f"Templates over areas of three sizes, on {WORKERS} workers with one thread each, in",
            f"chunks of {CHUNK} pixels: their own cells, {len(runs[0].wall)} times, after one run",
            "that compiles and imports. _Measured_ is the median of the wall time from the plan",
            "to the result, in brackets the least and the most; _processor_ is the processor time",
            "of all workers. The prediction is that of the form before its first run, for workers",
            "that have nothing else to do: a machine with other work takes longer, and its",
            "processor time grows too, since cores and caches are shared. The form has the speed",
            "of the machine measured once, for some 30 ms, and so does this before each area:",
            f"this machine takes {statistics.median(speeds):.2f} times as long as the one of the",
            f"estimates ({min(speeds):.2f} to {max(speeds):.2f}).",
            "",
            f"Within 30 %: by wall time {sum(near)} of {len(near)}, by processor time",
            f"{sum(near_work)} of {len(near)}.{unmeasured}",
            "",
            f"{processor()}, {len(os.sched_getaffinity(0))} cores; load",
            f"average at the start {average}, at the end {load()}.",
            f"Measured {started}, commit {commit()}.",
            "",
            *(f"| {' | '.join(row)} |" for row in rows),
            "",
        ]
    )
    before, _, rest = path.read_text().partition(f"{ADVISOR}\n")
    _, mark, after = rest.partition("\n## ")
    end = f"\n## {after}" if mark else ""
    path.write_text(f"{before.rstrip()}\n\n{text}{end}")


def main() -> int:
    """Measure all, and write the report.

    Returns
    -------
    int
        0.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.advisor", description=__doc__)
    parser.add_argument("--out", type=Path, default=PATH, help="default: %(default)s")
    parser.add_argument("--repeats", type=int, default=3, help="default: %(default)s")
    options = parser.parse_args()
    import matplotlib

    matplotlib.use("agg")
    make_data()
    started, average, runs = now(), load(), []
    with cluster() as client:
        for template in TEMPLATES:
            # As many chunks as are needed for every worker to take part.
            measure(template, SIDES[1], 1, client)
            for side in SIDES:
                one = measure(template, side, options.repeats, client)
                runs.append(one)
                print(
                    f"{template} {side}: predicted {one.predicted:.1f} s, measured "
                    f"{one.measured:.1f} s, processor {one.computed:.1f} s, load {load()}",
                    flush=True,
                )
            # A run that is cut short leaves what was measured.
            write(runs, started, average, options.out)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
