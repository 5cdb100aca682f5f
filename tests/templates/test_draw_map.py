"""Maps, as matplotlib draws them."""

from __future__ import annotations

import matplotlib
import matplotlib.pyplot as plt
import numpy as np
import pytest
import xarray as xr

from seasonal_monitor.notebook import draw_map

matplotlib.use("agg")


def image(values: object) -> xr.DataArray:
    """A raster of ten pixels a row, in degrees."""
    rows = np.asarray(values, "float32").reshape(-1, 10)
    coords = {"latitude": -0.05 * np.arange(len(rows)), "longitude": 35 + 0.05 * np.arange(10)}
    return xr.DataArray(rows, dims=("latitude", "longitude"), coords=coords)


def test_should_not_let_a_few_extremes_take_all_colours():
    values = np.linspace(10, 20, 200)
    values[:2], values[-2:] = -500, 9000
    _, axis = plt.subplots()
    draw_map(axis, image(values))
    drawn = axis.collections[0]
    assert 9.9 < drawn.norm.vmin < drawn.norm.vmax < 20.1
    assert drawn.colorbar.extend == "both", "the arrows say that there is more"


@pytest.mark.parametrize(
    ("values", "limits", "extend"),
    [
        (np.r_[np.zeros(190), np.arange(1, 11)], (0, 6), "max"),
        (np.r_[np.zeros(199), 4], (0, 4), "neither"),
        (np.full(200, 3), (2.7, 3.3), "neither"),
    ],
    ids=["most are zero", "one is not", "all are the same"],
)
def test_should_show_what_there_is_of_uneven_values(values, limits, extend):
    figure, axis = plt.subplots()
    draw_map(axis, image(values))
    figure.canvas.draw()
    drawn = axis.collections[0]
    assert (drawn.norm.vmin, drawn.norm.vmax) == pytest.approx(limits, abs=0.1)
    assert drawn.colorbar.extend == extend


def test_should_draw_an_area_without_data_as_grey():
    figure, axis = plt.subplots()
    draw_map(axis, image(np.full(200, np.nan)))
    figure.canvas.draw()
    assert axis.get_facecolor()[:3] == pytest.approx((0.8, 0.8, 0.8))
    assert axis.collections[0].get_array().mask.all()


def test_should_name_the_axes_of_maps_side_by_side_at_the_outer_edges():
    _, axes = plt.subplots(2, 2, sharex=True, sharey=True)
    for axis in axes.flat:
        draw_map(axis, image(np.arange(200)), levels=[0, 100, 200])
    assert [axis.get_ylabel() != "" for axis in axes.flat] == [True, False, True, False]
    assert [axis.get_xlabel() != "" for axis in axes.flat] == [False, False, True, True]


@pytest.mark.parametrize(
    ("unit", "label"),
    [("mm a-1", "Slope [mm per year]"), ("a-1", "Slope [per year]"), ("1", "Slope")],
)
def test_should_write_units_as_people_do(unit: str, label: str):
    _, axis = plt.subplots()
    slope = image(np.arange(200)).assign_attrs(long_name="Slope", units=unit)
    draw_map(axis, slope)
    assert axis.collections[0].colorbar.ax.get_ylabel() == label


def test_should_draw_north_at_the_top():
    _, axis = plt.subplots()
    draw_map(axis, image(np.arange(200)))
    bottom, top = axis.get_ylim()
    assert bottom < top
    first = axis.collections[0].get_array()[0]
    np.testing.assert_array_equal(first, np.arange(10))
    corner = axis.collections[0].get_coordinates()[0, 0]
    assert corner[1] > -0.05, "the first row is the northernmost"
