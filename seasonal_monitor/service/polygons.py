"""Polygons that somebody sent, refused in words when no statistics can be taken of them."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from seasonal_monitor.errors import ParameterError

from .limits import Limits

if TYPE_CHECKING:
    import geopandas

_NAME = "polygons"


def read_polygons(
    content: Mapping[str, Any], id_property: str | None, limits: Limits
) -> geopandas.GeoDataFrame:
    """Read GeoJSON in degrees.

    Parameters
    ----------
    content : mapping
        A FeatureCollection, Feature, Polygon or MultiPolygon.
    id_property : str, optional
        Property that names the polygons; their numbers, from 1, without it.
    limits : Limits
        How many are taken.

    Returns
    -------
    GeoDataFrame
        With the column ``zone``, in EPSG:4326.

    Raises
    ------
    ParameterError
        Names ``polygons`` or ``id_property``, and the polygon.
    """
    import geopandas

    features = _features(content)
    if len(features) > limits.polygons:
        raise ParameterError(
            _NAME,
            f"{len(features):,} are too many, {limits.polygons:,} is the most.",
            "Ask for them in parts.",
        )
    shapes, names = [], []
    for number, feature in enumerate(features, start=1):
        shapes.append(_shape(feature.get("geometry"), number))
        names.append(_name(feature, id_property, number))
    corners = sum(_corners(shape) for shape in shapes)
    if corners > limits.corners:
        raise ParameterError(
            _NAME,
            f"{corners:,} corners are too many, {limits.corners:,} is the most.",
            "Simplify them: much less than a pixel changes nothing.",
        )
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice is not None:
        raise ParameterError(
            "id_property", f"{twice!r} names two polygons.", "Choose a property that differs."
        )
    return geopandas.GeoDataFrame({"zone": names}, geometry=shapes, crs="EPSG:4326")


def _features(content: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    kind = content.get("type")
    if kind == "FeatureCollection":
        features = content.get("features")
        if isinstance(features, list) and all(isinstance(one, Mapping) for one in features):
            if features:
                return features
            raise ParameterError(_NAME, "there are none.", "Send at least one.")
    if kind == "Feature":
        return [content]
    if kind in ("Polygon", "MultiPolygon"):
        return [{"geometry": content}]
    raise ParameterError(
        _NAME,
        f"{str(kind)[:40]!r} is no GeoJSON of polygons.",
        "Send a FeatureCollection, a Feature, a Polygon or a MultiPolygon.",
    )


def _shape(geometry: object, number: int) -> Any:  # noqa: ANN401  (of shapely, without types)
    from shapely.errors import ShapelyError
    from shapely.geometry import shape
    from shapely.validation import explain_validity

    if not isinstance(geometry, Mapping) or geometry.get("type") not in ("Polygon", "MultiPolygon"):
        kind = geometry.get("type") if isinstance(geometry, Mapping) else None
        raise ParameterError(
            _NAME, f"number {number} is {str(kind)[:40]!r}, no polygon.", "Leave it out."
        )
    try:
        found = shape(geometry)
    except (ShapelyError, ValueError, TypeError, KeyError, IndexError, AttributeError) as error:
        raise ParameterError(
            _NAME,
            f"the coordinates of number {number} are no polygon.",
            "A ring is a list of four or more [longitude, latitude] that ends where it begins.",
        ) from error
    if found.is_empty:
        raise ParameterError(_NAME, f"number {number} is empty.", "Leave it out.")
    if not found.is_valid:
        reason = explain_validity(found)
        raise ParameterError(
            _NAME,
            f"number {number} is not valid: {reason}.",
            "Repair it, for example with shapely's make_valid.",
        )
    west, south, east, north = found.bounds
    if west < -180 or east > 180 or south < -90 or north > 90:
        raise ParameterError(
            _NAME,
            f"number {number} reaches from {west:g}, {south:g} to {east:g}, {north:g}.",
            "Send degrees, longitude first.",
        )
    return found


def _name(feature: Mapping[str, Any], id_property: str | None, number: int) -> str:
    if id_property is None:
        return str(number)
    properties = feature.get("properties")
    value = properties.get(id_property) if isinstance(properties, Mapping) else None
    if not isinstance(value, str | int) or value == "":
        raise ParameterError(
            "id_property",
            f"number {number} has no {id_property!r}.",
            "Choose a property that all have, or none.",
        )
    return str(value)


def _corners(shape: Any) -> int:  # noqa: ANN401  (of shapely, without types)
    import shapely

    return int(shapely.get_num_coordinates(shape))
