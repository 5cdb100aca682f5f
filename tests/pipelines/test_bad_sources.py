"""Bad input by each kind of source: folder, STAC API, Zarr and Open Data Cube.

What can be known before a value is read is said when the archive is opened, and by name.
"""

from __future__ import annotations

import contextlib
import json
import shutil
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import odc.geo.xr
import pytest
import xarray as xr
from distributed import Client, LocalCluster
from odc.geo.geobox import GeoBox
from postgres import run_cube, run_datacube
from rights import as_nobody
from stac_server import serving

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.errors import ParameterError, SourceError
from seasonal_monitor.notebook import Period, open_dekads
from seasonal_monitor.outputs import Stored, write_cogs, write_zarr
from seasonal_monitor.sources import open_source

pytestmark = pytest.mark.timeout(400)

AREA = [35.5, 4.0, 37.0, 5.5]
PERIOD = {"start": "201301d1", "end": "201303d3"}
TENTHS = {"rfh": Stored("int16", -9999, 0.1)}
HARMED = "201302d1"
COLLECTION = "rfh_dekad"


@dataclass(frozen=True)
class Place:
    """An archive of one kind, and where its files are.

    Attributes
    ----------
    kind : str
        Of the source.
    source : object
        What it is opened by.
    folder : Path
        What may be harmed.
    file : Path
        One that holds values, beside others that are whole.
    """

    kind: str
    source: object
    folder: Path
    file: Path

    def open(self, **other: object) -> xr.DataArray:
        asked = {"collection": COLLECTION, "bands": "rfh", "area": AREA, **PERIOD, **other}
        return open_source(self.source, chunk_px=16, **asked)["rfh"]


@pytest.fixture(scope="module")
def top() -> Iterator[Path]:
    """A folder that others may look into, as pytest's own may not."""
    folder = Path(tempfile.mkdtemp(prefix="seasonal-monitor-", dir="/tmp"))
    folder.chmod(0o755)
    yield folder
    shutil.rmtree(folder)


@pytest.fixture(scope="module")
def archive(top: Path) -> Path:
    return make_archive(top / "archive", Recipe(2013, 2013, 48, 7)).catalog.parent


@pytest.fixture(scope="module")
def published(archive: Path, top: Path) -> Path:
    """The same as COGs with documents of the cube, and as Zarr."""
    data = open_source(archive, COLLECTION, "rfh", [35, 3.6, 37.4, 6], **PERIOD).load()
    write_cogs(data, top / "published", COLLECTION, stored=TENTHS, block_px=16)
    write_zarr(data.chunk(time=3, latitude=24, longitude=24), top / "published/rain.zarr")
    mixed = write_cogs(data.isel(time=slice(2)), top / "mixed", "mixed", stored=TENTHS)
    box = GeoBox.from_bbox((200_000, 400_000, 500_000, 700_000), "EPSG:32637", resolution=5000)
    wrapped = odc.geo.xr.wrap_xr(
        np.ones((1, *box.shape), "float32"), box, time=data["time"].values[2:3]
    ).to_dataset(name="rfh")
    write_cogs(wrapped, top / "mixed/other", "mixed", stored=TENTHS)
    assert len(mixed) == 2
    return top / "published"


@pytest.fixture(scope="module")
def cube(published: Path, top: Path) -> Iterator[object]:
    pytest.importorskip("datacube", reason="datacube is not installed")
    with run_cube(top) as (opened, config):
        folders = {COLLECTION: published, "mixed": top / "mixed"}
        products = [at / f"{name}.odc-product.yaml" for name, at in folders.items()]
        run_datacube(config, "product", "add", *products)
        documents = [path for at in folders.values() for path in at.rglob("*.odc-metadata.yaml")]
        run_datacube(config, "dataset", "add", *sorted(documents))
        yield opened


