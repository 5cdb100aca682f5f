"""A Dask Gateway, spoken to from a kernel where the page itself cannot reach it.

The answers are the gateway's own JSON without certificates and keys, which go
no further than this module. Address and sign-in are those that
``dask_gateway.Gateway`` has here, from the Dask configuration and environment.
"""

from __future__ import annotations

import asyncio
import importlib
import json
import re
from typing import Any
from urllib.parse import quote

from .causes import describe_error, install_command, printable
from .protocol import Empty
from .protocol_cluster import Cause
from .protocol_gateway import (
    GatewayAnswer,
    GatewayForm,
    GatewayName,
    GatewayPage,
    GatewayPlace,
    GatewayReport,
)
from .rpc import Peer, RpcError, Verb

#: What is told of a cluster; its certificate and key are not.
_TOLD = ("name", "status", "start_time", "stop_time", "options", "dashboard_route")
#: Seconds for one answer; the gateway itself waits at most twenty.
_TIMEOUT = 40.0
#: Bytes of an answer that are read; a list of a thousand clusters is less. The page
#: reads as many (``providers/gateway/body.ts``).
_LARGEST = 4 * 2**20
_BOUND = re.compile(r"^(\w+) must be ")
_UNKNOWN = re.compile(r"^Unknown fields \[(.+)\]$")


