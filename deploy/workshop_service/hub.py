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
        self._may: list[str] | None = None

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

    async def stop_server(self, name: str) -> str:
        """Stop somebody's server; ``stopping``, ``stopped``, or why not, in words."""
        reply = await self._ask("DELETE", f"/users/{quote(name, safe='')}/server")
        if reply.code in {202, 204}:
            return "stopped" if reply.code == 204 else "stopping"
        words = self._reason(reply)
        if reply.code == 400 and "not running" in words:
            return "stopped"
        if reply.code == 400 and "pending" in words:
            return "The hub is still at work on the server: try again in a minute."
        if reply.code in {403, 404}:
            return "This person is not in the class."
        return f"The hub did not stop the server: {words}"

    async def may(self) -> list[str]:
        """Return what trainers can have done: ``start``, ``stop``, ``clusters``."""
        if self._may is None:
            told = self._read(await self._ask("GET", "/user"))
            own = {scope.partition("!")[0] for scope in told.get("scopes", [])}
            wanted = {"start": "start:servers", "stop": "delete:servers"}
            self._may = [act for act, scope in wanted.items() if scope in own]
            if self._gateway and "tokens" in own:
                self._may.append("clusters")
        return self._may

    async def stop_clusters(self, name: str) -> str:
        """Stop somebody's clusters of the gateway; how many, or why not, in words."""
        clusters = await self.clusters(name)
        if clusters is None:
            return "The clusters of this person cannot be reached."
        token = await self._gateway_token(name)
        for cluster in clusters:
            where = f"{self._gateway}/api/v1/clusters/{quote(cluster['name'], safe='')}"
            reply = await self._fetch(where, "DELETE", f"jupyterhub {token}", None)
            if reply.code != 204:
                return f"The gateway did not stop a cluster: {self._reason(reply)}"
        return str(len(clusters))

    async def clusters(self, name: str) -> list[dict[str, Any]] | None:
        """Return somebody's clusters of the gateway; None where they cannot be known.

        Of what the gateway tells, keys of the clusters among it, only this leaves here.
        """
        if not self._gateway or not (token := await self._gateway_token(name)):
            return None
        reply = await self._fetch(
            f"{self._gateway}/api/v1/clusters/", "GET", f"jupyterhub {token}", None
        )
        if reply.code != 200:
            return None
        return [
            {"name": one["name"], "status": one["status"], "started": one["start_time"] / 1000}
            for one in json.loads(reply.body).values()
        ]

    async def _gateway_token(self, name: str) -> str | None:
        """Make a short token of somebody for the gateway; None where that is not allowed."""
        minted = await self._ask(
            "POST",
            f"/users/{quote(name, safe='')}/tokens",
            body={
                "expires_in": TOKEN_SECONDS,
                "note": "Clusters of a workshop, to be listed",
                "scopes": [self._gateway_scope],
            },
        )
        return str(json.loads(minted.body)["token"]) if minted.code in {200, 201} else None

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
