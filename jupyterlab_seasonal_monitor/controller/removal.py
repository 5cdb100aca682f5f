"""Remove what is left, and never more than a fresh list holds."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Collection, Iterable

from .rpc import RpcError


async def remove_known(
    asked: Iterable[str], known: Collection[str], remove: Callable[[str], Awaitable[object]]
) -> list[str]:
    """Remove what was asked for and is known, each once, and return what is gone.

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
