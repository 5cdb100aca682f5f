"""A class at one hub: what its pages ask of the gateway, and how long clusters take."""

from __future__ import annotations

import time
from collections import Counter
from typing import Any

from bench.demohub import PARTS, DemoHub, Usage, Users, free_memory
from bench.stats import Row, Section, median, paragraphs, quantile

#: MB that a cluster takes, with its scheduler and one worker.
_CLUSTER = 400
_ASKED = {"worker_memory": 0.5, "workers": 1}
#: Seconds in which the people click, and after which a cluster counts as failed.
_WITHIN, _LIMIT = 10, 180
#: In the mean no more requests of a page than one a second.
_MOST = 60

_REMEMBERED = (
    "Each answer of the gateway to a page costs the hub one request, since the page sends no "
    "cookie by which the gateway could remember it."
)
_RETRIES = (
    "After a look that failed a page waits a random time, up to three times the last one and "
    "at most two minutes, so that pages do not come back together."
)


def measure(quick: bool, clicks: int = 20) -> Section:
    """Return the load of many pages on a real hub and gateway.

    Parameters
    ----------
    quick
        Whether a few pages and a short time are enough.
    clicks
        How many people make a cluster; fewer do where memory is short.
    """
    pages, clicks, seconds = (8, 4, 20) if quick else (40, clicks, 60)
    clicks = max(1, min(clicks, int(free_memory() * 0.7 / _CLUSTER)))
    names = [f"user{number:02}" for number in range(clicks)]
    section = Section(
        name="hub",
        title="Many pages at one JupyterHub",
        how=paragraphs(
            f"""
            The hub and the Dask Gateway of `deploy/`, real and on this machine; so are the
            clusters, which are processes here. {pages} pages without a browser, in one Node
            process: the page's own model, provider and transport from `lib/`, with tokens
            such as pages have, so that what is asked, and when, is what the code asks.
            Somebody is at each page and looks at a card all the time, which is the most
            that a page asks. The users' own servers do not run: they are asked nothing.

            {clicks} people have the pages, each {_each(pages, clicks)} tabs. All open the
            sidebar; then each fills in the gateway's form in one tab and clicks, all within
            {_WITHIN} s, for a cluster of one worker. The time is from the click until the
            card says that the worker is there, on a card that is read every 5 to 7.5 s.
            _Quiet_ are {seconds} s thereafter, in which all tabs look at the clusters.
            Processor time is in percent of one core. The machine was shared with other
            programs, and starts {3 * clicks} Python processes for the clusters at once: the
            times of clicks are an upper bound.
            """
        ),
    )
    with DemoHub(names) as hub, Users() as users:
        address = f"{hub.url}/services/dask-gateway"
        tokens = hub.tokens()
        tabs = [{**tokens[number % clicks], "tab": f"{number}"} for number in range(pages)]
        failed = users.call("open", address=address, users=tabs, seconds=5)
        opened = users.call("traffic")
        before, began = hub.usage(), time.monotonic()
        clicked = users.call(
            "click",
            tabs=[tab["tab"] for tab in tabs[:clicks]],
            options=_ASKED,
            seconds=_WITHIN,
            limit=_LIMIT,
        )
        busy = hub.usage().percent(before, time.monotonic() - began)
        stormy = users.call("traffic")
        # The other tabs learn of the clusters as their sidebars are opened again.
        users.call("refresh")
        users.call("wait", seconds=10)
        users.call("traffic")
        before, began = hub.usage(), time.monotonic()
        users.call("wait", seconds=seconds)
        after = hub.usage()
        quiet = after.percent(before, time.monotonic() - began)
        asked = users.call("traffic")
        cards = sum(1 for count in users.call("cards") if count)
    section.rows = [
        *_requests(asked, cards, seconds),
        *_clicks(clicked, clicks),
        *_use(quiet, busy, after),
    ]
    errors = Counter(
        f"{one['kind']}: HTTP {one['status']}"
        for one in opened + stormy + asked
        if not 200 <= one["status"] < 300
    )
    section.notes = [
        f"Opening {pages} sidebars made {len(opened)} requests; {failed} pages failed.",
        _REMEMBERED,
        _RETRIES,
        f"Clusters that failed: {_words(clicked) or 'none'}.",
        f"Answers that were no success: {_list(errors) or 'none'}.",
    ]
    return section


def _each(pages: int, people: int) -> str:
    """Return how many tabs each of them has, in words."""
    least, rest = divmod(pages, people)
    return f"{least} or {least + 1}" if rest else f"{least}"


def _requests(asked: list[dict[str, Any]], pages: int, seconds: float) -> list[Row]:
    """Return what a page with a card asks in a minute."""
    kinds = Counter(one["kind"] for one in asked)
    per_minute = {kind: count * 60 / seconds / pages for kind, count in kinds.items()}
    total = sum(per_minute.values())
    burst = max(Counter(int(one["time"] // 1000) for one in asked).values())
    took = [one["took"] / 1000 for one in asked if "took" in one and one["kind"] == "list"]
    unit = "a minute"
    return [
        Row(
            f"Quiet: requests of a page ({pages} with a card)",
            unit,
            [total],
            goal=f"≤ {_MOST}",
            met=total <= _MOST,
        ),
        *(Row(f"Quiet: of these, {kind}", unit, [per_minute[kind]]) for kind in sorted(per_minute)),
        Row("Quiet: most requests in one second, all pages", "requests", [burst]),
        Row("Quiet: answer to a list", "s", took),
        Row("Quiet: answer to a list, 95 %", "s", [quantile(took, 0.95)]),
    ]


def _clicks(clicked: list[dict[str, Any]], count: int) -> list[Row]:
    """Return how long the clusters took."""
    ready = [one["ready"] for one in clicked if "ready" in one]
    running = [one["running"] for one in clicked if "ready" in one]
    failures = count - len(ready)
    rows = [
        Row(
            f"Clusters that failed, of {count}",
            "",
            words={"ours": str(failures)},
            goal="0",
            met=failures == 0,
        )
    ]
    if median(ready) is None:
        return rows
    return [
        Row("From the click to the scheduler", "s", running),
        Row("From the click to the first worker", "s", ready),
        Row("From the click to the first worker, 95 %", "s", [quantile(ready, 0.95)]),
        *rows,
    ]


def _use(quiet: dict[str, float], busy: dict[str, float], after: Usage) -> list[Row]:
    """Return what the hub's processes used."""
    return [
        *(
            Row(f"{when}: processor of {part}", "%", [use[part]])
            for when, use in (("Quiet", quiet), ("During the clicks", busy))
            for part in PARTS
            if part in use
        ),
        *(
            Row(f"Memory of {part} (PSS)", "MB", [after.megabytes[part]])
            for part in PARTS
            if part in after.megabytes
        ),
    ]


def _words(clicked: list[dict[str, Any]]) -> str:
    return _list(Counter(one["failed"] for one in clicked if "failed" in one))


def _list(found: Counter[str]) -> str:
    return "; ".join(f"{count} x {text}" for text, count in sorted(found.items()))
