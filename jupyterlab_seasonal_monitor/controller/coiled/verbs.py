# ruff: noqa: TID252 - in a kernel the package has another name
"""The verb about Coiled. Nothing is asked of it that no page asked for."""

from __future__ import annotations

from typing import Any

from ..forkserver import in_thread
from ..kubernetes.resource import default_image
from ..packages import lacking
from ..protocol import CoiledDescription
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


#: Coroutine function by method name.
COILED_VERBS: dict[str, Verb] = {"coiledDescribe": _describe}
