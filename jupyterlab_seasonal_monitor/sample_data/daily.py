"""Invented rain day by day, which adds up to the dekads of the rain beside it.

Most days are dry, and wet ones follow each other, as showers come in groups.
"""

from __future__ import annotations

from datetime import date, timedelta
from functools import lru_cache

import numpy as np

from seasonal_monitor.dekads import first_day, step_of

from .rainfall import Field, RainfallModel

# How much a day looks like the one before it, and above which threshold of a normal field it rains.
PERSISTENCE, THRESHOLD = 0.6, 0.3


class DailyRainfallModel:
    """Draws one day of rainfall at a time, always the same one for the same day.

    Parameters
    ----------
    size : int
        Pixels per side of the square grid; row 0 is the north.
    seed : int
        Of the dekads that the days are shares of.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.seed = seed
        self._rain = RainfallModel(size, seed)
        # Days are drawn in order, by several threads: the dekads around are kept.
        self._dekad = lru_cache(maxsize=16)(self._draw_dekad)

    def day(self, day: date) -> Field:
        """Draw the rainfall of one day.

        Parameters
        ----------
        day : date
            In UTC.

        Returns
        -------
        ndarray, shape (size, size), float32
            Rainfall in mm per day, NaN over the ocean and where it is missing. The days of a
            dekad add up to :meth:`RainfallModel.step` where none is missing.
        """
        step = step_of(day)
        rain: Field = self._dekad(step)[(day - first_day(step)).days].copy()
        rng = np.random.default_rng([self.seed, 10, day.toordinal()])
        rain[self._rain.gaps(rng)] = np.nan
        return rain

    def _draw_dekad(self, step: int) -> Field:
        """Share a dekad's rain out among its days, (days, size, size)."""
        total = self._rain.step(step)
        days = (first_day(step + 1) - first_day(step)) // timedelta(days=1)
        rng = np.random.default_rng([self.seed, 9, step])
        weights = np.empty((days, self.size, self.size), np.float32)
        field = self._rain.smooth(rng, 0.12)
        for place in range(days):
            weights[place] = np.clip(field - THRESHOLD, 0, None)
            field = PERSISTENCE * field + np.sqrt(1 - PERSISTENCE**2) * self._rain.smooth(rng, 0.12)
        # Where no day is chosen it rains on one all the same.
        weights[rng.integers(days)] += 1e-3
        shares: Field = (weights / weights.sum(axis=0) * total).astype(np.float32)
        return shares
