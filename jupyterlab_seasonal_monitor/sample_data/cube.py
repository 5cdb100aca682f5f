"""What the sample archive says of itself to an Open Data Cube: a product, and each slot a dataset.

The documents are those of the library's own results, and lie beside the STAC items.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from seasonal_monitor.outputs import Stored, eo3
from seasonal_monitor.outputs.documents import yaml_of
from seasonal_monitor.outputs.places import Grid as Place
from seasonal_monitor.outputs.places import Step
from seasonal_monitor.outputs.replace import write_bytes

from .product import Grid, Product, Raster, Slot
from .stac import item_path, raster_path


def product_path(folder: Path, product: Product) -> Path:
    """Where the document of a product lies."""
    return folder / f"{product.collection}.odc-product.yaml"


def dataset_path(folder: Path, product: Product, slot: Slot) -> Path:
    """Where the document of a slot lies."""
    return item_path(folder, product, slot).with_suffix(".odc-metadata.yaml")


def write_documents(folder: Path, contents: Mapping[Product, Sequence[Slot]], size: int) -> None:
    """Write the documents of all slots; a product's comes after those of its slots.

    Parameters
    ----------
    folder : Path
        The archive's folder.
    contents : mapping of Product to sequence of Slot
        What to describe.
    size : int
        Pixels per side of the rain.
    """
    for product, slots in contents.items():
        for slot in slots:
            write_bytes(
                dataset_path(folder, product, slot),
                yaml_of(_dataset(folder, product, slot, size)),
                settled=False,
            )
        write_bytes(
            product_path(folder, product), yaml_of(_product(product, slots, size)), settled=False
        )


def _dataset(folder: Path, product: Product, slot: Slot, size: int) -> dict[str, object]:
    first, *rest = product.bands
    grid = product.grid(size, slot, first)
    others = {band.name: product.grid(size, slot, band) for band in rest}
    assets = [
        (
            band.name,
            raster_path(folder, Raster(product, slot, band)),
            Stored(band.dtype, band.nodata, band.scale, band.offset),
            band.unit,
        )
        for band in product.bands
    ]
    return eo3.dataset(
        Step(product.collection, slot.label, slot.begin, slot.end),
        _place(grid),
        assets,
        region=slot.properties.get("s2:mgrs_tile", "all"),
        others={band: _place(other) for band, other in others.items() if other != grid},
    )


def _product(product: Product, slots: Sequence[Slot], size: int) -> dict[str, object]:
    grid = product.grid(size, slots[-1], product.bands[0])
    item = {
        "properties": {"proj:code": grid.crs, "proj:transform": list(grid.transform)},
        "assets": {band.name: {"raster:bands": [band.raster_band]} for band in product.bands},
    }
    return eo3.product(product.collection, product.description, item)


def _place(grid: Grid) -> Place:
    """Give a grid as the library has it."""
    west, south, east, north = grid.bbox
    names = ("latitude", "longitude") if grid.crs == "EPSG:4326" else ("y", "x")
    shape = (grid.rows, grid.columns)
    return Place(grid.crs, shape, grid.transform, (west, south, east, north), names)
