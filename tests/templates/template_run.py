"""A whole template, run by papermill on a real cluster, and what it left."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import nbformat
import numpy as np
import pytest
import rasterio
import xarray as xr
from distributed import LocalCluster
from template_notebook import printed, run_cells, run_unattended

from seasonal_monitor.errors import ParameterError


@dataclass(frozen=True)
class Run:
    notebook: nbformat.NotebookNode
    output: Path
    tasks: set[str]

    def printed(self, cell: str) -> str:
        return printed(self.notebook, cell)

    def tiff(self, name: str) -> np.ndarray:
        return read_tiff(self.output / f"{name}.tif")

    def zarr(self, name: str) -> xr.Dataset:
        with xr.open_zarr(self.output / f"{name}.zarr", consolidated=False) as store:
            return store.load()

    def check(self, label: str) -> None:
        """See that the whole notebook ran, on the cluster."""
        assert "2 workers, 2 threads" in self.printed("connect")
        assert any(label in name for name in self.tasks), self.tasks
        assert "All is plausible" in self.printed("plausible")
        for cell in ("map", "series"):
            assert has_picture(self.notebook, cell), cell


@dataclass(frozen=True)
class Runner:
    archive: Path
    cluster: LocalCluster
    folders: pytest.TempPathFactory

    def run(self, template: str, **parameters: object) -> Run:
        folder = self.folders.mktemp(template)
        before = self._computed()
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("DASK_SCHEDULER_ADDRESS", self.cluster.scheduler_address)
            notebook = run_unattended(
                folder,
                template,
                catalog=str(self.archive / "catalog.json"),
                output="results",
                **parameters,
            )
        after = self._computed()
        tasks = {name for name, seconds in after.items() if seconds > before.get(name, 0.0)}
        return Run(notebook, folder / "results", tasks)

    def _computed(self) -> dict[str, float]:
        """How long the workers computed tasks of each name so far, in seconds."""
        prefixes = self.cluster.scheduler.task_prefixes
        return {name: prefix.all_durations["compute"] for name, prefix in prefixes.items()}


def has_picture(notebook: nbformat.NotebookNode, cell_id: str) -> bool:
    (cell,) = [cell for cell in notebook.cells if cell.id == cell_id]
    return any("image/png" in output.get("data", {}) for output in cell.outputs)


def read_tiff(path: Path) -> np.ndarray:
    """One raster as values, with its own scale, NaN where there is no data."""
    with rasterio.open(path) as raster:
        stored = raster.read(1)
        values = stored * raster.scales[0] + raster.offsets[0]
        return np.where(stored == raster.nodata, np.nan, values)


def refuse(template: str, last_cell: str, words: str, **parameters: object) -> None:
    """See that a template refuses parameters before anything is computed, in words."""
    with pytest.raises(ParameterError, match=words) as caught:
        run_cells(last_cell, template, **parameters)
    assert len(str(caught.value)) < 400
    assert str(caught.value).endswith(".")
