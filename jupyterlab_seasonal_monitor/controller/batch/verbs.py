# ruff: noqa: TID252 - in a kernel the package has another name
"""The verbs about batch systems and accounts. Nothing is asked of one that no page asked for."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..causes import printable
from ..forkserver import in_thread
from ..protocol import Leftover, QueueCancelled, QueueDescription
from ..rpc import Peer, RpcError, Verb
from .base import Asked, CommandError
from .marks import leftovers
from .options import interfaces


def queue_verbs(systems: Mapping[str, Asked]) -> dict[str, Verb]:
    """Return the coroutine functions by method name.

    Parameters
    ----------
    systems
        What can be asked, by name.
    """

    async def describe(peer: Peer, params: dict[str, Any]) -> QueueDescription:
        system = system_of(params)
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

    async def leftover(peer: Peer, params: dict[str, Any]) -> list[Leftover]:
        return await _find(system_of(params))

    async def cancel(peer: Peer, params: dict[str, Any]) -> QueueCancelled:
        """Cancel jobs that a fresh list holds, whatever else was asked for."""
        system = system_of(params)
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

    def system_of(params: dict[str, Any]) -> Asked:
        system = systems.get(params["system"])
        if system is None:
            text = f"There is no batch system “{printable(params['system'])}”."
            raise RpcError("notFound", text)
        return system

    return {"queueDescribe": describe, "queueLeftovers": leftover, "queueCancel": cancel}


async def _find(system: Asked) -> list[Leftover]:
    if not system.tells:
        text = f"Jobs that were left over are not found on {system.label}."
        raise RpcError("invalid", text, hint="Look with the commands of the batch system.")
    try:
        return await leftovers(system)
    except CommandError as error:
        hint = f"Ask your administrator whether {system.label} runs."
        raise RpcError("unavailable", str(error), hint=hint) from error
