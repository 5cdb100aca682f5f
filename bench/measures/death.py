"""From the end of a worker process to the card's telling of it."""

from __future__ import annotations

import random
import signal
import time

from bench.actions import click_new, open_sidebar
from bench.browser import Browser
from bench.lab import Lab, ours, peer
from bench.processes import wait_for, workers
from bench.stats import Row, Section, median, paragraphs

#: How long a change is waited for, in s: two of the peer's polls and more.
_PATIENCE = 12.0


def measure(quick: bool) -> Section:
    """Return how long the death of a worker stays unseen."""
    section = Section(
        name="death",
        title="A worker dies",
        how=paragraphs(
            f"""
            `kill -9` of one of two worker processes at a random moment, while the card
            says that there are two. The time runs from the kill to the change of the
            document after which the card no longer says so. What does not show within
            {_PATIENCE:.0f} s has not been shown: Dask replaces a dead worker by itself,
            and a poll can miss that altogether.
            """
        ),
    )
    rounds = 2 if quick else 6
    seen: dict[str, list[float]] = {"ours": [], "peer": []}
    back: dict[str, list[float]] = {"ours": [], "peer": []}
    chance = random.Random(3)
    with Browser() as browser, Lab(ours()) as mine, Lab(peer()) as other:
        for subject, lab in (("ours", mine), ("peer", other)):
            with browser.open(lab.url) as page:
                open_sidebar(page, subject)
                click_new(page, subject)
                for _ in range(rounds):
                    page.evaluate(f"bench.running('{subject}').then(() => true)")
                    await_two_workers(lab)
                    time.sleep(chance.uniform(2, 7))
                    page.evaluate(f"bench.watchCount('{subject}')")
                    victim = workers(lab.folder)[0]
                    killed = time.time()
                    victim.send_signal(signal.SIGKILL)
                    changed = page.evaluate(f"bench.changedWithin({_PATIENCE * 1000})")
                    if changed is not None:
                        seen[subject].append(changed / 1000 - killed)
                        page.evaluate(f"bench.running('{subject}').then(() => true)")
                        back[subject].append(time.time() - killed)
    section.rows = [
        Row(
            "Seen on the card",
            "of kills",
            words={name: f"{len(values)} of {rounds}" for name, values in seen.items()},
            goal="each",
            met=len(seen["ours"]) == rounds,
        ),
        Row(
            "Time until it was seen",
            "s",
            seen["ours"],
            seen["peer"],
            goal="≤ 1 s each time",
            met=len(seen["ours"]) == rounds and max(seen["ours"], default=9) <= 1,
        ),
        Row("Time until the card said two again", "s", back["ours"], back["peer"]),
    ]
    missed = rounds - len(seen["peer"])
    if missed:
        section.notes.append(
            f"The peer's card never told of {missed} of {rounds} deaths: its poll, every 5 s, came "
            "after the replacement. Its times are of the others"
            + ("." if median(seen["peer"]) is not None else ", of which there were none.")
        )
    return section


def await_two_workers(lab: Lab) -> None:
    """Return when both worker processes listen."""
    wait_for(lambda: len(workers(lab.folder)) == 2, "two workers")
