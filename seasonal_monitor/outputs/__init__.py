"""Results as files that other tools read: whole or not there, and the same when run again."""

from __future__ import annotations

from .cogs import Stored, write_cogs
from .index import Indexed, index_product
from .published import store_path, unpublished
from .store import write_zarr

__all__ = [
    "Indexed",
    "Stored",
    "index_product",
    "store_path",
    "unpublished",
    "write_cogs",
    "write_zarr",
]
