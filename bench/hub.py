"""Measure 40 pages at one JupyterHub with a Dask Gateway.

``python -m bench.hub`` writes its section of ``docs/benchmarks.md`` and keeps the others.
Needs what ``make setup`` installs.
"""

from __future__ import annotations

from .measures import hub
from .single import run

if __name__ == "__main__":
    raise SystemExit(
        run("python -m bench.hub", __doc__, hub.measure, clicks=(20, "how many make a cluster"))
    )
