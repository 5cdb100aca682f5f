"""A click on the map of a cube, as matplotlib and the browser's canvas send it."""

from __future__ import annotations

from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import odc.geo.xr
import pytest
import xarray as xr
from IPython.core.interactiveshell import InteractiveShell
from matplotlib.backend_bases import MouseEvent, NavigationToolbar2
from odc.geo.geobox import GeoBox
from template_notebook import run_cells
from template_run import read_tiff

from jupyterlab_seasonal_monitor.sample_data.archive import Recipe, make_archive
from seasonal_monitor.errors import ParameterError
from seasonal_monitor.notebook import ClickMap, draw_map, series_at

matplotlib.use("agg")

LABELS = [f"2013{month:02}d{dekad}" for month in (1, 2) for dekad in (1, 2, 3)]
PLACE = {"area": [35.2, 4.4, 36.4, 5.6], "longitude": 35.52, "latitude": 5.01}


def click(clicks: ClickMap, x: float, y: float, button: int = 1) -> None:
    """Press a mouse button over a place of the map, in its own coordinates."""
    canvas = clicks.figure.canvas
    canvas.draw()
    where = clicks.figure.axes[0].transData.transform((x, y))
    event = MouseEvent("button_press_event", canvas, *where, button=button)
    canvas.callbacks.process("button_press_event", event)


@pytest.fixture(autouse=True)
def no_figures():
    yield
    plt.close("all")


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return make_archive(tmp_path_factory.mktemp("year"), Recipe(2013, 2013, 48, 7)).catalog.parent


@pytest.fixture
def rain(year: Path) -> np.ndarray:
    """The area's dekads, read by rasterio alone; (time, y, x)."""
    files = [year / f"rfh_dekad/2013/rfh_{label}.tif" for label in LABELS]
    return np.stack([read_tiff(file)[8:32, 4:28] for file in files])


@pytest.fixture
def clicks(year: Path) -> ClickMap:
    """The template's own, made by its own cells."""
    period = {"start": LABELS[0], "end": LABELS[-1]}
    catalog = str(year / "catalog.json")
    names = run_cells("map", "explore-cube", catalog=catalog, dry_run=True, **PLACE, **period)
    return names["clicks"]


def test_should_draw_the_series_that_the_files_hold(clicks: ClickMap, rain: np.ndarray):
    np.testing.assert_allclose(clicks.pixel, rain[:, 11, 6], atol=1e-4)
    for row, column in ((0, 0), (3, 20), (23, 23), (17, 2)):
        # Anywhere in a pixel, not only at its centre.
        x, y = 35.2 + (column + 0.3) * 0.05, 5.6 - (row + 0.8) * 0.05
        click(clicks, x, y)
        np.testing.assert_allclose(clicks.pixel, rain[:, row, column], atol=1e-4)
        np.testing.assert_allclose(clicks.spot, (x, y), atol=1e-6)
        line = clicks.figure.axes[1].lines[0]
        np.testing.assert_allclose(line.get_ydata(), rain[:, row, column], atol=1e-4)
        assert line.get_label() == f"{x:.3f}".rstrip("0") + "° E, " + f"{y:.3f}".rstrip("0") + "° N"


def test_should_do_nothing_beside_the_map_or_while_somebody_zooms(clicks: ClickMap):
    before = clicks.spot
    click(clicks, 30.0, 5.0)
    click(clicks, 35.9, 4.7, button=3)
    NavigationToolbar2(clicks.figure.canvas).zoom()
    click(clicks, 35.9, 4.7)
    assert clicks.spot == before


def test_should_say_on_the_figure_why_there_is_no_series(clicks: ClickMap, monkeypatch):
    def broken(*_: object, **__: object) -> None:
        raise OSError("the cluster has gone\nand more")

    monkeypatch.setattr(xr.DataArray, "compute", broken)
    click(clicks, 35.9, 4.7)
    title = clicks.figure.axes[1].get_title()
    assert title == "This pixel cannot be read: the cluster has gone"


