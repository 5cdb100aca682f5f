"""Data listed by STAC: an API, a catalogue or a folder of items."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seasonal_monitor.errors import MissingPackageError, SourceError

from .metadata import Encoding, decode, encoding_of
from .openings import open_at_once
from .refusals import explained
from .request import Request

if TYPE_CHECKING:
    import pystac
    import xarray as xr


def open_stac(source: str, request: Request) -> xr.Dataset:
    """Open what a STAC catalogue lists.

    Parameters
    ----------
    source : str
        Address of an API, path of a catalogue, collection, item or item collection, or a folder.
    request : Request
        What to open.

    Returns
    -------
    Dataset, shape (time, y, x) or (time, latitude, longitude), float32, lazy
        NaN where there is no data.

    Raises
    ------
    SourceError
        Names the parameter, before any raster is read.
    """
    try:
        import odc.stac
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "odc.stac") from error

    items = find_items(source, request)
    encodings = {band: _encoding(items, band) for band in request.bands}
    _check_projection(items, request.bands)
    from .rasters import NamingDriver, check_files

    addresses = list(_addresses(items, request.bands))
    check_files(addresses)
    stored = odc.stac.load(
        items,
        bands=list(request.bands),
        bbox=request.bounds,
        groupby=request.groupby,
        chunks={"time": request.time_chunk, "x": request.chunk_px, "y": request.chunk_px},
        driver=NamingDriver(request.called, addresses),
    )
    stored = open_at_once(stored)
    return stored.assign({band: decode(stored[band], encodings[band]) for band in request.bands})


def find_items(source: str, request: Request) -> list[pystac.Item]:
    """Find the items of a request, in order of time.

    Raises
    ------
    SourceError
        If the source cannot be read, or nothing in it is what was asked for.
    """
    if source.startswith(("http://", "https://")) and not source.endswith(".json"):
        items = _search(source, request)
    else:
        found = _walk(source, request.collection)
        items = [item for item in found if item.collection_id in (request.collection, None)]
        if not items:
            raise SourceError(
                "collection",
                f"no items of {request.collection!r} in {source}.",
                "Check the name of the collection.",
            )
        items = _inside(items, request)
    return sorted(items, key=lambda item: (_begin(item), item.id))


def _search(source: str, request: Request) -> list[pystac.Item]:
    """Ask an API, page by page.

    Raises
    ------
    SourceError
        Names the area when the period has items elsewhere, the start otherwise.
    """
    asked = {"collections": [request.collection], "datetime": request.interval}
    with explained(source):
        from pystac_client import Client

        client = Client.open(source)
        known = [collection.id for collection in client.get_collections()]
    if request.collection not in known:
        raise SourceError(
            "collection",
            f"no {request.collection!r} here, only {', '.join(known) or 'none'}.",
            "Choose one of these.",
        )
    with explained(source):
        items = list(client.search(**asked, bbox=request.bounds).items())
        elsewhere = not items and list(client.search(**asked, max_items=1).items())
    if elsewhere:
        raise SourceError(
            "area",
            f"{list(request.bounds)} is outside the data of {request.collection}.",
            "Choose an area within it.",
        )
    if request.dekads is not None:
        items = [item for item in items if request.wants(_begin(item))]
    if not items:
        raise SourceError(
            "start",
            f"nothing between {request.start:%Y-%m-%d} and {request.end:%Y-%m-%d} in the area.",
            "Choose another period or area.",
        )
    return items


def _walk(source: str, collection: str) -> Iterable[pystac.Item]:
    """Read the items below a path, of one collection where that is known; links get absolute."""
    path = Path(source)
    if path.is_dir():
        top = path / "catalog.json"
        paths = [top] if top.exists() else sorted(path.rglob("*.json"))
    else:
        paths = [path]
    for file in paths:
        address = str(file.resolve()) if file.exists() else source
        yield from _read(address, collection)


def _read(address: str, collection: str) -> list[pystac.Item]:
    """Read the items of one document, whatever kind of STAC it is.

    A catalogue's other collections are not read, when it has the one that is wanted.
    """
    import pystac

    try:
        content: dict[str, Any] = json.loads(pystac.StacIO.default().read_text(address))
        kind = content.get("type")
        if kind == "FeatureCollection":
            return list(pystac.ItemCollection.from_dict(content))
        if kind in ("Catalog", "Collection"):
            factory = pystac.Collection if kind == "Collection" else pystac.Catalog
            top = factory.from_file(address)
            return list((top.get_child(collection) or top).get_items(recursive=True))
        if kind == "Feature":
            return [pystac.Item.from_file(address)]
    except (OSError, ValueError, pystac.STACError) as error:
        raise SourceError(
            "source", f"{address} cannot be read: {error}.", "Check the path and who may read it."
        ) from error
    return []


def _begin(item: pystac.Item) -> datetime:
    day: datetime | None = item.datetime or item.common_metadata.start_datetime
    if day is None:
        raise SourceError("source", f"the item {item.id} has no date.", "Add a datetime to it.")
    return day if day.tzinfo else day.replace(tzinfo=timezone.utc)


def _inside(items: list[pystac.Item], request: Request) -> list[pystac.Item]:
    west, south, east, north = request.bounds
    near = [
        item
        for item in items
        if item.bbox is None
        or (
            item.bbox[0] < east
            and item.bbox[2] > west
            and item.bbox[1] < north
            and item.bbox[3] > south
        )
    ]
    if not near:
        boxes = [item.bbox for item in items if item.bbox]
        reach = [min(b[0] for b in boxes), min(b[1] for b in boxes)]
        reach += [max(b[2] for b in boxes), max(b[3] for b in boxes)]
        raise SourceError(
            "area",
            f"{list(request.bounds)} is outside the data, {reach}.",
            "Choose an area within it.",
        )
    chosen = [item for item in near if request.wants(_begin(item))]
    if not chosen:
        days = [_begin(item) for item in near]
        raise SourceError(
            "start",
            f"nothing between {request.start:%Y-%m-%d} and {request.end:%Y-%m-%d}; "
            f"the data reach from {min(days):%Y-%m-%d} to {max(days):%Y-%m-%d}.",
            "Choose a period within them.",
        )
    return chosen


def _collection_of(item: pystac.Item) -> pystac.Collection | None:
    """Give an item's collection, if it was copied along with the item."""
    import pystac

    try:
        return item.get_collection()
    except (OSError, pystac.STACError):
        return None


