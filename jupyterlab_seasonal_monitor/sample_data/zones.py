"""Invented districts for statistics: they share borders, end at the coast and leave no hole."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
from shapely.geometry import Polygon, mapping

from .rainfall import COAST

COLUMNS, ROWS = 4, 3
SMALLEST_SHARE = 0.1


def zones(bbox: list[float], seed: int) -> str:
    """Draw districts over a square.

    Parameters
    ----------
    bbox : list of float
        West, south, east, north in degrees.
    seed : int
        Another seed moves their corners.

    Returns
    -------
    str
        GeoJSON, with ``PCODE``, ``name``, ``adm_level`` and ``adm_id`` of each.
    """
    west, south, east, north = bbox
    corners = _corners(seed) * [east - west, south - north] + [west, north]
    coast = COAST * [east - west, south - north] + [west, north]
    ocean = Polygon([*coast, (east, south)])
    features: list[dict[str, Any]] = []
    for row in range(ROWS):
        for column in range(COLUMNS):
            ring = corners[[row, row, row + 1, row + 1], [column, column + 1, column + 1, column]]
            whole = Polygon(ring)
            land = whole.difference(ocean)
            if land.area < SMALLEST_SHARE * whole.area:
                continue
            number = len(features) + 1
            about = {
                "PCODE": f"SM{number:02}",
                "name": f"District {number}",
                "adm_level": 1,
                "adm_id": 1000 + number,
            }
            features.append({"type": "Feature", "properties": about, "geometry": mapping(land)})
    return json.dumps({"type": "FeatureCollection", "features": features}, indent=1) + "\n"


def _corners(seed: int) -> np.ndarray:
    """Give the corners as shares of the square, (rows + 1, columns + 1, 2): east, south."""
    rng = np.random.default_rng([seed, 8])
    down, across = np.meshgrid(
        np.linspace(0, 1, ROWS + 1), np.linspace(0, 1, COLUMNS + 1), indexing="ij"
    )
    shift = rng.uniform(-0.06, 0.06, (ROWS + 1, COLUMNS + 1, 2))
    shift[:, [0, -1], 0] = 0
    shift[[0, -1], :, 1] = 0
    return np.stack([across, down], axis=-1) + shift
