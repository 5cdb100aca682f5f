"""Bare Dask without any JupyterLab: run as a script, prints what it took in seconds.

Usage: ``floor.py plain|tls``. ``start`` is from the constructor to two workers with
Dask imported already, ``whole`` from the start of the process.
"""

from __future__ import annotations

import json
import os
import sys
import time
from pathlib import Path


def main(security: bool) -> None:
    ticks = os.sysconf("SC_CLK_TCK")
    born = int(Path("/proc/self/stat").read_text().rpartition(")")[2].split()[19]) / ticks
    age = float(Path("/proc/uptime").read_text().split()[0]) - born
    entered = time.monotonic()
    from distributed import LocalCluster

    began = time.monotonic()
    with LocalCluster(
        n_workers=2,
        threads_per_worker=1,
        dashboard_address="127.0.0.1:0",
        security=security or None,
    ) as cluster:
        while len(cluster.scheduler_info["workers"]) < 2:
            time.sleep(0.005)
        ready = time.monotonic()
        print(json.dumps({"start": ready - began, "whole": ready - entered + age}), flush=True)


if __name__ == "__main__":
    main(sys.argv[1] == "tls")
