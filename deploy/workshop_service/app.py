"""The addresses of the service, and who may ask each."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Coroutine
from typing import Any, ClassVar

from tornado.web import Application, RequestHandler, stream_request_body

from .hub import Caller, Hub
from .limits import Limit
from .messages import (
    CODE,
    read_announcement,
    read_bundle,
    read_order,
    read_people,
    read_status,
)
from .orders import Orders
from .refusals import RefusalError
from .room import Room
from .roster import Roster
from .shelf import Shelf

#: Seconds for which a request for announcements waits.
WAIT = 20.0
#: What a class with its notebooks may have, in bytes.
MAX_BUNDLE = 4 * 1024 * 1024
TOKEN = re.compile(r"^token ([\w.~+/=-]{8,512})$")


class Service:
    """What all handlers share."""

    def __init__(self, hub: Hub, room: Room) -> None:
        self.hub = hub
        self.room = room
        self.roster = Roster(hub, room)
        self.shelf = Shelf()
        self.orders = Orders()
        # A class often has one address, so that it gets more than a person does.
        self.addresses = Limit(burst=200, rate=20)
        self.people = Limit(burst=30, rate=1)
        self.waiting: dict[str, asyncio.Task[list[dict[str, Any]]]] = {}


class Handler(RequestHandler):
    """Answers JSON to a token in a header; cookies are never looked at."""

    service: Service
    caller: Caller
    #: Whether a trainer is asked for; else trainers and participants may ask.
    for_trainers: ClassVar[bool] = False

    def initialize(self, service: Service) -> None:
        """Take what all handlers share."""
        self.service = service

    def set_default_headers(self) -> None:
        """Let nothing be kept, guessed or framed."""
        self.set_header("Cache-Control", "no-store")
        self.set_header("X-Content-Type-Options", "nosniff")
        self.set_header("Content-Security-Policy", "default-src 'none'; frame-ancestors 'none'")

    def check_xsrf_cookie(self) -> None:
        """Pass: another site's form cannot send the header that is asked for."""

    async def prepare(self) -> None:
        """Find out who asks, and refuse who may not, or asks too often."""
        if not self.service.addresses.allows(self.request.remote_ip or ""):
            raise RefusalError(429, "Too many requests from this address: wait a few seconds.")
        given = TOKEN.match(self.request.headers.get("Authorization", ""))
        if not given:
            raise RefusalError(401, "The request has no token of the hub.")
        self.caller = await self.service.hub.caller(given[1])
        if not self.service.people.allows(self.caller.name):
            raise RefusalError(429, "Too many requests: wait a few seconds.")
        if self.for_trainers and not self.caller.trainer:
            raise RefusalError(403, "Only trainers of the class may do this.")
        if not self.caller.trainer and not self.caller.participant:
            raise RefusalError(403, "You are not in the class: ask its trainer.")

    def tell(self, value: dict[str, Any]) -> None:
        """Answer an object, with what tells a restart of the service."""
        self.set_header("Content-Type", "application/json")
        self.finish(json.dumps({"epoch": self.service.room.epoch, **value}))

    def write_error(self, status_code: int, **kwargs: Any) -> None:  # noqa: ANN401 - tornado's
        """Answer in words, without the cause, which may name what nobody need know."""
        error = (kwargs.get("exc_info") or (None, None, None))[1]
        words = error.words if isinstance(error, RefusalError) else self._reason
        self.set_header("Content-Type", "application/json")
        if status_code == 429:
            self.set_header("Retry-After", "5")
        self.finish(json.dumps({"error": words}))


class Nothing(RequestHandler):
    """Answers all other addresses, before anybody is asked who they are."""

    def prepare(self) -> None:
        """Refuse."""
        self.set_status(404)
        self.finish({"error": "There is nothing at this address."})


class Me(Handler):
    """Who the caller is here."""

    async def get(self) -> None:
        """Tell the caller's name, whether it is a trainer's, and what trainers can do here."""
        self.tell(
            {
                "name": self.caller.name,
                "trainer": self.caller.trainer,
                "participant": self.caller.participant,
                "status": self.service.room.status_of(self.caller.name),
                "may": await self.service.hub.may() if self.caller.trainer else [],
            }
        )


class StatusHandler(Handler):
    """What participants say of themselves, and of nobody else."""

    def put(self) -> None:
        """Keep the caller's status."""
        if not self.caller.participant:
            raise RefusalError(403, "You are not in the class: ask its trainer.")
        self.service.room.report(self.caller.name, read_status(self.request.body))
        self.tell({})


