"""Invented monthly evaporation and water in the soil, which follow the seasons of the rain."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np

from .product import Slot
from .rainfall import Field, RainfallModel

# mm a month on bare plains, the swing over the year, and what a good season takes off.
PLAINS_MM, SWING_MM, MOIST_AIR_MM = 175.0, 22.0, 30.0
# Shares of the soil's volume: dry and full; the rain that fills it half, mm in two months.
DRY, FULL, HALF_FULL_MM = 0.08, 0.42, 90.0
NOISE_MM, NOISE_SHARE = 4.0, 0.008


class WaterModel:
    """Draws a month at a time, on pixels twice as large as those of the rain.

    Parameters
    ----------
    size : int
        Pixels per side of the rain's square grid; row 0 is the north.
    seed : int
        The seed of the rain that it follows.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.seed = seed
        self._rain = RainfallModel(size, seed)
        # Months are drawn in order, by several threads, and two look at each season.
        self._season = lru_cache(maxsize=16)(self._rain.season)
        self._wetness = _coarse(self._rain.wetness)
        self._ocean = _coarse(self._rain.ocean.astype(np.float32)) > 0.5

    def evapotranspiration(self, slot: Slot) -> Field:
        """Draw the reference evapotranspiration of a month, mm; NaN over the ocean."""
        rng = np.random.default_rng([self.seed, 14, slot.number])
        swing = SWING_MM * math.cos(2 * math.pi * (slot.number % 12 - 1) / 12)
        moist = MOIST_AIR_MM * np.tanh(self._month(slot.number) / 120)
        mean = PLAINS_MM + swing - moist - 25 * self._wetness
        noise = NOISE_MM * _coarse(self._rain.smooth(rng, 0.2))
        return self._land(mean + noise)

    def soil_moisture(self, slot: Slot) -> Field:
        """Draw the water in the upper soil in a month, m3 m-3; NaN over the ocean."""
        rng = np.random.default_rng([self.seed, 15, slot.number])
        rain = self._month(slot.number) + 0.5 * self._month(slot.number - 1)
        noise = NOISE_SHARE * _coarse(self._rain.smooth(rng, 0.1))
        return self._land(DRY + (FULL - DRY) * rain / (rain + HALF_FULL_MM) + noise)

    def _month(self, number: int) -> Field:
        """Give the rain that a month's season lets expect, mm."""
        quality = self._season(number // 6)
        dekads = range(3 * number, 3 * number + 3)
        return _coarse(np.sum([self._rain.expected(step, quality) for step in dekads], axis=0))

    def _land(self, values: Field) -> Field:
        result: Field = values.astype(np.float32)
        result[self._ocean] = np.nan
        return result


def _coarse(values: Field) -> Field:
    """Average two by two pixels; an odd last row or column stands for itself."""
    odd = values.shape[0] % 2
    whole = np.pad(values, ((0, odd), (0, odd)), mode="edge")
    half = whole.shape[0] // 2
    mean: Field = whole.reshape(half, 2, half, 2).mean(axis=(1, 3))
    return mean
