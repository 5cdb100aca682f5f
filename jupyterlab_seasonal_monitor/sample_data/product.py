"""What a product of the sample archive is: its bands, its calendar and where its rasters lie."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from rasterio.transform import Affine
from rasterio.warp import transform_bounds

from seasonal_monitor.dekads import DEKADS_PER_YEAR, label, steps_of_years, time_range

from .rainfall import Field

# North-west corner and pixel size of the rain's grid, degrees: it lies on CHIRPS' own.
WEST, NORTH, PIXEL = 35.0, 6.0, 0.05

COMPOSITES_PER_YEAR = 46


@dataclass(frozen=True)
class Grid:
    """Where a raster is.

    Attributes
    ----------
    left, top : float
        The north-west corner, in the unit of `crs`.
    pixel : float
        Size of a pixel, in the same unit.
    rows, columns : int
        Number of pixels.
    crs : str
        The reference system.
    """

    left: float
    top: float
    pixel: float
    rows: int
    columns: int
    crs: str = "EPSG:4326"

    @property
    def bbox(self) -> list[float]:
        """West, south, east, north in degrees."""
        right = round(self.left + self.columns * self.pixel, 6)
        bottom = round(self.top - self.rows * self.pixel, 6)
        if self.crs == "EPSG:4326":
            return [self.left, bottom, right, self.top]
        edges = transform_bounds(self.crs, "EPSG:4326", self.left, bottom, right, self.top)
        return [round(edge, 6) for edge in edges]

    @property
    def transform(self) -> Affine:
        """From columns and rows to places."""
        return Affine(self.pixel, 0.0, self.left, 0.0, -self.pixel, self.top)


@dataclass(frozen=True)
class Slot:
    """One time, or scene, of a product: a raster of each band.

    Attributes
    ----------
    number : int
        Counts the product's slots through all years, without gaps.
    label : str
        What its files are called.
    begin, end : datetime
        First and last second that it covers, in UTC.
    properties : dict
        What else its STAC item says.
    """

    number: int
    label: str
    begin: datetime
    end: datetime
    properties: dict[str, Any] = field(default_factory=dict)

    @property
    def year(self) -> int:
        """The year it begins in."""
        return self.begin.year

    @property
    def moment(self) -> float:
        """Its middle, in dekads since year 0."""
        middle = self.begin + (self.end - self.begin) / 2
        return middle.year * DEKADS_PER_YEAR + (middle.month - 1) * 3 + min(middle.day / 10, 3)


@dataclass(frozen=True)
class Band:
    """How values of one kind are stored.

    Attributes
    ----------
    name, title : str
        As templates name it, after real archives; what a person reads.
    nodata : int
        The stored number without data.
    scale, offset : float
        What a stored 1 is worth, and a stored 0.
    unit : str
        Of the values.
    dtype : str
        Of the stored numbers.
    """

    name: str
    title: str
    nodata: int
    scale: float
    unit: str
    dtype: str = "int16"
    offset: float = 0.0

    @property
    def raster_band(self) -> dict[str, Any]:
        """The band as STAC's raster extension describes it."""
        return {
            "data_type": self.dtype,
            "nodata": self.nodata,
            "unit": self.unit,
            "scale": self.scale,
            "offset": self.offset,
        }


def land_grid(size: int, slot: Slot, band: Band) -> Grid:
    """Give the grid of the rain."""
    return Grid(WEST, NORTH, PIXEL, size, size)


def coarse_grid(size: int, slot: Slot, band: Band) -> Grid:
    """Give the grid of ERA5-Land, with pixels twice as large as those of the rain."""
    half = (size + 1) // 2
    return Grid(WEST, NORTH, 2 * PIXEL, half, half)


@dataclass(frozen=True)
class Product:
    """A collection of the archive.

    Attributes
    ----------
    collection : str
        As templates name it, after real archives.
    bands : tuple of Band
        Each is a raster of its own.
    title, description : str
        What a person reads.
    keywords : tuple of str
        For the collection.
    most_years : int
        Only the last ones are made, to keep the archive small.
    slots : callable
        Gives the slots of the years from the first to the last.
    painter : callable
        From size and seed makes a function that draws a band of a slot.
    grid : callable
        From size, slot and band gives where the raster is.
    """

    collection: str
    bands: tuple[Band, ...]
    title: str
    description: str
    keywords: tuple[str, ...]
    most_years: int
    slots: Callable[[int, int], list[Slot]]
    painter: Callable[[int, int], Callable[[Slot, Band], Field]]
    grid: Callable[[int, Slot, Band], Grid] = land_grid

    @property
    def stem(self) -> str:
        """How the names of its items begin."""
        return self.bands[0].name if len(self.bands) == 1 else self.collection


@dataclass(frozen=True)
class Raster:
    """One file of the archive."""

    product: Product
    slot: Slot
    band: Band


def dekads(first_year: int, last_year: int) -> list[Slot]:
    """Give every dekad."""
    return [
        Slot(step, label(step), *time_range(step), {"dekad": label(step)})
        for step in steps_of_years(first_year, last_year)
    ]


def days(first_year: int, last_year: int) -> list[Slot]:
    """Give every day."""
    begin = datetime(first_year, 1, 1, tzinfo=timezone.utc)
    count = (date(last_year + 1, 1, 1) - begin.date()).days
    length = timedelta(days=1, seconds=-1)
    every = [begin + timedelta(days=place) for place in range(count)]
    return [Slot(day.toordinal(), f"{day:%Y%m%d}", day, day + length) for day in every]


def months(first_year: int, last_year: int) -> list[Slot]:
    """Give every month."""
    slots = []
    for number in range(12 * first_year, 12 * (last_year + 1)):
        begin, after = (
            datetime(month // 12, month % 12 + 1, 1, tzinfo=timezone.utc)
            for month in (number, number + 1)
        )
        slots.append(Slot(number, f"{begin:%Y%m}", begin, after - timedelta(seconds=1)))
    return slots


def composites(length: int) -> Callable[[int, int], list[Slot]]:
    """Give composites that begin every 8 days, as MODIS' do; a year begins anew.

    Parameters
    ----------
    length : int
        Days that one covers: 16 overlap, as those of two satellites.
    """

    def slots(first_year: int, last_year: int) -> list[Slot]:
        found = []
        for year in range(first_year, last_year + 1):
            for place in range(COMPOSITES_PER_YEAR):
                begin = datetime(year, 1, 1, tzinfo=timezone.utc) + timedelta(days=8 * place)
                end = begin + timedelta(days=length, seconds=-1)
                number = year * COMPOSITES_PER_YEAR + place
                found.append(Slot(number, f"{begin:%Y%j}", begin, end))
        return found

    return slots
