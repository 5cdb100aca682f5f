# ruff: noqa: TID252 - in a kernel the package has another name
"""The verbs about batch systems. Nothing is asked of one that no page asked for."""

from __future__ import annotations

from typing import Any

from ..causes import printable
from ..forkserver import in_thread
from ..protocol_back_ends import QueueCancelled, QueueDescription, QueueLeftover
from ..rpc import Peer, RpcError, Verb
from .base import BatchSystem, CommandError
from .marks import leftovers
from .options import interfaces
from .systems import SYSTEMS


async def _describe(peer: Peer, params: dict[str, Any]) -> QueueDescription:
    system = _system(params)
    description = QueueDescription(
        queues=[],
        interfaces=await in_thread(interfaces),
        missing=await in_thread(system.missing),
        problem=None,
    )
    if system.submit not in description["missing"]:
        try:
            description["queues"] = await system.queues()
        except CommandError as error:
            description["problem"] = str(error)
    return description


async def _leftovers(peer: Peer, params: dict[str, Any]) -> list[QueueLeftover]:
    return await _find(_system(params))


async def _cancel(peer: Peer, params: dict[str, Any]) -> QueueCancelled:
    """Cancel jobs that a fresh list holds, whatever else was asked for."""
    system = _system(params)
    # By the time of the click a job may have ended, and its number be another's.
    known = {job["id"] for job in await _find(system)}
    jobs = [job for job in params["jobs"] if job in known]
    if jobs:
        try:
            await system.cancel(jobs)
        except CommandError as error:
            hint = "Try again, or cancel them with the batch system's own command."
            raise RpcError("launchFailed", str(error), hint=hint) from error
    return QueueCancelled(jobs=jobs)


async def _find(system: BatchSystem) -> list[QueueLeftover]:
    if not system.tells:
        text = f"Jobs that were left over are not found on {system.label}."
        raise RpcError("invalid", text, hint="Look with the commands of the batch system.")
    try:
        return await leftovers(system)
    except CommandError as error:
        hint = f"Ask your administrator whether {system.label} runs."
        raise RpcError("unavailable", str(error), hint=hint) from error


def _system(params: dict[str, Any]) -> BatchSystem:
    system = SYSTEMS.get(params["system"])
    if system is None:
        text = f"There is no batch system “{printable(params['system'])}”."
        raise RpcError("notFound", text)
    return system


#: Coroutine function by method name.
VERBS: dict[str, Verb] = {
    "queueDescribe": _describe,
    "queueLeftovers": _leftovers,
    "queueCancel": _cancel,
}
