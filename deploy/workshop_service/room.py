"""What the service remembers, in memory: a restart forgets it, and participants say it anew."""

from __future__ import annotations

import asyncio
import time
import uuid
from collections import OrderedDict, deque
from collections.abc import Callable, Sequence
from dataclasses import asdict
from typing import Any

from .messages import Status

MAX_PEOPLE = 500
MAX_ANNOUNCEMENTS = 50


class Room:
    """The last word of each participant, and the last announcements.

    ``epoch`` is another after each restart: whoever sees it change says its status again
    and counts announcements from the start. Times are seconds of the service's clock.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self.epoch = uuid.uuid4().hex
        self._clock = clock
        self._people: OrderedDict[str, dict[str, Any]] = OrderedDict()
        self._announcements: deque[dict[str, Any]] = deque(maxlen=MAX_ANNOUNCEMENTS)
        self._last = 0
        self._changed = asyncio.Event()

    def now(self) -> float:
        """Return the time that the others are compared with."""
        return self._clock()

    def report(self, name: str, status: Status) -> None:
        """Keep what a participant says, and since when the step is the same."""
        now = self._clock()
        before = self._people.pop(name, None)
        same = before is not None and before["step"] == status.step
        since = before["since"] if before is not None and same else now
        self._people[name] = {**asdict(status), "since": since, "reported": now}
        if len(self._people) > MAX_PEOPLE:
            self._people.popitem(last=False)

    def status_of(self, name: str) -> dict[str, Any] | None:
        """Return what a participant said last."""
        return self._people.get(name)

    def announce(
        self, author: str, words: str, people: Sequence[str] = (), fresh: str = ""
    ) -> dict[str, Any]:
        """Tell all who wait, and those who ask later; or only these people.

        ``fresh`` is the class of which they get another cluster.
        """
        self._last += 1
        told = {"id": self._last, "text": words, "author": author, "time": self._clock()}
        told["users"] = list(people)
        if fresh:
            told["fresh"] = fresh
        self._announcements.append(told)
        self._changed.set()
        self._changed = asyncio.Event()
        return told

    def announcements(self, after: int, reader: str | None = None) -> list[dict[str, Any]]:
        """Return those newer than this number that are for the reader; for None, all."""
        return [
            one
            for one in self._announcements
            if one["id"] > after and (reader is None or not one["users"] or reader in one["users"])
        ]

    async def wait_for_announcements(
        self, after: int, seconds: float, reader: str | None = None
    ) -> list[dict[str, Any]]:
        """Return them as soon as there is one, or none after so many seconds."""
        deadline = time.monotonic() + seconds
        while True:
            changed = self._changed
            if found := self.announcements(after, reader):
                return found
            try:
                await asyncio.wait_for(changed.wait(), deadline - time.monotonic())
            except asyncio.TimeoutError:
                return []
