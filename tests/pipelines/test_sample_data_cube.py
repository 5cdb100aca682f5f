"""The sample archive as it is made, indexed in an Open Data Cube on a real PostgreSQL."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import pytest
from postgres import run_cube, run_datacube

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.outputs import index_product
from seasonal_monitor.sources import open_source

if TYPE_CHECKING:
    from datacube import Datacube

pytest.importorskip("datacube", reason="datacube is not installed")
pytestmark = pytest.mark.timeout(400)

# A scale alone, an offset, two bands of larger pixels, tiles in metres with a band of larger ones.
PRODUCTS = ("rfh_dekad", "myd11a2_txa_dekad", "era5l_monthly", "s2_l2a")


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(2013, 2013, 40, 7, PRODUCTS)
    return make_archive(tmp_path_factory.mktemp("archive"), recipe).catalog.parent


@pytest.fixture(scope="module")
def cube(archive: Path) -> Iterator[Datacube]:
    with run_cube(archive) as (opened, config):
        run_datacube(config, "product", "add", *sorted(archive.glob("*.odc-product.yaml")))
        documents = sorted(archive.glob("*/*/*.odc-metadata.yaml"))
        run_datacube(config, "dataset", "add", *documents)
        yield opened


@pytest.mark.parametrize(
    ("collection", "bands", "area"),
    [
        ("rfh_dekad", ["rfh"], [35.25, 4.5, 36.5, 5.75]),
        ("myd11a2_txa_dekad", ["txa"], [35.25, 4.5, 36.5, 5.75]),
        ("era5l_monthly", ["et0", "swvl"], [35.2, 4.5, 36.6, 5.8]),
        ("s2_l2a", ["red", "nir", "scl"], [37.1995, 3.6155, 37.202, 3.618]),
    ],
)
def test_should_give_what_the_catalogue_gives(
    cube: Datacube, archive: Path, collection: str, bands: list[str], area: list[float]
):
    grouped = {"groupby": "solar_day"} if collection == "s2_l2a" else {}
    asked = {"area": area, "start": "201303d1", "end": "201304d3", **grouped}
    one = open_source(cube, collection, bands, **asked).compute()
    other = open_source(archive, collection, bands, **asked).compute()
    assert one.sizes == other.sizes
    assert min(one.sizes.values()) > 1
    for band in bands:
        assert one[band].attrs["units"] == other[band].attrs["units"]
        np.testing.assert_array_equal(one[band], other[band])
        assert float(np.isfinite(one[band]).mean()) > 0.2
    for name in one[bands[0]].dims[1:]:
        np.testing.assert_allclose(one[name], other[name])


def test_should_have_a_dataset_for_each_item(cube: Datacube, archive: Path):
    for collection in PRODUCTS:
        items = list(archive.glob(f"{collection}/*/*_*.json"))
        assert index_product(cube, archive, collection).there == len(items) > 10


def test_should_be_made_again_where_an_older_archive_has_none(archive: Path, tmp_path: Path):
    recipe = Recipe(2013, 2013, 40, 7, ("rfh_dekad",))
    make_archive(tmp_path, recipe)
    for document in tmp_path.rglob("*.odc-*.yaml"):
        document.unlink()
    assert make_archive(tmp_path, recipe).written == 0
    made = sorted(path.relative_to(tmp_path) for path in tmp_path.rglob("*.odc-*.yaml"))
    there = sorted(path.relative_to(archive) for path in archive.rglob("*.odc-*.yaml"))
    assert made == [path for path in there if "rfh_dekad" in str(path)]


def test_should_go_with_their_product(tmp_path: Path):
    make_archive(tmp_path, Recipe(2012, 2013, 20, 7, ("rfh_dekad", "era5l_monthly")))
    make_archive(tmp_path, Recipe(2013, 2013, 20, 7, ("rfh_dekad",)))
    left = {path.relative_to(tmp_path).parts[0] for path in tmp_path.rglob("*.odc-*.yaml")}
    assert left == {"rfh_dekad.odc-product.yaml", "rfh_dekad"}
    assert len(list(tmp_path.rglob("*.odc-metadata.yaml"))) == 36


def test_should_say_how_values_are_stored(cube: Datacube):
    txa = cube.index.products.get_by_name("myd11a2_txa_dekad").measurements["txa"]
    assert (txa["scale_factor"], txa["add_offset"], txa["units"]) == (0.02, -273.15, "degC")
