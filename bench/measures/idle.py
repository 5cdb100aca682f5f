"""What is asked of the server while nobody does anything."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from dataclasses import dataclass, field, replace
from typing import Any

from bench.actions import click_new, open_sidebar
from bench.browser import Browser, Page
from bench.lab import OURS, Lab, Subject, none, ours, peer
from bench.stats import Row, Section, paragraphs

#: Addresses that only the extensions ask for; other requests are known by who made them.
_OWN = re.compile(r"/(dask|proxy)/")
#: Addresses that JupyterLab asks for by itself, each every ten seconds.
_POLLED = re.compile(r"/api/(sessions|kernels)(\?|$)")
_POLL_INTERVAL = 10
#: After how many seconds without an act the counting begins, and that of _alone for longer_.
_SOON = 15
_LATER = 90
_PLOT = "individual-task-stream"


@dataclass
class Scene:
    """A JupyterLab that is left alone, and what had been done in it before."""

    key: str
    subject: Subject
    steps: list[str] = field(default_factory=list)
    requests: int = 0
    total: int = 0
    messages: int = 0
    #: Whether the server's last activity moved.
    moved: bool = False


@dataclass
class Seat:
    """A scene with its JupyterLab and its page."""

    scene: Scene
    lab: Lab
    page: Page

    def note(self, begin: float, seconds: float) -> None:
        """Note what happened since a time, in s since the epoch: so many seconds ago."""
        traffic = self.page.call("traffic", since=begin * 1000)
        asked = traffic["requests"]
        self.scene.total = len(asked)
        self.scene.requests = own_requests(asked, seconds)
        self.scene.messages = sum(
            1 for item in traffic["messages"] if "/api/events/" not in item.get("url", "")
        )
        self.scene.moved = self.lab.last_activity() > begin


def measure(quick: bool) -> Section:
    """Return the requests of an idle page, and whether they count as activity."""
    seconds = 30 if quick else 120
    section = Section(
        name="idle",
        title=f"Left alone for {seconds} s",
        how=paragraphs(
            f"""
            Requests and websocket messages of a visible page in which nobody does
            anything, counted for {seconds} s that begin {_SOON} s after the last act. A request
            is an extension's when its code is on the stack that made it, or on an
            asynchronous one that led there (Chrome's debugger protocol), or when it goes to
            `/dask/` or `/proxy/`, as those of dashboards do. JupyterLab polls
            `/api/sessions` and `/api/kernels` every {_POLL_INTERVAL} s whatever is
            installed; these count only beyond that pace. Messages are those of all
            websockets but JupyterLab's own for events. _Alone for longer_ is the same again,
            from {_LATER} s after the last act on; this project's plots pause themselves, by
            default after ten minutes, here after one.

            The server's `last_activity` decides whether a hub ends it. JupyterLab's own
            polls move it too; here they were marked with `no_track_activity`, so that what
            moves it is the extension.
            """
        ),
    )
    resting = ours(dashboards={"pauseAfter": 1})
    paused, plotted = "ours paused", "peer pane"
    scenes = [
        Scene("none", none(OURS)),
        Scene("ours never", ours()),
        Scene("peer never", peer()),
        Scene("ours cluster", ours(), ["sidebar", "cluster"]),
        Scene("peer cluster", peer(), ["sidebar", "cluster"]),
        Scene("ours pane", ours(), ["sidebar", "cluster", "pane"]),
        Scene(plotted, peer(), ["sidebar", "cluster", "pane"]),
        Scene(paused, resting, ["sidebar", "cluster", "pane"]),
        # The last one: a stand-by that nobody uses ends after some minutes.
        Scene("ours opened", ours(), ["sidebar"]),
    ]
    with contextlib.ExitStack() as stack:
        browser = stack.enter_context(Browser())
        seats = []
        for scene in scenes:
            lab = stack.enter_context(Lab(scene.subject))
            page = stack.enter_context(browser.open(lab.url, traced=True, quiet=True))
            prepare(page, scene)
            seats.append(Seat(scene, lab, page))
        left = time.time()
        later = [
            replace(seat, scene=Scene(f"{seat.scene.key} later", seat.scene.subject))
            for seat in seats
            if seat.scene.key in (paused, plotted)
        ]
        # They are alone at the same time, each in a JupyterLab and a page of its own.
        for group, begin in ((seats, left + _SOON), (later, left + _LATER)):
            time.sleep(max(0, begin + seconds - time.time()))
            for seat in group:
                seat.note(begin, seconds)
    found = {seat.scene.key: seat.scene for seat in seats + later}
    base = found["none"]
    section.rows = [
        *rows("No cluster, sidebar never opened", found, "never", goal=True),
        *rows("No cluster, sidebar open", found, "opened", goal=True),
        *rows("One quiet cluster", found, "cluster", goal=True),
        *rows("One quiet cluster, one plot open", found, "pane"),
        *rows("The same, alone for longer and paused", found, "paused later", goal=True),
        Row(
            "JupyterLab alone: all of its requests",
            "requests",
            words={"floor": f"{base.total}, last_activity {moved(base)}"},
        ),
    ]
    section.notes.append(
        "With the sidebar open, this project's stand-by controller waits in a kernel; the peer has "
        "one kind of idle page, whether its sidebar is open or not."
    )
    return section


def prepare(page: Page, scene: Scene) -> None:
    """Do what is done before the page is left alone."""
    subject = scene.subject.name
    if "sidebar" in scene.steps:
        open_sidebar(page, subject)
    if "cluster" in scene.steps:
        click_new(page, subject)
    if "pane" in scene.steps:
        if subject == "ours":
            page.evaluate(f"bench.openPlot('{_PLOT}')")
        else:
            page.click(".dask-DashboardListing-item >> text=TASK STREAM >> nth=0")
        page.wait_for("#jp-main-dock-panel iframe")


def own_requests(asked: list[dict[str, Any]], seconds: float) -> int:
    """Return how many requests are the extension's.

    A poll of JupyterLab that the extension has once asked to look at once leads back
    to it for ever; such requests count only beyond the poll's own pace.
    """
    polls: Counter[str] = Counter()
    count = 0
    for item in asked:
        polled = _POLLED.search(item["url"])
        if polled and item["ours"]:
            polls[polled[1]] += 1
        elif item["ours"] or _OWN.search(item["url"]):
            count += 1
    pace = int(seconds // _POLL_INTERVAL) + 1
    return count + sum(max(0, number - pace) for number in polls.values())


def rows(what: str, found: dict[str, Scene], key: str, goal: bool = False) -> list[Row]:
    """Return the lines for one way of being left alone."""
    mine = found[f"ours {key}"]
    same = {"opened": "never", "paused later": "pane later"}
    other = found[f"peer {same.get(key, key)}"]
    return [
        Row(
            f"{what}: requests",
            "requests",
            [mine.requests],
            [other.requests],
            goal="0" if goal else "",
            met=mine.requests == 0 if goal else None,
        ),
        Row(
            f"{what}: websocket messages",
            "messages",
            [mine.messages],
            [other.messages],
            goal="0" if goal else "",
            met=mine.messages == 0 if goal else None,
        ),
        Row(
            f"{what}: `last_activity`",
            "",
            words={"ours": moved(mine), "peer": moved(other)},
            goal="unmoved" if goal else "",
            met=not mine.moved if goal else None,
        ),
    ]


def moved(scene: Scene) -> str:
    """Return in a word whether the server was taken to be in use."""
    return "moved" if scene.moved else "unmoved"
