"""An invented vegetation index that follows the rain: green some weeks after it, clouds in it.

Real composites differ from a smooth curve in three ways, and so do these: noise, clouds that
lower a value without marking it, and gaps where the clouds were seen.
"""

from __future__ import annotations

from functools import cached_property, lru_cache

import numpy as np

from seasonal_monitor.dekads import DEKADS_PER_YEAR

from .rainfall import Field, Mask, RainfallModel

# Middle of the green season in dekads of its half-year, its width in dekads, and its height.
SEASONS = ((14.0, 3.2, 0.30), (15.5, 2.8, 0.26))
BARE = 0.14
HALF_YEAR = DEKADS_PER_YEAR // 2

NOISE, SMOOTHED_NOISE = 0.015, 0.004
SHARE_CLOUDY, SHARE_SEEN = 0.3, 0.15
LOSS_PER_YEAR, LOSS_SINCE = 0.006, 2000


class VegetationModel:
    """Draws the index at any time, always the same for the same time.

    Parameters
    ----------
    size : int
        Pixels per side of the square grid; row 0 is the north.
    seed : int
        The seed of the rain that it follows.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.seed = seed
        self._rain = RainfallModel(size, seed)
        self._season = lru_cache(maxsize=64)(self._rain.season)

    def composite(self, number: int, moment: float) -> Field:
        """Draw what a satellite saw in some days.

        Parameters
        ----------
        number : int
            Of the composite, for its own noise and clouds.
        moment : float
            Its middle, in dekads since year 0: ``year * 36 + dekad of the year - 1``.

        Returns
        -------
        ndarray, shape (size, size), float32
            NaN over the ocean and where clouds were seen.
        """
        rng = np.random.default_rng([self.seed, 5, number])
        index = self.curve(moment) + NOISE * rng.standard_normal((self.size, self.size))
        clouds = self._rain.smooth(rng, 0.05, 0.01)
        hidden, seen = np.quantile(clouds, [1 - SHARE_CLOUDY, 1 - SHARE_SEEN])
        index -= np.where(clouds > hidden, 0.06 + 0.12 * (clouds - hidden), 0.0)
        index = np.clip(index, -0.2, 1.0)
        index[(clouds > seen) | self._rain.ocean] = np.nan
        return index.astype(np.float32)

    def smoothed(self, step: int) -> Field:
        """Draw a dekad as archives of smoothed vegetation hold it, (size, size)."""
        rng = np.random.default_rng([self.seed, 6, step])
        noise = SMOOTHED_NOISE * self._rain.smooth(rng, 0.05)
        index: Field = (self.curve(step + 0.5) + noise).astype(np.float32)
        index[self._rain.ocean] = np.nan
        return index

    def curve(self, moment: float) -> Field:
        """Give the index without noise and clouds, (size, size)."""
        index = np.full((self.size, self.size), BARE) + 0.08 * self._cover
        first = int(moment // HALF_YEAR)
        for half_year in range(first - 1, first + 2):
            middle, width, height = SEASONS[half_year % 2]
            distance = (moment - half_year * HALF_YEAR - middle) / width
            good = np.clip(self._season(half_year), 0.3, 1.5)
            index += height * self._cover * good * np.exp(-(distance**2) / 2)
        years = moment / DEKADS_PER_YEAR - LOSS_SINCE
        index -= LOSS_PER_YEAR * max(0.0, years) * self._cleared
        result: Field = np.clip(index, 0.03, 0.95).astype(np.float32)
        return result

    @cached_property
    def _cover(self) -> Field:
        """How much can grow: much in the wet west, little in the dry north-east."""
        cover: Field = np.clip(self._rain.wetness, 0.25, 1.6)
        return cover

    @cached_property
    def _cleared(self) -> Mask:
        """Where vegetation is lost year by year, a patch in the west."""
        axis = (np.arange(self.size) + 0.5) / self.size
        cleared: Mask = (axis[:, None] - 0.55) ** 2 + (axis[None, :] - 0.2) ** 2 < 0.1**2
        return cleared
