"""One measure that is run by itself, and writes its section of the report."""

from __future__ import annotations

import argparse
import signal
import sys
from collections.abc import Callable

from . import report
from .machine import CACHE, commit, load, now
from .stats import Section


def run(
    program: str,
    text: str | None,
    measure: Callable[..., Section],
    **numbers: tuple[int, str],
) -> int:
    """Run the measure and write its section.

    Parameters
    ----------
    program, text
        What its help says.
    measure
        Called with whether it shall be quick, and with the numbers.
    numbers
        By name the default and what it is.

    Returns
    -------
    int
        0 when it ran, whether or not its goals were met.
    """
    parser = argparse.ArgumentParser(prog=program, description=text)
    parser.add_argument("--quick", action="store_true", help="few people and a short time")
    for name, (default, what) in numbers.items():
        parser.add_argument(f"--{name}", type=int, default=default, help=f"{what} ({default})")
    options = vars(parser.parse_args())
    quick = options.pop("quick")
    # So that what was started is ended, also when a run is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    CACHE.mkdir(parents=True, exist_ok=True)
    measured, started, average = commit(), now(), load()
    section = measure(quick, **options)
    section.started, section.load, section.quick = started, average, quick
    section.commit = measured
    sys.stdout.write(report.summary(section) + "\n")
    report.put(section, report.QUICK if quick else report.PATH)
    return 0
