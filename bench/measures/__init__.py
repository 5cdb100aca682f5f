"""One file for each measure; each gives a section of the report."""

from __future__ import annotations

from collections.abc import Callable

from bench.stats import Section

from . import bundle, death, hub, idle, listing, server, standby, start

#: By name, in the order of the report: from whether it is a quick run to a section.
MEASURES: dict[str, Callable[[bool], Section]] = {
    "start": start.measure,
    "death": death.measure,
    "idle": idle.measure,
    "bundle": bundle.measure,
    "server": server.measure,
    "standby": standby.measure,
    "listing": listing.measure,
    "hub": hub.measure,
}
