"""Waiting for something to happen, but not for ever."""

from __future__ import annotations

import asyncio


async def wait_within(event: asyncio.Event, seconds: float) -> None:
    """Return when an event is set, or after some seconds; a cancel is always heard.

    ``asyncio.wait_for`` of Python before 3.12 loses a cancel that comes just as the event is set.
    """
    waiting = asyncio.ensure_future(event.wait())
    try:
        await asyncio.wait([waiting], timeout=max(0.0, seconds))
    finally:
        waiting.cancel()
