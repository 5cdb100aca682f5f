"""Who looks, and how closely: nothing is sent that nobody looks at."""

from __future__ import annotations

import time
from collections.abc import Iterator

from .protocol_cluster import WatchDetail
from .rpc import Peer

_ORDER: dict[WatchDetail, int] = {"none": 0, "counts": 1, "workers": 2}
#: Pages that went without closing their comm are forgotten beyond this number.
_MAX_PEERS = 16


class Watch:
    """The pages that are connected, each with a lease on a level of detail."""

    def __init__(self) -> None:
        self._leases: dict[Peer, tuple[WatchDetail, float]] = {}
        self._last: Peer | None = None

    def add(self, peer: Peer) -> None:
        """Note a page that has connected."""
        self._leases[peer] = ("none", 0.0)
        self._last = peer
        while len(self._leases) > _MAX_PEERS:
            self._leases.pop(next(iter(self._leases)))

    def remove(self, peer: Peer) -> None:
        """Forget a page."""
        self._leases.pop(peer, None)

    def lease(self, peer: Peer, detail: WatchDetail, seconds: float) -> bool:
        """Note how closely a page looks and for how long; say whether that is closer."""
        now = time.monotonic()
        before, until = self._leases.pop(peer, ("none", 0.0))
        self._leases[peer] = (detail, now + seconds)
        self._last = peer
        return _ORDER[detail] > _ORDER[before if until > now else "none"]

    @property
    def detail(self) -> WatchDetail:
        """The closest look at this moment."""
        now = time.monotonic()
        held = [detail for detail, until in self._leases.values() if until > now]
        return max(held, key=_ORDER.__getitem__, default="none")

    def at(self, detail: WatchDetail) -> Iterator[Peer]:
        """Yield the pages that look at least so closely; with ``none`` all of them."""
        now = time.monotonic()
        for peer, (held, until) in list(self._leases.items()):
            if _ORDER[held if until > now else "none"] >= _ORDER[detail]:
                yield peer

    @property
    def any(self) -> Iterator[Peer]:
        """All pages, or the one that went last: messages to it still count as activity."""
        if self._leases:
            yield from self.at("none")
        elif self._last is not None:
            yield self._last
