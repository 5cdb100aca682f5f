"""Invented Sentinel-2 scenes of some fields: each parcel with a season of its own, and clouds.

A pass is delivered as two tiles that overlap, seen some seconds apart, as real ones are; the
classification has pixels of 20 m, the reflectances of 10 m.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from functools import lru_cache

import numpy as np

from .product import Band, Grid, Slot
from .rainfall import Field, RainfallModel

# North-west corner in UTM zone 37 north, metres.
CRS, LEFT, TOP = "EPSG:32637", 300_000.0, 400_000.0
DAYS_BETWEEN = 5
TILES = ("T37NBD", "T37NBC")

PARCEL_PX = 24
BRIGHTNESS, NOISE = 0.42, 0.012
SHADOW, CLOUD, CLOUD_EDGE, VEGETATION, BARE = 3, 9, 8, 4, 5


def passes(first_year: int, last_year: int) -> list[Slot]:
    """Give two tiles of a pass every five days."""
    slots = []
    moment = datetime(first_year, 1, 3, 7, 41, 12, tzinfo=timezone.utc)
    while moment.year <= last_year:
        for place, tile in enumerate(TILES):
            begin = moment + timedelta(seconds=14 * place)
            about = {"platform": "invented", "s2:mgrs_tile": tile}
            number = 2 * moment.toordinal() + place
            slots.append(Slot(number, f"{begin:%Y%m%d}_{tile}", begin, begin, about))
        moment += timedelta(days=DAYS_BETWEEN)
    return slots


def tile_grid(size: int, slot: Slot, band: Band) -> Grid:
    """Give the northern or southern three fifths, in the pixels of a band."""
    rows = _rows(size, slot)
    pixel = 20 if band.name == "scl" else 10
    top = TOP - 10 * rows.start
    return Grid(LEFT, top, float(pixel), 10 * len(rows) // pixel, 10 * _even(size) // pixel, CRS)


def _even(size: int) -> int:
    return size // 2 * 2


def _rows(size: int, slot: Slot) -> range:
    """Give the rows of a tile, of 10 m."""
    size = _even(size)
    share = _even(3 * size // 5)
    return range(size - share, size) if slot.number % 2 else range(share)


class FieldsModel:
    """Draws tiles of a pass, always the same for the same day.

    Parameters
    ----------
    size : int
        Pixels of 10 m per side of the square that both tiles cover.
    seed : int
        Another seed gives other parcels and clouds.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.size = _even(size)
        self.seed = seed
        self._smooth = RainfallModel(self.size, seed).smooth
        rng = np.random.default_rng([seed, 16])
        number = self.size // PARCEL_PX + 2
        parcel = np.arange(self.size) // PARCEL_PX
        rows, columns = parcel[:, None], (np.arange(self.size)[None, :] + 7) // PARCEL_PX
        # Middle of the green season in days of the year, its width in days, its height.
        self._middle = rng.normal(130, 18, (number, number))[rows, columns]
        self._width = rng.uniform(28, 45, (number, number))[rows, columns]
        self._height = rng.uniform(0.25, 0.65, (number, number))[rows, columns]
        self._pass = lru_cache(maxsize=4)(self._draw_pass)

    def tile(self, slot: Slot, band: str) -> Field:
        """Draw a band of a tile: reflectance, or classes 3 to 9 of 20 m for ``scl``."""
        drawn = self._pass(slot.begin.toordinal())[band]
        rows = _rows(self.size, slot)
        if band == "scl":
            return drawn[rows.start // 2 : rows.stop // 2]
        return drawn[rows.start : rows.stop]

    def _draw_pass(self, day: int) -> dict[str, Field]:
        rng = np.random.default_rng([self.seed, 17, day])
        passed = datetime.fromordinal(day).timetuple().tm_yday
        season = np.exp(-(((passed - self._middle) / self._width) ** 2))
        ndvi = 0.16 + self._height * season + NOISE * rng.standard_normal(season.shape)
        red, nir = BRIGHTNESS * (1 - ndvi) / 2, BRIGHTNESS * (1 + ndvi) / 2
        classes = np.where(ndvi > 0.35, VEGETATION, BARE)[::2, ::2]
        clouds = self._smooth(rng, 0.12, 0.03)[::2, ::2]
        edge = float(np.quantile(clouds, 1 - rng.beta(0.8, 1.1)))
        shifted = np.roll(clouds, (3, 4), axis=(0, 1))
        classes[shifted > edge + 0.3] = SHADOW
        classes[clouds > edge] = CLOUD_EDGE
        classes[clouds > edge + 0.3] = CLOUD
        whole = classes.repeat(2, axis=0).repeat(2, axis=1)
        for image in (red, nir):
            image[whole == SHADOW] *= 0.4
            hidden = (whole == CLOUD) | (whole == CLOUD_EDGE)
            image[hidden] = 0.45 + 0.02 * rng.standard_normal(int(hidden.sum()))
        found = {"red": red, "nir": nir, "scl": classes}
        return {name: image.astype(np.float32) for name, image in found.items()}
