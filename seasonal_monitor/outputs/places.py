"""The grid of a product and the steps of its time: what names and places all of its files."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seasonal_monitor import dekads
from seasonal_monitor.errors import OutputError

if TYPE_CHECKING:
    import xarray as xr
    from affine import Affine

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True)
class Grid:
    """The pixels of a product.

    Attributes
    ----------
    crs : str
        As ``EPSG:4326`` where it has a code, else as WKT.
    shape : tuple of int
        Rows and columns.
    affine : Affine
        From column and row to x and y.
    bounds : tuple of float
        West, south, east, north in degrees.
    """

    crs: str
    shape: tuple[int, int]
    affine: Affine
    bounds: tuple[float, float, float, float]
    names: tuple[str, str]

    @classmethod
    def of(cls, data: xr.Dataset | xr.DataArray) -> Grid:
        """Read the grid of data."""
        box = data.odc.geobox
        degrees = box.geographic_extent.boundingbox
        bounds = (degrees.left, degrees.bottom, degrees.right, degrees.top)
        rows, columns = box.shape
        code = box.crs.to_epsg()
        crs = f"EPSG:{code}" if code else str(box.crs)
        return cls(crs, (rows, columns), box.affine, bounds, tuple(box.dimensions))

    @property
    def transform(self) -> list[float]:
        """All nine numbers of the matrix, row by row."""
        return [float(number) for number in tuple(self.affine)[:9]]

    @property
    def footprint(self) -> dict[str, Any]:
        """The outline in degrees, as GeoJSON."""
        west, south, east, north = self.bounds
        ring = [[west, south], [east, south], [east, north], [west, north], [west, south]]
        return {"type": "Polygon", "coordinates": [ring]}


@dataclass(frozen=True)
class Step:
    """A time step of a product: its name and period."""

    product: str
    label: str
    begin: datetime
    end: datetime

    @classmethod
    def of(cls, product: str, moment: datetime, kind: str) -> Step:
        """Give the step that a moment lies in."""
        day = moment.date()
        if kind == "dekad":
            number = dekads.step_of(day)
            return cls(product, dekads.label(number), *dekads.time_range(number))
        if kind == "month":
            first = day.replace(day=1)
            following = (first + timedelta(days=31)).replace(day=1)
            return cls(product, f"{day:%Y-%m}", _start(first), _start(following) - _SECOND)
        if kind == "day":
            begin = _start(day)
            return cls(product, f"{day:%Y-%m-%d}", begin, begin + timedelta(days=1) - _SECOND)
        raise OutputError("step", f"{kind!r} is no step.", "Use dekad, month or day.")

    @property
    def name(self) -> str:
        """The id of its STAC item."""
        return f"{self.product}_{self.label}"

    def item_path(self, top: Path) -> Path:
        """Where its STAC item lies."""
        return top / self.product / f"{self.begin.year}" / f"{self.name}.json"

    def raster_path(self, top: Path, band: str) -> Path:
        """Where a band lies."""
        return self.item_path(top).with_name(f"{self.name}_{band}.tif")

    def cube_path(self, top: Path) -> Path:
        """Where its Open Data Cube document lies."""
        return self.item_path(top).with_suffix(".odc-metadata.yaml")


def _start(day: date) -> datetime:
    return datetime.combine(day, time.min, timezone.utc)
