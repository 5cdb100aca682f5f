"""The dekads and pixels that tests of vegetation look at."""

from __future__ import annotations

import numpy as np

WINDOW = np.s_[12:48, 4:44]  # of the 48 x 48 pixels; the sea is in its corner
SEASON = {
    "area": [35.2, 3.6, 37.2, 5.4],
    "start": "201304d2",
    "end": "201305d1",
    "baseline_start": 2003,
    "baseline_end": 2012,
}
LABELS = ["201304d2", "201304d3", "201305d1"]
