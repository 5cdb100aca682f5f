from __future__ import annotations

import geopandas
import numpy as np
import pytest
import shapely
import xarray as xr

from seasonal_monitor.algorithms import HDX_COLUMNS, zonal_statistics, zonal_table, zone_weights
from seasonal_monitor.errors import ParameterError

STATISTICS = ("mean", "sum", "min", "max", "count", "median")


@pytest.fixture(scope="module")
def polygons() -> geopandas.GeoDataFrame:
    """A circle, a box that overlaps it, one with a hole, and a sliver inside one pixel."""
    circle = shapely.Point(35.11, 5.86).buffer(0.07)
    box = shapely.box(35.03, 5.79, 35.17, 5.93)
    ring = shapely.Polygon(
        [(34.99, 5.74), (35.2, 5.74), (35.2, 6.01), (34.99, 6.01)],
        [[(35.05, 5.8), (35.15, 5.8), (35.15, 5.9), (35.05, 5.9)]],
    )
    sliver = shapely.box(35.09, 5.89, 35.1, 5.891)
    return geopandas.GeoDataFrame(
        {"code": ["A1", "B2", "C3", "D4"]}, geometry=[circle, box, ring, sliver], crs="EPSG:4326"
    )


def by_hand(data: xr.DataArray, shape: shapely.Polygon) -> dict[str, np.ndarray]:
    """Each pixel cut with the polygon by shapely, and one loop over the pixels."""
    shares, values = [], []
    for row, y in enumerate(data.latitude.values):
        for column, x in enumerate(data.longitude.values):
            cell = shapely.box(x - 0.025, y - 0.025, x + 0.025, y + 0.025)
            share = cell.intersection(shape).area / cell.area
            if share > 1e-9:
                shares.append(share)
                values.append(data.values[:, row, column])
    w, v = np.array(shares)[:, None], np.array(values, float)
    there = np.isfinite(v)
    weight = (w * there).sum(axis=0)
    with np.errstate(invalid="ignore", divide="ignore"):
        found = {
            "count": weight,
            "sum": np.where(weight > 0, np.nansum(w * v, axis=0), np.nan),
            "mean": np.nansum(w * v, axis=0) / weight,
            "min": np.where(weight > 0, np.where(there, v, np.inf).min(axis=0), np.nan),
            "max": np.where(weight > 0, np.where(there, v, -np.inf).max(axis=0), np.nan),
        }
    medians = []
    for step in range(v.shape[1]):
        entries = sorted((x, s) for x, s in zip(v[:, step], shares, strict=True) if x == x)
        half, running, median = sum(s for _, s in entries) / 2, 0.0, np.nan
        for value, share in entries:
            running += share
            if running >= half * (1 - 1e-9):
                median = value
                break
        medians.append(median)
    return {**found, "median": np.array(medians)}


def test_statistics_equal_a_loop_over_pixels_cut_by_shapely(rain, polygons):
    data = rain[90:110]
    got = zonal_statistics(
        data, zone_weights(data, polygons, id_column="code"), statistics=STATISTICS
    )
    for zone, shape in zip(polygons.code, polygons.geometry, strict=True):
        for name, expected in by_hand(data, shape).items():
            np.testing.assert_allclose(
                got[name].sel(zone=zone), expected, rtol=1e-5, atol=1e-6, err_msg=f"{zone} {name}"
            )


@pytest.mark.parametrize("chunks", [(-1, 2, 2), (7, 4, 5), (5, -1, 3)])
def test_chunks_do_not_change_the_statistics(rain, polygons, chunks):
    data = rain[90:110]
    weights = zone_weights(data, polygons, id_column="code")
    lazy = data.chunk(dict(zip(data.dims, chunks, strict=True)))
    got = zonal_statistics(lazy, weights, statistics=STATISTICS)
    assert all(got[name].chunks is not None for name in STATISTICS)
    xr.testing.assert_allclose(
        got.compute(scheduler="synchronous"),
        zonal_statistics(data, weights, statistics=STATISTICS),
    )


def test_rasters_from_south_to_north_give_the_same(rain, polygons):
    flipped = rain[90:92, ::-1]
    got = zonal_statistics(flipped, zone_weights(flipped, polygons))
    expected = zonal_statistics(rain[90:92], zone_weights(rain, polygons))
    xr.testing.assert_allclose(got, expected)


def test_polygons_are_brought_to_the_rasters_reference_system(rain, polygons):
    metres = polygons.to_crs("EPSG:32636")
    got = zonal_statistics(rain[90:92], zone_weights(rain, metres))
    expected = zonal_statistics(rain[90:92], zone_weights(rain, polygons))
    np.testing.assert_allclose(got["mean"], expected["mean"], rtol=1e-3)


def test_pixels_below_the_least_coverage_do_not_count(rain, polygons):
    whole = zone_weights(rain, polygons)
    half = zone_weights(rain, polygons[:3], min_coverage=0.5)
    assert half.matrix.data.min() >= 0.5
    assert half.matrix.nnz == (whole.matrix[:3].data >= 0.5).sum()


def test_polygons_outside_are_named_or_nan(rain, polygons):
    away = polygons.copy()
    away.loc[1, "geometry"] = shapely.box(10, 10, 11, 11)
    with pytest.raises(ParameterError, match=r"1 of 4 touch no pixel.*B2"):
        zone_weights(rain, away, id_column="code")
    weights = zone_weights(rain, away, id_column="code", outside="nan")
    got = zonal_statistics(rain[90:91], weights, statistics=["mean", "count"]).isel(time=0)
    assert np.isnan(got["mean"][1])
    assert float(got["count"][1]) == 0
    assert np.isfinite(got["mean"][0])


def test_bad_polygons_and_grids_are_refused(rain, polygons):
    for words, arguments in {
        "polygons: They have no reference system": (rain, polygons.set_crs(None, allow_override=1)),
        "polygons: There are none": (rain, polygons[:0]),
        "polygons: 4 are no polygons": (rain, polygons.set_geometry(polygons.boundary)),
        "data: Its pixels are not evenly": (rain.isel(latitude=[0, 1, 3]), polygons),
        "crs: The data does not say": (rain.rename(latitude="y", longitude="x"), polygons),
        "Name them y and x": (rain.rename(latitude="north"), polygons),
    }.items():
        with pytest.raises(ParameterError, match=words):
            zone_weights(*arguments)
    weights = zone_weights(rain, polygons)
    with pytest.raises(ParameterError, match="another grid than the weights"):
        zonal_statistics(rain[:, 1:], weights)
    with pytest.raises(ParameterError, match="mode is not known"):
        zonal_statistics(rain, weights, statistics=["mode"])


def test_the_table_has_hdx_columns_in_their_order(rain, polygons):
    weights = zone_weights(rain, polygons, id_column="code")
    got = zonal_statistics(rain[90:92], weights, statistics=["mean", "count"])
    table = zonal_table(
        {"rfq": got["mean"] * 2, "own": got["mean"], "rfh": got["mean"]},
        n_pixels=got["count"],
        admin=polygons.set_index("code", drop=False)
        .rename(columns={"code": "PCODE"})
        .assign(adm_level=1, adm_id=range(4)),
    )
    assert list(table.columns) == [
        *(c for c in HDX_COLUMNS[:-1] if c in table.columns),
        "own",
        "version",
    ]
    assert table.shape == (8, 9)
    assert table.PCODE.tolist() == ["A1", "B2", "C3", "D4"] * 2
    np.testing.assert_allclose(table.rfh, got["mean"].values.ravel())
    assert table.date.is_monotonic_increasing
