"""What the templates' notebooks share: where they compute, what they open, write and draw.

Each function is one sentence of a notebook. What is particular to a template stands in its cells.
"""

from .checks import naming, require, require_packages
from .chosen import open_same_dekads
from .cluster import compute, connect
from .composites import open_composites
from .draw import area_mean, dekad_labels, draw_map
from .months import open_months
from .period import Period, find_dekads, open_band, open_days, open_dekads, same_dekads
from .pick import ClickMap, draw_series, series_at
from .results import Results
from .room import Fit, Room, fit, room_of
from .scenes import open_scenes
from .zones import open_zones

__all__ = [
    "ClickMap",
    "Fit",
    "Period",
    "Results",
    "Room",
    "area_mean",
    "compute",
    "connect",
    "dekad_labels",
    "draw_map",
    "draw_series",
    "find_dekads",
    "fit",
    "naming",
    "open_band",
    "open_composites",
    "open_days",
    "open_dekads",
    "open_months",
    "open_same_dekads",
    "open_scenes",
    "open_zones",
    "require",
    "require_packages",
    "room_of",
    "same_dekads",
    "series_at",
]
