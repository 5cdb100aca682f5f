"""The Standardized Precipitation Index of many pixels: gamma fit, probability, normal score.

McKee, Doesken & Kleist 1993. The gamma distribution is fitted by maximum likelihood: Thom's
1958 approximation of the shape, then Newton steps (Minka 2002) to the exact optimum, so the
result equals a full likelihood fit. Dry periods enter as a probability of zero:
``H(x) = q + (1 - q) G(x)``.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
from numpy.typing import NDArray

from .compile import kernel

MOST_ZEROS = 0.9
"""With a larger share of dry periods in the calibration there are too few wet ones to fit."""

NEARLY_NORMAL = 1e6
"""Shapes beyond it are taken as normal; series and fraction no longer end in time."""

FEWEST_WET = 3
"""Wet periods that a fit needs at least; two positive numbers fit any gamma."""


@kernel
def _digamma(x: float) -> float:
    """Differentiate log gamma: recurrence up to 6, then the asymptotic series."""
    shift = 0.0
    while x < 6.0:
        shift -= 1.0 / x
        x += 1.0
    s = 1.0 / (x * x)
    tail = s * (1 / 12 - s * (1 / 120 - s * (1 / 252 - s * (1 / 240 - s / 132))))
    return shift + math.log(x) - 0.5 / x - tail


@kernel
def _trigamma(x: float) -> float:
    """Differentiate log gamma twice, in the same way."""
    shift = 0.0
    while x < 6.0:
        shift += 1.0 / (x * x)
        x += 1.0
    s = 1.0 / (x * x)
    tail = s * (1 / 6 - s * (1 / 30 - s * (1 / 42 - s * (1 / 30 - s * 5 / 66)))) / x
    return shift + 1.0 / x + 0.5 * s + tail


@kernel
def _shape(gap: float) -> float:
    """Fit the shape to ``log(mean) - mean(log)``; NaN when all values are equal."""
    if not gap > 1e-9:
        return math.nan
    alpha = (1.0 + math.sqrt(1.0 + 4.0 * gap / 3.0)) / (4.0 * gap)
    for _ in range(20):
        miss = math.log(alpha) - _digamma(alpha) - gap
        inverse = 1.0 / alpha + miss / (alpha * alpha * (1.0 / alpha - _trigamma(alpha)))
        if not inverse > 0.0:
            break
        better = 1.0 / inverse
        if abs(better - alpha) <= 1e-10 * alpha:
            alpha = better
            break
        alpha = better
    return alpha


@kernel
def _below(alpha: float, x: float, log_gamma: float) -> tuple[float, float]:
    """Give the regularised incomplete gamma function and 1 minus it, each exact when small."""
    if x <= 0.0:
        return 0.0, 1.0
    if alpha > NEARLY_NORMAL:
        # Wilson & Hilferty 1931: the cube root is normal, to 1e-6 at such shapes. The series
        # below would need some sqrt(alpha) terms.
        root = math.sqrt(9.0 * alpha)
        z = root * (x / alpha) ** (1.0 / 3.0) - root + 1.0 / root
        return 0.5 * math.erfc(-z / math.sqrt(2.0)), 0.5 * math.erfc(z / math.sqrt(2.0))
    scale = math.exp(alpha * math.log(x) - x - log_gamma)
    if x < alpha + 1.0:
        term = 1.0 / alpha
        total = term
        step = alpha
        for _ in range(10_000):
            step += 1.0
            term *= x / step
            total += term
            if term < total * 1e-13:
                break
        lower = min(total * scale, 1.0)
        return lower, 1.0 - lower
    # Lentz's continued fraction for the upper tail.
    b = x + 1.0 - alpha
    c = 1e300
    d = 1.0 / b
    h = d
    for i in range(1, 10_000):
        a = -i * (i - alpha)
        b += 2.0
        d = a * d + b
        if abs(d) < 1e-300:
            d = 1e-300
        c = b + a / c
        if abs(c) < 1e-300:
            c = 1e-300
        d = 1.0 / d
        change = d * c
        h *= change
        if abs(change - 1.0) < 1e-13:
            break
    upper = min(h * scale, 1.0)
    return 1.0 - upper, upper


@kernel
def _score(lower: float, upper: float) -> float:
    """Turn a probability, given with its complement, into a normal score (Wichura 1988, AS 241)."""
    q = 0.5 * (lower - upper)
    if abs(q) <= 0.425:
        r = 0.180625 - q * q
        # fmt: off
        top = (((((((2.5090809287301226727e3 * r + 3.3430575583588128105e4) * r
            + 6.7265770927008700853e4) * r + 4.5921953931549871457e4) * r
            + 1.3731693765509461125e4) * r + 1.9715909503065514427e3) * r
            + 1.3314166789178437745e2) * r + 3.3871328727963666080)
        low = (((((((5.2264952788528545610e3 * r + 2.8729085735721942674e4) * r
            + 3.9307895800092710610e4) * r + 2.1213794301586595867e4) * r
            + 5.3941960214247511077e3) * r + 6.8718700749205790830e2) * r
            + 4.2313330701600911252e1) * r + 1.0)
        # fmt: on
        return q * top / low
    tail = min(lower, upper)
    if tail <= 0.0:
        return -math.inf if q < 0.0 else math.inf
    r = math.sqrt(-math.log(tail))
    if r <= 5.0:
        r -= 1.6
        # fmt: off
        top = (((((((7.74545014278341407640e-4 * r + 2.27238449892691845833e-2) * r
            + 2.41780725177450611770e-1) * r + 1.27045825245236838258) * r
            + 3.64784832476320460504) * r + 5.76949722146069140550) * r
            + 4.63033784615654529590) * r + 1.42343711074968357734)
        low = (((((((1.05075007164441684324e-9 * r + 5.47593808499534494600e-4) * r
            + 1.51986665636164571966e-2) * r + 1.48103976427480074590e-1) * r
            + 6.89767334985100004550e-1) * r + 1.67638483018380384940) * r
            + 2.05319162663775882187) * r + 1.0)
        # fmt: on
    else:
        r -= 5.0
        # fmt: off
        top = (((((((2.01033439929228813265e-7 * r + 2.71155556874348757815e-5) * r
            + 1.24266094738807843860e-3) * r + 2.65321895265761230930e-2) * r
            + 2.96560571828504891230e-1) * r + 1.78482653991729133580) * r
            + 5.46378491116411436990) * r + 6.65790464350110377720)
        low = (((((((2.04426310338993978564e-15 * r + 1.42151175831644588870e-7) * r
            + 1.84631831751005468180e-5) * r + 7.86869131145613259100e-4) * r
            + 1.48753612908506148525e-2) * r + 1.36929880922735805310e-1) * r
            + 5.99832206555887937690e-1) * r + 1.0)
        # fmt: on
    return -top / low if q < 0.0 else top / low


@kernel
def spi_groups(
    values: NDArray[Any],
    nodata: float,
    groups: NDArray[Any],
    number: int,
    calibration: NDArray[Any],
    out: NDArray[Any],
) -> None:
    """Standardise each pixel within its groups of steps.

    Parameters
    ----------
    values : array, shape (time, pixel)
        Rainfall sums, 0 or more. Not finite, negative or equal to `nodata` is a gap.
    nodata : float
        NaN when there is none.
    groups : int64 array, shape (time,)
        Group of each step, 0 to `number` - 1, for example the dekad of the year.
    number : int
        Number of groups.
    calibration : bool array, shape (time,)
        Steps that the distribution is fitted to.
    out : array, shape (time, pixel)
        Receives the index, or NaN where there was a gap or nothing could be fitted.
    """
    steps, pixels = values.shape
    wet = np.empty(number)
    dry = np.empty(number)
    total = np.empty(number)
    logs = np.empty(number)
    alpha = np.empty(number)
    per_beta = np.empty(number)
    log_gamma = np.empty(number)
    zero = np.empty(number)
    for j in range(pixels):
        wet[:] = 0.0
        dry[:] = 0.0
        total[:] = 0.0
        logs[:] = 0.0
        for i in range(steps):
            x = float(values[i, j])
            if calibration[i] and np.isfinite(x) and x >= 0.0 and x != nodata:
                g = groups[i]
                if x > 0.0:
                    wet[g] += 1.0
                    total[g] += x
                    logs[g] += math.log(x)
                else:
                    dry[g] += 1.0
        for g in range(number):
            alpha[g] = math.nan
            if wet[g] >= FEWEST_WET:
                zero[g] = dry[g] / (wet[g] + dry[g])
                if zero[g] <= MOST_ZEROS:
                    mean = total[g] / wet[g]
                    alpha[g] = _shape(math.log(mean) - logs[g] / wet[g])
                    per_beta[g] = alpha[g] / mean
                    log_gamma[g] = math.lgamma(alpha[g])
        for i in range(steps):
            x = float(values[i, j])
            g = groups[i]
            if not (np.isfinite(x) and x >= 0.0 and x != nodata) or math.isnan(alpha[g]):
                out[i, j] = np.nan
                continue
            lower, upper = _below(alpha[g], x * per_beta[g], log_gamma[g])
            wetness = 1.0 - zero[g]
            out[i, j] = _score(zero[g] + wetness * lower, wetness * upper)


def standardise(
    values: NDArray[Any],
    groups: NDArray[np.int64],
    calibration: NDArray[np.bool_],
    *,
    nodata: float = np.nan,
) -> NDArray[np.float32]:
    """Calculate the index of pixels; see :func:`spi_groups`.

    Parameters
    ----------
    values : array, shape (time, pixel)
        Rainfall sums, 0 or more.
    groups : int64 array, shape (time,)
        Group of each step, counted from 0.
    calibration : bool array, shape (time,)
        Steps that the distribution is fitted to.
    nodata : float
        Value that marks a gap; NaN is always one.

    Returns
    -------
    float32 array, shape (time, pixel)
        The index; an index of a step that no calibration year could have (probability 0 or 1
        in float64) is infinite.
    """
    out = np.empty(values.shape, np.float32)
    number = int(groups.max()) + 1 if groups.size else 0
    spi_groups(np.ascontiguousarray(values), float(nodata), groups, number, calibration, out)
    return out