class Announcements(Handler):
    """What trainers tell all."""

    _waiting: asyncio.Task[list[dict[str, Any]]] | None = None

    async def get(self) -> None:
        """Tell what is newer than ``after``; with ``wait``, once there is something.

        Whoever names another ``epoch`` has not seen the restart: all is new, and told at once.
        """
        try:
            after = int(self.get_query_argument("after", "0")[:12])
        except ValueError:
            raise RefusalError(400, "“after” is not a whole number.") from None
        room = self.service.room
        reader = None if self.caller.trainer else self.caller.name
        if self.get_query_argument("epoch", room.epoch) != room.epoch:
            told = room.announcements(0, reader)
        elif self.get_query_argument("wait", ""):
            told = await self._wait(room.wait_for_announcements(after, WAIT, reader))
        else:
            told = room.announcements(after, reader)
        orders = self.service.orders.of(self.caller.name)
        self.tell({"announcements": told, "orders": orders})

    async def _wait(
        self, wanted: Coroutine[Any, Any, list[dict[str, Any]]]
    ) -> list[dict[str, Any]]:
        """Wait for one request of a person at once: a newer one ends the older."""
        waiting = self.service.waiting
        task = asyncio.create_task(wanted)
        if before := waiting.pop(self.caller.name, None):
            before.cancel()
        self._waiting = waiting[self.caller.name] = task
        try:
            return await task
        except asyncio.CancelledError:
            return []
        finally:
            if waiting.get(self.caller.name) is task:
                del waiting[self.caller.name]

    def on_connection_close(self) -> None:
        """Wait no longer for somebody who has gone."""
        if self._waiting:
            self._waiting.cancel()

    def post(self) -> None:
        """Announce something to all or to some; trainers only."""
        if not self.caller.trainer:
            raise RefusalError(403, "Only trainers of the class may do this.")
        words, people = read_announcement(self.request.body)
        self.tell({"announcement": self.service.room.announce(self.caller.name, words, people)})


class OrdersHandler(Handler):
    """What trainers set for a class: its end, the size of clusters, another cluster."""

    for_trainers = True

    def post(self) -> None:
        """Keep it, and tell it to those whom it is for."""
        order = read_order(self.request.body)
        self.service.orders.take(order)
        if order.words:
            fresh = order.workshop if order.fresh else ""
            self.service.room.announce(self.caller.name, order.words, order.people, fresh)
        self.tell({"orders": self.service.orders.told()})


class Class(Handler):
    """The table of the class."""

    for_trainers = True

    async def get(self) -> None:
        """Tell a row for each participant, and the time that their times compare with."""
        rows = await self.service.roster.rows()
        orders = self.service.orders.told()
        self.tell({"now": self.service.room.now(), "participants": rows, "orders": orders})


class Servers(Handler):
    """Servers of participants."""

    for_trainers = True

    async def post(self) -> None:
        """Start them, and tell what became of each."""
        people = read_people(self.request.body)
        start = self.service.hub.start_server
        self.tell({"servers": await self.service.roster.each(people, start)})


class Stop(Handler):
    """Ends of servers, or of clusters of the gateway."""

    for_trainers = True

    def initialize(self, service: Service, what: str) -> None:  # type: ignore[override]
        """Take what all handlers share, and which of the two it is."""
        super().initialize(service)
        self.what = what

    async def post(self) -> None:
        """Stop those of these people, and tell what became of each."""
        people = read_people(self.request.body)
        hub = self.service.hub
        needed = "stop" if self.what == "servers" else "clusters"
        if needed not in await hub.may():
            raise RefusalError(
                403, f"The service may not stop {self.what}: its administrator can allow it."
            )
        act = hub.stop_server if self.what == "servers" else hub.stop_clusters
        self.tell({self.what: await self.service.roster.each(people, act)})


@stream_request_body
class Publishing(Handler):
    """Where trainers publish a class; its body is read once it is known who sends it."""

    for_trainers = True

    async def prepare(self) -> None:
        """Let people send more than elsewhere, and keep it only of trainers.

        A connection that is closed while somebody still sends loses the answer on its way, so
        that nobody would hear why it is refused.
        """
        self._body = bytearray()
        self._refusal: RefusalError | None = None
        try:
            await super().prepare()
        except RefusalError as refusal:
            self._refusal = refusal
        connection: Any = self.request.connection
        connection.set_max_body_size(MAX_BUNDLE)

    def data_received(self, chunk: bytes) -> None:
        """Keep what has come."""
        if self._refusal is None:
            self._body += chunk

    def post(self) -> None:
        """Keep the class and tell its code."""
        if self._refusal is not None:
            raise self._refusal
        bundle = read_bundle(bytes(self._body))
        self.tell({"code": self.service.shelf.put(self.caller.name, bundle)})


class PublishedHandler(Handler):
    """What was published under a code."""

    def get(self, code: str) -> None:
        """Tell the class to its trainers and participants."""
        found = self.service.shelf.get(code) if CODE.match(code) else None
        if found is None:
            raise RefusalError(
                410, "There is no class with this code now: ask its trainer to publish it again."
            )
        self.tell(found.told())


def make_app(hub: Hub, room: Room, prefix: str) -> Application:
    """Return the service below an address of the hub's proxy."""
    shared = {"service": Service(hub, room)}
    base = re.escape(prefix.rstrip("/"))
    return Application(
        [
            (f"{base}/api/me", Me, shared),
            (f"{base}/api/status", StatusHandler, shared),
            (f"{base}/api/announcements", Announcements, shared),
            (f"{base}/api/orders", OrdersHandler, shared),
            (f"{base}/api/class", Class, shared),
            (f"{base}/api/servers", Servers, shared),
            (f"{base}/api/servers/stop", Stop, {**shared, "what": "servers"}),
            (f"{base}/api/clusters/stop", Stop, {**shared, "what": "clusters"}),
            (f"{base}/api/published", Publishing, shared),
            (f"{base}/api/published/([^/]{{1,40}})", PublishedHandler, shared),
        ],
        default_handler_class=Nothing,
    )