class GatewayVerbs:
    """Answers requests about the clusters of one user of one gateway.

    Nothing is asked by itself, and nothing is kept but the connection. Must be
    used in one event loop.
    """

    def __init__(self) -> None:
        self._gateway: Any = None
        self._session: Any = None

    @property
    def verbs(self) -> dict[str, Verb]:
        """Coroutine function by method name."""
        return {
            "gatewayConnect": self._connect,
            "gatewayOptions": self._options,
            "gatewayList": self._list,
            "gatewayGet": self._get,
            "gatewayCreate": self._create,
            "gatewayScale": self._scale,
            "gatewayAdapt": self._adapt,
            "gatewayStop": self._stop,
            "gatewayScheduler": self._scheduler,
        }

    async def close(self) -> None:
        """Close the connections; clusters go on."""
        session, self._session, self._gateway = self._session, None, None
        if session is not None:
            await session.close()

    # -- verbs --------------------------------------------------------------

    async def _connect(self, peer: Peer, params: dict[str, Any]) -> GatewayPlace:
        gateway = await self._open(params["address"])
        # The answer is needed only to know that it is one.
        await self._ask("GET", "clusters/")
        return GatewayPlace(address=gateway.address, dashboards=gateway._public_address)

    async def _options(self, peer: Peer, params: object) -> GatewayForm:
        answer = await self._ask("GET", "options")
        options = answer.get("cluster_options")
        if not isinstance(options, list):
            raise self._no_gateway("It sent no form.")
        return GatewayForm(cluster_options=options)

    async def _list(self, peer: Peer, params: object) -> list[GatewayReport]:
        answer = await self._ask("GET", "clusters/")
        return [self._report(cluster) for cluster in answer.values()]

    async def _get(self, peer: Peer, params: dict[str, Any]) -> GatewayReport:
        path = f"clusters/{_quoted(params['name'])}"
        return self._report(await self._ask("GET", path + ("?wait" if params["wait"] else "")))

    async def _create(self, peer: Peer, params: dict[str, Any]) -> GatewayName:
        body = {"cluster_options": params["options"]}
        # A cancel must not lose the name of a cluster that is made already.
        asking = asyncio.ensure_future(self._ask("POST", "clusters/", body))
        try:
            answer = await asyncio.shield(asking)
        except asyncio.CancelledError:
            await self._undo(asking)
            raise
        name = answer.get("name")
        if not isinstance(name, str):
            raise self._no_gateway("It gave the new cluster no name.")
        return GatewayName(name=name)

    async def _scale(self, peer: Peer, params: dict[str, Any]) -> GatewayAnswer:
        path = f"clusters/{_quoted(params['name'])}/scale"
        return _answer(await self._ask("POST", path, {"count": params["workers"]}))

    async def _adapt(self, peer: Peer, params: dict[str, Any]) -> GatewayAnswer:
        path = f"clusters/{_quoted(params['name'])}/adapt"
        body = {"minimum": params["minimum"], "maximum": params["maximum"], "active": True}
        return _answer(await self._ask("POST", path, body))

    async def _stop(self, peer: Peer, params: dict[str, Any]) -> Empty:
        await self._ask("DELETE", f"clusters/{_quoted(params['name'])}")
        return Empty()

    async def _scheduler(self, peer: Peer, params: dict[str, Any]) -> GatewayPage:
        """Return what a scheduler says where its dashboard is, without signing in."""
        gateway = await self._open(None)
        path = f"clusters/{_quoted(params['name'])}/json/{params['page']}.json"
        try:
            status, text, _ = await self._send("GET", f"{gateway.address}/{path}", None, {})
            data = json.loads(text) if status == 200 else None
        except (RpcError, ValueError):
            data = None  # it has just started, or it ends: the gateway tells which
        return GatewayPage(data=data if isinstance(data, dict) else None)

    # -- the connection -----------------------------------------------------

    async def _open(self, address: str | None) -> Any:  # noqa: ANN401 - dask_gateway has no types
        if self._gateway is None or (address and self._gateway.address != address.rstrip("/")):
            await self.close()
            try:
                # It takes a second or more, in which others want answers.
                library = await asyncio.to_thread(importlib.import_module, "dask_gateway")
            except ModuleNotFoundError as error:
                raise RpcError(
                    "missingPackage",
                    "This environment lacks dask-gateway.",
                    cause=describe_error(error),
                    hint=f"Run {install_command('dask-gateway')} in a notebook of it.",
                ) from error
            try:
                self._gateway = library.Gateway(address or None, asynchronous=True)
            except (ValueError, TypeError) as error:
                raise RpcError(
                    "unavailable",
                    "This kernel does not know how to reach Dask Gateway.",
                    cause=describe_error(error),
                    hint="Set the address in the settings of Dask Gateway, "
                    "or DASK_GATEWAY__ADDRESS and DASK_GATEWAY__AUTH__TYPE on the server.",
                ) from error
        return self._gateway

    async def _ask(self, method: str, path: str, body: object = None) -> dict[str, Any]:
        """Return the gateway's JSON object.

        Raises
        ------
        RpcError
            If there is no answer, or it is no success.
        """
        gateway = await self._open(None)
        url = f"{gateway.address}/api/v1/{path}"
        status, text, answered = await self._send(method, url, body, {})
        if status == 401:
            try:
                headers, _ = gateway.auth.pre_request(answered)
            except Exception as error:
                raise _unauthorized(describe_error(error)) from error
            status, text, _ = await self._send(method, url, body, headers)
        if status >= 400:
            raise self._refusal(status, text)
        if status == 204:
            return {}
        try:
            answer = json.loads(text)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise self._no_gateway("It sent something else than JSON.")
        return answer

    async def _send(
        self, method: str, url: str, body: object, headers: dict[str, str]
    ) -> tuple[int, str, Any]:
        import aiohttp

        if self._session is None:
            # The gateway's cookie would also go to schedulers, which run anybody's code.
            self._session = aiohttp.ClientSession(
                cookie_jar=aiohttp.DummyCookieJar(),
                timeout=aiohttp.ClientTimeout(total=_TIMEOUT),
            )
        try:
            async with self._session.request(
                method,
                url,
                json=body,
                headers=headers,
                allow_redirects=False,
                **self._gateway._request_kwargs,
            ) as response:
                content = bytearray()
                async for chunk in response.content.iter_any():
                    content += chunk
                    if len(content) > _LARGEST:
                        raise _too_large()
                return response.status, content.decode(errors="replace"), response
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            raise RpcError(
                "notResponding",
                "Dask Gateway does not answer.",
                cause=describe_error(error),
                hint="Try again in a minute, or ask your administrator.",
            ) from error

    async def _undo(self, asking: asyncio.Future[dict[str, Any]]) -> None:
        """Stop the cluster of a request that was cancelled while it was on its way."""
        try:
            name = (await asking).get("name")
            if isinstance(name, str):
                await self._ask("DELETE", f"clusters/{_quoted(name)}")
        except RpcError:
            pass  # none was made, or the list shows it

    # -- what answers mean --------------------------------------------------

    def _report(self, cluster: object) -> GatewayReport:
        if not isinstance(cluster, dict) or not {"name", "status", "start_time"} <= set(cluster):
            raise self._no_gateway("It sent a cluster that is none.")
        told = {part: cluster.get(part) for part in _TOLD}
        return GatewayReport(
            name=str(told["name"]),
            status=str(told["status"]),
            start_time=cluster["start_time"],
            stop_time=told["stop_time"],
            options=told["options"] or {},
            dashboard_route=told["dashboard_route"],
        )

    def _no_gateway(self, message: str) -> RpcError:
        return RpcError(
            "unavailable",
            f"What answers at {self._gateway.address} is no Dask Gateway.",
            cause=[Cause(message=message)],
            hint="Check the address in the settings of Dask Gateway.",
        )

    def _refusal(self, status: int, text: str) -> RpcError:
        try:
            said = json.loads(text)["error"]
        except (ValueError, KeyError, TypeError):
            said = ""
        message = printable(str(said), 500)
        cause = [Cause(message=message or f"HTTP {status}", kind=f"HTTP {status}")]
        if status == 404 and not message:
            return self._no_gateway("HTTP 404")
        if status == 401:
            return _unauthorized(cause)
        if status == 422:
            text = "The gateway refuses these options."
            return RpcError("invalid", text, cause=cause, fields=_fields(message), hint=message)
        if status == 500 and "API token" in message:
            code, text, hint = _EXPIRED
        elif 502 <= status <= 504:
            code, text, hint = _DOWN
        else:
            code, text, hint = _REFUSALS.get(status, _OTHER)
        return RpcError(code, text, cause=cause, hint=hint)


