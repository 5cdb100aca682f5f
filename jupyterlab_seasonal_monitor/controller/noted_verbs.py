"""The verbs about clusters of named classes whose controllers are dead."""

from __future__ import annotations

from typing import Any

from .batch.marks import keeper, origin
from .causes import describe_error, printable
from .custom import fill_in, hide_secrets
from .forkserver import in_thread
from .noted import Note, left
from .protocol_back_ends import CustomLeftover, CustomRemoved
from .removal import remove_known
from .rpc import Peer, RpcError, Verb

#: What stands before the id of a note that is to be forgotten.
_FORGET = "forget:"


async def _leftovers(peer: Peer, params: object) -> list[CustomLeftover]:
    return [
        CustomLeftover(
            id=noted.mark,
            kind=printable(noted.kind, 200),
            title=printable(noted.title),
            name=printable(noted.name, 200),
            made=noted.made,
            host=origin(noted.mark),
            certain=keeper(noted.mark)[0],
            failed=noted.failed,
        )
        for noted in await in_thread(left)
    ]


async def _remove(peer: Peer, params: dict[str, Any]) -> CustomRemoved:
    """Close clusters that a fresh list holds, whatever else was asked for.

    Of one whose start failed only the note is removed where its id is asked for with
    ``forget:`` before it: its class may find nothing that it could stop.
    """
    # By the time of the click one may have been taken up.
    notes = {noted.mark: noted for noted in await in_thread(left)}
    known = {*notes, *(_FORGET + mark for mark, noted in notes.items() if noted.failed)}

    async def close(wanted: str) -> None:
        mark = wanted.removeprefix(_FORGET)
        await in_thread(_close if mark == wanted else Note.remove, notes[mark])

    return CustomRemoved(clusters=await remove_known(params["clusters"], known, close))


def _close(noted: Note) -> None:
    """Take a cluster up by its name and close it; this blocks."""
    from .launchers.custom import by_name, load_class, parameters

    hide_secrets()
    try:
        cls = load_class(noted.kind)
        take_up, allowed = by_name(cls, noted.name, parameters(cls))
        arguments = fill_in(noted.arguments)
        cluster = take_up(**{name: arguments[name] for name in arguments if name in allowed})
        if hasattr(cluster, "shutdown_on_close"):
            cluster.shutdown_on_close = True
        cluster.close()
    except Exception as error:
        text = f"{printable(noted.title)} could not be stopped by its class {noted.kind}."
        hint = (
            f"Look at the service that runs it. If it is gone there, delete the note {noted.path}."
        )
        raise RpcError("launchFailed", text, hint=hint, cause=describe_error(error)) from error
    noted.remove()


#: Coroutine function by method name.
NOTED_VERBS: dict[str, Verb] = {"customLeftovers": _leftovers, "customRemove": _remove}
