"""Rasters that cannot be read: found out beforehand where that costs little, named where not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from odc.loader import RioDriver, RioReader
from rasterio.errors import RasterioError

from seasonal_monitor.errors import SourceError

from .refusals import without_secrets

#: How TIFF and BigTIFF begin, in both byte orders.
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_ADVICE = "Get the file again, or leave its item out."


class NamingDriver(RioDriver):  # type: ignore[misc]
    """Rasterio's driver, whose errors name the file.

    Workers read with it, so they need this package.
    """

    def open(self, src: Any, ctx: Any) -> RioReader:  # noqa: ANN401 - as the driver has it
        """Open a raster; nothing is read yet."""
        return _NamingReader(src, ctx)


class _NamingReader(RioReader):  # type: ignore[misc]
    def read(self, *args: Any, **kwargs: Any) -> tuple[tuple[slice, slice], np.ndarray]:  # noqa: ANN401
        """Read a part of the raster.

        Raises
        ------
        SourceError
            With the file's name, when it cannot be read.
        """
        with contextlib.suppress(RasterioError):
            part: tuple[tuple[slice, slice], np.ndarray] = super().read(*args, **kwargs)
            return part
        # Raised without rasterio's error: that one cannot travel from a worker, and what it
        # says of an address may hold a signature.
        check_files([self._src.uri])
        shown = without_secrets(self._src.uri)
        why = "away, not open to you or damaged" if "://" in shown else "damaged, or was cut off"
        raise SourceError("source", f"{shown} cannot be read: it is {why}.", _ADVICE)


def check_files(addresses: Iterable[str]) -> None:
    """See that files of this machine are there, may be read and are TIFFs by their beginning.

    Addresses of servers, and files of other kinds, are left to whoever reads them.

    Raises
    ------
    SourceError
        With the name of the first that is not.
    """
    for address in addresses:
        place = address.removeprefix("file://")
        if "://" in place or place.startswith("/vsi"):
            continue
        path = Path(place)
        try:
            with path.open("rb") as stream:
                begin = stream.read(4)
        except PermissionError as error:
            raise SourceError(
                "source", f"{path} may not be read by you.", "Ask its owner for access."
            ) from error
        except OSError as error:
            text = f"{path} cannot be read: {error.strerror or error}."
            raise SourceError("source", text, _ADVICE) from error
        if path.suffix.lower() in (".tif", ".tiff") and begin not in _TIFF:
            raise SourceError("source", f"{path} is damaged: it is no GeoTIFF.", _ADVICE)
