"""What is asked of a source, checked as far as it can be without looking at the source."""

from __future__ import annotations

import json
import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from itertools import pairwise
from os import PathLike
from pathlib import Path
from typing import Any, cast

from seasonal_monitor.dekads import first_day, last_day, parse, step_of
from seasonal_monitor.errors import ParameterError

Bounds = tuple[float, float, float, float]
Area = Sequence[float] | Mapping[str, Any] | str | PathLike[str]


@dataclass(frozen=True)
class Request:
    """A part of an archive.

    Attributes
    ----------
    collection : str
        Collection of a STAC catalogue; not used by Zarr.
    bands : tuple of str
        Assets, measurements or variables.
    bounds : tuple of float
        West, south, east, north in degrees.
    start, end : datetime
        First and last second, in UTC.
    chunk_px : int
        Pixels per side of a chunk.
    time_chunk : int
        Time steps of a chunk, -1 for all.
    groupby : str
        What becomes one time step: ``time``, or ``solar_day`` for scenes of one pass.
    dekads : frozenset of int, optional
        Steps of the only dekads that are wanted; all of the period without it.
    called : str
        What the caller calls the source, for files that cannot be read later on.
    """

    collection: str
    bands: tuple[str, ...]
    bounds: Bounds
    start: datetime
    end: datetime
    chunk_px: int = 512
    time_chunk: int = -1
    groupby: str = "time"
    dekads: frozenset[int] | None = None
    called: str = "source"

    def wants(self, moment: datetime) -> bool:
        """Whether data of a moment, in UTC, is asked for."""
        inside = self.start <= moment <= self.end
        return inside and (self.dekads is None or step_of(moment) in self.dekads)

    @property
    def interval(self) -> str:
        """The period as STAC writes it."""
        return f"{self.start:%Y-%m-%dT%H:%M:%SZ}/{self.end:%Y-%m-%dT%H:%M:%SZ}"


def bounds_of(area: Area) -> Bounds:
    """Read an area as its bounding box in degrees.

    Parameters
    ----------
    area : sequence of 4 floats, mapping, str or path
        West, south, east, north; a GeoJSON geometry, feature or collection; or its file.

    Raises
    ------
    ParameterError
        Names ``area`` when it is not one of these, empty or the wrong way round.
    """
    if isinstance(area, (str, PathLike)):
        try:
            area = json.loads(Path(area).read_text(encoding="utf-8"))
        except (OSError, ValueError) as error:
            raise ParameterError(
                "area",
                f"{area} cannot be read as GeoJSON: {error}.",
                "Check the path.",
            ) from error
    if isinstance(area, Mapping):
        points = list(_points(area))
        if not points:
            raise ParameterError(
                "area", "the GeoJSON has no coordinates.", "Give a polygon in degrees."
            )
        xs, ys = zip(*points, strict=True)
        values = [min(xs), min(ys), max(xs), max(ys)]
        _check_sides(sorted(xs))
    else:
        try:
            values = [float(value) for value in cast("Sequence[float]", area)]
        except (TypeError, ValueError):
            values = []
    if len(values) != 4 or not all(map(math.isfinite, values)):
        raise ParameterError(
            "area", f"{area!r} is not an area.", "Give four numbers: west, south, east, north."
        )
    west, south, east, north = values
    if -180 <= east < west <= 180:
        raise ParameterError(
            "area",
            f"west {west:g} must be less than east {east:g}.",
            f"Give the smaller one first; across 180 degrees, open {west:g} to 180 and -180 to "
            f"{east:g} by themselves.",
        )
    if not -180 <= west < east <= 180:
        raise ParameterError(
            "area", f"west {west:g} must be less than east {east:g}.", "Use -180 to 180 degrees."
        )
    if not -90 <= south < north <= 90:
        raise ParameterError(
            "area", f"south {south:g} must be less than north {north:g}.", "Use -90 to 90 degrees."
        )
    return west, south, east, north


def _check_sides(longitudes: Sequence[float]) -> None:
    """Refuse shapes that 180 degrees cut in two: a box around both goes around the world."""
    if longitudes[0] > -180 or longitudes[-1] < 180:
        return
    widest, west, east = max(
        (after - before, after, before) for before, after in pairwise(longitudes)
    )
    if widest > 180 and west < 180 and east > -180:
        raise ParameterError(
            "area",
            "the shapes lie on both sides of 180 degrees.",
            f"Open both sides by themselves: {west:g} to 180, and -180 to {east:g}.",
        )


def _points(geojson: Mapping[str, Any]) -> Iterable[tuple[float, float]]:
    """Give all corners of any GeoJSON object."""
    for feature in geojson.get("features") or geojson.get("geometries") or ():
        yield from _points(feature)
    if geojson.get("geometry"):
        yield from _points(geojson["geometry"])
    yield from _corners(geojson.get("coordinates", ()))


def _corners(coordinates: Sequence[Any]) -> Iterable[tuple[float, float]]:
    if len(coordinates) >= 2 and all(isinstance(value, int | float) for value in coordinates):
        yield float(coordinates[0]), float(coordinates[1])
        return
    for part in coordinates:
        if isinstance(part, Sequence) and not isinstance(part, str):
            yield from _corners(part)


def period_of(start: str, end: str) -> tuple[datetime, datetime]:
    """Read a period of dekads or days, both ends included.

    Parameters
    ----------
    start, end : str
        Dekads such as ``202401d1`` or days such as ``2024-01-15``.

    Raises
    ------
    ParameterError
        Names ``start`` or ``end``.
    """
    first = datetime.combine(_day(start, "start"), time.min, timezone.utc)
    last = datetime.combine(_day(end, "end"), time.min, timezone.utc)
    if first > last:
        raise ParameterError(
            "start", f"{start} is after the end, {end}.", "Give the earlier one first."
        )
    return first, last + timedelta(days=1, seconds=-1)


def _day(text: str, parameter: str) -> date:
    try:
        return date.fromisoformat(text)
    except (TypeError, ValueError):
        step = parse(text, parameter)
        return first_day(step) if parameter == "start" else last_day(step)


def make_request(
    collection: str,
    bands: Sequence[str] | str,
    area: Area,
    start: str,
    end: str,
    chunk_px: int = 512,
    time_chunk: int = -1,
    groupby: str = "time",
    dekads: Collection[int] | None = None,
    called: str = "source",
) -> Request:
    """Check parameters by themselves and put them together.

    Raises
    ------
    ParameterError
        Names the first that cannot be used.
    """
    names = (bands,) if isinstance(bands, str) else tuple(bands)
    if not names or not all(isinstance(name, str) and name for name in names):
        raise ParameterError("bands", "no band is named.", "Name at least one.")
    if chunk_px < 16:
        raise ParameterError(
            "chunk_px", f"{chunk_px} pixels are too few.", "Use 16 or more, 512 is common."
        )
    if time_chunk != -1 and time_chunk < 1:
        raise ParameterError(
            "time_chunk", f"{time_chunk} is no number of steps.", "Use 1 or more, or -1 for all."
        )
    if groupby not in ("time", "solar_day"):
        raise ParameterError("groupby", f"{groupby!r} is not known.", "Use time or solar_day.")
    first, last = period_of(start, end)
    bounds = bounds_of(area)
    steps = None if dekads is None else frozenset(dekads)
    return Request(
        collection, names, bounds, first, last, chunk_px, time_chunk, groupby, steps, called
    )
