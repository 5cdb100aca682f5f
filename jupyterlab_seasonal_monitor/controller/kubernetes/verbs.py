# ruff: noqa: TID252 - in a kernel the package has another name
"""The verb about Kubernetes. Nothing is asked of it that no page asked for."""

from __future__ import annotations

from typing import Any

from ..forkserver import in_thread
from ..packages import lacking
from ..protocol import KubernetesDescription
from ..rpc import Peer, RpcError, Verb
from .place import PACKAGE, connect
from .resource import default_image, left_over


async def _describe(peer: Peer, params: dict[str, Any]) -> KubernetesDescription:
    told = KubernetesDescription(
        namespace=params["namespace"],
        image=await in_thread(default_image),
        missing=await in_thread(lacking, PACKAGE),
        problem=None,
        hint=None,
        clusters=[],
    )
    if told["missing"]:
        return told
    try:
        place = await connect(params["namespace"])
        told["namespace"] = place.namespace
        await place.check()
        told["clusters"] = await left_over(place)
    except RpcError as error:
        told["problem"], told["hint"] = str(error), error.data["hint"]
    return told


#: Coroutine function by method name.
KUBERNETES_VERBS: dict[str, Verb] = {"kubernetesDescribe": _describe}