@pytest.fixture(params=["folder", "api", "zarr", "cube"])
def place(
    request: pytest.FixtureRequest, archive: Path, published: Path, tmp_path: Path
) -> Iterator[Place]:
    """Each kind; what a test does to its files is undone."""
    if request.param == "cube":
        raster = published / f"{COLLECTION}/2013/{COLLECTION}_{HARMED}_rfh.tif"
        yield from restored(Place("cube", request.getfixturevalue("cube"), published, raster))
    elif request.param == "zarr":
        store = published / "rain.zarr"
        yield from restored(Place("zarr", store, store, store / "rfh/c/1/0/0"))
    elif request.param == "folder":
        raster = archive / f"{COLLECTION}/2013/rfh_{HARMED}.tif"
        yield from restored(Place("folder", archive, archive, raster))
    else:
        raster = archive / f"{COLLECTION}/2013/rfh_{HARMED}.tif"
        with serving(archive) as api:
            yield from restored(Place("api", api.address, archive, raster))


def restored(place: Place) -> Iterator[Place]:
    content = place.file.read_bytes()
    yield place
    if place.file.exists():
        place.file.chmod(0o644)
    place.file.write_bytes(content)


@pytest.mark.parametrize(
    ("bad", "words"),
    [
        ({"area": [10, 40, 12, 42]}, "^area: .* is outside the data"),
        ({"area": [37, 4, 35, 5]}, "^area: west 37 must be less than east 35"),
        ({"start": "199901d1", "end": "199902d1"}, "^start: nothing between 1999-01-01"),
        ({"start": "201304d1"}, "^start: 201304d1 is after the end, 201303d3"),
        ({"end": "soon"}, "^end: 'soon' is not a dekad"),
        ({"collection": "snow"}, "^collection: no .*'snow'"),
        ({"bands": "snow"}, "^bands: no 'snow' in .*only rfh"),
    ],
    ids=lambda value: "-".join(value) if isinstance(value, dict) else None,
)
def test_should_name_the_parameter_before_a_value_is_read(place: Place, bad, words: str):
    if place.kind == "zarr" and "collection" in bad:
        pytest.skip("a Zarr store has no collections")
    place.file.unlink()  # nothing of it is needed to say so
    with pytest.raises(ParameterError, match=words):
        place.open(**bad)


@pytest.mark.parametrize(
    ("baseline", "words"),
    [
        ((2009, 2012), "^baseline_start: the archive begins with 201301d1"),
        ((2013, 2014), "^baseline_end: the archive ends with 2013"),
    ],
)
def test_should_name_a_baseline_that_the_archive_does_not_cover(place: Place, baseline, words):
    period = Period("201302d1", "201302d3", *baseline)
    with pytest.raises(SourceError, match=words):
        open_dekads(place.source, COLLECTION, "rfh", AREA, period)


def test_should_name_what_does_not_say_where_it_has_no_data(
    place: Place, published: Path, tmp_path: Path
):
    words = r"^bands: the metadata of 'rfh' do not say which value means no data"
    if place.kind == "cube":
        pytest.skip("the cube itself takes no product without nodata")
    if place.kind == "zarr":
        with xr.open_zarr(published / "rain.zarr", consolidated=False) as store:
            stored = store["rfh"].fillna(0).astype("int16").drop_encoding()
        # Of Zarr's own format 2, where no number has to be its fill value.
        store = stored.drop_attrs().to_dataset(name="rfh")
        store.to_zarr(tmp_path / "numbers.zarr", zarr_format=2, consolidated=False)
        with pytest.raises(SourceError, match=words):
            open_source(tmp_path / "numbers.zarr", "", "rfh", AREA, **PERIOD)
        return
    copy = tmp_path / "copy"
    shutil.copytree(place.folder, copy)
    for path in copy.glob(f"{COLLECTION}/*/rfh_*.json"):
        edit(path, lambda item: item["assets"]["rfh"]["raster:bands"][0].pop("nodata"))
    edit(copy / f"{COLLECTION}/collection.json", lambda listing: listing.pop("item_assets"))
    with opened(place.kind, copy) as source, pytest.raises(SourceError, match=words):
        open_source(source, COLLECTION, "rfh", AREA, **PERIOD)


