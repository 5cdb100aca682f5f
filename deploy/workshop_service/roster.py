"""The table of a class: people, servers, clusters, and what they say of themselves."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from typing import Any

from .hub import Hub
from .room import Room

#: Seconds for which the table serves all trainers and tabs that ask.
FRESH = 5.0
AT_ONCE = 4


class Roster:
    """Asks the hub and the gateway for all participants, a few at once."""

    def __init__(self, hub: Hub, room: Room) -> None:
        self._hub = hub
        self._room = room
        self._few = asyncio.Semaphore(AT_ONCE)
        self._one = asyncio.Lock()
        self._rows: list[dict[str, Any]] = []
        self._read_at = float("-inf")

    async def rows(self) -> list[dict[str, Any]]:
        """Return a row for each participant, by name."""
        async with self._one:
            if time.monotonic() - self._read_at > FRESH:
                people = await self._hub.participants()
                rows = await asyncio.gather(*[self._row(person) for person in people])
                self._rows = sorted(rows, key=lambda row: str(row["name"]))
                self._read_at = time.monotonic()
        return [{**row, "status": self._room.status_of(row["name"])} for row in self._rows]

    async def each(self, names: list[str], act: Callable[[str], Awaitable[str]]) -> dict[str, str]:
        """Act on people's servers or clusters, and return what became of each."""

        async def one(name: str) -> str:
            async with self._few:
                return await act(name)

        told = await asyncio.gather(*[one(name) for name in names])
        self._read_at = float("-inf")
        return dict(zip(names, told, strict=True))

    async def _row(self, person: dict[str, Any]) -> dict[str, Any]:
        server = (person.get("servers") or {}).get("", {})
        state = "stopped"
        if server.get("pending"):
            state = {"spawn": "starting", "stop": "stopping"}.get(server["pending"], "starting")
        elif server.get("ready"):
            state = "running"
        async with self._few:
            clusters = await self._hub.clusters(person["name"])
        return {
            "name": person["name"],
            "server": state,
            "lastActivity": server.get("last_activity") or person.get("last_activity"),
            "clusters": clusters,
        }
