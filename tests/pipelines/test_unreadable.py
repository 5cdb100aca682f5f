"""Files that cannot be read are named, before the cluster works where that can be known."""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import rasterio
from distributed import Client, LocalCluster
from rights import as_nobody
from test_outputs import AREA, JANUARY, TENTHS, make

from seasonal_monitor.errors import SourceError
from seasonal_monitor.outputs import write_cogs
from seasonal_monitor.sources import open_source


@pytest.fixture
def archive() -> Iterator[Path]:
    """Three dekads in a folder that others may look into, as pytest's own may not."""
    folder = Path(tempfile.mkdtemp(prefix="seasonal-monitor-", dir="/tmp"))
    folder.chmod(0o755)
    write_cogs(make(JANUARY, size=200), folder, "rain_dekad", stored=TENTHS, block_px=128)
    yield folder
    shutil.rmtree(folder)


def raster_of(archive: Path) -> Path:
    return archive / "rain_dekad/2024/rain_dekad_202401d2_rain.tif"


def open_rain(archive: Path):
    area = [AREA[0], AREA[1], 42.5, 13.0]
    return open_source(archive, "rain_dekad", "rain", area, "202401d1", "202401d3", chunk_px=64)


def spoil(raster: Path) -> None:
    """Overwrite what is in the middle of a file, and leave its header."""
    with rasterio.open(raster) as image:
        assert image.block_shapes == [(128, 128)]
    content = bytearray(raster.read_bytes())
    third = len(content) // 3
    content[third : 2 * third] = b"\xa5" * third
    raster.write_bytes(content)


def test_should_name_a_raster_that_may_not_be_read(archive: Path):
    open_rain(archive)  # imports what it needs
    raster_of(archive).chmod(0o000)
    with as_nobody(), pytest.raises(SourceError, match="may not be read by you") as caught:
        open_rain(archive)
    assert str(raster_of(archive)) in str(caught.value)
    assert caught.value.parameter == "source"


def test_should_name_an_item_that_may_not_be_read(archive: Path):
    open_rain(archive)
    item = archive / "rain_dekad/2024/rain_dekad_202401d2.json"
    item.chmod(0o000)
    with as_nobody(), pytest.raises(SourceError, match=r"^source: .* cannot be read") as caught:
        open_rain(archive)
    assert item.name in str(caught.value)


def test_should_name_an_item_that_is_no_json(archive: Path):
    item = archive / "rain_dekad/2024/rain_dekad_202401d2.json"
    item.write_text(json.dumps({"type": "Feature"})[:9])
    with pytest.raises(SourceError, match=r"^source: .* cannot be read") as caught:
        open_rain(archive)
    assert item.name in str(caught.value)


@pytest.mark.parametrize(
    ("harm", "words"),
    [
        (Path.unlink, "cannot be read: No such file"),
        (lambda path: path.write_bytes(b""), "is damaged: it is no GeoTIFF"),
        (lambda path: path.write_text("<html>Sign in</html>"), "is damaged: it is no GeoTIFF"),
    ],
)
def test_should_name_a_raster_that_is_none_before_any_work(archive: Path, harm, words: str):
    harm(raster_of(archive))
    with pytest.raises(SourceError, match=f"^source: {raster_of(archive)} {words}"):
        open_rain(archive)


@pytest.mark.parametrize(
    "harm", [spoil, lambda path: path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])]
)
def test_should_name_a_damaged_raster_when_it_is_read(archive: Path, harm):
    data = open_rain(archive)["rain"]
    np.testing.assert_allclose(data[1], make(JANUARY, size=200)["rain"][1], atol=0.0501)
    harm(raster_of(archive))
    words = f"^source: {raster_of(archive)} cannot be read: it is damaged, or was cut off"
    with pytest.raises(SourceError, match=words):
        open_rain(archive)["rain"].compute(scheduler="synchronous")


def test_should_name_a_damaged_raster_that_a_worker_reads(archive: Path):
    spoil(raster_of(archive))
    with (
        LocalCluster(n_workers=1, threads_per_worker=1, dashboard_address=None) as cluster,
        Client(cluster),
        pytest.raises(SourceError, match=f"^source: {raster_of(archive)} cannot be read") as caught,
    ):
        open_rain(archive)["rain"].compute()
    assert caught.value.parameter == "source"
