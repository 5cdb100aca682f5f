"""A raster that was cut off among good ones, found by a worker: the parameter is named."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from distributed import Client
from template_notebook import run_cells
from template_run import Runner

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.errors import SourceError

pytestmark = pytest.mark.timeout(300)

QUESTION = {
    "area": [35.0, 4.8, 36.2, 6.0],
    "start": "201304d1",
    "end": "201304d2",
    "baseline_start": 2010,
    "baseline_end": 2012,
    "dry_run": True,
}
RAIN, NDVI, HEAT = "rfh_dekad/rfh", "mxd13a2_vim_dekad/vim", "myd11a2_txa_dekad/txa"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    collections = tuple(name.partition("/")[0] for name in (RAIN, NDVI, HEAT))
    folder = tmp_path_factory.mktemp("whole")
    return make_archive(folder, Recipe(2010, 2013, 24, 7, collections)).catalog


@pytest.fixture
def spoilt(whole: Path, tmp_path: Path) -> Path:
    """A copy, for a test to spoil."""
    return shutil.copytree(whole.parent, tmp_path / "spoilt") / whole.name


def cut_off(catalog: Path, raster: str) -> Path:
    """Leave the first half of a raster, with its header."""
    collection, band = raster.split("/")
    path = catalog.parent / f"{collection}/2012/{band}_201204d2.tif"
    content = path.read_bytes()
    path.write_bytes(content[: len(content) // 2])
    return path


@pytest.mark.parametrize(
    ("template", "raster"),
    [("rainfall-anomaly", RAIN), ("vegetation-health", NDVI), ("vegetation-health", HEAT)],
)
def test_should_name_the_catalogue_of_a_raster_that_was_cut_off(
    runner: Runner, spoilt: Path, template: str, raster: str
):
    path = cut_off(spoilt, raster)
    with Client(runner.cluster), pytest.raises(SourceError) as caught:
        run_cells("compute", template, catalog=str(spoilt), **QUESTION)
    assert str(caught.value).startswith(f"catalog: {path} cannot be read: it is damaged, or was")
    assert caught.value.parameter == "catalog"


def test_should_name_the_catalogue_that_is_not_there(whole: Path):
    with pytest.raises(SourceError, match=r"^lst_catalog: nowhere\.json cannot be read"):
        run_cells(
            "load",
            "vegetation-health",
            catalog=str(whole),
            lst_catalog="nowhere.json",
            **QUESTION,
        )
