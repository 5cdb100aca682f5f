# ruff: noqa: TID252 - in a kernel the package has another name
"""The verbs about Coiled. Nothing is asked of it that no page asked for."""

from __future__ import annotations

from typing import Any

from ..forkserver import in_thread
from ..kubernetes.resource import default_image
from ..packages import lacking, require
from ..protocol_back_ends import CoiledDescription, CoiledRemoved
from ..removal import remove_known
from ..rpc import Peer, RpcError, Verb
from .account import PACKAGE, sign_in


async def _describe(peer: Peer, params: dict[str, Any]) -> CoiledDescription:
    told = CoiledDescription(
        workspace=params["workspace"],
        workspaces=[],
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
        account = await sign_in()
        try:
            await account.enter(params["workspace"])
            told["workspace"] = account.workspace
            await account.require_cloud()
        finally:
            told["workspaces"] = account.workspaces
            # Who has yet to choose a workspace can have clusters in each.
            if account.workspaces:
                told["clusters"], told["remarks"] = await account.mine()
    except RpcError as error:
        told["problem"], told["hint"] = str(error), error.data["hint"]
    return told


async def _remove(peer: Peer, params: dict[str, Any]) -> CoiledRemoved:
    """Stop clusters that a fresh list holds, whatever else was asked for."""
    await in_thread(require, PACKAGE)
    account = await sign_in()
    await account.look_up()
    # By the time of the click one may have been taken up.
    known = {cluster["id"]: cluster for cluster in (await account.mine())[0]}

    async def delete(wanted: str) -> None:
        there = account.within(known[wanted]["workspace"])
        number = await there.find(known[wanted]["name"])
        if number is not None:
            await there.delete(number, "stopped in Jupyter")

    return CoiledRemoved(clusters=await remove_known(params["clusters"], known, delete))


#: Coroutine function by method name.
VERBS: dict[str, Verb] = {"coiledDescribe": _describe, "coiledRemove": _remove}
