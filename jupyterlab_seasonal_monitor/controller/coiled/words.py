# ruff: noqa: TID252 - in a kernel the package has another name
"""What Coiled tells of a cluster, in words."""

from __future__ import annotations

from collections import Counter
from typing import Any

from ..causes import printable, redact
from ..protocol_cluster import Cause

_SCHEDULER = {
    "queued": "its machine waits for its turn",
    "starting": "its machine starts",
    "started": "its machine runs, the software comes",
    "ready": "the software comes",
}
_HINTS = [
    (
        ("quota", "limit", "vcpu"),
        "Ask for fewer or smaller workers, or ask for a higher quota at the cloud.",
    ),
    (
        ("capacity", "insufficient", "stockout"),
        "The cloud has no such machines free: choose another region or size, or try later.",
    ),
    (
        ("image", "manifest", "docker", "container", "software"),
        "Check the image or the environment's name, and that Coiled may pull it.",
    ),
    (
        ("permission", "denied", "credential", "forbidden", "setup"),
        "Run `coiled setup` in a terminal, or ask who has set up the workspace.",
    ),
]


def progress(details: dict[str, Any]) -> str:
    """Return what a cluster that starts waits for."""
    state = _state(details)
    if state in ("pending", "starting"):
        reason = _reason(details)
        return f"its network is made{': ' + reason if reason else ''}"
    scheduler = details.get("scheduler") or {}
    machine = _state(scheduler.get("instance"))
    return _SCHEDULER.get(machine, "it is prepared")


def reasons(details: dict[str, Any]) -> list[str]:
    """Return why a cluster and its scheduler have failed or ended, most telling first."""
    scheduler = details.get("scheduler") or {}
    found = []
    for name, part in (
        ("The scheduler", scheduler),
        ("The scheduler's machine", scheduler.get("instance")),
        ("The network", details.get("cluster_infra")),
        ("The cluster", details),
    ):
        if _state(part) in ("error", "stopping", "stopped") and _reason(part):
            found.append(f"{name}: {_reason(part)}")
    return found


def worker_causes(details: dict[str, Any]) -> list[Cause]:
    """Return why workers have failed, the commonest reason first."""
    counts: Counter[str] = Counter()
    for worker in details.get("workers") or []:
        for part in (worker, worker.get("instance")):
            if _state(part) == "error":
                counts[_reason(part) or "no reason is told"] += 1
                break
    return [
        Cause(
            message=f"{'One worker' if count == 1 else f'{count} workers'}: {reason}",
            hint=hint_for(reason),
        )
        for reason, count in counts.most_common(3)
    ]


def starting(details: dict[str, Any]) -> int:
    """Return how many workers are still on their way."""
    states = [_state(worker) for worker in details.get("workers") or []]
    return sum(state in ("pending", "starting") for state in states)


def failed_machines(details: dict[str, Any]) -> list[str]:
    """Return the machines of the scheduler and of workers that have failed, by name."""
    found = []
    for process in (details.get("scheduler") or {}, *(details.get("workers") or [])):
        machine = process.get("instance") or {}
        if machine.get("name") and "error" in (_state(process), _state(machine)):
            found.append(str(machine["name"]))
    return found


def hint_for(reason: str) -> str:
    """Return what can be done about a reason of Coiled's."""
    low = reason.lower()
    for words, hint in _HINTS:
        if any(word in low for word in words):
            return hint
    return "Look at the cluster's page at Coiled, which has more."


def _state(part: dict[str, Any] | None) -> str:
    return str(((part or {}).get("current_state") or {}).get("state", ""))


def _reason(part: dict[str, Any] | None) -> str:
    reason = ((part or {}).get("current_state") or {}).get("reason")
    return printable(redact(str(reason or "")), 300)
