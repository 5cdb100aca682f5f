"""What the sample archive holds: for each product its numbers, its calendar and its model."""

from __future__ import annotations

from collections.abc import Callable

from .daily import DailyRainfallModel
from .product import Band, Product, Slot, coarse_grid, composites, days, dekads, months
from .rainfall import Field, RainfallModel
from .scenes import FieldsModel, passes, tile_grid
from .temperature import TemperatureModel
from .vegetation import VegetationModel
from .water import WaterModel

INVENTED = "Made for trying templates without internet; not an observation of anything."

Painter = Callable[[Slot, Band], Field]


def _paint_rain(size: int, seed: int) -> Painter:
    model = RainfallModel(size, seed)
    return lambda slot, _: model.step(slot.number)


def _paint_days(size: int, seed: int) -> Painter:
    model = DailyRainfallModel(size, seed)
    return lambda slot, _: model.day(slot.begin.date())


def _paint_composites(size: int, seed: int) -> Painter:
    model = VegetationModel(size, seed)
    return lambda slot, _: model.composite(slot.number, slot.moment)


def _paint_smoothed(size: int, seed: int) -> Painter:
    model = VegetationModel(size, seed)
    return lambda slot, _: model.smoothed(slot.number)


def _paint_temperature(size: int, seed: int) -> Painter:
    model = TemperatureModel(size, seed)
    return lambda slot, band: model.composite(
        slot.number, slot.moment, night=band.name.endswith("night")
    )


def _paint_smoothed_temperature(size: int, seed: int) -> Painter:
    model = TemperatureModel(size, seed)
    return lambda slot, _: model.smoothed(slot.number)


def _paint_water(size: int, seed: int) -> Painter:
    model = WaterModel(size, seed)
    draw = {"et0": model.evapotranspiration, "swvl": model.soil_moisture}
    return lambda slot, band: draw[band.name](slot)


def _paint_scenes(size: int, seed: int) -> Painter:
    model = FieldsModel(size, seed)
    return lambda slot, band: model.tile(slot, band.name)


RAINFALL = Product(
    collection="rfh_dekad",
    bands=(Band("rfh", "Rainfall estimate", -9999, 0.1, "mm"),),
    title="Sample rainfall per dekad",
    description="Invented rainfall per dekad (10 days) with two rainy seasons, on the 0.05 degree "
    f"grid of CHIRPS. {INVENTED}",
    keywords=("rainfall", "dekad", "sample"),
    most_years=1000,
    slots=dekads,
    painter=_paint_rain,
)
DAILY_RAINFALL = Product(
    collection="rfh_daily",
    bands=(Band("rfh", "Rainfall estimate", -9999, 0.1, "mm"),),
    title="Sample rainfall per day",
    description="Invented rainfall per day, which adds up to the sample rainfall per dekad, on the "
    f"0.05 degree grid of CHIRPS. {INVENTED}",
    keywords=("rainfall", "daily", "sample"),
    most_years=3,
    slots=days,
    painter=_paint_days,
)
NDVI = Product(
    collection="mxd13a2_ndvi",
    bands=(Band("ndvi", "Normalised difference vegetation index", -3000, 0.0001, "1"),),
    title="Sample NDVI, composites with clouds",
    description="Invented NDVI every 8 days in composites of 16 days, stored as MODIS stores "
    f"MOD13A2 and MYD13A2, with noise, clouds and gaps, on the grid of the rain. {INVENTED}",
    keywords=("vegetation", "NDVI", "sample"),
    most_years=6,
    slots=composites(16),
    painter=_paint_composites,
)
SMOOTHED_NDVI = Product(
    collection="mxd13a2_vim_dekad",
    bands=(Band("vim", "Smoothed vegetation index", -3000, 0.0001, "1"),),
    title="Sample NDVI per dekad, smoothed",
    description="Invented NDVI per dekad without clouds, as archives hold it after smoothing, on "
    f"the grid of the rain. {INVENTED}",
    keywords=("vegetation", "NDVI", "dekad", "sample"),
    most_years=12,
    slots=dekads,
    painter=_paint_smoothed,
)
TEMPERATURE = Product(
    collection="myd11a2_lst",
    bands=(
        Band("lst_day", "Land surface temperature by day", 0, 0.02, "K", "uint16"),
        Band("lst_night", "Land surface temperature by night", 0, 0.02, "K", "uint16"),
    ),
    title="Sample land surface temperature, composites with gaps",
    description="Invented land surface temperature by day and by night in composites of 8 days, "
    f"stored as MODIS stores MYD11A2, with noise and gaps, on the grid of the rain. {INVENTED}",
    keywords=("temperature", "LST", "sample"),
    most_years=6,
    slots=composites(8),
    painter=_paint_temperature,
)
SMOOTHED_TEMPERATURE = Product(
    collection="myd11a2_txa_dekad",
    bands=(Band("txa", "Land surface temperature by day", 0, 0.02, "degC", "uint16", -273.15),),
    title="Sample land surface temperature by day per dekad",
    description="Invented land surface temperature by day per dekad without gaps, as archives hold "
    f"it after smoothing, on the grid of the rain. {INVENTED}",
    keywords=("temperature", "LST", "dekad", "sample"),
    most_years=12,
    slots=dekads,
    painter=_paint_smoothed_temperature,
)
WATER = Product(
    collection="era5l_monthly",
    bands=(
        Band("et0", "Reference evapotranspiration", -9999, 0.1, "mm"),
        Band("swvl", "Soil moisture, upper layer", -9999, 0.0001, "m3 m-3"),
    ),
    title="Sample evapotranspiration and soil moisture per month",
    description="Invented reference evapotranspiration and soil moisture per month, on the 0.1 "
    f"degree grid of ERA5-Land. {INVENTED}",
    keywords=("evapotranspiration", "soil moisture", "monthly", "sample"),
    most_years=24,
    slots=months,
    painter=_paint_water,
    grid=coarse_grid,
)
SCENES = Product(
    collection="s2_l2a",
    bands=(
        Band("red", "Red (B04)", 0, 0.0001, "1", "uint16", -0.1),
        Band("nir", "Near infrared (B08)", 0, 0.0001, "1", "uint16", -0.1),
        Band("scl", "Scene classification", 0, 1, "1", "uint8"),
    ),
    title="Sample scenes of fields with clouds",
    description="Invented surface reflectance of some fields every 5 days in two tiles that "
    "overlap, stored as Sentinel-2 level 2A since processing baseline 04.00 is, with clouds and "
    f"their shadows. {INVENTED}",
    keywords=("Sentinel-2", "fields", "sample"),
    most_years=1,
    slots=passes,
    painter=_paint_scenes,
    grid=tile_grid,
)

PRODUCTS = {
    product.collection: product
    for product in (
        RAINFALL,
        DAILY_RAINFALL,
        NDVI,
        SMOOTHED_NDVI,
        TEMPERATURE,
        SMOOTHED_TEMPERATURE,
        WATER,
        SCENES,
    )
}