_EXPIRED = (
    "unavailable",
    "The hub does not know this kernel's token any more.",
    "Restart your server from the hub's control panel. Your clusters go on meanwhile.",
)
_DOWN = (
    "notResponding",
    "The hub or its gateway is down.",
    "Try again in a minute, or ask your administrator.",
)
_OTHER = (
    "launchFailed",
    "Dask Gateway could not do that.",
    "Try again, or show this to your administrator.",
)
_REFUSALS = {
    403: ("unavailable", "This cluster belongs to somebody else.", "Make one of your own."),
    404: (
        "notFound",
        "There is no such cluster any more.",
        "It was stopped, or was idle for too long.",
    ),
    409: ("invalid", "The cluster is not running now.", "Wait until it runs, then try again."),
}


def _unauthorized(cause: list[Cause]) -> RpcError:
    return RpcError(
        "unavailable",
        "Your hub does not let this kernel use Dask Gateway.",
        cause=cause,
        hint="An administrator adds the grant access:services!service=dask-gateway to the "
        "roles “user” and “server”; then restart your server.",
    )


def _too_large() -> RpcError:
    return RpcError(
        "protocol",
        "The answer of Dask Gateway is too large to be read.",
        cause=[Cause(message=f"It is larger than {_LARGEST // 2**20} MiB.")],
        hint="Stop clusters that you do not need, or show this to your administrator.",
    )


def _fields(message: str) -> dict[str, str]:
    """Return the message by each option that a refusal names."""
    if bound := _BOUND.match(message):
        return {bound[1]: message}
    unknown = _UNKNOWN.match(message)
    return dict.fromkeys(re.findall(r"'(\w+)'", unknown[1]), message) if unknown else {}


def _answer(answer: dict[str, Any]) -> GatewayAnswer:
    message = answer.get("msg")
    told = printable(str(message), 500) if message else None
    return GatewayAnswer(ok=answer.get("ok") is not False, msg=told)


def _quoted(name: str) -> str:
    if not name or set(name) <= {"."}:
        text = "This is no name of a cluster."
        raise RpcError("invalid", text, fields={"name": text})
    return quote(name, safe="")
