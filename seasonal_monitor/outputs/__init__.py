"""Results as files that other tools read: whole or not there, and the same when run again."""

from __future__ import annotations

from .cogs import Stored, write_cogs
from .store import write_zarr

__all__ = ["Stored", "write_cogs", "write_zarr"]
