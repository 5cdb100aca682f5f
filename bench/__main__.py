"""Compare this project with dask-labextension and with bare Dask.

Writes ``docs/benchmarks.md``. Needs what ``make setup`` installs. A measure that is
left out keeps its last result in the report. A quick run writes its report below
``.cache/bench`` instead.
"""

from __future__ import annotations

import argparse
import signal
import sys
import time

from . import report
from .build import production_build
from .lab import OURS, PEER
from .machine import CACHE, commit, load, now
from .measures import MEASURES


def main() -> int:
    """Run the measures that were asked for, and write the report.

    Returns
    -------
    int
        0 when all of them ran, whether or not their goals were met; otherwise 1.
    """
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--quick", action="store_true", help="few repeats and short times")
    parser.add_argument(
        "--only", nargs="+", choices=MEASURES, metavar="NAME", help=f"of {', '.join(MEASURES)}"
    )
    options = parser.parse_args()
    for environment in (OURS, PEER):
        if not (environment / "bin" / "python").exists():
            print(f"There is no environment {environment.name}: run `make setup`.", file=sys.stderr)
            return 1
    # So that what was started is ended, also when a run is ended from outside.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    CACHE.mkdir(parents=True, exist_ok=True)
    print("Building the front end for production", flush=True)
    measured = commit()
    production_build()
    path = report.QUICK if options.quick else report.PATH
    report.QUICK.unlink(missing_ok=True)
    failed = []
    for name in options.only or MEASURES:
        begun, started, average = time.monotonic(), now(), load()
        print(f"\n==> {name} (load average {average})", flush=True)
        try:
            section = MEASURES[name](options.quick)
        except (OSError, RuntimeError, TimeoutError, ValueError) as error:
            print(f"{name} did not run: {error}", file=sys.stderr)
            failed.append(name)
            continue
        section.started, section.load, section.quick = started, average, options.quick
        section.commit = measured
        print(report.summary(section))
        print(f"    {name}: {time.monotonic() - begun:.0f} s", flush=True)
        report.put(section, path)
    print(f"\nThe report is {path}")
    if failed:
        print(f"Did not run: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    raise SystemExit(main())
