"""What is asked of the server while nobody does anything."""

from __future__ import annotations

import contextlib
import re
import time
from collections import Counter
from dataclasses import dataclass, field
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
#: After how many seconds without an act _alone for longer_ begins.
_LONG = 150
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


def measure(quick: bool) -> Section:
    """Return the requests of an idle page, and whether they count as activity."""
    seconds = 30 if quick else 120
    section = Section(
        name="idle",
        title=f"Left alone for {seconds} s",
        how=paragraphs(
            f"""
            Requests and websocket messages of a visible page in which nobody does
            anything, counted for {seconds} s that begin 15 s after the last act. A request
            is an extension's when its code is on the stack that made it, or on an
            asynchronous one that led there (Chrome's debugger protocol), or when it goes to
            `/dask/` or `/proxy/`, as those of dashboards do. JupyterLab polls
            `/api/sessions` and `/api/kernels` every {_POLL_INTERVAL} s whatever is
            installed; these count only beyond that pace. Messages are those of all
            websockets but JupyterLab's own for events. _Alone for longer_ is the same again,
            {_LONG} s after the last act; this project's plots pause themselves, by default
            after ten minutes, here after one.

            The server's `last_activity` decides whether a hub ends it. JupyterLab's own
            polls move it too; here they were marked with `no_track_activity`, so that what
            moves it is the extension.
            """
        ),
    )
    resting = ours(dashboards={"pauseAfter": 1})
    scenes = [
        Scene("none", none(OURS)),
        Scene("ours never", ours()),
        Scene("ours opened", ours(), ["sidebar"]),
        Scene("peer never", peer()),
    ]
    scenes_with_clusters = [
        Scene("ours cluster", ours(), ["sidebar", "cluster"]),
        Scene("peer cluster", peer(), ["sidebar", "cluster"]),
        Scene("ours pane", ours(), ["sidebar", "cluster", "pane"]),
        Scene("peer pane", peer(), ["sidebar", "cluster", "pane"]),
        Scene("ours paused", resting, ["sidebar", "cluster", "pane"]),
    ]
    later: dict[str, Scene] = {}
    for group in (scenes, scenes_with_clusters):
        with contextlib.ExitStack() as stack:
            browser = stack.enter_context(Browser())
            labs = [stack.enter_context(Lab(scene.subject)) for scene in group]
            pages = [
                stack.enter_context(browser.open(lab.url, traced=True, quiet=True)) for lab in labs
            ]
            for scene, page in zip(group, pages, strict=True):
                prepare(page, scene)
            time.sleep(15)
            left = time.monotonic() - 15
            watch(group, labs, pages, seconds)
            if group is not scenes_with_clusters:
                continue
            time.sleep(max(0, left + _LONG - time.monotonic()))
            again = [Scene(f"{scene.key} later", scene.subject) for scene in group]
            watch(again, labs, pages, seconds)
            later.update({scene.key: scene for scene in again})
    found = {scene.key: scene for scene in scenes + scenes_with_clusters} | later
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


def watch(scenes: list[Scene], labs: list[Lab], pages: list[Page], seconds: float) -> None:
    """Leave all of them alone for so long, and note what happened."""
    for page in pages:
        page.call("traffic")
    began = time.time()
    time.sleep(seconds)
    for scene, lab, page in zip(scenes, labs, pages, strict=True):
        traffic = page.call("traffic")
        asked = traffic["requests"]
        scene.total = len(asked)
        scene.requests = own_requests(asked, seconds)
        scene.messages = sum(
            1 for item in traffic["messages"] if "/api/events/" not in item.get("url", "")
        )
        scene.moved = lab.last_activity() > began


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