def _encoding(items: Sequence[pystac.Item], band: str) -> Encoding:
    """Read a band's encoding, and see that all items agree on it."""
    found = {}
    for item in items:
        if band not in item.assets:
            raise SourceError(
                "bands", f"no {band!r} in {item.id}, only {', '.join(item.assets)}.", "Choose one."
            )
        collection = _collection_of(item)
        general = (collection.extra_fields.get("item_assets") or {}) if collection else {}
        found[encoding_of(band, general.get(band), item.assets[band].to_dict())] = item.id
    if len({str(encoding) for encoding in found}) > 1:
        raise SourceError(
            "bands",
            f"{band!r} is stored in different ways, as in {' and '.join([*found.values()][:2])}.",
            "Open the periods with one scale, offset and nodata each by themselves.",
        )
    return next(iter(found))


def _addresses(items: Sequence[pystac.Item], bands: Sequence[str]) -> Iterable[str]:
    for item in items:
        for band in bands:
            yield str(item.assets[band].get_absolute_href())


def _check_projection(items: Sequence[pystac.Item], bands: Sequence[str]) -> None:
    """See that all files state one projection and an address that workers can open."""
    codes: dict[str, str] = {}
    for item in items:
        for band in bands:
            asset = item.assets[band]
            fields = {**item.properties, **asset.extra_fields}
            code = fields.get("proj:code") or fields.get("proj:epsg") or fields.get("proj:wkt2")
            if not code or not fields.get("proj:transform") or not fields.get("proj:shape"):
                raise SourceError(
                    "source",
                    f"the item {item.id} lacks proj:code, proj:shape or proj:transform.",
                    "Write the items again with the projection extension, for example by rio-stac.",
                )
            codes.setdefault(str(code).removeprefix("EPSG:"), item.id)
            href = asset.get_absolute_href()
            if href is None or not ("://" in href or Path(href).is_absolute()):
                raise SourceError(
                    "source",
                    f"the item {item.id} has a relative address and no self link.",
                    "Open the catalogue's own file or folder, or add self links.",
                )
    if len(codes) > 1:
        raise SourceError(
            "collection",
            f"the files are in several projections: {', '.join(sorted(codes))}.",
            "Choose a smaller area, or open each projection by itself.",
        )