def test_should_refuse_several_reference_systems(place: Place, published: Path, tmp_path: Path):
    if place.kind == "cube":
        with pytest.raises(SourceError, match=r"^collection: .* several projections: .*32637"):
            open_source(place.source, "mixed", "rfh", [35.5, 4.5, 36.5, 5.5], **PERIOD)
        return
    if place.kind == "zarr":
        with xr.open_zarr(published / "rain.zarr", consolidated=False) as store:
            metres = store.load().rename(latitude="y", longitude="x")
        metres = metres.assign_coords(x=metres["x"] * 1e5, y=metres["y"] * 1e5)
        metres.drop_encoding().to_zarr(tmp_path / "metres.zarr", consolidated=False)
        with pytest.raises(SourceError, match=r"^source: .*metres.zarr is not in degrees"):
            open_source(tmp_path / "metres.zarr", "", "rfh", AREA, **PERIOD)
        return
    copy = tmp_path / "copy"
    shutil.copytree(place.folder, copy)
    item = copy / f"{COLLECTION}/2013/rfh_{HARMED}.json"
    edit(item, lambda content: content["properties"].update({"proj:code": "EPSG:32637"}))
    words = r"^collection: the files are in several projections: 32637, 4326"
    with opened(place.kind, copy) as source, pytest.raises(SourceError, match=words):
        open_source(source, COLLECTION, "rfh", AREA, **PERIOD)


def test_should_name_a_file_that_may_not_be_read(place: Place):
    if place.kind == "api":
        pytest.skip("its files are the server's, which answers by a status")
    place.open()  # imports what it needs
    place.file.chmod(0o000)
    if place.kind == "zarr":  # thousands of chunks are not looked at one by one
        data = place.open()
        with as_nobody(), pytest.raises(SourceError, match="may not be read by you") as caught:
            data.compute(scheduler="synchronous")
        assert "'rfh'" in str(caught.value)
    else:
        with as_nobody(), pytest.raises(SourceError, match="may not be read by you") as caught:
            place.open()
        assert place.file.name in str(caught.value)
    assert caught.value.parameter == "source"


def cut_off(file: Path) -> None:
    """Leave half of a file, as a copy that ended too early does."""
    file.write_bytes(file.read_bytes()[: file.stat().st_size // 2])


# What servers send in place of a file to who is not signed in.
def sign_in(file: Path) -> None:
    file.write_text("<html>Sign in</html>")


@pytest.mark.parametrize("harm", [cut_off, sign_in])
def test_should_name_a_damaged_file_among_good_ones(place: Place, harm: Callable[[Path], None]):
    harm(place.file)
    with pytest.raises(SourceError, match=r"^source: .*damaged") as caught:
        place.open().compute(scheduler="synchronous")
    known = "'rfh'" if place.kind == "zarr" else place.file.name
    assert known in str(caught.value)


def test_should_name_a_damaged_file_that_a_worker_reads(place: Place):
    cut_off(place.file)
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
        pytest.raises(SourceError, match=r"^source: .*damaged"),
    ):
        place.open().compute()


def test_should_name_a_file_that_is_none_before_any_work(place: Place):
    if place.kind in ("api", "zarr"):
        pytest.skip("such files are looked at when they are read")
    place.file.write_text("<html>Sign in</html>")
    with pytest.raises(SourceError, match=f"^source: .*{place.file.name} is damaged: it is no"):
        place.open()
    place.file.unlink()
    with pytest.raises(SourceError, match=f"^source: .*{place.file.name} cannot be read: No such"):
        place.open()


def edit(path: Path, change: Callable[[dict], object]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


@contextlib.contextmanager
def opened(kind: str, folder: Path) -> Iterator[object]:
    """Give what a folder is opened by: itself, or an API in front of it."""
    if kind == "folder":
        yield folder
        return
    with serving(folder) as api:
        yield api.address
