"""What the service asks the hub, with its own token, and the gateway, with a short one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from jupyterhub.services.auth import check_scopes
from tornado.httpclient import AsyncHTTPClient, HTTPRequest, HTTPResponse

from .refusals import RefusalError

PAGE = 100
#: Seconds for which a token for the gateway lives.
TOKEN_SECONDS = 60
PAGINATED = "application/jupyterhub-pagination+json"


@dataclass(frozen=True)
class Caller:
    """Who asks, as the hub says."""

    name: str
    trainer: bool
    participant: bool


class Hub:
    """The hub's API and the gateway's, as far as a class needs them.

    Parameters
    ----------
    url
        Of the hub's API.
    token
        Of this service.
    service
        The service's name: whoever may access it is a trainer.
    group
        The group of the participants.
    gateway, gateway_scope
        Where the gateway is, empty for none, and what a token for it must have.
    """

    def __init__(
        self,
        *,
        url: str,
        token: str,
        service: str,
        group: str,
        gateway: str = "",
        gateway_scope: str = "access:services!service=dask-gateway",
    ) -> None:
        self._url = url.rstrip("/")
        self._token = token
        self._trainers = f"access:services!service={service}"
        self._group = group
        self._gateway = gateway.rstrip("/")
        self._gateway_scope = gateway_scope

    async def caller(self, token: str) -> Caller:
        """Ask the hub whose token it is, each time: a token that was taken back is refused.

        Raises
        ------
        RefusalError
            The hub does not know it, or it is not a person's.
        """
        reply = await self._ask("GET", "/user", token=token)
        if reply.code in {401, 403, 404}:
            raise RefusalError(403, "The hub does not accept this page any more: reload it.")
        user = self._read(reply)
        if user.get("kind") != "user":
            raise RefusalError(403, "Only people may use this service.")
        return Caller(
            name=user["name"],
            trainer=bool(check_scopes({self._trainers}, set(user.get("scopes", [])))),
            participant=self._group in user.get("groups", []),
        )

    async def participants(self) -> list[dict[str, Any]]:
        """Return the group's people with their servers; the role lets no others be seen."""
        people: list[dict[str, Any]] = []
        while True:
            query = f"/users?limit={PAGE}&offset={len(people)}&include_stopped_servers"
            page = self._read(await self._ask("GET", query, accept=PAGINATED))
            people.extend(page["items"])
            if not page["items"] or not page["_pagination"]["next"]:
                return people

    async def start_server(self, name: str) -> str:
        """Start somebody's server; ``starting``, ``running``, or why not, in words."""
        reply = await self._ask("POST", f"/users/{quote(name, safe='')}/server", body={})
        if reply.code in {201, 202}:
            return "running" if reply.code == 201 else "starting"
        words = self._reason(reply)
        if reply.code == 400 and "already running" in words:
            return "running"
        if reply.code == 400 and "pending" in words:
            return "starting"
        if reply.code in {403, 404}:
            return "This person is not in the class."
        return f"The hub did not start the server: {words}"

    async def clusters(self, name: str) -> list[dict[str, Any]] | None:
        """Return somebody's clusters of the gateway; None where they cannot be known.

        Of what the gateway tells, keys of the clusters among it, only this leaves here.
        """
        if not self._gateway:
            return None
        minted = await self._ask(
            "POST",
            f"/users/{quote(name, safe='')}/tokens",
            body={
                "expires_in": TOKEN_SECONDS,
                "note": "Clusters of a workshop, to be listed",
                "scopes": [self._gateway_scope],
            },
        )
        if minted.code not in {200, 201}:
            return None
        token = json.loads(minted.body)["token"]
        reply = await self._fetch(
            f"{self._gateway}/api/v1/clusters/", "GET", f"jupyterhub {token}", None
        )
        if reply.code != 200:
            return None
        return [
            {"name": one["name"], "status": one["status"], "started": one["start_time"] / 1000}
            for one in json.loads(reply.body).values()
        ]

    async def _ask(
        self,
        method: str,
        path: str,
        *,
        token: str = "",
        body: dict[str, Any] | None = None,
        accept: str = "application/json",
    ) -> HTTPResponse:
        authorization = f"token {token or self._token}"
        return await self._fetch(f"{self._url}{path}", method, authorization, body, accept)

    async def _fetch(
        self,
        url: str,
        method: str,
        authorization: str,
        body: dict[str, Any] | None,
        accept: str = "application/json",
    ) -> HTTPResponse:
        request = HTTPRequest(
            url,
            method,
            {"Authorization": authorization, "Accept": accept},
            body=None if body is None else json.dumps(body),
            request_timeout=60,
            follow_redirects=False,
        )
        try:
            return await AsyncHTTPClient().fetch(request, raise_error=False)
        except OSError:
            raise RefusalError(502, "The hub does not answer: try again in a minute.") from None

    def _read(self, reply: HTTPResponse) -> dict[str, Any]:
        if reply.code != 200:
            raise RefusalError(502, f"The hub does not answer as expected: {self._reason(reply)}")
        told: dict[str, Any] = json.loads(reply.body)
        return told

    def _reason(self, reply: HTTPResponse) -> str:
        try:
            return str(json.loads(reply.body)["message"])[:300]
        except (ValueError, TypeError, KeyError):
            return f"status {reply.code}."
