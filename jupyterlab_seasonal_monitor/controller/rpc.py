"""JSON-RPC 2.0 over anything that carries one JSON object a message."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from .causes import describe_error, printable
from .protocol import ERROR_CODES, REQUESTS, ErrorData
from .protocol_cluster import Cause
from .validate import check

logger = logging.getLogger(__name__)

INVALID_REQUEST = -32600
METHOD_NOT_FOUND = -32601
INTERNAL_ERROR = -32603


class RpcError(Exception):
    """A refusal that the page can show.

    Parameters
    ----------
    code
        A name of ``ERROR_CODES`` or a JSON-RPC number.
    message
        What happened, in words.
    cause
        The causes below it, outermost first.
    log
        The last log lines that belong to it.
    fields
        Message by option name.
    hint
        What the person can do next.
    """

    def __init__(
        self,
        code: str | int,
        message: str,
        *,
        cause: list[Cause] | None = None,
        log: list[str] | None = None,
        fields: dict[str, str] | None = None,
        hint: str | None = None,
    ) -> None:
        super().__init__(message)
        self.code = ERROR_CODES[code] if isinstance(code, str) else code
        self.data = ErrorData(cause=cause or [], log=log or [], fields=fields or {}, hint=hint)


@dataclass(eq=False)
class Peer:
    """One page that talks to the controller."""

    send: Callable[[dict[str, Any]], None]
    calls: dict[int | str, asyncio.Task[None]] = field(default_factory=dict)

    def notify(self, method: str, params: Any) -> None:  # noqa: ANN401 - any JSON
        """Send an event."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})


Verb = Callable[[Peer, Any], Awaitable[Any]]


class Dispatcher:
    """Receives messages, runs verbs, and answers.

    Must be used from one event loop. A verb gets the peer and its validated
    parameters; cancelling a request cancels its verb.

    Parameters
    ----------
    verbs
        Coroutine function by method name.
    """

    def __init__(self, verbs: Mapping[str, Verb]) -> None:
        self._verbs = verbs
        self._running = 0
        self._last_use = time.monotonic()

    @property
    def idle_seconds(self) -> float:
        """Seconds since the last request but ``ping`` was answered; 0 while one runs."""
        return 0.0 if self._running else time.monotonic() - self._last_use

    def receive(self, peer: Peer, message: object) -> None:
        """Handle one message of a page; whatever it is, the controller lives."""
        if not isinstance(message, dict) or message.get("jsonrpc") != "2.0":
            self._refuse(peer, None, INVALID_REQUEST, "This is not a JSON-RPC 2.0 message.")
            return
        method, params = message.get("method"), message.get("params", {})
        if method == "$/cancelRequest":
            self._cancel(peer, params)
            return
        number = message.get("id")
        if isinstance(number, bool) or not isinstance(number, (int, str)):
            self._refuse(peer, None, INVALID_REQUEST, "The request has no usable id.")
        elif not isinstance(method, str):
            self._refuse(peer, number, INVALID_REQUEST, "The request names no method.")
        elif number in peer.calls:
            self._refuse(peer, number, INVALID_REQUEST, "A request with this id is running.")
        elif method not in self._verbs:
            text = f"This controller has no method “{printable(method)}”."
            self._refuse(peer, number, METHOD_NOT_FOUND, text)
        else:
            fields = check(REQUESTS[method][0], params)
            if fields:
                text = "The request has parameters that cannot be used."
                self._answer(peer, number, error=RpcError("invalid", text, fields=fields))
                return
            task = asyncio.ensure_future(self._run(peer, number, method, params))
            peer.calls[number] = task
            task.add_done_callback(lambda task: self._ended(peer, number, task))

    async def _run(self, peer: Peer, number: int | str, method: str, params: object) -> None:
        counts = method != "ping"
        self._running += counts
        try:
            result = await self._verbs[method](peer, params)
        except RpcError as error:
            self._answer(peer, number, error=error)
        except asyncio.CancelledError:
            self._answer(peer, number, error=RpcError("cancelled", "Cancelled."))
        except Exception as error:
            logger.warning("%s failed", method, exc_info=True)
            causes = describe_error(error)
            text = causes[0]["message"]
            self._answer(peer, number, error=RpcError(INTERNAL_ERROR, text, cause=causes))
        else:
            peer.send({"jsonrpc": "2.0", "id": number, "result": result})
        finally:
            self._running -= counts
            if counts:
                self._last_use = time.monotonic()

    def _ended(self, peer: Peer, number: int | str, task: asyncio.Task[None]) -> None:
        peer.calls.pop(number, None)
        # One that was cancelled before it began has not answered.
        if task.cancelled():
            self._answer(peer, number, error=RpcError("cancelled", "Cancelled."))

    def _cancel(self, peer: Peer, params: object) -> None:
        number = params.get("id") if isinstance(params, dict) else None
        if isinstance(number, (int, str)) and number in peer.calls:
            peer.calls[number].cancel()

    def _refuse(self, peer: Peer, number: int | str | None, code: int, text: str) -> None:
        self._answer(peer, number, error=RpcError(code, text))

    def _answer(self, peer: Peer, number: int | str | None, *, error: RpcError) -> None:
        body = {"code": error.code, "message": str(error), "data": error.data}
        peer.send({"jsonrpc": "2.0", "id": number, "error": body})
