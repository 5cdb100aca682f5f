"""Measure a class that joins at one JupyterHub, each with a server of their own.

``python -m bench.workshop`` writes its section of ``docs/benchmarks.md`` and keeps the others.
Needs what ``make setup`` installs.
"""

from __future__ import annotations

from .measures import workshop
from .single import run

if __name__ == "__main__":
    raise SystemExit(
        run(
            "python -m bench.workshop",
            __doc__,
            workshop.measure,
            people=(12, "how many join"),
        )
    )
