"""Writes the sample archive: Cloud Optimized GeoTIFFs, a STAC catalogue, documents, districts.

Everything appears under its final name only when it is complete, so a run that was cut off
leaves nothing that looks finished, and the next run repairs it.
"""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, replace
from functools import partial
from pathlib import Path

import numpy as np
import rasterio

from seasonal_monitor.errors import OutputError
from seasonal_monitor.outputs.replace import replacing, write_bytes

from .cube import dataset_path, product_path, write_documents
from .product import NORTH, PIXEL, WEST, Grid, Product, Raster, Slot
from .products import PRODUCTS, RAINFALL
from .rainfall import Field
from .stac import item_path, raster_path, write_catalog
from .zones import zones

RECIPE = "recipe.json"
ZONES = "zones.geojson"
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
        Years to make, both included; products with much data begin later.
    size : int
        Pixels per side; one pixel is 0.05 degrees, about 5.5 km.
    seed : int
        Another seed gives other weather.
    products : tuple of str
        Collections to make, of `PRODUCTS`.
    """

    first_year: int = 1991
    last_year: int = 2024
    size: int = 200
    seed: int = 1
    products: tuple[str, ...] = (RAINFALL.collection,)

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
        unknown = [name for name in self.products if name not in PRODUCTS]
        if unknown or not self.products:
            raise ArchiveError(
                f"There is no product {', '.join(unknown) or 'named'}. "
                f"Choose among {', '.join(PRODUCTS)}."
            )

    @property
    def contents(self) -> dict[Product, list[Slot]]:
        """The slots to make of each product, in the archive's own order."""
        return {
            product: product.slots(
                max(self.first_year, self.last_year - product.most_years + 1), self.last_year
            )
            for name, product in PRODUCTS.items()
            if name in self.products
        }

    @property
    def rasters(self) -> list[Raster]:
        """All files to make."""
        return [
            Raster(product, slot, band)
            for product, slots in self.contents.items()
            for slot in slots
            for band in product.bands
        ]

    @property
    def bbox(self) -> list[float]:
        """West, south, east, north of the rain in degrees."""
        return Grid(WEST, NORTH, PIXEL, self.size, self.size).bbox

    def makes_same_files_as(self, other: Recipe) -> bool:
        """Whether the rasters that both have are equal, whatever their years and products."""
        return (self.size, self.seed) == (other.size, other.seed)


@dataclass(frozen=True)
class Report:
    """What a run did.

    Attributes
    ----------
    catalog : Path
        The catalogue's ``catalog.json``, the path that a template is given.
    zones : Path
        The districts, GeoJSON.
    written, kept : int
        Rasters that were written, and those that were already there.
    size_bytes : int
        Size of all rasters together.
    """

    catalog: Path
    zones: Path
    written: int
    kept: int
    size_bytes: int


