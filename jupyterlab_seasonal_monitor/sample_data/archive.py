"""Writes the sample archive: one Cloud Optimized GeoTIFF per dekad and a STAC catalogue.

Everything appears under its final name only when it is complete, so a run that was cut off
leaves nothing that looks finished, and the next run repairs it.
"""

from __future__ import annotations

import json
import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass
from pathlib import Path

import numpy as np
import rasterio
from rasterio.transform import Affine

from seasonal_monitor.dekads import label, steps_of_years

from .files import replacing, write_text
from .rainfall import RainfallModel
from .stac import BAND, COLLECTION, NODATA, SCALE, item_path, raster_path, write_catalog

# North-west corner and pixel size of the grid, degrees: it lies on CHIRPS' own 0.05 degree grid.
WEST, NORTH, PIXEL = 35.0, 6.0, 0.05

RECIPE = "recipe.json"
FORMAT_VERSION = 1
BLOCK = 128

FIRST_YEAR, LAST_YEAR = 1981, 2100
SMALLEST, LARGEST = 16, 1000


class ArchiveError(Exception):
    """The archive cannot be made as asked; the message says why and what to change."""


@dataclass(frozen=True)
class Recipe:
    """All that decides the contents of an archive: equal recipes give equal files.

    Attributes
    ----------
    first_year, last_year : int
        Years to make, both included, 36 dekads each.
    size : int
        Pixels per side; one pixel is 0.05 degrees, about 5.5 km.
    seed : int
        Another seed gives other weather.
    """

    first_year: int = 1991
    last_year: int = 2024
    size: int = 200
    seed: int = 1

    def check(self) -> None:
        """Refuse what cannot be made.

        Raises
        ------
        ArchiveError
            Names the value and the range it must lie in.
        """
        if self.first_year > self.last_year:
            raise ArchiveError(
                f"The years are the wrong way round: {self.first_year} is after {self.last_year}. "
                f"Write them as {self.last_year}-{self.first_year}."
            )
        if self.first_year < FIRST_YEAR or self.last_year > LAST_YEAR:
            raise ArchiveError(
                f"The years must lie between {FIRST_YEAR} and {LAST_YEAR}, "
                f"but {self.first_year}-{self.last_year} was asked for."
            )
        if not SMALLEST <= self.size <= LARGEST:
            raise ArchiveError(
                f"The size must be {SMALLEST} to {LARGEST} pixels, but {self.size} was asked for."
            )
        if self.seed < 0:
            raise ArchiveError(f"The seed must be 0 or more, but {self.seed} was asked for.")

    @property
    def steps(self) -> range:
        """The dekads to make, as step numbers."""
        return steps_of_years(self.first_year, self.last_year)

    @property
    def bbox(self) -> list[float]:
        """West, south, east, north in degrees."""
        extent = round(self.size * PIXEL, 6)
        return [WEST, round(NORTH - extent, 6), round(WEST + extent, 6), NORTH]

    def makes_same_files_as(self, other: Recipe) -> bool:
        """Whether the dekads that both have are equal, whatever their years."""
        return (self.size, self.seed) == (other.size, other.seed)


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes
    ----------
    catalog : Path
        The catalogue's ``catalog.json``, the path that a template is given.
    written, kept : int
        Dekads that were written, and those that were already there.
    size_bytes : int
        Size of all rasters together.
    """

    catalog: Path
    written: int
    kept: int
    size_bytes: int


def make_archive(folder: Path, recipe: Recipe) -> Report:
    """Make the archive, or complete the one that is there.

    Parameters
    ----------
    folder : Path
        Is made if it is missing. An archive of another size or seed in it is replaced; any
        other catalogue is left alone.
    recipe : Recipe
        What to make.

    Returns
    -------
    Report
        Where it is and what was done.

    Raises
    ------
    ArchiveError
        If the recipe is not possible, the folder holds something else, or it cannot be written.
    """
    recipe.check()
    folder = folder.resolve()
    try:
        _prepare(folder, recipe)
        missing = [step for step in recipe.steps if not _is_complete(folder, step)]
        _write_rasters(folder, recipe, missing)
        stale = _remove_other_years(folder, recipe)
        catalog = folder / "catalog.json"
        if missing or stale or not catalog.exists():
            write_catalog(folder, recipe.steps, recipe.bbox, recipe.size, PIXEL)
        size_bytes = sum(raster_path(folder, step).stat().st_size for step in recipe.steps)
    except OSError as error:
        raise ArchiveError(
            f"Cannot write to {folder}: {error.strerror or error}. "
            "Choose a folder of your own with enough free space."
        ) from error
    return Report(catalog, len(missing), len(recipe.steps) - len(missing), size_bytes)


def _prepare(folder: Path, recipe: Recipe) -> None:
    """Make the folder ours: clear an archive of another recipe, refuse anything else."""
    record = folder / COLLECTION / RECIPE
    if not record.exists() and (folder / "catalog.json").exists():
        raise ArchiveError(
            f"{folder} already holds a catalogue that this command did not make. "
            "Choose another folder."
        )
    present = _read_recipe(record)
    if present is None or not present.makes_same_files_as(recipe):
        (folder / "catalog.json").unlink(missing_ok=True)
        if record.exists():
            shutil.rmtree(folder / COLLECTION)
    if present != recipe:
        content = {"format": FORMAT_VERSION, **asdict(recipe)}
        write_text(record, json.dumps(content, indent=2) + "\n")
        # The years may differ, and then so does the catalogue.
        (folder / "catalog.json").unlink(missing_ok=True)


def _read_recipe(record: Path) -> Recipe | None:
    """Read what an archive was made from; None if it is missing or not readable."""
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT_VERSION:
            return None
        return Recipe(**content)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_complete(folder: Path, step: int) -> bool:
    """Whether a dekad's raster is there in the size that its STAC item states."""
    try:
        item = json.loads(item_path(folder, step).read_text(encoding="utf-8"))
        stated = item["assets"][BAND]["file:size"]
        return bool(raster_path(folder, step).stat().st_size == stated)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return False


