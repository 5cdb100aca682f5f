"""Files of classes that trainers have published, in memory: a restart forgets them."""

from __future__ import annotations

import secrets
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .messages import CODE_CHARACTERS, CODE_LENGTH, Bundle

#: The oldest goes when there are more.
MAX_CLASSES = 20


@dataclass(frozen=True)
class Published:
    """A class as its trainer published it."""

    author: str
    at: float
    bundle: Bundle

    def told(self) -> dict[str, Any]:
        """Return what participants get."""
        return {
            "author": self.author,
            "time": self.at,
            "workshop": self.bundle.workshop,
            "notebooks": self.bundle.notebooks,
        }


class Shelf:
    """Published classes by a short code that can be read out.

    A trainer who publishes again under a code of theirs replaces what was there; so does
    whoever comes first with a code that a restart has forgotten.
    """

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._classes: OrderedDict[str, Published] = OrderedDict()

    def put(self, author: str, bundle: Bundle) -> str:
        """Keep a class and return its code: the wanted one, if it is free or the author's."""
        code = bundle.code
        before = self._classes.get(code)
        if not code or (before is not None and before.author != author):
            code = self._free()
        self._classes.pop(code, None)
        self._classes[code] = Published(author, self._clock(), bundle)
        if len(self._classes) > MAX_CLASSES:
            self._classes.popitem(last=False)
        return code

    def get(self, code: str) -> Published | None:
        """Return the class of a code."""
        return self._classes.get(code)

    def _free(self) -> str:
        while True:
            code = "".join(secrets.choice(CODE_CHARACTERS) for _ in range(CODE_LENGTH))
            if code not in self._classes:
                return code
