"""An Open Data Cube on a real PostgreSQL, filled with what ``write_cogs`` writes."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from distributed import Client, LocalCluster
from postgres import run_cube, run_datacube
from test_outputs import AREA, FEBRUARY, JANUARY, TENTHS, make

from seasonal_monitor.dekads import parse
from seasonal_monitor.errors import ParameterError
from seasonal_monitor.outputs import write_cogs
from seasonal_monitor.sources import describe, open_source

pytest.importorskip("datacube", reason="datacube is not installed")


@pytest.fixture(scope="module")
def rain() -> xr.Dataset:
    return make(JANUARY + FEBRUARY)


@pytest.fixture(scope="module")
def cube(
    rain: xr.Dataset, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[object, Path]]:
    """The cube, and the folder with its datasets and its configuration."""
    folder = tmp_path_factory.mktemp("cube")
    items = write_cogs(rain, folder, "rain_dekad", description="Rain.", stored=TENTHS)
    with run_cube(folder) as (opened, config):
        run_datacube(config, "product", "add", folder / "rain_dekad.odc-product.yaml")
        documents = [item.with_suffix(".odc-metadata.yaml") for item in items]
        run_datacube(config, "dataset", "add", *documents)
        yield opened, folder


def open_rain(cube: object, **other: object) -> xr.Dataset:
    asked = {
        "collection": "rain_dekad",
        "bands": "rain",
        "area": AREA,
        "start": "202401d1",
        "end": "202402d3",
        **other,
    }
    return open_source(cube, **asked)


def test_should_give_what_was_written(cube, rain: xr.Dataset):
    data = open_rain(cube[0], chunk_px=16)["rain"]
    assert data.dims == ("time", "latitude", "longitude")
    assert data.dtype == "float32"
    assert data.attrs["units"] == "mm"
    assert data.chunks[0] == (6,)
    np.testing.assert_allclose(data, rain["rain"], atol=0.0501)
    assert bool(np.isnan(data[:, 5:9, 7]).all())


def test_should_open_chosen_dekads_only(cube, rain: xr.Dataset):
    data = open_rain(cube[0], dekads={parse("202401d2"), parse("202402d2")})["rain"]
    np.testing.assert_allclose(data, rain["rain"][[1, 4]], atol=0.0501)
    with pytest.raises(ParameterError, match=r"^start: nothing between 2024-01-01"):
        open_rain(cube[0], dekads={parse("202301d2")})


def test_should_give_the_same_as_the_catalogue_beside_it(cube):
    whole = {"area": [35.25, 3.5, 36.0, 4.5], "start": "202401d2", "end": "202402d1"}
    index, folder = cube
    one, other = open_rain(index, **whole), open_rain(folder, **whole)
    assert one["rain"].shape == other["rain"].shape == (3, 20, 15)
    np.testing.assert_array_equal(one["rain"], other["rain"])
    np.testing.assert_allclose(one["latitude"], other["latitude"])


def test_should_take_few_tasks_for_each_chunk(cube):
    plan = describe(open_rain(cube[0], chunk_px=16))
    assert plan.tasks <= 20 * 6


def test_should_be_read_by_workers_that_have_no_database(cube, rain: xr.Dataset):
    data = open_rain(cube[0], chunk_px=16)
    with (
        LocalCluster(
            n_workers=1,
            threads_per_worker=1,
            env={"ODC_CONFIG_PATH": "/nowhere"},
            dashboard_address=None,
        ) as cluster,
        Client(cluster),
    ):
        there = data["rain"].compute()
    np.testing.assert_allclose(there, rain["rain"], atol=0.0501)


def test_should_be_found_by_the_name_in_the_configuration(
    cube, rain: xr.Dataset, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("ODC_CONFIG_PATH", str(cube[1] / "datacube.yaml"))
    assert open_rain("odc:default")["rain"].shape == rain["rain"].shape
    assert open_rain("odc")["rain"].shape == rain["rain"].shape


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"collection": "snow"}, "^collection: no product 'snow' in this cube, only rain_dekad"),
        ({"bands": "snow"}, "^bands: no 'snow' in this product, only rain"),
        ({"start": "199901d1", "end": "199902d1"}, "^start: nothing between 1999-01-01"),
        ({"area": [10, 40, 12, 42]}, "^area: .* is outside the data of rain_dekad"),
    ],
)
def test_should_name_what_is_wrong(cube, bad: dict[str, object], words: str):
    with pytest.raises(ParameterError, match=words):
        open_rain(cube[0], **bad)


def test_should_say_that_the_database_is_away_without_its_address(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    config = tmp_path / "datacube.yaml"
    config.write_text(
        "default:\n  index_driver: postgres\n  db_url: postgresql://me:hidden@127.0.0.1:1/cube\n"
    )
    monkeypatch.setenv("ODC_CONFIG_PATH", str(config))
    with pytest.raises(
        ParameterError, match=r"^source: the Open Data Cube 'default' does not"
    ) as caught:
        open_rain("odc")
    assert "hidden" not in str(caught.value)
