"""Rasters that cannot be read: found out beforehand where that costs little, named where not."""

from __future__ import annotations

import contextlib
from collections.abc import Iterable
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np
from odc.loader import RioDriver, RioReader
from rasterio.errors import RasterioError

from seasonal_monitor.errors import SourceError

from .refusals import without_secrets
from .signing import Signer, signer_for

#: How TIFF and BigTIFF begin, in both byte orders.
_TIFF = (b"II*\0", b"MM\0*", b"II+\0", b"MM\0+")
_ADVICE = "Get the file again, or leave its item out."
_ADVICE_REMOTE = "Try again; where the archive wants a token, give or renew it."


class NamingDriver(RioDriver):  # type: ignore[misc]
    """Rasterio's driver, whose errors name the file; it signs what an archive wants signed.

    Workers read with it, so they need this package.

    Parameters
    ----------
    called : str
        The parameter that errors name.
    addresses : iterable of str
        What will be read.

    Raises
    ------
    SourceError
        When there should be a token for them, and it cannot be read.
    """

    def __init__(self, called: str, addresses: Iterable[str]) -> None:
        super().__init__()
        known = list(addresses)
        self._called = called
        self._signer = signer_for(known)
        self._buckets = any(address.startswith("s3://") for address in known)

    def __repr__(self) -> str:
        return f"NamingDriver({self._called!r})"

    def capture_env(self) -> dict[str, Any]:
        """Give GDAL's settings for workers: the person's own, or those that suit clouds.

        For buckets workers look for credentials by boto3, each for itself, so that none are sent.
        """
        env: dict[str, Any] = super().capture_env()
        if self._buckets and env.get("_aws") is None and find_spec("boto3") is not None:
            env["_aws"] = {}
        return env

    def open(self, src: Any, ctx: Any) -> RioReader:  # noqa: ANN401 - as the driver has it
        """Open a raster; nothing is read yet."""
        return _NamingReader(src, ctx, self._called, self._signer)


class _NamingReader(RioReader):  # type: ignore[misc]
    def __init__(self, src: Any, ctx: Any, called: str, signer: Signer | None) -> None:  # noqa: ANN401
        super().__init__(src, ctx)
        self._called, self._signer = called, signer

    def __repr__(self) -> str:
        return f"NamingReader({without_secrets(self._src.uri)!r})"

    def read(self, *args: Any, **kwargs: Any) -> tuple[tuple[slice, slice], np.ndarray]:  # noqa: ANN401
        """Read a part of the raster.

        Raises
        ------
        SourceError
            With the file's name, when it cannot be read.
        """
        # A file that was cut off before its keys opens without a reference system, which odc-geo
        # asserts to be there.
        with contextlib.suppress(RasterioError, AssertionError):
            part: tuple[tuple[slice, slice], np.ndarray] = self._signed().read(*args, **kwargs)
            return part
        # Raised without rasterio's error: that one cannot travel from a worker, and what it
        # says of an address may hold a signature.
        uri = self._src.uri
        check_files([uri], self._called)
        shown = without_secrets(uri)
        if "://" in shown:
            why, advice = "away, not open to you or damaged", _ADVICE_REMOTE
        else:
            why, advice = "damaged, or was cut off", _ADVICE
        raise SourceError(self._called, f"{shown} cannot be read: it is {why}.", advice)

    def _signed(self) -> RioReader:
        """Give the same raster at its signed address, which only this call knows."""
        uri = self._src.uri
        source = self._src if self._signer is None else replace(self._src, uri=self._signer(uri))
        return RioReader(source, self._ctx)


def check_files(addresses: Iterable[str], called: str = "source") -> None:
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
                called, f"{path} may not be read by you.", "Ask its owner for access."
            ) from error
        except OSError as error:
            text = f"{path} cannot be read: {error.strerror or error}."
            raise SourceError(called, text, _ADVICE) from error
        if path.suffix.lower() in (".tif", ".tiff") and begin not in _TIFF:
            raise SourceError(called, f"{path} is damaged: it is no GeoTIFF.", _ADVICE)
