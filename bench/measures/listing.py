"""Frames of the page with many clusters and many workers."""

from __future__ import annotations

import json
import time

from bench.actions import open_sidebar
from bench.browser import Browser, Page
from bench.lab import OURS, Lab, none, ours
from bench.stats import Row, Section, at_most, paragraphs, quantile

_CLUSTERS = 300
_WORKERS = 2000
_BOUND = 16.0
_CARDS = ".jp-DaskClusters-scroller"
_TABLE = ".jp-DaskTable-body"
_TEXT = ".bench-text"
#: What JupyterLab does so many seconds after its start is none of this.
_SETTLE = 5
#: So long each load runs before it is measured.
_WARM = 5
#: A frame that spends so much on it ends a collection of the whole heap, in ms.
_COLLECTS = 5.0


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
            animation frame to the next (scripts, layout, painting, collection of garbage;
            from Chrome's trace), which other programs on the machine hardly change; a
            screen shows 60 a second as long as it is below 16 ms. No task counts for more
            than the time that it took: the processor clock of a virtual machine jumps.
            Garbage of JupyterLab's start and of the case before is collected before each;
            V8 leaves itself so little room then that it soon collects again, so each load
            runs for {_WARM} s before it is measured. _Scrolling_ moves by 120 px each
            frame. Each cluster whose card is looked at _changes_ once a second, as fast as an
            owner ever sends its numbers; to a card that only passes by none are sent. The
            table gets {_WORKERS:,} new rows once a second. The floor is a bare JupyterLab,
            with this project switched off, in the same rounds: a plain text of as many lines
            as the table has rows is scrolled as fast, or nothing is done.
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
    frames: dict[str, list[list[dict[str, float]]]] = {}

    def note(kind: str, page: Page, load: dict[str, object] | None = None) -> None:
        frames.setdefault(kind, []).append(run(page, seconds, load))

    with (
        Browser() as browser,
        Lab(ours(local={"warmStart": False})) as lab,
        Lab(none(OURS)) as bare,
    ):
        for _ in range(1 if quick else 3):
            with browser.open(bare.url) as page:
                page.evaluate(f"bench.openText({_WORKERS})")
                time.sleep(_SETTLE)
                note("bare still", page)
                note("bare scrolled", page, {"selector": _TEXT, "pixels": 120})
            with browser.open(lab.url) as page:
                open_sidebar(page, "ours")
                listed = page.evaluate(f"bench.synthesise({_CLUSTERS}, {_WORKERS})")
                if listed != _CLUSTERS:
                    raise RuntimeError(f"{listed} clusters are listed")
                time.sleep(_SETTLE)
                for kind, loads in cases.items():
                    if kind == "workers":
                        page.evaluate("bench.openWorkers()")
                    for name, load in loads:
                        note(f"{kind} {name}", page, load)
    titles = {"clusters": f"{_CLUSTERS} clusters", "workers": f"{_WORKERS:,} workers"}
    for kind, loads in cases.items():
        for name, load in loads:
            mine = frames[f"{kind} {name}"]
            floor = frames["bare scrolled" if "selector" in load else "bare still"]
            for what, share, whole, bound in (
                ("95 % of frames", 0.95, True, _BOUND),
                ("longest frame", 1.0, False, _BOUND),
                ("longest frame with the heap", 1.0, True, None),
            ):
                times = [work(one, share, whole=whole) for one in mine]
                section.rows.append(
                    Row(
                        f"{titles[kind]}, {name}: {what}",
                        "ms",
                        times,
                        floor=[work(one, share, whole=whole) for one in floor],
                        goal="" if bound is None else f"≤ {bound:.0f} ms",
                        met=None if bound is None else at_most(times, bound),
                    )
                )
    section.notes += [
        (
            "The peer has no worker table and no way to list clusters that it did not start, so "
            "there is nothing to compare with."
        ),
        f"What the longest frame of all did: {parts(frames)}.",
        (
            "_With the heap_ counts V8's collections of the page's whole heap, too, as the rows "
            "of 95 % do. One comes in some seconds of anything that the page does, and takes as "
            "long as JupyterLab's own objects are many: the floor, a plain text in a JupyterLab "
            "without this project, has such frames as well. The rows without it are what this "
            "project's code, its layout and its painting take at most. "
            f"Such a collection was in {collected(frames, bare=False)} here, and in "
            f"{collected(frames, bare=True)} of the floor. Until 2026-11-28 the rows of the "
            "longest frame counted it, and all clusters changed, looked at or not."
        ),
    ]
    return section


def work(frames: list[dict[str, float]], share: float, *, whole: bool = True) -> float:
    """Return the time below which ``share`` (0 to 1) of the frames lie, in ms.

    Parameters
    ----------
    frames
        Their times and parts, in ms.
    share
        Of the frames.
    whole
        Whether collections of the page's whole heap count.
    """
    return quantile(
        [frame["work"] - (0.0 if whole else frame.get("heap", 0.0)) for frame in frames], share
    )


def collected(frames: dict[str, list[list[dict[str, float]]]], *, bare: bool) -> str:
    """Return in words how many of the floor's frames, or of all others, collect the heap."""
    chosen = listed(frames, bare=bare)
    count = sum(frame.get("heap", 0.0) >= _COLLECTS for frame, _ in chosen)
    return f"{count} of {len(chosen):,} frames"


def listed(
    frames: dict[str, list[list[dict[str, float]]]], *, bare: bool
) -> list[tuple[dict[str, float], str]]:
    """Return all frames of the floor, or all others, each with the name of its case."""
    return [
        (frame, kind)
        for kind, rounds in frames.items()
        if kind.startswith("bare") is bare
        for one in rounds
        for frame in one
    ]


def parts(frames: dict[str, list[list[dict[str, float]]]]) -> str:
    """Return in words what the longest frame of all was spent on."""
    longest, kind = max(listed(frames, bare=False), key=lambda item: item[0]["work"])
    names = sorted((name for name in longest if name != "work"), key=lambda name: -longest[name])
    spent = ", ".join(f"{name} {longest[name]:.1f}" for name in names if longest[name] >= 0.1)
    return f"{spent} ms ({kind})"


def run(
    page: Page, seconds: float, load: dict[str, object] | None = None
) -> list[dict[str, float]]:
    """Return the times of all frames, in ms, in all and by what took them."""

    def loaded(duration: float) -> str:
        options = {"pixels": 0, "seconds": duration, **(load or {})}
        return f"bench.load({json.dumps(options)})"

    return page.trace(loaded(seconds), first=loaded(_WARM))
