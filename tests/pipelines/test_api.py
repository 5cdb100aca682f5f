"""A STAC API over HTTP: what it gives and how its refusals read."""

from __future__ import annotations

import traceback
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import xarray as xr
from stac_server import StacApi, serving

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.errors import SourceError
from seasonal_monitor.sources import open_source

AREA = [35.5, 4.0, 37.0, 5.5]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    recipe = Recipe(first_year=2012, last_year=2013, size=48, seed=7)
    return make_archive(tmp_path_factory.mktemp("archive"), recipe).catalog.parent


@pytest.fixture
def api(archive: Path) -> Iterator[StacApi]:
    with serving(archive) as server:
        yield server


def open_rain(source: Path | str, **other: object) -> xr.Dataset:
    asked = {
        "collection": "rfh_dekad",
        "bands": "rfh",
        "area": AREA,
        "start": "201301d1",
        "end": "201303d3",
        **other,
    }
    return open_source(source, **asked)


@pytest.mark.parametrize("page", [0, 2])
def test_should_give_what_the_folder_behind_it_gives(api: StacApi, archive: Path, page: int):
    api.page = page
    data = open_rain(api.address)
    assert data["rfh"].attrs["units"] == "mm"
    xr.testing.assert_equal(data.compute(scheduler="synchronous"), open_rain(archive).compute())
    assert api.ranges
    assert len(api.searches) == (5 if page else 1)
    np.testing.assert_allclose(api.searches[0]["bbox"], AREA)
    assert api.searches[0]["datetime"] == "2013-01-01T00:00:00Z/2013-03-31T23:59:59Z"


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"collection": "snow"}, "^collection: no 'snow' here, only rfh_dekad"),
        ({"start": "199901d1", "end": "199902d1"}, "^start: nothing between 1999-01-01"),
        ({"area": [10, 40, 12, 42]}, "^area: .* is outside the data of rfh_dekad"),
        ({"bands": "rain"}, "^bands: no 'rain' in rfh_201301d1, only rfh"),
    ],
)
def test_should_name_what_is_wrong(api: StacApi, bad: dict[str, object], words: str):
    with pytest.raises(SourceError, match=words):
        open_rain(api.address, **bad)


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (401, "does not know who you are .*renew your token"),
        (403, "does not let you in .*keeper for access"),
        (404, "has no STAC API there"),
        (418, r"refuses to answer \(418\)"),
        (503, "has a fault of its own .*later"),
    ],
)
def test_should_say_what_the_api_refuses(api: StacApi, status: int, words: str):
    api.failure = status
    with pytest.raises(SourceError, match=f"^source: {api.address} {words}") as caught:
        open_rain(api.address)
    assert len(str(caught.value)) < 200


def test_should_ask_for_a_token_and_never_show_the_one_in_the_address(api: StacApi):
    api.token = "Bearer good"
    secret = f"{api.address}/?token=hidden".replace("://", "://me:unseen@")
    with pytest.raises(SourceError, match=rf"^source: {api.address}/ does not know") as caught:
        open_rain(secret)
    shown = "".join(traceback.format_exception(caught.value))
    assert "hidden" not in shown
    assert "unseen" not in shown


def test_should_say_that_the_server_is_away(archive: Path):
    with serving(archive) as server:
        address = server.address
    with pytest.raises(SourceError, match=f"^source: {address} does not answer"):
        open_rain(address)
    with pytest.raises(SourceError, match=r"^source: http://\S+ does not answer") as caught:
        open_rain(f"{address}/?token=hidden")
    assert caught.value.__cause__ is None
    assert "hidden" not in str(caught.value)


def test_should_say_that_an_address_is_no_api(api: StacApi):
    with pytest.raises(SourceError, match=r"^source: \S+ does not speak STAC"):
        open_rain(f"{api.address}/collections")
