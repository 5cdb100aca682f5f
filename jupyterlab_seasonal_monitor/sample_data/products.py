"""What the sample archive holds: for each product its numbers, its calendar and its model."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from typing import Any

from seasonal_monitor.dekads import DEKADS_PER_YEAR, label, steps_of_years, time_range

from .daily import DailyRainfallModel
from .rainfall import Field, RainfallModel
from .vegetation import VegetationModel

INVENTED = "Made for trying templates without internet; not an observation of anything."
COMPOSITE_DAYS, COMPOSITES_PER_YEAR = 16, 46


@dataclass(frozen=True)
class Slot:
    """One raster of a product.

    Attributes
    ----------
    number : int
        Counts the product's rasters through all years, without gaps.
    label : str
        What its file is called.
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


@dataclass(frozen=True)
class Product:
    """A collection of the archive.

    Attributes
    ----------
    collection, band : str
        As templates name them, after WFP's archive.
    title, asset_title, description : str
        What a person reads.
    keywords : tuple of str
        For the collection.
    nodata : int
        The stored number without data; all rasters are int16.
    scale : float
        What a stored 1 is worth.
    unit : str
        Of the values.
    most_years : int
        Only the last ones are made, to keep the archive small.
    slots : callable
        Gives the rasters of the years from the first to the last.
    painter : callable
        From size and seed makes a function that draws a slot.
    """

    collection: str
    band: str
    title: str
    asset_title: str
    description: str
    keywords: tuple[str, ...]
    nodata: int
    scale: float
    unit: str
    most_years: int
    slots: Callable[[int, int], list[Slot]]
    painter: Callable[[int, int], Callable[[Slot], Field]]

    @property
    def raster_band(self) -> dict[str, Any]:
        """The band as STAC's raster extension describes it."""
        return {
            "data_type": "int16",
            "nodata": self.nodata,
            "unit": self.unit,
            "scale": self.scale,
            "offset": 0.0,
        }


def _dekads(first_year: int, last_year: int) -> list[Slot]:
    return [
        Slot(step, label(step), *time_range(step), {"dekad": label(step)})
        for step in steps_of_years(first_year, last_year)
    ]


def _days(first_year: int, last_year: int) -> list[Slot]:
    begin = datetime(first_year, 1, 1, tzinfo=timezone.utc)
    count = (date(last_year + 1, 1, 1) - begin.date()).days
    days = [begin + timedelta(days=place) for place in range(count)]
    length = timedelta(days=1, seconds=-1)
    return [Slot(day.toordinal(), f"{day:%Y%m%d}", day, day + length) for day in days]


def _composites(first_year: int, last_year: int) -> list[Slot]:
    """Every 8 days one of 16 days, as two satellites give them; a year begins anew."""
    slots = []
    for year in range(first_year, last_year + 1):
        for place in range(COMPOSITES_PER_YEAR):
            begin = datetime(year, 1, 1, tzinfo=timezone.utc) + timedelta(days=8 * place)
            end = begin + timedelta(days=COMPOSITE_DAYS, seconds=-1)
            number = year * COMPOSITES_PER_YEAR + place
            slots.append(Slot(number, f"{begin:%Y%j}", begin, end))
    return slots


def _moment(slot: Slot) -> float:
    """Give the middle of a slot in dekads since year 0."""
    middle = slot.begin + (slot.end - slot.begin) / 2
    return middle.year * DEKADS_PER_YEAR + (middle.month - 1) * 3 + min(middle.day / 10, 3)


def _paint_rain(size: int, seed: int) -> Callable[[Slot], Field]:
    model = RainfallModel(size, seed)
    return lambda slot: model.step(slot.number)


def _paint_days(size: int, seed: int) -> Callable[[Slot], Field]:
    model = DailyRainfallModel(size, seed)
    return lambda slot: model.day(slot.begin.date())


def _paint_composites(size: int, seed: int) -> Callable[[Slot], Field]:
    model = VegetationModel(size, seed)
    return lambda slot: model.composite(slot.number, _moment(slot))


def _paint_smoothed(size: int, seed: int) -> Callable[[Slot], Field]:
    model = VegetationModel(size, seed)
    return lambda slot: model.smoothed(slot.number)


RAINFALL = Product(
    collection="rfh_dekad",
    band="rfh",
    title="Sample rainfall per dekad",
    asset_title="Rainfall estimate",
    description="Invented rainfall per dekad (10 days) with two rainy seasons, on the 0.05 degree "
    f"grid of CHIRPS. {INVENTED}",
    keywords=("rainfall", "dekad", "sample"),
    nodata=-9999,
    scale=0.1,
    unit="mm",
    most_years=1000,
    slots=_dekads,
    painter=_paint_rain,
)
DAILY_RAINFALL = Product(
    collection="rfh_daily",
    band="rfh",
    title="Sample rainfall per day",
    asset_title="Rainfall estimate",
    description="Invented rainfall per day, which adds up to the sample rainfall per dekad, on the "
    f"0.05 degree grid of CHIRPS. {INVENTED}",
    keywords=("rainfall", "daily", "sample"),
    nodata=-9999,
    scale=0.1,
    unit="mm",
    most_years=3,
    slots=_days,
    painter=_paint_days,
)
NDVI = Product(
    collection="mxd13a2_ndvi",
    band="ndvi",
    title="Sample NDVI, composites with clouds",
    asset_title="Normalised difference vegetation index",
    description="Invented NDVI every 8 days in composites of 16 days, stored as MODIS stores "
    f"MOD13A2 and MYD13A2, with noise, clouds and gaps, on the grid of the rain. {INVENTED}",
    keywords=("vegetation", "NDVI", "sample"),
    nodata=-3000,
    scale=0.0001,
    unit="1",
    most_years=6,
    slots=_composites,
    painter=_paint_composites,
)
SMOOTHED_NDVI = Product(
    collection="mxd13a2_vim_dekad",
    band="vim",
    title="Sample NDVI per dekad, smoothed",
    asset_title="Smoothed vegetation index",
    description="Invented NDVI per dekad without clouds, as archives hold it after smoothing, on "
    f"the grid of the rain. {INVENTED}",
    keywords=("vegetation", "NDVI", "dekad", "sample"),
    nodata=-3000,
    scale=0.0001,
    unit="1",
    most_years=12,
    slots=_dekads,
    painter=_paint_smoothed,
)

PRODUCTS = {
    product.collection: product for product in (RAINFALL, DAILY_RAINFALL, NDVI, SMOOTHED_NDVI)
}
