"""The verbs about clusters of named classes whose controllers are dead."""

from __future__ import annotations

from typing import Any

from .batch.marks import keeper, origin
from .causes import describe_error, printable
from .forkserver import in_thread
from .noted import Note, account, left
from .protocol_back_ends import CustomLeftover, CustomLeftovers, CustomRemoved
from .removal import remove_known
from .rpc import Peer, RpcError, Verb
from .unfinished import close, end_unfinished, take_up

#: What stands before the id of a note that is to be forgotten.
_FORGET = "forget:"


async def _leftovers(peer: Peer, params: object) -> CustomLeftovers:
    """Tell of what is left, once that which nothing would end has an end."""
    remarks = await end_unfinished(await in_thread(left))
    clusters = [
        CustomLeftover(
            id=noted.mark,
            kind=printable(noted.kind, 200),
            title=printable(noted.title),
            name=printable(noted.name, 200),
            made=noted.made,
            host=origin(noted.mark),
            certain=keeper(noted.mark)[0],
            failed=noted.failed,
            refused=noted.refused,
        )
        for noted in await in_thread(left)
    ]
    return CustomLeftovers(clusters=clusters, remarks=remarks)


async def _remove(peer: Peer, params: dict[str, Any]) -> CustomRemoved:
    """Close clusters that a fresh list holds, whatever else was asked for.

    Of one whose start failed, or that its class could not stop, only the note is removed
    where its id is asked for with ``forget:`` before it: there may be nothing to be stopped.
    """
    # By the time of the click one may have been taken up.
    notes = {noted.mark: noted for noted in await in_thread(left)}
    doubtful = [mark for mark, noted in notes.items() if noted.failed or noted.refused]
    known = {*notes, *(_FORGET + mark for mark in doubtful)}

    async def stop(wanted: str) -> None:
        mark = wanted.removeprefix(_FORGET)
        await in_thread(_close if mark == wanted else Note.remove, notes[mark])

    return CustomRemoved(clusters=await remove_known(params["clusters"], known, stop))


def _close(noted: Note) -> None:
    """Take a cluster up by its name and close it; this blocks."""
    title = printable(noted.title)
    try:
        if noted.account != account(noted.kind):
            text = "It was made with other variables of the environment, of another account."
            raise ValueError(text)
        close(take_up(noted))
    except Exception as error:
        noted.refused = True
        noted.write()
        causes = describe_error(error)
        said = printable(causes[0]["message"], 200).rstrip(".")
        text = f"{title} could not be stopped. {said}."
        hint = "If it is gone at its service, tick its note to forget it."
        raise RpcError("launchFailed", text, hint=hint, cause=causes) from error
    noted.remove()


#: Coroutine function by method name.
VERBS: dict[str, Verb] = {"customLeftovers": _leftovers, "customRemove": _remove}
