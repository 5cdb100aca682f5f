"""Where a notebook computes: on the cluster that it is connected to, or in its own process."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

import dask

from seasonal_monitor.errors import SeasonalMonitorError

from .measure import measuring

if TYPE_CHECKING:
    import xarray as xr
    from distributed import Client

    Plan = TypeVar("Plan", xr.Dataset, xr.DataArray)

_HAS_LIBRARY = "__import__('importlib.util').util.find_spec('seasonal_monitor') is not None"


def connect(client: object = None) -> Client | None:
    """Find the cluster of this notebook; never starts one.

    Parameters
    ----------
    client : Client, optional
        The notebook's own. Without it any open client, or the address in
        ``DASK_SCHEDULER_ADDRESS``, is taken.

    Returns
    -------
    Client or None
        None when the notebook computes in its own process.

    Raises
    ------
    SeasonalMonitorError
        When the client is closed, or the workers lack this library.
    """
    from distributed import Client

    if client is None:
        try:
            client = Client.current()
        except ValueError:
            address = dask.config.get("scheduler-address", None)
            client = Client(address) if address else None
    if client is None:
        print("No cluster is connected: computing in this notebook's process.")  # noqa: T201
        return None
    if not isinstance(client, Client) or client.status != "running":
        raise SeasonalMonitorError(
            "`client` is not connected to a running cluster. Connect it again, or `del client`."
        )
    if not all(client.run(eval, _HAS_LIBRARY).values()):
        raise SeasonalMonitorError(
            "The cluster's workers have no seasonal_monitor. Start a cluster in the environment of "
            "this notebook, or install jupyterlab-seasonal-monitor[pipelines] in the cluster's."
        )
    threads = client.nthreads().values()
    print(  # noqa: T201
        f"Computing at {client.scheduler.address}: {len(threads)} workers, {sum(threads)} threads"
    )
    return client


def compute(plan: Plan, client: Client | None) -> Plan:
    """Compute a plan with a bar of progress, bring the result here, and say how long it took.

    Parameters
    ----------
    plan : Dataset or DataArray
        Lazy; small enough for this process when it is done.
    client : Client or None
        As :func:`connect` gave it.

    Returns
    -------
    Dataset or DataArray
        With its values. They came over the network, so workers need no access to any folder.
    """
    with measuring(client, plan):
        return _compute(plan, client)


def _compute(plan: Plan, client: Client | None) -> Plan:
    result: Any
    if client is None:
        from dask.diagnostics import ProgressBar

        with ProgressBar(dt=0.5):
            result = plan.compute()
    else:
        from distributed import progress

        running = client.persist(plan)
        progress(running, notebook=False, interval="500ms")
        result = running.compute()
    return result
