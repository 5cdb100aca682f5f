"""Frames of the page with many clusters and many workers."""

from __future__ import annotations

import json
import time

from bench.actions import open_sidebar
from bench.browser import Browser, Page
from bench.lab import Lab, ours
from bench.stats import Row, Section, at_most, paragraphs, quantile

_CLUSTERS = 300
_WORKERS = 2000
_BOUND = 16.0
_CARDS = ".jp-DaskClusters-scroller"
_TABLE = ".jp-DaskTable-body"


def measure(quick: bool) -> Section:
    """Return the times of frames while long lists are scrolled and change."""
    section = Section(
        name="listing",
        title=f"{_CLUSTERS} clusters, and {_WORKERS:,} workers in one of them",
        how=paragraphs(
            f"""
            The real page with {_CLUSTERS} **synthetic** clusters: a provider that the
            benchmark registers, with no process behind it, since a machine that runs so
            many is not at hand. All else is real: the model, the sidebar, the worker
            table.

            A frame's time is the processor time that the page's main thread used from one
            animation frame to the next (scripts, layout, painting; from Chrome's trace),
            which other programs on the machine do not change; a screen shows 60 a second
            as long as it is below 16 ms. _Scrolling_ moves by 120 px each frame. Each
            cluster _changes_ once a second, {_CLUSTERS} changes in all, as fast as an owner
            ever sends them; the table gets {_WORKERS:,} new rows once a second. The floor is
            the same page with nothing going on.
            """
        ),
    )
    seconds = 2 if quick else 6
    cases = {
        "clusters": [
            ("scrolled", {"selector": _CARDS, "pixels": 120}),
            ("changing", {"update": "clusters", "rate": _CLUSTERS}),
            ("both", {"selector": _CARDS, "pixels": 120, "update": "clusters", "rate": _CLUSTERS}),
        ],
        "workers": [
            ("scrolled", {"selector": _TABLE, "pixels": 120}),
            ("changing", {"update": "workers", "rate": 1}),
            ("both", {"selector": _TABLE, "pixels": 120, "update": "workers", "rate": 1}),
        ],
    }
    frames: dict[str, list[list[float]]] = {}
    with (
        Browser() as browser,
        Lab(ours(local={"warmStart": False})) as lab,
    ):
        for _ in range(1 if quick else 3):
            with browser.open(lab.url) as page:
                open_sidebar(page, "ours")
                listed = page.evaluate(f"bench.synthesise({_CLUSTERS}, {_WORKERS})")
                if listed != _CLUSTERS:
                    raise RuntimeError(f"{listed} clusters are listed")
                time.sleep(5)  # what JupyterLab does after its start is none of this
                for kind, loads in cases.items():
                    if kind == "workers":
                        page.evaluate("bench.openWorkers()")
                    frames.setdefault(kind, []).append(run(page, seconds))
                    for name, load in loads:
                        frames.setdefault(f"{kind} {name}", []).append(run(page, seconds, load))
    titles = {"clusters": f"{_CLUSTERS} clusters", "workers": f"{_WORKERS:,} workers"}
    for kind, loads in cases.items():
        still = frames[kind]
        for name, _load in loads:
            times = frames[f"{kind} {name}"]
            for what, share in (("95 % of frames", 0.95), ("longest frame", 1.0)):
                mine = [quantile(one, share) for one in times]
                section.rows.append(
                    Row(
                        f"{titles[kind]}, {name}: {what}",
                        "ms",
                        mine,
                        floor=[quantile(one, share) for one in still],
                        goal=f"≤ {_BOUND:.0f} ms",
                        met=at_most(mine, _BOUND),
                    )
                )
    section.notes.append(
        "The peer has no worker table and no way to list clusters that it did not start, so there "
        "is nothing to compare with."
    )
    return section


def run(page: Page, seconds: float, load: dict[str, object] | None = None) -> list[float]:
    """Return the times of all frames, in ms."""
    options = json.dumps({"pixels": 0, "seconds": seconds, **(load or {})})
    return page.trace(f"bench.load({options})")
