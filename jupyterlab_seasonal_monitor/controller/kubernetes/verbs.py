# ruff: noqa: TID252 - in a kernel the package has another name
"""The verbs about Kubernetes. Nothing is asked of it that no page asked for."""

from __future__ import annotations

import asyncio
from typing import Any

from ..forkserver import in_thread
from ..packages import lacking, require
from ..protocol_back_ends import KubernetesDescription, KubernetesRemoved
from ..removal import remove_known
from ..rpc import Peer, RpcError, Verb
from .left import left_over, remove
from .place import PACKAGE, connect
from .resource import default_image


async def _describe(peer: Peer, params: dict[str, Any]) -> KubernetesDescription:
    told = KubernetesDescription(
        namespace=params["namespace"],
        image=await in_thread(default_image),
        missing=await in_thread(lacking, PACKAGE),
        problem=None,
        hint=None,
        clusters=[],
        remarks=[],
    )
    if told["missing"]:
        return told
    try:
        place = await connect(params["namespace"])
        told["namespace"] = place.namespace
        # Who may make none in the configured namespace can have some in another.
        checked, left = await asyncio.gather(
            place.check(), left_over(place, end=True), return_exceptions=True
        )
        if not isinstance(left, BaseException):
            told["clusters"], told["remarks"] = left
        for problem in (checked, left):
            if isinstance(problem, BaseException):
                raise problem
    except RpcError as error:
        told["problem"], told["hint"] = str(error), error.data["hint"]
    return told


async def _remove(peer: Peer, params: dict[str, Any]) -> KubernetesRemoved:
    """Delete clusters that a fresh list holds, whatever else was asked for."""
    await in_thread(require, PACKAGE)
    place = await connect(params["namespace"])
    # By the time of the click one may have been taken up, or be another person's.
    known = {item["id"]: item for item in (await left_over(place)).items}

    async def delete(name: str) -> None:
        await remove(place, known[name])

    return KubernetesRemoved(clusters=await remove_known(params["clusters"], known, delete))


#: Coroutine function by method name.
VERBS: dict[str, Verb] = {
    "kubernetesDescribe": _describe,
    "kubernetesRemove": _remove,
}
