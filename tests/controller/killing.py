"""Controllers that are killed in the middle of something, as a machine that goes kills them."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from page import Kernel, Page


class Trap:
    """Kills a controller's process when a service has done something, before it can say so.

    That is the worst moment: the thing is there, and its maker never heard of it. Services
    that tests play call ``sprung`` from their own threads.
    """

    def __init__(self) -> None:
        self._kernel: Kernel | None = None
        self._left = 0
        self._words = ""

    def set(self, kernel: Kernel, words: str, times: int = 1) -> None:
        """Kill this kernel when something is done so often from now on."""
        self._kernel, self._words, self._left = kernel, words, times

    def sprung(self, done: str) -> None:
        """Tell what a service has done."""
        if self._kernel is None or done != self._words:
            return
        self._left -= 1
        if self._left == 0:
            kernel, self._kernel = self._kernel, None
            kernel.signal(9)


async def killed(
    new_kernel: Callable[..., Any],
    create: Callable[[Page], Awaitable[object]],
    spring: Callable[[Kernel], Any],
    during: str = "create",
    *,
    grown: int = 2,
) -> Page:
    """Kill a controller in the middle of something; return another's page, made meanwhile.

    Parameters
    ----------
    create
        Makes the cluster, and returns when it can be used.
    spring
        Sets the trap for a kernel, and may be a coroutine function.
    during
        ``create``, ``scale`` (to ``grown`` workers) or ``stop``.
    """
    first: Kernel = await new_kernel()
    page = await first.install()
    if during != "create":
        await create(page)
    if (setting := spring(first)) is not None:
        await setting
    other = asyncio.ensure_future(new_kernel())
    try:
        asked = {"workers": grown} if during == "scale" else {}
        await dies(first, create(page) if during == "create" else page.call(during, **asked))
    finally:
        kernel = await other
    return await kernel.install()


async def dies(kernel: Kernel, asked: Awaitable[object], within: float = 120) -> None:
    """Wait until a kernel has died of a trap, while or after something was asked of it."""
    asking = asyncio.ensure_future(asked)
    ending = asyncio.ensure_future(kernel.wait_for_end(within))
    await asyncio.wait([asking, ending], return_when=asyncio.FIRST_COMPLETED)
    if asking.done() and asking.exception() is not None:
        ending.cancel()
        await asking
    asking.cancel()
    await ending
