"""Remove what is left, and never more than a fresh list holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable

from .rpc import RpcError


async def remove_known(
    asked: Iterable[str], known: Collection[str], remove: Callable[[str], Awaitable[object]]
) -> list[str]:
    """Remove what was asked for and is known, each once, and return what is gone.

    What was gone already by the time of its removal counts: nobody has to look for it.

    Parameters
    ----------
    asked
        What a person has ticked, by id.
    known
        What a fresh list holds: by the time of the click things may be gone, in use again, or
        another person's.
    remove
        Removes one; what is gone already is well.

    Raises
    ------
    RpcError
        The first refusal, where nothing could be removed.
    """
    removed: list[str] = []
    refusal: RpcError | None = None
    for name in dict.fromkeys(asked):
        if name not in known:
            continue
        try:
            await remove(name)
        except RpcError as error:
            refusal = refusal or error
        else:
            removed.append(name)
    if refusal is not None and not removed:
        raise refusal
    return removed
