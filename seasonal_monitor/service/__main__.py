"""Runs the service until it is interrupted."""

from __future__ import annotations

import argparse
import os
import sys
import threading
from collections.abc import Sequence
from contextlib import suppress

from seasonal_monitor.errors import SeasonalMonitorError

from .server import serve

TOKEN = "SEASONAL_MONITOR_SERVICE_TOKEN"  # noqa: S105 - the name of a variable
SCHEDULER = "DASK_SCHEDULER_ADDRESS"


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the service.

    Returns
    -------
    int
        0 after an interrupt, 1 when it could not start; the reason is on standard error.
    """
    parser = argparse.ArgumentParser(
        prog="python -m seasonal_monitor.service",
        description="Answer statistics of polygons from a Dask cluster, on 127.0.0.1. The token "
        f"that requests must carry is read from {TOKEN}, the cluster from {SCHEDULER}.",
    )
    parser.add_argument("source", help="STAC catalogue or API, Zarr store, or odc")
    parser.add_argument(
        "product", nargs="+", help="what may be asked for: collection=band, such as rfh_dekad=rfh"
    )
    parser.add_argument("--port", type=int, default=8010, help="default: %(default)s")
    parser.add_argument("--root-path", default="", help="where it is found behind a proxy")
    options = parser.parse_args(arguments)
    products = dict(text.partition("=")[::2] for text in options.product)
    token, scheduler = os.environ.get(TOKEN), os.environ.get(SCHEDULER)
    if not token:
        print(f"{TOKEN} is not set. Set it to a long random text of your own.", file=sys.stderr)
        return 1
    if "" in products.values():
        parser.error("write products as collection=band, such as rfh_dekad=rfh")
    try:
        client = None
        if scheduler:
            from distributed import Client

            client = Client(scheduler)
        server = serve(
            options.source,
            products,
            client,
            port=options.port,
            token=token,
            root_path=options.root_path,
        )
    except (SeasonalMonitorError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    with server, suppress(KeyboardInterrupt):
        print(f"{server.address}/docs", flush=True)
        threading.Event().wait()
    return 0


if __name__ == "__main__":
    sys.exit(main())
