"""Writes the documents beside rasters: for STAC and for the Open Data Cube.

They hold no time of writing, so that the same result has the same documents.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seasonal_monitor.errors import OutputError

from . import eo3, stac
from .encoding import Asset, encoding, words
from .places import Grid, Step
from .replace import explained, write_bytes

if TYPE_CHECKING:
    from .cogs import Stored


def check_fits(top: Path, product: str, grid: Grid, bands: Mapping[str, Stored]) -> None:
    """See that a product that is there has this grid, these bands, and stores them in this way.

    Raises
    ------
    OutputError
        When it has not.
    """
    there = next(iter((top / product).glob(f"*/{product}_*.json")), None)
    if there is None:
        return
    with explained(there):
        item = json.loads(there.read_text(encoding="utf-8"))
    properties, known = item["properties"], list(item["assets"])
    if sorted(known) != sorted(bands):
        raise OutputError(
            "data",
            f"{product} in {top} has {', '.join(known)}, not {', '.join(bands)}.",
            "Choose another folder or product.",
        )
    for band, stored in bands.items():
        now = encoding(stored)
        before = {key: item["assets"][band]["raster:bands"][0].get(key) for key in now}
        if before != now:
            raise OutputError(
                "stored",
                f"{band} of {product} in {top} is stored as {words(before)}, not {words(now)}.",
                "Use the same, or choose another folder or product.",
            )
    crs = properties.get("proj:code") or properties.get("proj:wkt2")
    if crs != grid.crs:
        raise OutputError(
            "data",
            f"{product} in {top} is in {str(crs)[:40]}, not {grid.crs[:40]}.",
            "Choose another folder or product, or reproject the data.",
        )
    if properties["proj:shape"] != list(grid.shape) or any(
        abs(one - other) > 1e-9
        for one, other in zip(properties["proj:transform"], grid.transform, strict=True)
    ):
        raise OutputError(
            "data",
            f"{product} in {top} is on another grid, of {properties['proj:shape']} pixels.",
            "Choose another folder, product or area.",
        )


def write_step(step: Step, grid: Grid, assets: Sequence[Asset], top: Path) -> None:
    """Describe the rasters of one step; the STAC item, by which it is found, comes last."""
    write_bytes(step.cube_path(top), yaml_of(eo3.dataset(step, grid, assets)))
    write_bytes(step.item_path(top), _json(stac.item(step, grid, assets)))


def write_listing(top: Path, product: str, description: str) -> None:
    """List all steps of a product, and the product among others, for STAC and the cube.

    Raises
    ------
    OutputError
        If a listing that is there is no STAC, or cannot be written.
    """
    items = [
        (path, json.loads(path.read_text(encoding="utf-8")))
        for path in sorted((top / product).glob(f"*/{product}_*.json"))
    ]
    if not items:
        return
    folder = top / product
    write_bytes(
        top / f"{product}.odc-product.yaml",
        yaml_of(eo3.product(product, description, items[-1][1])),
    )
    collection = stac.collection(product, description, items, folder)
    write_bytes(folder / "collection.json", _json(collection))
    write_bytes(top / "catalog.json", _json(_catalog(top, product)))


def _catalog(top: Path, product: str) -> dict[str, Any]:
    """Give the catalogue of a folder with one more product."""
    path = top / "catalog.json"
    catalog: dict[str, Any] = {
        "type": "Catalog",
        "stac_version": "1.0.0",
        "id": top.resolve().name or "results",
        "description": "Results of the Seasonal Monitor",
        "links": [{"rel": "root", "href": "./catalog.json", "type": "application/json"}],
    }
    if path.exists():
        with explained(path):
            text = path.read_text(encoding="utf-8")
        try:
            there = json.loads(text)
            catalog = {**there, "links": list(there["links"])}
        except (ValueError, KeyError, TypeError) as error:
            raise OutputError(
                "output", f"{path} is no STAC catalogue.", "Choose another folder."
            ) from error
    link = stac.link_to(product)
    if not any(item.get("href") == link["href"] for item in catalog["links"]):
        catalog["links"].append(link)
    return catalog


def _json(document: dict[str, Any]) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()


def yaml_of(document: dict[str, Any]) -> bytes:
    """Write a document as the Open Data Cube reads it."""
    import yaml  # type: ignore[import-untyped]

    # libyaml's, where it is there, is many times faster: archives have thousands of documents.
    dumper = getattr(yaml, "CSafeDumper", yaml.SafeDumper)
    text: str = yaml.dump(document, Dumper=dumper, sort_keys=False, allow_unicode=True)
    return text.encode()
