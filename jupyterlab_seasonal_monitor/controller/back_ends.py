"""The verbs about other places than this machine, loaded when the first is asked for.

Most controllers own a cluster of this machine: what they never need would have to be
compiled before it, since the controller comes as text.
"""

from __future__ import annotations

import functools
import importlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from .protocol import REQUESTS

if TYPE_CHECKING:
    from .gateway import GatewayVerbs
    from .rpc import Peer, Verb

#: The module with the verbs whose names begin so, in its ``VERBS``.
MODULES = {
    "aws": "aws.verbs",
    "coiled": "coiled.verbs",
    "custom": "noted_verbs",
    "kubernetes": "kubernetes.verbs",
    "queue": "batch.verbs",
}
_GATEWAY = "gateway"


class BackEnds:
    """Answers requests about other places. Must be used in one event loop."""

    def __init__(self) -> None:
        self._gateway: GatewayVerbs | None = None

    @property
    def verbs(self) -> dict[str, Verb]:
        """Coroutine function by method name."""
        return {
            method: functools.partial(self._call, place, method)
            for method in REQUESTS
            for place in (_GATEWAY, *MODULES)
            if method.startswith(place)
        }

    async def close(self) -> None:
        """Close the connections; clusters go on."""
        if self._gateway is not None:
            await self._gateway.close()

    async def _call(self, place: str, method: str, peer: Peer, params: Any) -> Any:  # noqa: ANN401
        return await self._load(place)[method](peer, params)

    def _load(self, place: str) -> Mapping[str, Verb]:
        if place != _GATEWAY:
            module = importlib.import_module(f"{__package__}.{MODULES[place]}")
            verbs: Mapping[str, Verb] = module.VERBS
            return verbs
        if self._gateway is None:
            from .gateway import GatewayVerbs

            self._gateway = GatewayVerbs()
        return self._gateway.verbs
