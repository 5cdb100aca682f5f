"""Ask several places for the same, such as the namespaces or workspaces of one person."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable
from typing import TypeVar

from .rpc import RpcError

T = TypeVar("T")


async def ask_each(
    places: Iterable[str], ask: Callable[[str], Awaitable[T]]
) -> tuple[dict[str, T], dict[str, RpcError]]:
    """Ask all places at the same time, and return the answers and the refusals by place.

    Raises
    ------
    RpcError
        The first refusal, where no place has answered.
    """
    names = list(places)
    found = await asyncio.gather(*map(ask, names), return_exceptions=True)
    answers: dict[str, T] = {}
    refusals: dict[str, RpcError] = {}
    for name, one in zip(names, found, strict=True):
        if isinstance(one, RpcError):
            refusals[name] = one
        elif isinstance(one, BaseException):
            raise one
        else:
            answers[name] = one
    if refusals and not answers:
        raise next(iter(refusals.values()))
    return answers, refusals
