# ruff: noqa: TID252 - in a kernel the package has another name
"""The pods of one cluster, as the API tells of their changes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import Any

from ..causes import clean_lines
from ..events import wait_within
from ..rpc import RpcError
from .place import Place, refusals
from .words import is_leaving

#: Seconds until the API is asked again after it has closed the stream: first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 1.0, 60.0
#: Log lines are asked for from so many pods at the same time.
_AT_ONCE = 8


class Pods:
    """Keeps a cluster's pods up to date without asking: the API sends what changes.

    Parameters
    ----------
    place
        Where they are.
    name
        The cluster's name there.
    changed
        Called after each change.
    """

    def __init__(self, place: Place, name: str, changed: Callable[[], None]) -> None:
        self._place = place
        self._selector = f"dask.org/cluster-name={name}"
        self._changed = changed
        self._pods: dict[str, dict[str, Any]] = {}
        self._task = asyncio.ensure_future(self._watch())
        self._news = asyncio.Event()
        #: Why they are not known.
        self.refusal: RpcError | None = None

    async def close(self) -> None:
        """Stop watching."""
        self._task.cancel()
        await asyncio.wait([self._task])

    async def news(self, seconds: float) -> None:
        """Return at the next change, or after some seconds."""
        await wait_within(self._news, seconds)
        self._news.clear()

    def all(self, component: str | None = None) -> list[dict[str, Any]]:
        """Return the pods that are not about to go, or those of ``scheduler`` or ``worker``."""
        return [
            pod
            for pod in self._pods.values()
            if not is_leaving(pod)
            and component in (None, pod["metadata"]["labels"].get("dask.org/component"))
        ]

    async def logs(
        self, pods: list[dict[str, Any]], lines: int, *, previous: bool = False
    ) -> list[list[str]]:
        """Return the last lines of each pod, those of containers that ended with ``previous``."""
        gate = asyncio.Semaphore(_AT_ONCE)

        async def read(pod: dict[str, Any]) -> list[str]:
            params = {"tailLines": str(lines)}
            if previous:
                params["previous"] = "true"
            url = f"pods/{pod['metadata']['name']}/log"
            try:
                async with gate:
                    text = await self._text(url, params)
            except RpcError as error:
                return [str(error)]
            return clean_lines(text.splitlines())

        return await asyncio.gather(*(read(pod) for pod in pods))

    async def _text(self, url: str, params: dict[str, str]) -> str:
        with refusals():
            async with self._place.api.call_api(
                "GET", version="v1", url=url, namespace=self._place.namespace, params=params
            ) as response:
                return str(response.text)

    async def _watch(self) -> None:
        pause = _FIRST_PAUSE
        while True:
            try:
                with refusals():
                    await self._listen()
                self.refusal, pause = None, _FIRST_PAUSE
            except (RpcError, OSError, ValueError) as error:
                if isinstance(error, RpcError):
                    self.refusal = error
            self._tell()
            await asyncio.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)

    async def _listen(self) -> None:
        api, where = self._place.api, {"namespace": self._place.namespace}
        where["label_selector"] = self._selector
        # A new stream begins with all that there is.
        found = [pod async for pod in api.async_get("pods", raw=True, **where)]
        self._pods = {pod["metadata"]["name"]: pod for pod in found}
        self._tell()
        async for kind, pod in api.async_watch("pods", **where):
            raw = pod.raw.to_dict() if hasattr(pod.raw, "to_dict") else dict(pod.raw)
            if kind == "DELETED":
                self._pods.pop(raw["metadata"]["name"], None)
            else:
                self._pods[raw["metadata"]["name"]] = raw
            self._tell()

    def _tell(self) -> None:
        self._news.set()
        self._changed()
