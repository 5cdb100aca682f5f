"""Condition of the vegetation against extremes and averages of plain numpy on the same files."""

from __future__ import annotations

from pathlib import Path

import dask
import numpy as np
import pytest
from template_notebook import run_cells
from template_run import Run, Runner, read_tiff, refuse
from vegetation_season import LABELS, SEASON, WINDOW

pytestmark = pytest.mark.timeout(300)

NAME = "vegetation-condition"


def ndvi(archive: Path, label: str) -> np.ndarray:
    return read_tiff(archive / f"mxd13a2_vim_dekad/{label[:4]}/vim_{label}.tif")[WINDOW]


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, **SEASON)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("long-term-mean")


@pytest.mark.parametrize("label", LABELS)
def test_should_write_what_numpy_gives(run: Run, products: Path, label: str):
    now = ndvi(products, label)
    past = np.stack([ndvi(products, f"{year}{label[4:]}") for year in range(2003, 2013)])
    low, high, average = past.min(axis=0), past.max(axis=0), past.mean(axis=0)
    vci = np.clip(100 * (now - low) / (high - low), 0, 100)
    np.testing.assert_allclose(run.tiff(f"vci_{label}"), vci, rtol=1e-4, atol=1e-3)
    np.testing.assert_allclose(run.tiff(f"viq_{label}"), 100 * now / average, rtol=1e-4)
    np.testing.assert_allclose(run.tiff(f"vid_{label}"), now - average, atol=1e-6)
    assert np.isnan(now).any()
    assert ((vci > 0) & (vci < 100)).any()


def test_should_read_the_needed_dekads_only_and_need_20_tasks_a_chunk(products: Path):
    catalog = str(products / "catalog.json")
    names = run_cells("compare", NAME, catalog=catalog, dry_run=True, chunk_px=16, **SEASON)
    assert names["series"].sizes["time"] == 11 * len(LABELS)
    (percent,) = dask.optimize(names["plan"]["percent"])
    assert percent.data.npartitions >= 9
    assert len(dict(percent.__dask_graph__())) <= 20 * percent.data.npartitions


def test_should_read_what_the_smoothing_template_wrote(products: Path, tmp_path: Path):
    catalog = str(products / "catalog.json")
    spring = {"start": "201303d1", "end": "201303d2", "area": [35.2, 4.4, 36.2, 5.4]}
    run_cells("write", "ndvi-smooth", catalog=catalog, output=str(tmp_path), **spring)
    store = str(tmp_path / "vim_201303d1_201303d2.zarr")
    words = r"^baseline_start: the first year that the archive has of these dekads is 2013"
    refuse(NAME, "load", words, catalog=store, dry_run=True, **{**SEASON, **spring})


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"start": "201306d1"}, "^start: 201306d1 is after the end"),
        ({"end": "201401d1"}, "^end: the archive lacks .*; of these dekads its last is 201312d3"),
        (
            {"baseline_start": 2001},
            "^baseline_start: the first year that the archive has of these dekads is 2002",
        ),
        ({"baseline_start": 2011}, "^baseline_start: 2011 to 2012 is not 3 years"),
        ({"min_valid": 1.5}, "^min_valid: 1.5 is no share"),
        ({"collection": "rfh_dekad", "band": "rfh"}, "^band: 'rfh' is in mm, but NDVI"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
        ({"chunk_px": 2}, "^chunk_px: 2 pixels are too few"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **SEASON}
    refuse(NAME, "compare", words, **{**good, **bad})
