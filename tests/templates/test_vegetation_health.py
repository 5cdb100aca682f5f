"""VCI, TCI and VHI against extremes that numpy finds in the same files."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from template_run import Run, Runner, read_tiff, refuse
from vegetation_season import LABELS, SEASON, WINDOW

pytestmark = pytest.mark.timeout(300)

NAME = "vegetation-health"


def read(archive: Path, collection: str, band: str, label: str) -> np.ndarray:
    return read_tiff(archive / f"{collection}/{label[:4]}/{band}_{label}.tif")[WINDOW]


def place(archive: Path, collection: str, band: str, label: str) -> np.ndarray:
    """Where a dekad lies between the extremes of its ten baseline years, 0 to 100."""
    past = [read(archive, collection, band, f"{year}{label[4:]}") for year in range(2003, 2013)]
    low, high = np.min(past, axis=0), np.max(past, axis=0)
    now = read(archive, collection, band, label)
    return np.clip(100 * (now - low) / (high - low), 0, 100)


@pytest.fixture(scope="module")
def run(runner: Runner) -> Run:
    return runner.run(NAME, chunk_px=16, alpha=0.3, **SEASON)


def test_should_run_to_its_last_cell_on_the_cluster(run: Run):
    run.check("long-term-mean")


@pytest.mark.parametrize("label", LABELS)
def test_should_write_what_numpy_gives(run: Run, products: Path, label: str):
    vci = place(products, "mxd13a2_vim_dekad", "vim", label)
    tci = 100 - place(products, "myd11a2_txa_dekad", "txa", label)
    close = {"rtol": 1e-4, "atol": 5e-3}
    np.testing.assert_allclose(run.tiff(f"vci_{label}"), vci, **close)
    np.testing.assert_allclose(run.tiff(f"tci_{label}"), tci, **close)
    np.testing.assert_allclose(run.tiff(f"vhi_{label}"), 0.3 * vci + 0.7 * tci, **close)
    assert np.isnan(vci).any()
    assert ((tci > 0) & (tci < 100)).any()


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
        ({"alpha": 1.5}, "^alpha: 1.5 is no share"),
        ({"min_valid": 0.0}, "^min_valid: 0.0 is no share"),
        ({"collection": "rfh_dekad", "band": "rfh"}, "^band: 'rfh' is in mm, but NDVI"),
        ({"lst_collection": "rfh_dekad", "lst_band": "rfh"}, "^lst_band: Its unit is 'mm'"),
        ({"lst_collection": "lst"}, "^lst_collection: no items of 'lst'"),
        ({"lst_band": "tna"}, "^lst_band: no 'tna' in txa_.*, only txa"),
        ({"lst_catalog": "nowhere.json"}, "^lst_catalog: .*nowhere.json"),
        ({"area": [10.0, 40.0, 12.0, 42.0]}, "^area: .* is outside the data"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter(products: Path, bad: dict[str, object], words: str):
    good = {"catalog": str(products / "catalog.json"), "dry_run": True, **SEASON}
    refuse(NAME, "indices", words, **{**good, **bad})
