"""A class that joins: servers of their own, clusters of the gateway, starts that are spread."""

from __future__ import annotations

from collections import Counter
from typing import Any

from bench.demohub import DemoHub, Users, free_memory
from bench.stats import Row, Section, paragraphs, quantile

#: MB that somebody takes: a server, a scheduler and a worker.
_PERSON = 600
_ASKED = {"worker_memory": 0.5, "workers": 1}
#: Seconds after which a server, or a cluster, counts as failed.
_LIMIT = 240


def measure(quick: bool, people: int = 12) -> Section:
    """Return how long joining takes, and how often it fails.

    Parameters
    ----------
    quick
        Whether a few people and a short window are enough.
    people
        How many join; fewer do where memory is short.
    """
    people, minutes = (3, 0.5) if quick else (people, 2.0)
    people = max(1, min(people, int(free_memory() * 0.7 / _PERSON)))
    names = [f"person{number:02}" for number in range(people)]
    with DemoHub(names) as hub, Users() as users:
        joined: list[dict[str, Any]] = users.call(
            "join",
            hub=hub.url,
            address=f"{hub.url}/services/dask-gateway",
            workshop={"id": "bench", "stagger": minutes},
            users=[{**one, "tab": one["name"]} for one in hub.tokens("servers", "access:servers")],
            options=_ASKED,
            limit=_LIMIT,
        )
    return Section(
        name="workshop",
        title="A class joins at one JupyterHub",
        how=paragraphs(
            f"""
            The hub and the Dask Gateway of `deploy/`, real and on this machine; so are
            {people} single-user servers and as many clusters of one worker, which are
            processes here. Nobody's server runs before. All click _Join_ at the same moment
            in a class whose starts are spread over {minutes:g} minutes; each waits for the
            place that the page's own code gives to their name. Then their server is started
            through the hub's API and asked until it answers, and the page's own model,
            provider and transport (from `lib/`, in Node, without a browser) ask the gateway
            for a cluster. A server or a cluster that is not there after {_LIMIT} s has
            failed. The machine was shared with other programs: times are an upper bound.
            """
        ),
        rows=_rows(joined, people, minutes),
        notes=[f"What failed: {_failures(joined) or 'nothing'}."],
    )


def _rows(joined: list[dict[str, Any]], people: int, minutes: float) -> list[Row]:
    """Return when they joined, and how long it took."""
    servers = [one["server"] for one in joined if "server" in one]
    workers = [one["server"] + one["ready"] for one in joined if "ready" in one]
    places = [one["place"] for one in joined]
    failed = people - len(workers)
    rows = [
        Row(
            f"Failures, of {people}",
            "",
            words={"ours": str(failed)},
            goal="0",
            met=failed == 0,
        ),
        Row(
            "Last place in the window",
            "s",
            [max(places)],
            goal=f"≤ {minutes * 60:g} s",
            met=max(places) <= minutes * 60,
        ),
        Row("Most starts within 10 s", "people", [_most(places, 10)]),
    ]
    if servers:
        rows.append(Row("From the place to the server", "s", servers))
    if workers:
        rows += [
            Row("From the place to the first worker", "s", workers),
            Row("From the place to the first worker, 95 %", "s", [quantile(workers, 0.95)]),
        ]
    return rows


def _most(places: list[float], seconds: float) -> int:
    """Return how many places at most lie within so many seconds."""
    return max(sum(first <= place < first + seconds for place in places) for first in places)


def _failures(joined: list[dict[str, Any]]) -> str:
    found = Counter(one["failed"] for one in joined if "failed" in one)
    return "; ".join(f"{count} x {text}" for text, count in sorted(found.items()))
