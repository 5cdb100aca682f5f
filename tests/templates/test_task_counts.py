"""How many tasks a scheduler gets of each template's own plan, as its cells build it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import dask
import pytest
import xarray as xr
from template_notebook import read_template, run_cells

from jupyterlab_seasonal_monitor.templates import template_ids
from seasonal_monitor.algorithms import ratio

pytestmark = pytest.mark.timeout(300)

MOST = 20  # tasks for each spatial chunk, those that read included
AREA = [35.2, 3.6, 37.2, 5.6]
DEKADS = {"area": AREA, "start": "201304d2", "end": "201305d1"}
TEN_YEARS = {"baseline_start": 2003, "baseline_end": 2012}
THREE_YEARS = {"baseline_start": 2011, "baseline_end": 2013}
SEASON = {"start": "201212d2", "end": "201302d1", "baseline_start": 2004, "baseline_end": 2009}

# The cell that makes the plan, the plan's name, what is read, and the parameters.
PLANS: dict[str, tuple[str, str, tuple[str, ...], dict[str, Any]]] = {
    "explore-cube": ("load", "data", ("data",), {**DEKADS, "longitude": 36.0, "latitude": 4.5}),
    "lst-dekad": ("dekads", "plan", ("day", "night"), {**DEKADS, **THREE_YEARS}),
    "ndvi-smooth": ("smooth", "plan", ("ndvi",), DEKADS),
    "publish-cube": ("load", "values", ("values",), DEKADS),
    "rain-spells": ("spells", "plan", ("rain",), {**DEKADS, **THREE_YEARS}),
    "rainfall-anomaly": ("anomalies", "plan", ("rain",), {**DEKADS, **TEN_YEARS}),
    "rainfall-dekads": ("dekads", "plan", ("rain",), DEKADS),
    "s2-fields": (
        "ndvi",
        "plan",
        ("classes",),
        {
            "area": [37.1995, 3.6135, 37.2035, 3.6169],
            "start": "2013-04-01",
            "end": "2013-05-31",
            "min_clear": 0.3,
        },
    ),
    "season-profile": ("profiles", "plan", ("rain", "ndvi"), {"zone": "SM02", **SEASON}),
    "season-start": (
        "seasons",
        "plan",
        ("rain",),
        {"area": AREA, "year": 2013, "baseline_start": 2001, "baseline_end": 2012},
    ),
    "spi": ("spi", "plan", ("rain",), {**DEKADS, **TEN_YEARS}),
    "trend": ("trend", "plan", ("values",), {"area": AREA, "first_year": 2001, "last_year": 2013}),
    "vegetation-condition": ("compare", "plan", ("ndvi",), {**DEKADS, **TEN_YEARS}),
    "vegetation-health": ("indices", "plan", ("ndvi",), {**DEKADS, **TEN_YEARS}),
    "water-anomaly-index": (
        "index",
        "plan",
        ("rain",),
        {"area": AREA, "year": 2013, "first_month": 3, "last_month": 5, "first_year": 2001},
    ),
    "zonal-timeseries": (
        "statistics",
        "plan",
        ("values",),
        {"start": "201304d2", "end": "201305d1", **TEN_YEARS},
    ),
}
#: The service plans when it is asked, one chunk after the other; its notebook has no plan.
WITHOUT_A_PLAN = {"statistics-service"}
#: Its cells stand between exercises, with clusters that end; they are run by themselves.
WORKSHOP = "dask-on-dekads"


def spatial_chunks(*read: xr.DataArray) -> int:
    return sum(
        part.data.npartitions // part.data.numblocks[part.get_axis_num("time")] for part in read
    )


def tasks(plan: xr.Dataset | xr.DataArray) -> int:
    (optimised,) = dask.optimize(plan)
    return len(dict(optimised.__dask_graph__()))


def test_should_know_every_template():
    assert {*PLANS, *WITHOUT_A_PLAN, WORKSHOP} == set(template_ids())


@pytest.mark.parametrize("name", PLANS)
def test_should_give_the_scheduler_20_tasks_a_chunk(name: str, products: Path, tmp_path: Path):
    cell, plan, read, parameters = PLANS[name]
    if name in ("season-profile", "zonal-timeseries"):
        parameters = {**parameters, "zones": str(products / "zones.geojson")}
    # Few chunks, so that what does not grow with them counts as well.
    side = 16 if name == "season-profile" else 24
    given = {"catalog": str(products / "catalog.json"), "output": str(tmp_path), "chunk_px": side}
    names = run_cells(cell, name, dry_run=True, **given, **parameters)
    chunks = spatial_chunks(*(names[part] for part in read))
    assert chunks >= 4, "fewer show nothing"
    assert tasks(names[plan]) <= MOST * chunks


def test_should_give_the_scheduler_20_tasks_a_chunk_in_a_class(products: Path, tmp_path: Path):
    names = run_cells("parameters", WORKSHOP)
    names |= {"catalog": str(products / "catalog.json"), "output": str(tmp_path), "client": None}
    names |= {"area": AREA, "dekad": "201304d2", "chunk_px": 16, **TEN_YEARS}
    cells = {cell.id: cell.source for cell in read_template(WORKSHOP).cells}
    for cell in ("checks", "load", "prepare"):
        exec(compile(cells[cell], cell, "exec"), names)
    names["anomaly"] = ratio(names["now"], names["normal"])  # what a participant writes
    exec(compile(cells["compute"], "compute", "exec"), names)
    assert "anomaly" in names["plan"]
    assert tasks(names["plan"]) <= MOST * spatial_chunks(names["rain"])
