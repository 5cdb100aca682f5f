"""The same anomalies, computed from the files with nothing but rasterio and numpy."""

from __future__ import annotations

import math
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import rasterio


@dataclass(frozen=True)
class Question:
    area: tuple[float, float, float, float]
    start: str
    end: str
    baseline_start: int
    baseline_end: int
    n_dekads: int = 1
    offset_mm: float = 5.0
    min_valid: float = 0.8

    @property
    def parameters(self) -> dict[str, object]:
        return {**vars(self), "area": list(self.area)}

    @property
    def labels(self) -> list[str]:
        every = [
            f"{year}{month:02}d{part}"
            for year in range(int(self.start[:4]), int(self.end[:4]) + 1)
            for month in range(1, 13)
            for part in (1, 2, 3)
        ]
        return [label for label in every if self.start <= label <= self.end]


def previous(label: str) -> str:
    """The dekad before another: 202401d1 -> 202312d3."""
    year, month, part = int(label[:4]), int(label[4:6]), int(label[7])
    if part > 1:
        return f"{year}{month:02}d{part - 1}"
    return f"{year}{month - 1:02}d3" if month > 1 else f"{year - 1}12d3"


class PlainAnomaly:
    def __init__(self, archive: Path, question: Question) -> None:
        self.archive = archive
        self.question = question

    def window(self, raster: rasterio.DatasetReader) -> rasterio.windows.Window:
        """Pixels of the area, from the north-west corner and the pixel size of the file."""
        west, south, east, north = self.question.area
        left, top, pixel = raster.transform.c, raster.transform.f, raster.transform.a
        first_column = math.floor((west - left) / pixel + 1e-6)
        first_row = math.floor((top - north) / pixel + 1e-6)
        columns = math.ceil((east - left) / pixel - 1e-6) - first_column
        rows = math.ceil((top - south) / pixel - 1e-6) - first_row
        return rasterio.windows.Window(first_column, first_row, columns, rows)

    def observed(self, label: str) -> np.ndarray:
        """Rain of one dekad in mm, NaN where there is none."""
        path = self.archive / "rfh_dekad" / label[:4] / f"rfh_{label}.tif"
        with rasterio.open(path) as raster:
            stored = raster.read(1, window=self.window(raster))
            rain = stored * raster.scales[0] + raster.offsets[0]
            return np.where(stored == raster.nodata, np.nan, rain)

    def total(self, label: str) -> np.ndarray | None:
        """Rain of the last n dekads; None when the archive begins later."""
        total, step = np.zeros(1), label
        for _ in range(self.question.n_dekads):
            try:
                total = total + self.observed(step)
            except rasterio.RasterioIOError:
                return None
            step = previous(step)
        return total

    def dekad(self, label: str) -> dict[str, np.ndarray]:
        """Percent, standardised, and what they are made of, for one dekad."""
        ask = self.question
        years = range(ask.baseline_start, ask.baseline_end + 1)
        now = self.total(label)
        assert now is not None
        past = [self.total(f"{year}{label[4:]}") for year in years]
        stack = np.stack([np.full(now.shape, np.nan) if one is None else one for one in past])
        counts = np.isfinite(stack).sum(axis=0)
        enough = counts >= ask.min_valid * len(years) - 1e-9
        average = np.where(enough, np.nansum(stack, axis=0) / np.maximum(counts, 1), np.nan)
        squares = np.nansum((stack - average) ** 2, axis=0)
        spread = np.where(enough, np.sqrt(squares / np.maximum(counts - 1, 1)), np.nan)
        with np.errstate(invalid="ignore", divide="ignore"):
            percent = 100 * (now + ask.offset_mm) / (average + ask.offset_mm)
            standardised = np.where(spread > 0, (now - average) / spread, np.nan)
        return {
            "rain": now,
            "average": average,
            "spread": spread,
            "counts": counts,
            "percent": percent,
            "standardised": standardised,
        }
