# ruff: noqa: TID252 - in a kernel the package has another name
"""What is left of this person's clusters without a controller, in all namespaces."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

from ..batch.marks import keeper, owner
from ..causes import printable
from ..deadlines import seconds_of
from ..everywhere import ask_each
from ..forkserver import in_thread
from ..protocol_back_ends import KubernetesCluster
from ..rpc import RpcError
from .place import MissingError, Place
from .resource import MARK, OWNER, TITLE, own_idle
from .words import is_ready

_PAGE = "200"
_CLUSTERS, _GROUPS = "daskclusters", "daskworkergroups"


class Left(NamedTuple):
    """What was found.

    Attributes
    ----------
    items
        Clusters, and groups of workers whose cluster is gone.
    remarks
        Sentences on what was not asked, and on what was deleted.
    """

    items: list[KubernetesCluster]
    remarks: list[str]


class _Item(NamedTuple):
    raw: dict[str, Any]
    told: KubernetesCluster


async def left_over(place: Place, *, end: bool = False) -> Left:
    """Return this person's clusters that no controller on this machine keeps.

    All namespaces are asked where that is permitted, else the configured one and those that
    clusters were made in from here.

    Parameters
    ----------
    place
        The Kubernetes cluster.
    end
        Whether to delete those that nothing else would end: the operator asks the scheduler
        whether it is idle, and theirs does not run.

    Raises
    ------
    RpcError
        Nothing could be asked.
    """
    found, remarks = await _find(place)
    if end:
        ended = await asyncio.gather(*(_end_stuck(place, item) for item in found))
        remarks += [
            f"{item.told['title']} ({item.told['id']}) was deleted: its controller is dead, and "
            f"its scheduler has not run for longer than its idle time."
            for item, gone in zip(found, ended, strict=True)
            if gone
        ]
        found = [item for item, gone in zip(found, ended, strict=True) if not gone]
    return Left([item.told for item in found], remarks)


async def remove(place: Place, item: KubernetesCluster) -> None:
    """Delete what ``left_over`` told of; what is gone already is well."""
    kind = _CLUSTERS if item["kind"] == "cluster" else _GROUPS
    with contextlib.suppress(MissingError):
        await place.within(item["namespace"]).ask("DELETE", f"{kind}/{item['name']}")


async def _find(place: Place) -> tuple[list[_Item], list[str]]:
    if await place.may_list_everywhere(_CLUSTERS, _GROUPS):
        return list(_of(*await _both(place, everywhere=True))), []
    names = list(dict.fromkeys([place.namespace, *await in_thread(place.remembered)]))
    answers, refusals = await ask_each(
        names, lambda name: _both(place.within(name), everywhere=False)
    )
    found = [item for answer in answers.values() for item in _of(*answer)]
    text = f"Only these namespaces were asked: {', '.join(answers)}. You may not list all."
    if refusals:
        text += f" These refused: {', '.join(refusals)}."
    return found, [text]


async def _both(
    place: Place, *, everywhere: bool
) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """Return groups and clusters, in this order: a group is made after its cluster."""
    groups = await _list(place, _GROUPS, everywhere)
    return groups, await _list(place, _CLUSTERS, everywhere)


async def _list(place: Place, kind: str, everywhere: bool) -> list[dict[str, Any]]:
    params = {"labelSelector": f"{OWNER}={owner()}", "limit": _PAGE}
    found: list[dict[str, Any]] = []
    while True:
        answer = await place.ask("GET", kind, params=params, namespaced=not everywhere)
        found += answer["items"]
        following = answer["metadata"].get("continue")
        if not following:
            return found
        params = {**params, "continue": following}


def _of(groups: list[dict[str, Any]], clusters: list[dict[str, Any]]) -> Iterator[_Item]:
    for raw in clusters:
        here, lives = keeper(_notes(raw).get(MARK, ""))
        if "deletionTimestamp" not in raw["metadata"] and not (here and lives):
            yield _item(raw, "cluster", certain=here)
    there = {(raw["metadata"]["namespace"], raw["metadata"]["name"]) for raw in clusters}
    for raw in groups:
        meta = raw["metadata"]
        # One that has an owner goes with it. The operator gives it one when it sees both.
        if "deletionTimestamp" in meta or meta.get("ownerReferences"):
            continue
        if (meta["namespace"], raw["spec"]["cluster"]) not in there:
            yield _item(raw, "workers", certain=True)


def _item(raw: dict[str, Any], kind: str, *, certain: bool) -> _Item:
    meta = raw["metadata"]
    where, name = meta["namespace"], meta["name"]
    told = KubernetesCluster(
        id=f"{where}/{name}" if kind == "cluster" else f"{where}/{kind}/{name}",
        kind=kind,
        namespace=where,
        name=name,
        title=printable(_notes(raw).get(TITLE, name)),
        created=meta["creationTimestamp"],
        certain=certain,
    )
    return _Item(raw, told)


def _notes(raw: dict[str, Any]) -> dict[str, str]:
    return raw["metadata"].get("annotations") or {}


async def _end_stuck(place: Place, item: _Item) -> bool:
    """Delete a cluster that has no end of its own, and return whether it was one."""
    told, idle = item.told, own_idle(item.raw) if item.told["kind"] == "cluster" else 0
    if not told["certain"] or not idle or time.time() - seconds_of(told["created"]) < idle:
        return False
    where = place.within(told["namespace"])
    selector = f"dask.org/cluster-name={told['name']},dask.org/component=scheduler"
    # Where that may not be asked or done, it stays in the list.
    with contextlib.suppress(RpcError):
        params = {"labelSelector": selector}
        pods = (await where.ask("GET", "pods", version="v1", params=params))["items"]
        since = max((_unready_since(pod) for pod in pods), default=0.0)
        if time.time() - since >= idle:
            await where.ask("DELETE", f"{_CLUSTERS}/{told['name']}")
            return True
    return False


def _unready_since(pod: dict[str, Any]) -> float:
    """Return since when a pod has not been ready; the end of time if it is."""
    if is_ready(pod):
        return float("inf")
    conditions = pod.get("status", {}).get("conditions") or []
    changed = [c.get("lastTransitionTime") for c in conditions if c["type"] == "Ready"]
    return seconds_of(next(filter(None, changed), pod["metadata"]["creationTimestamp"]))