def _write_rasters(folder: Path, recipe: Recipe, steps: list[int]) -> None:
    """Write the rasters of `steps`, several at a time (drawing and packing release the GIL)."""
    model = RainfallModel(recipe.size, recipe.seed)
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        jobs = [
            pool.submit(_write_raster, raster_path(folder, step), model, step) for step in steps
        ]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _write_raster(path: Path, model: RainfallModel, step: int) -> None:
    """Write one dekad as a Cloud Optimized GeoTIFF of int16 tenths of a millimetre."""
    rain = model.step(step)
    stored = np.where(np.isnan(rain), NODATA, np.round(rain / SCALE)).astype(np.int16)
    with (
        replacing(path) as partial,
        rasterio.open(
            partial,
            "w",
            driver="COG",
            width=model.size,
            height=model.size,
            count=1,
            dtype="int16",
            crs="EPSG:4326",
            transform=Affine(PIXEL, 0.0, WEST, 0.0, -PIXEL, NORTH),
            nodata=NODATA,
            blocksize=BLOCK,
            compress="DEFLATE",
            predictor=2,
            overview_resampling="nearest",
        ) as raster,
    ):
        raster.write(stored, 1)
        raster.scales, raster.offsets, raster.units = (SCALE,), (0.0,), ("mm",)
        raster.set_band_description(1, BAND)
        raster.update_tags(dekad=label(step))


def _remove_other_years(folder: Path, recipe: Recipe) -> int:
    """Remove what this command made for years that are no longer asked for, and torn files.

    Returns
    -------
    int
        Number of files removed.
    """
    wanted = {path(folder, step) for step in recipe.steps for path in (item_path, raster_path)}
    stale = [
        path
        for pattern in ("*/rfh_*d[123].tif", "*/rfh_*d[123].json", "*/.rfh_*.partial")
        for path in (folder / COLLECTION).glob(pattern)
        if path not in wanted
    ]
    for path in stale:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return len(stale)
