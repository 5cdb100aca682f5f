"""What trainers have set for classes, in memory: their pages say it again after a restart."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from .messages import Order

#: The class that was ordered about longest ago goes when there are more.
MAX_CLASSES = 20
MAX_PEOPLE = 500
#: Seconds after which nothing holds that was not set again: the next class is another.
HOLDS = 86_400.0

Rules = dict[str, int | None]


@dataclass
class Kept:
    """What holds in one class: for all, and for people of whom something else was set."""

    at: float
    all: Rules = field(default_factory=dict)
    people: OrderedDict[str, Rules] = field(default_factory=OrderedDict)


class Orders:
    """The end of each class, and how many workers a participant may have there."""

    def __init__(self, clock: Callable[[], float] = time.time) -> None:
        self._clock = clock
        self._classes: OrderedDict[str, Kept] = OrderedDict()

    def take(self, order: Order) -> None:
        """Keep an order. One for all holds for those too of whom another was set before."""
        if not order.rules:
            return
        kept = self._fresh().pop(order.workshop, None) or Kept(0)
        kept.at = self._clock()
        self._classes[order.workshop] = kept
        if len(self._classes) > MAX_CLASSES:
            self._classes.popitem(last=False)
        for name in order.people:
            kept.people[name] = {**kept.people.pop(name, {}), **order.rules}
            if len(kept.people) > MAX_PEOPLE:
                kept.people.popitem(last=False)
        if not order.people:
            kept.all.update(order.rules)
            for name, rules in list(kept.people.items()):
                left = {key: value for key, value in rules.items() if key not in order.rules}
                if left:
                    kept.people[name] = left
                else:
                    del kept.people[name]

    def of(self, name: str) -> dict[str, Rules]:
        """Return by class what holds for somebody."""
        return {
            workshop: {**kept.all, **kept.people.get(name, {})}
            for workshop, kept in self._fresh().items()
        }

    def told(self) -> dict[str, Any]:
        """Return by class what holds for all, and for people of whom something else was set."""
        return {
            workshop: {"all": kept.all, "people": dict(kept.people)}
            for workshop, kept in self._fresh().items()
        }

    def _fresh(self) -> OrderedDict[str, Kept]:
        """Return the classes, without those of another day."""
        oldest = self._clock() - HOLDS
        for workshop, kept in list(self._classes.items()):
            if kept.at < oldest:
                del self._classes[workshop]
        return self._classes
