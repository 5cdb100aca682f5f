"""Measure 40 pages at one JupyterHub with a Dask Gateway.

``python -m bench.hub`` writes its section of ``docs/benchmarks.md`` and keeps the others.
Needs what ``make setup`` installs.
"""

from __future__ import annotations

import argparse
import signal
import sys

from . import report
from .machine import CACHE, commit, load, now
from .measures import hub


def main() -> int:
    """Run the measure and write its section.

    Returns
    -------
    int
        0 when it ran, whether or not its goals were met.
    """
    parser = argparse.ArgumentParser(prog="python -m bench.hub", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few people and a short time")
    parser.add_argument("--clicks", type=int, default=20, help="how many make a cluster (20)")
    options = parser.parse_args()
    # So that what was started is ended, also when a run is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    CACHE.mkdir(parents=True, exist_ok=True)
    measured, started, average = commit(), now(), load()
    section = hub.measure(options.quick, options.clicks)
    section.started, section.load, section.quick = started, average, options.quick
    section.commit = measured
    print(report.summary(section))
    report.put(section, report.QUICK if options.quick else report.PATH)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
