"""Random rainfall that looks like East Africa's: two rainy seasons, dry spells, a coast.

The numbers are invented. What is kept from real dekadal archives is what a pipeline meets in
them: a skewed distribution with many zeros, patterns that neighbouring pixels share, good and
bad seasons, an ocean without data and patches that are missing now and then.
"""

from __future__ import annotations

import math
from functools import cached_property

import numpy as np
import numpy.typing as npt

from seasonal_monitor.dekads import DEKADS_PER_YEAR

Field = npt.NDArray[np.float32]
Mask = npt.NDArray[np.bool_]

# Peak (dekad of the year, from 0), width (dekads) and rain at the peak (mm per dekad).
LONG_RAINS = (11.0, 2.4, 46.0)
SHORT_RAINS = (31.0, 2.0, 38.0)
DRY_SEASON_MM = 1.5

GAMMA_SHAPE = 1.3
SHARE_OF_STEPS_WITH_GAPS = 0.1

# The coast from Mombasa to Mogadishu, as (east, south) shares of the grid.
COAST = np.array(
    [(0.49, 1.0), (0.52, 0.92), (0.60, 0.82), (0.66, 0.71), (0.75, 0.636), (1.0, 0.42)]
)


class RainfallModel:
    """Draws one dekad of rainfall at a time, always the same one for the same step.

    Parameters
    ----------
    size : int
        Pixels per side of the square grid; row 0 is the north.
    seed : int
        Another seed gives another climate and other weather.

    Notes
    -----
    Amounts are gamma distributed where it rains and correlated in space by a Gaussian copula:
    a smooth normal field is mapped through the quantiles of the gamma distribution.
    """

    def __init__(self, size: int, seed: int) -> None:
        self.size = size
        self.seed = seed

    def step(self, step: int) -> Field:
        """Draw the rainfall of one dekad.

        Parameters
        ----------
        step : int
            Number of the dekad, see `dekads`.

        Returns
        -------
        ndarray, shape (size, size), float32
            Rainfall in mm per dekad, NaN over the ocean and where it is missing.
        """
        rng = np.random.default_rng([self.seed, 1, step])
        mean = self.expected(step, self.season(step // (DEKADS_PER_YEAR // 2)))
        chance = 1 - np.exp(-mean / 7)
        # How far a pixel is inside a rain area: at its edge the rain fades out.
        depth = np.interp(chance, _NORMAL_CDF, _NORMAL) - self.smooth(rng, 0.05, 0.02)
        amount = np.interp(self.smooth(rng, 0.08, 0.015), _NORMAL, _GAMMA_QUANTILES)
        rain: Field = (mean / np.maximum(chance, 1e-6) * amount).astype(np.float32)
        rain *= np.clip(depth / 0.5, 0, 1)
        rain[self.ocean | self.gaps(rng)] = np.nan
        return rain

    def expected(self, step: int, quality: Field) -> Field:
        """Give the mean rainfall of a dekad in a season of this quality, (size, size), mm."""
        mean: Field = self._normal_rain(step % DEKADS_PER_YEAR) * quality
        return mean

    def _normal_rain(self, dekad: int) -> Field:
        """Mean rainfall of one dekad of the year, (size, size), mm."""
        rain: Field = np.full((self.size, self.size), DRY_SEASON_MM, np.float32)
        delay = np.linspace(0.5, -0.5, self.size, dtype=np.float32)[:, None]
        for peak, width, depth in (LONG_RAINS, SHORT_RAINS):
            distance = (dekad - peak - delay + DEKADS_PER_YEAR / 2) % DEKADS_PER_YEAR
            rain += depth * np.exp(-(((distance - DEKADS_PER_YEAR / 2) / width) ** 2) / 2)
        rain *= self.wetness
        return rain

    def season(self, half_year: int) -> Field:
        """How good a half-year is, numbered year * 2 (+ 1), (size, size), 1 = as usual."""
        rng = np.random.default_rng([self.seed, 2, half_year])
        spread = 0.22 * rng.standard_normal() + 0.3 * self.smooth(rng, 0.15)
        quality: Field = np.exp(spread - 0.07).astype(np.float32)
        return quality

    def gaps(self, rng: np.random.Generator) -> Mask:
        """Draw where one raster has no data, (size, size)."""
        if rng.random() >= SHARE_OF_STEPS_WITH_GAPS:
            return np.zeros((self.size, self.size), bool)
        field = self.smooth(rng, 0.06)
        gaps: Mask = field > max(1.9, float(np.quantile(field, 0.97)))
        return gaps

    @cached_property
    def wetness(self) -> Field:
        """Wet highlands in the west, dry plains in the north-east, (size, size)."""
        axis = np.linspace(0, 1, self.size, dtype=np.float32)
        east, south = np.meshgrid(axis, axis)
        relief = self.smooth(np.random.default_rng([self.seed, 3]), 0.1)
        wetness: Field = np.clip(1.3 - 0.9 * east + 0.35 * south + 0.25 * relief, 0.12, None)
        return wetness

    @cached_property
    def ocean(self) -> Mask:
        """Pixels south-east of the coast, (size, size)."""
        centres = (np.arange(self.size) + 0.5) / self.size
        shore = np.interp(centres, COAST[:, 0], COAST[:, 1], left=1.1)
        ocean: Mask = centres[:, None] > shore[None, :]
        return ocean

    def smooth(self, rng: np.random.Generator, *lengths: float) -> Field:
        """Draw a standard normal field that is smooth over `lengths` (shares of the grid)."""
        padded = self.size + self.size // 4  # the field is periodic: cut its seam off
        fy, fx = np.fft.fftfreq(padded)[:, None], np.fft.rfftfreq(padded)[None, :]
        noise = np.fft.rfft2(rng.standard_normal((padded, padded), dtype=np.float32))
        kernel = np.zeros((fy.size, fx.size))
        for length in lengths:
            width = length * self.size
            kernel += width * np.exp(-2 * (math.pi * width) ** 2 * (fy**2 + fx**2))
        # Parseval's theorem: the variance that white noise keeps under this kernel.
        weight = np.full(fx.size, 2.0)
        weight[0] = 1.0
        if padded % 2 == 0:
            weight[-1] = 1.0
        variance = float((kernel**2 * weight).sum()) / padded**2
        field = np.fft.irfft2(noise * kernel, (padded, padded))[: self.size, : self.size]
        return (field / math.sqrt(variance)).astype(np.float32)


def _normal_cdf(values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Cumulative standard normal distribution."""
    return np.array([0.5 * (1 + math.erf(value / math.sqrt(2))) for value in values])


def _gamma_quantiles(shape: float, shares: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """Quantiles of the gamma distribution with mean 1, from its summed density."""
    values = np.linspace(0, 12, 12_001)[1:]  # heavier rain would be unlikely in any real archive
    density = values ** (shape - 1) * np.exp(-values)
    cumulated = np.cumsum(density)
    return np.interp(shares, cumulated / cumulated[-1], values) / shape


_NORMAL = np.linspace(-4.5, 4.5, 901)
_NORMAL_CDF = _normal_cdf(_NORMAL)
_GAMMA_QUANTILES = _gamma_quantiles(GAMMA_SHAPE, _NORMAL_CDF)