@pytest.mark.parametrize(
    ("spot", "words"),
    [
        ((30.0, 5.0), "^spot: 30° E, 5° N is not on the map. Give a place within"),
        ((35.5, -12.25), r"^spot: 35.5° E, 12.25° S is not on the map"),
        ((float("nan"), 5.0), "^spot: nan, 5.0 is no place"),
    ],
)
def test_should_refuse_a_place_beside_the_map(clicks: ClickMap, spot, words: str):
    with pytest.raises(ParameterError, match=words):
        clicks.choose(*spot)


def test_should_find_a_pixel_of_a_projected_grid():
    box = GeoBox.from_bbox((300_000, 390_000, 301_000, 391_000), "EPSG:32637", resolution=50)
    values = np.random.default_rng(3).random((4, *box.shape), dtype="float32")
    days = np.array(["2024-03-02", "2024-03-07", "2024-03-12", "2024-03-17"], "datetime64[ns]")
    scene = odc.geo.xr.wrap_xr(values, box, time=days).rename("ndvi")
    x, y = float(scene["x"][7]), float(scene["y"][12])
    middle = scene.odc.geobox.geographic_extent.centroid.coords[0]
    clicks = ClickMap(scene, scene[0], *middle)
    click(clicks, x, y)
    np.testing.assert_array_equal(clicks.pixel, scene[:, 12, 7])
    # The place in degrees leads to the same pixel.
    np.testing.assert_array_equal(series_at(scene, *clicks.spot), scene[:, 12, 7])


def test_should_hear_the_clicks_of_a_browser(clicks: ClickMap, rain: np.ndarray, monkeypatch):
    pytest.importorskip("ipympl", reason="ipympl is not installed")
    monkeypatch.setattr(InteractiveShell, "_instance", InteractiveShell())
    monkeypatch.setattr("IPython.get_ipython", lambda: InteractiveShell._instance)
    cube, mean = clicks._cube, clicks._mean
    live = ClickMap(cube, cube[-1].compute(), 35.52, 5.01, mean=mean)
    assert live.clickable
    canvas = live.figure.canvas
    canvas.draw()
    x, y = 35.2 + 20.5 * 0.05, 5.6 - 3.5 * 0.05
    across, up = live.figure.axes[0].transData.transform((x, y))
    ratio = canvas.device_pixel_ratio
    message = {
        "type": "button_press",
        "x": across / ratio,
        "y": (live.figure.bbox.height - up) / ratio,
        "button": 0,
        "buttons": 1,
        "step": 0,
        "modifiers": [],
        "guiEvent": {},
    }
    canvas._handle_message(canvas, message, [])
    np.testing.assert_allclose(live.pixel, rain[:, 3, 20], atol=1e-4)


def test_should_name_the_axes_of_maps_with_their_units():
    box = GeoBox.from_bbox((300_000, 390_000, 301_000, 391_000), "EPSG:32637", resolution=50)
    image = odc.geo.xr.wrap_xr(np.ones(box.shape, "float32"), box).rename("ndvi")
    figure, (left, right) = plt.subplots(1, 2)
    draw_map(left, image)
    assert (left.get_xlabel(), left.get_ylabel()) == ("Easting [m]", "Northing [m]")
    degrees = xr.DataArray(
        np.ones((2, 3)),
        dims=("latitude", "longitude"),
        coords={"latitude": [1.0, 0.0], "longitude": [30.0, 31.0, 32.0]},
        attrs={"long_name": "Temperature by day", "units": "degC"},
    )
    draw_map(right, degrees)
    assert (right.get_xlabel(), right.get_ylabel()) == ("Longitude [°E]", "Latitude [°N]")
    labels = [axis.get_ylabel() for axis in figure.axes]
    assert "Temperature by day [°C]" in labels
