"""What opening a dataset would cost, known without reading it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

from seasonal_monitor.advisor import Workload, worker_memory

if TYPE_CHECKING:
    import xarray as xr


@dataclass(frozen=True)
class Plan:
    """Size of a lazy dataset.

    Attributes
    ----------
    shape : dict
        Length of each dimension.
    bytes, chunk_bytes, tasks : int
        Of all bands, of one chunk of one band, of the graph.
    worker_bytes : int
        Memory that a worker with one thread needs at least.
    """

    shape: dict[str, int]
    bytes: int
    chunk_bytes: int
    tasks: int
    worker_bytes: int

    def __str__(self) -> str:
        shape = ", ".join(f"{name} {length}" for name, length in self.shape.items())
        return (
            f"{shape}: {self.bytes / 1e6:,.1f} MB in chunks of {self.chunk_bytes / 1e6:,.1f} MB, "
            f"{self.tasks:,} tasks. Give each worker {self.worker_bytes / 1e9:.1f} GB or more "
            "for each thread."
        )


def describe(data: xr.Dataset, factor: float = 3.0) -> Plan:
    """Say how large a lazy dataset is and what memory its workers need; reads nothing.

    Parameters
    ----------
    data : Dataset
        What `open_source` gave.
    factor : float
        How often a chunk is held while it is worked on, see `advisor.WORKING_FACTOR`.
    """
    bands = [band for band in data.data_vars.values() if band.chunks is not None]
    chunk = max((band.dtype.itemsize * math.prod(band.data.chunksize) for band in bands), default=0)
    memory = worker_memory(Workload(1, 1, max(1, chunk), 1, factor), max(1, chunk))
    shape = {str(name): length for name, length in data.sizes.items()}
    return Plan(shape, int(data.nbytes), chunk, len(data.__dask_graph__() or ()), memory)
