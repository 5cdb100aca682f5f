"""What a notebook leaves in a folder: rasters, a Zarr store, tables; whole ones or none."""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seasonal_monitor import dekads
from seasonal_monitor.errors import OutputError
from seasonal_monitor.outputs.replace import replacing

if TYPE_CHECKING:
    import pandas as pd
    import xarray as xr

NODATA = -9999.0


class Results:
    """A folder for results. Those of the same name are replaced.

    Each file or store is written under another name first, then renamed: what is found under its
    name is whole.

    Parameters
    ----------
    folder : str or Path
        Is made if it is missing.
    dry_run : bool
        Write nothing.

    Raises
    ------
    OutputError
        When the folder cannot be made or written to.
    """

    def __init__(self, folder: str | Path, dry_run: bool = False) -> None:
        self.folder = Path(folder).expanduser()
        self.dry_run = dry_run
        self.written: list[Path] = []
        self._checks: list[Callable[[], None]] = []
        if dry_run:
            return
        try:
            self.folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise OutputError(
                "output",
                f"{self.folder.absolute()} cannot be made ({error.strerror}).",
                "Choose a folder of your own.",
            ) from error
        if not os.access(self.folder, os.W_OK):
            raise OutputError(
                "output",
                f"{self.folder.absolute()} cannot be written to.",
                "Choose a folder of your own.",
            )

    def rasters(self, data: xr.DataArray, name: str) -> None:
        """Write Cloud Optimized GeoTIFFs: one for each dekad, or year, or one without either.

        Parameters
        ----------
        data : DataArray, shape ([time or year,] y, x)
            Computed; NaN becomes -9999.
        name : str
            Such as ``vim``, for ``vim_202403d1.tif``.
        """
        for label, image in _images(data):
            path = self.folder / f"{name}{label}.tif"
            self._put(path, partial(_write_tiff, image))
            self._checks.append(partial(_check_tiff, path, image))

    def zarr(self, data: xr.Dataset, name: str) -> None:
        """Write everything into one Zarr store.

        Parameters
        ----------
        data : Dataset
            Computed.
        name : str
            Of the store, without ``.zarr``.
        """
        path = self.folder / f"{name}.zarr"
        self._put(path, partial(data.to_zarr, mode="w", consolidated=False))
        self._checks.append(partial(_check_zarr, path, data))

    def table(self, table: pd.DataFrame, name: str, formats: tuple[str, ...] = ("csv",)) -> None:
        """Write a table.

        Parameters
        ----------
        table : DataFrame
            Its index is left out.
        name : str
            Of the file, without ending.
        formats : tuple of "csv" or "parquet"
            One file for each.
        """
        if "csv" in formats:
            path = self.folder / f"{name}.csv"
            self._put(path, partial(table.to_csv, index=False))
            self._checks.append(partial(_check_table, path, table))
        if "parquet" in formats:
            path = self.folder / f"{name}.parquet"
            self._put(path, partial(table.to_parquet, index=False))
            self._checks.append(partial(_check_table, path, table))

    def __str__(self) -> str:
        if self.dry_run:
            return "Dry run: no files were written."
        return f"{len(self.written)} results in {self.folder.resolve()}"

    def check(self) -> None:
        """Read again what was written; of tables only how many rows and columns they have.

        Raises
        ------
        AssertionError
            When one is not what was computed.
        """
        if not self.dry_run:
            for look in self._checks:
                look()

    def _put(self, path: Path, write: Callable[[Path], Any]) -> None:
        """Write a file or folder beside `path`, then let it take its name."""
        if self.dry_run:
            return
        with replacing(path) as part:
            write(part)
        self.written.append(path)


def _images(data: xr.DataArray) -> list[tuple[str, xr.DataArray]]:
    """Take a stack apart, with the ending of each one's name."""
    import pandas as pd

    if "time" in data.dims:
        steps = [dekads.step_of(day) for day in pd.DatetimeIndex(data["time"].values)]
        return [
            (f"_{dekads.label(step)}", data.isel(time=place, drop=True))
            for place, step in enumerate(steps)
        ]
    if "year" in data.dims:
        return [(f"_{int(year)}", data.sel(year=year, drop=True)) for year in data["year"].values]
    return [("", data)]


def _write_tiff(image: xr.DataArray, path: Path) -> None:
    import odc.geo.xr  # noqa: F401 - gives data its `odc`

    from seasonal_monitor.outputs.cogs import Stored, encode_cog
    from seasonal_monitor.outputs.places import Grid

    # Made in memory: what the system refuses is then said by Python, not by GDAL.
    encoding = Stored("float32", NODATA)
    name, units = str(image.name or "value"), str(image.attrs.get("units", "1"))
    numbers = encoding.encode(name, image.values.astype("float64"))
    path.write_bytes(encode_cog(numbers, Grid.of(image), name, encoding, units, block_px=256))


def _check_tiff(path: Path, image: xr.DataArray) -> None:
    import rasterio

    with rasterio.open(path) as written:
        same = (written.read(1) == image.astype("float32").fillna(NODATA).values).all()
    if not same:
        raise AssertionError(f"{path.name} is not what was computed.")


def _check_zarr(path: Path, data: xr.Dataset) -> None:
    import xarray as xr

    with xr.open_zarr(path, consolidated=False) as written:
        if not written.equals(data):
            raise AssertionError(f"{path.name} is not what was computed.")


def _check_table(path: Path, table: pd.DataFrame) -> None:
    import pandas as pd

    read = pd.read_csv if path.suffix == ".csv" else pd.read_parquet
    written = read(path)
    if written.shape != table.shape or list(written.columns) != list(table.columns):
        raise AssertionError(f"{path.name} is not what was computed.")
