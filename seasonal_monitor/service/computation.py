"""Computes an answer on the cluster, and leaves nothing there when it is cancelled."""

from __future__ import annotations

import asyncio
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from seasonal_monitor.errors import ParameterError, SeasonalMonitorError

from .jobs import Job
from .limits import Limits
from .polygons import read_polygons

if TYPE_CHECKING:
    import geopandas
    import xarray as xr
    from distributed import Client, Future

_NOT_DONE = frozenset({"released", "waiting", "no-worker", "queued", "processing"})


@dataclass(frozen=True)
class Asked:
    """A question that was checked as far as it can be without the archive."""

    product: str
    start: str
    end: str
    statistics: tuple[str, ...]
    zones: geopandas.GeoDataFrame
    min_coverage: float


@dataclass(frozen=True)
class Table:
    """An answer.

    Attributes
    ----------
    columns : list of str
        ``date``, ``zone`` and the statistics.
    rows : list of list
        One for each date and zone; None where there is no data.
    units : str
        Of the statistics; a count has none.
    """

    columns: list[str]
    rows: list[list[Any]]
    units: str


class Computation:
    """Statistics of an archive's products.

    Parameters
    ----------
    source : str or Path
        As for :func:`seasonal_monitor.sources.open_source`.
    products : mapping of str to str
        The band of each collection that may be asked for.
    client : Client
        Of the cluster.
    limits : Limits
        What one question may want.
    """

    def __init__(
        self, source: str | Path, products: Mapping[str, str], client: Client, limits: Limits
    ) -> None:
        self.source = source
        self.products = dict(products)
        self.client = client
        self.limits = limits

    def check(
        self,
        product: str,
        start: str,
        end: str,
        statistics: Sequence[str],
        polygons: Mapping[str, Any],
        id_property: str | None,
        min_coverage: float,
    ) -> Asked:
        """Check a question before it is queued.

        Raises
        ------
        ParameterError
            Names the parameter as the interface calls it.
        """
        from seasonal_monitor.algorithms.zonal import STATISTICS
        from seasonal_monitor.sources import period_of

        if product not in self.products:
            raise ParameterError(
                "product",
                f"{product[:60]!r} is not served, only {', '.join(self.products)}.",
                "Choose one of these.",
            )
        period_of(start, end)
        unknown = [name for name in statistics if name not in STATISTICS]
        if unknown or not statistics:
            raise ParameterError(
                "statistics",
                f"{unknown[0][:60]!r} is not known." if unknown else "none is named.",
                f"Use some of {', '.join(STATISTICS)}.",
            )
        if not 0 <= min_coverage <= 1:
            raise ParameterError(
                "min_coverage", f"{min_coverage:g} is no share.", "Give a number from 0 to 1."
            )
        zones = read_polygons(polygons, id_property, self.limits)
        once = tuple(dict.fromkeys(statistics))
        return Asked(product, start, end, once, zones, min_coverage)

    async def run(self, job: Job) -> Table:
        """Compute the answer of a job.

        Raises
        ------
        SeasonalMonitorError
            In words.
        """
        plan = await asyncio.to_thread(self._plan, job.question)
        future = await asyncio.to_thread(self.client.compute, plan)
        try:
            job.key = str(future.key)
            await _end_of(future)
            result = await asyncio.to_thread(_result_of, future)
        finally:
            # A cancelled task must not leave before the cluster knows, so this is not cancelled.
            await asyncio.shield(asyncio.to_thread(self._forget, future))
        return await asyncio.to_thread(_table, result, job.question)

    async def progress(self, job: Job) -> tuple[int, int] | None:
        """Count a job's tasks that are done, and all; None while it is not on the cluster."""
        if not job.key:
            return None
        try:
            found: tuple[int, int] | None = await asyncio.to_thread(
                self.client.run_on_scheduler, _tally, key=job.key
            )
        except (OSError, ImportError):  # it is away for now, or lacks this library
            return None
        return found

    def _plan(self, asked: Asked) -> xr.Dataset:
        """Plan the statistics of a question; reads the catalogue and no raster."""
        from seasonal_monitor.algorithms import zonal_statistics, zone_weights
        from seasonal_monitor.sources import open_source

        band = self.products[asked.product]
        area = [float(edge) for edge in asked.zones.total_bounds]
        try:
            data = open_source(self.source, asked.product, band, area, asked.start, asked.end)[band]
        except ParameterError as error:
            name = {"area": "polygons", "collection": "product", "bands": "product"}
            renamed = name.get(error.parameter, error.parameter)
            raise type(error)(renamed, error.problem, error.advice) from error
        rows = data.sizes["time"] * len(asked.zones)
        for text, size, most in (
            ("values in the area and period", data.size, self.limits.values),
            ("rows", rows, self.limits.rows),
        ):
            if size > most:
                raise ParameterError(
                    "end",
                    f"{size:,} {text} are too many, {most:,} is the most.",
                    "Ask for a shorter period, or for the polygons in parts.",
                )
        weights = zone_weights(
            data, asked.zones, id_column="zone", min_coverage=asked.min_coverage, outside="nan"
        )
        return zonal_statistics(data, weights, statistics=asked.statistics).assign_attrs(
            units=data.attrs.get("units", "1")
        )

    def _forget(self, future: Future) -> None:
        if not future.done():
            self.client.cancel([future], force=True)
        future.release()


async def _end_of(future: Future) -> None:
    """Wait until a future is done, without keeping a thread."""
    loop, ended = asyncio.get_running_loop(), asyncio.Event()
    future.add_done_callback(lambda _: loop.call_soon_threadsafe(ended.set))
    await ended.wait()


def _result_of(future: Future) -> xr.Dataset:
    from distributed import CancelledError, KilledWorker

    try:
        result: xr.Dataset = future.result()
    except KilledWorker as error:
        raise SeasonalMonitorError(
            "The workers that computed it died, probably of memory. Ask for a shorter period or a "
            "smaller area, or give the workers more memory."
        ) from error
    except CancelledError as error:
        raise SeasonalMonitorError(
            "The cluster gave it up. Is it still running? Ask again."
        ) from error
    return result


def _table(result: xr.Dataset, asked: Asked) -> Table:
    rows: list[list[Any]] = []
    values = [result[name].values for name in asked.statistics]
    dates = [str(day)[:10] for day in result["time"].values]
    for step, day in enumerate(dates):
        for place, zone in enumerate(result["zone"].values):
            numbers = [float(array[step, place]) for array in values]
            rows.append([day, str(zone), *(None if math.isnan(n) else n for n in numbers)])
    return Table(["date", "zone", *asked.statistics], rows, str(result.attrs["units"]))


def _tally(key: str, dask_scheduler: Any = None) -> tuple[int, int] | None:  # noqa: ANN401
    """Count, on the scheduler, the tasks that a result needs."""
    last = dask_scheduler.tasks.get(key)
    if last is None:
        return None
    seen, left = {last}, [last]
    while left:
        for task in left.pop().dependencies:
            if task not in seen:
                seen.add(task)
                left.append(task)
    # What was computed and used is released, with nobody waiting for it.
    open_tasks = sum(
        task.state in _NOT_DONE and (task.state != "released" or bool(task.waiters))
        for task in seen
    )
    return len(seen) - open_tasks, len(seen)
