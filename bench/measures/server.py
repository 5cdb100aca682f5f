"""What being installed costs each server: time to start, and memory."""

from __future__ import annotations

import statistics
import time
from pathlib import Path

from bench.lab import OURS, PEER, Lab, Subject, none, ours, peer
from bench.processes import memory
from bench.stats import Row, Section, paragraphs

_NAMES = ("seconds", "cpu", "rss", "pss")


def measure(quick: bool) -> Section:
    """Return the server's start time and memory with and without the extensions."""
    section = Section(
        name="server",
        title="Cost to the server of being installed",
        how=paragraphs(
            """
            JupyterLab servers that nobody uses, started one after the other in turns.
            Each extension is compared with its own environment in the same round with
            the extension switched off, so that other packages make no difference. CPU
            seconds are those of the server process up to its first answer; memory was
            read two seconds later. Differences are medians over the rounds;
            jupyter-server-proxy, which both depend on, has its own line and is part of
            neither.
            """
        ),
    )
    kinds: dict[str, tuple[Subject, Path]] = {
        "ours": (ours(), OURS),
        "none ours": (none(OURS), OURS),
        "peer": (peer(), PEER),
        "none peer": (none(PEER), PEER),
        "no proxy": (none(OURS, proxy=False), OURS),
    }
    found: dict[str, list[dict[str, float]]] = {kind: [] for kind in kinds}
    order = list(kinds)
    for _ in range(2 if quick else 5):
        for kind in order:
            found[kind].append(once(kinds[kind][0]))
        order = order[1:] + order[:1]

    def added(kind: str, base: str, name: str) -> list[float]:
        pairs = zip(found[kind], found[base], strict=True)
        return [one[name] - other[name] for one, other in pairs]

    units = {"seconds": "s", "cpu": "s", "rss": "MB", "pss": "MB"}
    titles = {
        "seconds": "added time to the first answer",
        "cpu": "added CPU time to the first answer",
        "rss": "added memory (RSS)",
        "pss": "added memory (PSS)",
    }
    for name in _NAMES:
        mine = added("ours", "none ours", name)
        noise = spread([one[name] for one in found["none ours"]])
        bound = max(noise, 0.02 if name == "cpu" else 0.5 if name in ("rss", "pss") else 0.05)
        section.rows.append(
            Row(
                f"A{titles[name][1:]}",
                units[name],
                mine,
                added("peer", "none peer", name),
                goal=f"0 (± {bound:.2g} {units[name]} of noise)",
                met=statistics.median(mine) <= bound,
            )
        )
    for name in ("cpu", "rss"):
        section.rows.append(
            Row(
                f"jupyter-server-proxy by itself: {titles[name]}",
                units[name],
                floor=added("none ours", "no proxy", name),
            )
        )
    section.rows.append(
        Row(
            "Server without either: memory (RSS)",
            "MB",
            floor=[x["rss"] for x in found["none ours"]],
        )
    )
    section.notes.append(
        "The noise is half of the distance between the smallest and the largest value of the same "
        "server with this project switched off."
    )
    return section


def once(subject: Subject) -> dict[str, float]:
    """Start and end one server."""
    with Lab(subject) as lab:
        times = lab.process.cpu_times()
        cpu = times.user + times.system
        time.sleep(2)
        return {"seconds": lab.start_seconds, "cpu": cpu, **memory(lab.process)}


def spread(values: list[float]) -> float:
    """Return half of the distance between the smallest and the largest."""
    return (max(values) - min(values)) / 2
