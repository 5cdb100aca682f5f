"""An invented temperature of the ground: hot where and when little grows, hidden by clouds.

By day bare ground heats up and vegetation cools itself by evaporating, so that drought shows as
heat; by night the difference is small.
"""

from __future__ import annotations

import math

import numpy as np

from seasonal_monitor.dekads import DEKADS_PER_YEAR

from .rainfall import Field, RainfallModel
from .vegetation import VegetationModel

# degrees Celsius: bare ground by day, what a full cover takes off, the night in the plains.
BARE_DAY, COOLING, PLAINS_NIGHT = 46.0, 26.0, 22.5
# The warmest dekad of the year, from 0, and how far it is from the mean, by day and by night.
WARMEST, DAY_SWING, NIGHT_SWING = 6.0, 2.5, 1.2

NOISE, WEATHER = 0.5, 0.8
SHARE_HIDDEN = {False: 0.18, True: 0.12}


class TemperatureModel:
    """Draws the temperature of the ground, always the same for the same time.

    Parameters
    ----------
    size : int
        Pixels per side of the square grid; row 0 is the north.
    seed : int
        The seed of the rain and the vegetation that it follows.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.seed = seed
        self._rain = RainfallModel(size, seed)
        self._plants = VegetationModel(size, seed)

    def composite(self, number: int, moment: float, *, night: bool) -> Field:
        """Draw what a satellite saw in some days.

        Parameters
        ----------
        number : int
            Of the composite, for its own weather, noise and clouds.
        moment : float
            Its middle, in dekads since year 0.
        night : bool
            By night, and not by day.

        Returns
        -------
        ndarray, shape (size, size), float32
            Kelvin, NaN over the ocean and under clouds.
        """
        rng = np.random.default_rng([self.seed, 12 if night else 11, number])
        kelvin = self.curve(moment, night=night) + 273.15
        kelvin += WEATHER * self._rain.smooth(rng, 0.2)
        kelvin += NOISE * rng.standard_normal(kelvin.shape, dtype=np.float32)
        clouds = self._rain.smooth(rng, 0.05, 0.01)
        hidden = clouds > np.quantile(clouds, 1 - SHARE_HIDDEN[night])
        kelvin[hidden | self._rain.ocean] = np.nan
        return kelvin

    def smoothed(self, step: int) -> Field:
        """Draw a dekad by day as archives hold it after smoothing, (size, size), degC."""
        rng = np.random.default_rng([self.seed, 13, step])
        day = self.curve(step + 0.5, night=False) + WEATHER / 2 * self._rain.smooth(rng, 0.2)
        day[self._rain.ocean] = np.nan
        return day

    def curve(self, moment: float, *, night: bool) -> Field:
        """Give the temperature without weather and noise, (size, size), degrees Celsius."""
        swing = math.cos(2 * math.pi * (moment - WARMEST) / DEKADS_PER_YEAR)
        if night:
            mean = PLAINS_NIGHT - 4 * self._rain.wetness + NIGHT_SWING * swing
        else:
            mean = BARE_DAY - COOLING * self._plants.curve(moment) + DAY_SWING * swing
        result: Field = mean.astype(np.float32)
        return result
