"""What of a product is published already, so that a run does only what is left."""

from __future__ import annotations

from collections.abc import Sequence
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from seasonal_monitor.errors import OutputError

from .places import Step

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMATS = ("cog", "zarr")


def store_path(folder: str | PathLike[str], product: str) -> Path:
    """Where the Zarr store of a product lies."""
    return Path(folder) / f"{product}.zarr"


def unpublished(
    times: NDArray[np.datetime64],
    folder: str | PathLike[str],
    product: str,
    *,
    formats: Sequence[str] = ("cog",),
    step: str = "dekad",
) -> NDArray[np.datetime64]:
    """Give the times that a product lacks in one of its formats; nothing is computed.

    A step of which the STAC item, or the Zarr store, is there is whole: both come last.

    Parameters
    ----------
    times : array of datetime64
        What should be published.
    folder, product
        As for :func:`write_cogs`; the store is ``<product>.zarr`` in the folder.
    formats : sequence of "cog" or "zarr"
        Where to look.
    step : {"dekad", "month", "day"}
        What the time steps are.

    Raises
    ------
    OutputError
        Names ``formats`` when one is not known.
    """
    import numpy as np

    unknown = [name for name in formats if name not in FORMATS]
    if unknown or not formats:
        raise OutputError(
            "formats", f"{unknown or 'none'} is not known.", f"Use some of {', '.join(FORMATS)}."
        )
    lacking = np.zeros(len(times), bool)
    top = Path(folder)
    if "cog" in formats:
        moments = times.astype("datetime64[s]")
        steps = [Step.of(product, moment.item(), step) for moment in moments]
        lacking |= np.array([not part.item_path(top).exists() for part in steps], bool)
    if "zarr" in formats:
        lacking |= ~np.isin(times, _times_of(store_path(top, product)))
    return times[lacking]


def _times_of(store: Path) -> NDArray[np.datetime64]:
    import numpy as np
    import xarray as xr

    if not store.is_dir():
        return np.array([], "datetime64[ns]")
    try:
        with xr.open_zarr(store, consolidated=False) as there:
            times: NDArray[np.datetime64] = there["time"].values
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            "output", f"{store} is a folder but no Zarr store.", "Choose another name."
        ) from error
    return times
