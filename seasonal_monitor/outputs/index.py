"""Lists what was written in an Open Data Cube."""

from __future__ import annotations

from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seasonal_monitor.errors import MissingPackageError, OutputError

if TYPE_CHECKING:
    from datacube import Datacube


@dataclass(frozen=True)
class Indexed:
    """What became of a product's datasets.

    Attributes
    ----------
    added, there : int
        Datasets that are new in the cube, and those that it had.
    """

    added: int
    there: int

    def __str__(self) -> str:
        return f"{self.added} datasets added to the cube, {self.there} were there already."


def index_product(cube: Datacube, folder: str | PathLike[str], product: str) -> Indexed:
    """Add a product and its datasets to a cube; those that it has are left alone.

    Parameters
    ----------
    cube : Datacube
        Connected, with the right to add.
    folder, product
        As :func:`write_cogs` wrote them. The cube keeps the files' addresses, so they must stay.

    Raises
    ------
    OutputError
        When there is nothing to add, the cube has another product of that name, or refuses it.
    MissingPackageError
        Names the package and how to install it.
    """
    try:
        from datacube.index.hl import Doc2Dataset
        from yaml import safe_load  # type: ignore[import-untyped]
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "datacube", "odc") from error
    top = Path(folder)
    definition = top / f"{product}.odc-product.yaml"
    if not definition.exists():
        raise OutputError(
            "product", f"{top} has no product {product}.", "Write it first, as COG files."
        )
    _add_product(cube, product, safe_load(definition.read_text(encoding="utf-8")))
    find = Doc2Dataset(cube.index, products=[product], skip_lineage=True, verify_lineage=False)
    added = there = 0
    for path in sorted((top / product).glob("*/*.odc-metadata.yaml")):
        document = safe_load(path.read_text(encoding="utf-8"))
        if cube.index.datasets.has(document["id"]):
            there += 1
            continue
        dataset, problem = find(document, path.resolve().as_uri())
        if dataset is None:
            raise OutputError("cube", f"it refuses {path.name}: {problem}.", "Write it again.")
        cube.index.datasets.add(dataset, with_lineage=False)
        added += 1
    return Indexed(added, there)


def _add_product(cube: Datacube, product: str, document: dict[str, Any]) -> None:
    from datacube.index.exceptions import MissingRecordError
    from datacube.utils.changes import DocumentMismatchError
    from datacube.utils.documents import InvalidDocException

    try:
        cube.index.products.add_document(document)
    except DocumentMismatchError as error:
        raise OutputError(
            "product",
            f"the cube has another {product}, with other bands or another encoding.",
            "Choose another name.",
        ) from error
    except (InvalidDocException, MissingRecordError) as error:
        raise OutputError(
            "cube",
            f"it refuses the product {product}: {error}.",
            "Is it initialised? Run `datacube system init`.",
        ) from error
