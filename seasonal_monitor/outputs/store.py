"""A Zarr store that grows by time, or whose times are written again."""

from __future__ import annotations

import os
import shutil
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING

from seasonal_monitor.errors import MissingPackageError, OutputError

from .replace import replacing

if TYPE_CHECKING:
    from collections.abc import Iterator

    import numpy as np
    import xarray as xr

_SPATIAL = {"y", "x", "lat", "lon", "latitude", "longitude"}


def write_zarr(data: xr.Dataset | xr.DataArray, path: str | PathLike[str]) -> Path:
    """Write a dataset, or bring a store up to date with it.

    Times that the store has are written again, later ones are added, so that running twice
    changes nothing. All is written beside the store, of which unchanged chunks are shared by
    hard links; then it takes the store's place. On a cluster each worker writes its own chunks,
    which needs a file system that all of them see.

    Parameters
    ----------
    data : Dataset or DataArray, shape (time, y, x)
        Eager or lazy.
    path : path
        The store's folder; its name ends with ``.zarr``.

    Returns
    -------
    Path
        The store.

    Raises
    ------
    OutputError
        Names the parameter; the store is as it was.
    MissingPackageError
        Names the package and how to install it.
    """
    try:
        import xarray as xr
        import zarr  # noqa: F401
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "zarr") from error
    store = Path(path)
    if store.suffix != ".zarr":
        raise OutputError(
            "output", f"{store} does not end with .zarr.", "Add it, so that readers know the kind."
        )
    if isinstance(data, xr.DataArray):
        data = data.to_dataset(name=data.name or "value")
    if "time" not in data.dims:
        raise OutputError("data", "it has no time.", "Add one with expand_dims.")
    data = data.sortby("time")
    with replacing(store) as partial:
        if store.is_dir():
            there = _open(store)
            _compare(data, there, store)
            shutil.copytree(store, partial, copy_function=_share)
            _bring_up(data, there, partial)
        else:
            _plain(data).to_zarr(partial, mode="w", consolidated=False)
    return store


def _open(store: Path) -> xr.Dataset:
    import xarray as xr

    try:
        return xr.open_zarr(store, consolidated=False)
    except (OSError, ValueError, KeyError) as error:
        raise OutputError(
            "output", f"{store} is a folder but no Zarr store.", "Choose another name."
        ) from error


def _compare(data: xr.Dataset, there: xr.Dataset, store: Path) -> None:
    """See that a dataset fits what the store has."""
    import numpy as np

    mine, theirs = set(map(str, data.data_vars)), set(map(str, there.data_vars))
    if mine != theirs:
        raise OutputError(
            "data",
            f"{store.name} holds {', '.join(sorted(theirs))}, not {', '.join(sorted(mine))}.",
            "Choose another store.",
        )
    for name in _SPATIAL & set(map(str, data.dims)):
        if name not in there.dims or not (
            there.sizes[name] == data.sizes[name]
            and np.allclose(there[name].values, data[name].values, rtol=0, atol=1e-9)
        ):
            raise OutputError(
                "data", f"its {name} is not that of {store.name}.", "Choose another store or area."
            )
    last = there["time"].values[-1]
    new = np.setdiff1d(data["time"].values, there["time"].values)
    if len(new) and new.min() < last:
        raise OutputError(
            "data",
            f"{str(new.min())[:10]} is not in {store.name}, which goes on to {str(last)[:10]}.",
            "Write the whole series to another store.",
        )


def _bring_up(data: xr.Dataset, there: xr.Dataset, partial: Path) -> None:
    """Write the times that are there again, and add those that are not."""
    import numpy as np

    known = there["time"].values
    places = np.searchsorted(known, data["time"].values)
    old = places < len(known)
    aligned = _aligned(data, there)
    for first, last in _runs(places[old]):
        begin = int(np.flatnonzero(places == first)[0])
        part = aligned.isel(time=slice(begin, begin + last - first + 1))
        part = part.drop_vars([name for name in part.coords if "time" not in part[name].dims])
        region = {"time": slice(int(first), int(last) + 1)}
        _plain(part).to_zarr(
            partial, mode="r+", region=region, consolidated=False, safe_chunks=False
        )
    if not old.all():
        added = aligned.isel(time=~old)
        _plain(added).to_zarr(
            partial, mode="a-", append_dim="time", consolidated=False, safe_chunks=False
        )


def _aligned(data: xr.Dataset, there: xr.Dataset) -> xr.Dataset:
    """Chunk lazy data so that no two tasks write one chunk of the store."""
    if not data.chunks:
        return data
    sizes: dict[str, int] = {}
    for variable in there.data_vars.values():
        chunks = variable.encoding.get("chunks") or variable.shape
        sizes.update(zip(map(str, variable.dims), chunks, strict=True))
    return data.chunk({**{name: sizes.get(str(name), -1) for name in data.dims}, "time": -1})


def _runs(places: np.ndarray) -> Iterator[tuple[int, int]]:
    """Give the first and last of each unbroken run of numbers."""
    import numpy as np

    if len(places):
        for run in np.split(places, np.flatnonzero(np.diff(places) != 1) + 1):
            yield int(run[0]), int(run[-1])


def _plain(data: xr.Dataset) -> xr.Dataset:
    """Forget how a source stored the values: the store decides."""
    return data.drop_encoding()


def _share(source: str, target: str) -> None:
    """Share a file where it is replaced and never written into; copy it elsewhere."""
    if _replaces_files():
        try:
            os.link(source, target)
        except OSError:
            pass
        else:
            return
    shutil.copy2(source, target)


def _replaces_files() -> bool:
    """Whether this zarr writes a chunk under another name first; before 3.1 it wrote into it."""
    try:
        from zarr.storage import _local
    except ImportError:
        return False
    return hasattr(_local, "_atomic_write")
