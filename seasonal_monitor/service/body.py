"""Refuses requests that are too large, before they are read."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from starlette.exceptions import HTTPException

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Message, Receive, Send], Awaitable[None]]


class BoundedBody:
    """An ASGI application around another that reads no more than `most` bytes of a request."""

    def __init__(self, app: App, most: int) -> None:
        self._app = app
        self._most = most
        self._text = (
            f"More than {most:,} bytes are not taken. Simplify the polygons, or ask in parts."
        )

    async def __call__(self, scope: Message, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        stated = dict(scope["headers"]).get(b"content-length", b"0")
        if not stated.isdigit() or int(stated) > self._most:
            await self._refuse(send)
            return
        size = 0

        async def counted() -> Message:
            nonlocal size
            message = await receive()
            size += len(message.get("body", b""))
            if size > self._most:  # it came in parts, without saying how large it is
                raise HTTPException(413, self._text)
            return message

        await self._app(scope, counted, send)

    async def _refuse(self, send: Send) -> None:
        headers = [(b"content-type", b"application/json"), (b"connection", b"close")]
        await send({"type": "http.response.start", "status": 413, "headers": headers})
        body = json.dumps({"error": self._text, "parameter": ""}).encode()
        await send({"type": "http.response.body", "body": body})
