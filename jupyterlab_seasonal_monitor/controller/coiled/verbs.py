# ruff: noqa: TID252 - in a kernel the package has another name
"""The verbs about Coiled. Nothing is asked of it that no page asked for."""

from __future__ import annotations

from typing import Any

from ..forkserver import in_thread
from ..kubernetes.resource import default_image
from ..packages import lacking, require
from ..protocol import CoiledDescription, CoiledRemoved
from ..rpc import Peer, RpcError, Verb
from .account import PACKAGE, connect, sign_in


async def _describe(peer: Peer, params: dict[str, Any]) -> CoiledDescription:
    told = CoiledDescription(
        workspace=params["workspace"],
        workspaces=[],
        image=await in_thread(default_image),
        missing=await in_thread(lacking, PACKAGE),
        problem=None,
        hint=None,
        clusters=[],
    )
    if told["missing"]:
        return told
    try:
        account = await sign_in()
        try:
            await account.enter(params["workspace"])
        finally:
            told["workspaces"] = account.workspaces
        told["workspace"] = account.workspace
        told["clusters"] = await account.mine()
    except RpcError as error:
        told["problem"], told["hint"] = str(error), error.data["hint"]
    return told


async def _remove(peer: Peer, params: dict[str, Any]) -> CoiledRemoved:
    """Stop clusters that a fresh list holds, whatever else was asked for."""
    await in_thread(require, PACKAGE)
    account = await connect(params["workspace"])
    # By the time of the click one may have been taken up.
    known = {cluster["name"] for cluster in await account.mine()}
    removed = []
    for name in dict.fromkeys(params["clusters"]):
        number = await account.find(name) if name in known else None
        if number is not None:
            await account.delete(number, "stopped in Jupyter")
            removed.append(name)
    return CoiledRemoved(clusters=removed)


#: Coroutine function by method name.
COILED_VERBS: dict[str, Verb] = {"coiledDescribe": _describe, "coiledRemove": _remove}