def make_archive(folder: Path, recipe: Recipe, *, add: bool = False) -> Report:
    """Make the archive, or complete the one that is there.

    Parameters
    ----------
    folder : Path
        Is made if it is missing. An archive of another size or seed in it is replaced; any
        other catalogue is left alone.
    recipe : Recipe
        What to make.
    add : bool
        Keep the other products that are there and listed, as long as size and seed are the same.

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
    if add:
        wanted = {*recipe.products, *_listed(folder, recipe)}
        recipe = replace(recipe, products=tuple(name for name in PRODUCTS if name in wanted))
    contents = recipe.contents
    rasters = recipe.rasters
    try:
        _prepare(folder, recipe, add)
        missing = [raster for raster in rasters if not _is_complete(folder, raster)]
        _write_rasters(folder, recipe, missing)
        stale = _remove_other_years(folder, contents)
        catalog = folder / "catalog.json"
        listed = set(_listed(folder, recipe)) == set(recipe.products)
        described = all(product_path(folder, product).exists() for product in contents)
        if missing or stale or not listed or not described:
            write_bytes(folder / ZONES, zones(recipe.bbox, recipe.seed).encode(), settled=False)
            write_documents(folder, contents, recipe.size)
            write_catalog(folder, contents, recipe.size)
        size_bytes = sum(raster_path(folder, raster).stat().st_size for raster in rasters)
    except OutputError as error:
        raise ArchiveError(f"Cannot write to {folder}: {error.problem} {error.advice}") from error
    except OSError as error:
        raise ArchiveError(
            f"Cannot write to {folder}: {error.strerror or error}. "
            "Choose a folder of your own with enough free space."
        ) from error
    kept = len(rasters) - len(missing)
    return Report(catalog, folder / ZONES, len(missing), kept, size_bytes)


def _listed(folder: Path, recipe: Recipe) -> list[str]:
    """Give the products that the catalogue in a folder lists, if made in the same size and seed."""
    try:
        content = json.loads((folder / "catalog.json").read_text(encoding="utf-8"))
        hrefs = [link["href"] for link in content["links"] if link["rel"] == "child"]
    except (OSError, ValueError, KeyError, TypeError):
        return []
    names = {Path(href).parent.name for href in hrefs}
    made = {name: _read_recipe(folder / name / RECIPE) for name in PRODUCTS if name in names}
    return [name for name, there in made.items() if there and there.makes_same_files_as(recipe)]


def _prepare(folder: Path, recipe: Recipe, add: bool) -> None:
    """Make the folder ours: clear products of another recipe, refuse anything else.

    The catalogue stays as long as all that it lists is there as it says.
    """
    records = {name: folder / name / RECIPE for name in PRODUCTS}
    made = [name for name, record in records.items() if record.exists()]
    if not made and (folder / "catalog.json").exists():
        raise ArchiveError(
            f"{folder} already holds a catalogue that this command did not make. "
            "Choose another folder."
        )
    for name in made:
        present = _read_recipe(records[name])
        same = present is not None and present.makes_same_files_as(recipe)
        if same and (add or name in recipe.products):
            continue
        (folder / "catalog.json").unlink(missing_ok=True)
        product_path(folder, PRODUCTS[name]).unlink(missing_ok=True)
        shutil.rmtree(folder / name)
    for name in recipe.products:
        present = _read_recipe(records[name])
        if present != replace(recipe, products=(RAINFALL.collection,)):
            if present is not None:  # the years differ, and so does the catalogue
                (folder / "catalog.json").unlink(missing_ok=True)
            content = {"format": FORMAT_VERSION, **asdict(recipe)}
            del content["products"]
            text = json.dumps(content, indent=2) + "\n"
            write_bytes(records[name], text.encode(), settled=False)


def _read_recipe(record: Path) -> Recipe | None:
    """Read what an archive was made from; None if it is missing or not readable."""
    try:
        content = json.loads(record.read_text(encoding="utf-8"))
        if content.pop("format") != FORMAT_VERSION:
            return None
        return Recipe(**content)
    except (FileNotFoundError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _is_complete(folder: Path, raster: Raster) -> bool:
    """Whether a raster is there in the size that its STAC item states."""
    path = item_path(folder, raster.product, raster.slot)
    try:
        item = json.loads(path.read_text(encoding="utf-8"))
        stated = item["assets"][raster.band.name]["file:size"]
        return bool(raster_path(folder, raster).stat().st_size == stated)
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return False


def _write_rasters(folder: Path, recipe: Recipe, rasters: list[Raster]) -> None:
    """Write rasters, several at a time (drawing and packing release the GIL)."""
    painters = {p: p.painter(recipe.size, recipe.seed) for p in recipe.contents}
    with ThreadPoolExecutor(min(8, os.cpu_count() or 1)) as pool:
        jobs = [
            pool.submit(
                _write_raster,
                raster_path(folder, raster),
                raster,
                raster.product.grid(recipe.size, raster.slot, raster.band),
                partial(painters[raster.product], raster.slot, raster.band),
            )
            for raster in rasters
        ]
        try:
            for job in jobs:
                job.result()
        except BaseException:
            pool.shutdown(wait=True, cancel_futures=True)
            raise


def _write_raster(path: Path, raster: Raster, grid: Grid, draw: Callable[[], Field]) -> None:
    """Write one raster as a Cloud Optimized GeoTIFF of scaled whole numbers."""
    values, band = draw(), raster.band
    whole = np.round((values - band.offset) / band.scale)
    stored = np.where(np.isnan(values), band.nodata, whole).astype(band.dtype)
    with (
        replacing(path, settled=False) as partial_path,
        rasterio.open(
            partial_path,
            "w",
            driver="COG",
            width=stored.shape[1],
            height=stored.shape[0],
            count=1,
            dtype=band.dtype,
            crs=grid.crs,
            transform=grid.transform,
            nodata=band.nodata,
            blocksize=BLOCK,
            compress="DEFLATE",
            predictor=2,
            overview_resampling="nearest",
        ) as file,
    ):
        file.write(stored, 1)
        file.scales, file.offsets, file.units = (band.scale,), (band.offset,), (band.unit,)
        file.set_band_description(1, band.name)
        file.update_tags(**raster.slot.properties)


def _remove_other_years(folder: Path, contents: Mapping[Product, Sequence[Slot]]) -> int:
    """Remove what this command made for years that are no longer asked for, and torn files.

    Returns
    -------
    int
        Number of files removed.
    """
    stale: set[Path] = set()
    for product, slots in contents.items():
        wanted = {item_path(folder, product, slot) for slot in slots}
        wanted |= {dataset_path(folder, product, slot) for slot in slots}
        wanted |= {
            raster_path(folder, Raster(product, slot, band))
            for slot in slots
            for band in product.bands
        }
        names = [f"*/{product.stem}_*.json", f"*/{product.stem}_*.odc-metadata.yaml"]
        names += [f"*/.{product.stem}_*.partial"]
        names += [f"*/{band.name}_*.tif" for band in product.bands]
        names += [f"*/.{band.name}_*.partial" for band in product.bands]
        stale |= {
            path
            for name in names
            for path in (folder / product.collection).glob(name)
            if path not in wanted
        }
    for path in stale:
        path.unlink()
        if not any(path.parent.iterdir()):
            path.parent.rmdir()
    return len(stale)
