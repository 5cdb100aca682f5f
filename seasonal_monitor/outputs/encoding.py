"""How the values of a band are stored, as documents say it."""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from .cogs import Stored

#: Name of the band, its raster, how it is stored, its unit.
Asset = tuple[str, Path, "Stored", str]


def encoding(stored: Stored) -> dict[str, Any]:
    """Give the fields of STAC's raster extension that say how to read values."""
    return {
        "data_type": stored.dtype,
        "nodata": "nan" if math.isnan(stored.nodata) else _number(stored.nodata),
        "scale": stored.scale,
        "offset": stored.offset,
    }


def words(encoding: Mapping[str, Any]) -> str:
    """Write such fields as a person reads them."""
    return "{data_type}, nodata {nodata}, scale {scale}, offset {offset}".format(**encoding)


def iso(moment: datetime) -> str:
    """Write a moment in UTC as documents have it."""
    return f"{moment:%Y-%m-%dT%H:%M:%SZ}"


def _number(value: float) -> int | float:
    return int(value) if float(value).is_integer() else value
