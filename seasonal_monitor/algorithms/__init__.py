"""Algorithms of seasonal monitoring, on xarrays, lazy over dask, and on numpy.

Each works along ``time`` for each pixel, keeps the other axes as they are, and says in its
docstring what it takes, gives, does with gaps, and where it comes from. Numba, hdc-algo and the
other engines are imported when an algorithm runs, on the worker that runs it.
"""

from .anomalies import difference, difference_to_average, percent_of_average, ratio
from .averages import at_steps, long_term
from .dekadal import dekads_from_composites, dekads_from_days, interpolate_to_dekads
from .gaps import pack
from .monthly import months_from_dekads
from .percentiles import percentile, theta, water_anomaly_index
from .precipitation import spi
from .profiles import analog_years, season_profiles
from .regrid import onto_grid
from .rolling import rolling_sum
from .runs import spells, wet_day_percentile
from .season import (
    Season,
    season_end,
    season_length,
    season_start,
    season_total,
    start_anomaly,
    usual_season,
)
from .sentinel2 import clear, monthly_geomedian, monthly_median, ndvi
from .tables import HDX_COLUMNS, zonal_table
from .temperature import celsius
from .trend import mann_kendall
from .vegetation import tci, vci, vhi
from .warmup import WarmUp, warm_up, warm_up_here
from .whittaker import smooth, smooth_v_curve
from .zonal import ZoneWeights, zonal_statistics, zone_weights

__all__ = [
    "HDX_COLUMNS",
    "Season",
    "WarmUp",
    "ZoneWeights",
    "analog_years",
    "at_steps",
    "celsius",
    "clear",
    "dekads_from_composites",
    "dekads_from_days",
    "difference",
    "difference_to_average",
    "interpolate_to_dekads",
    "long_term",
    "mann_kendall",
    "monthly_geomedian",
    "monthly_median",
    "months_from_dekads",
    "ndvi",
    "onto_grid",
    "pack",
    "percent_of_average",
    "percentile",
    "ratio",
    "rolling_sum",
    "season_end",
    "season_length",
    "season_profiles",
    "season_start",
    "season_total",
    "smooth",
    "smooth_v_curve",
    "spells",
    "spi",
    "start_anomaly",
    "tci",
    "theta",
    "usual_season",
    "vci",
    "vhi",
    "warm_up",
    "warm_up_here",
    "water_anomaly_index",
    "wet_day_percentile",
    "zonal_statistics",
    "zonal_table",
    "zone_weights",
]
