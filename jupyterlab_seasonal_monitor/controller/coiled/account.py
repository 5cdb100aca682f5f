# ruff: noqa: TID252 - in a kernel the package has another name
"""An account at Coiled, asked before and beside the library.

The library asks for a token in a browser or at a prompt where it has none or a wrong one,
and nobody sees a prompt in the kernel of a controller. So all is asked here first.
"""

from __future__ import annotations

import asyncio
import contextlib
import importlib
import json
from typing import Any

from ..batch.marks import name_keeper
from ..causes import describe_error, hide, printable, redact
from ..everywhere import ask_each
from ..forkserver import in_thread
from ..protocol_back_ends import CoiledCluster
from ..rpc import RpcError
from ..runtime import claimed

PACKAGE = "coiled"
#: States of clusters that can be used, now or soon.
_ALIVE = ("pending", "starting", "scaling", "ready")
_TIMEOUT = 20.0
#: Clusters that are asked for at once, and pages of them in one workspace.
_PAGE, _MOST_PAGES = 100, 50
_LOGIN = (
    "Run `coiled login` in a terminal of this environment, or set DASK_COILED__TOKEN where "
    "Jupyter is started. The token is read there, and kept nowhere else."
)


class Account:
    """One workspace at Coiled, and who asks.

    Attributes
    ----------
    server, workspace
        The address, and the workspace's name there.
    workspaces
        All that the person is a member of.
    """

    def __init__(self, server: str, token: str) -> None:
        self.server = server
        self.workspace = ""
        self.workspaces: list[str] = []
        self._token = token

    @property
    def token(self) -> str:
        """The person's token: for the library, and for nothing that is told."""
        return self._token

    def within(self, workspace: str) -> Account:
        """Return another workspace of the same person."""
        other = Account(self.server, self._token)
        other.workspace, other.workspaces = workspace, self.workspaces
        return other

    async def ask(self, method: str, path: str, **params: str) -> Any:  # noqa: ANN401
        """Return what the API answers to one request.

        Raises
        ------
        RpcError
            ``notFound`` where it knows no such thing, ``unavailable`` where it refuses or
            does not answer.
        """
        import aiohttp
        from coiled.utils import get_auth_header_value, session_certifi_ssl

        headers = {"Authorization": get_auth_header_value(self._token)}
        timeout = aiohttp.ClientTimeout(total=_TIMEOUT)
        try:
            async with (
                aiohttp.ClientSession(
                    headers=headers, timeout=timeout, **session_certifi_ssl()
                ) as session,
                session.request(method, self.server + path, params=params) as response,
            ):
                body = await response.text()
                status = response.status
        except (aiohttp.ClientError, OSError, asyncio.TimeoutError) as error:
            text = f"Coiled does not answer at {self.server}."
            hint = "Check the network from this machine, and try again."
            causes = describe_error(error)
            raise RpcError("unavailable", text, hint=hint, cause=causes) from error
        if status < 400:
            return json.loads(body) if body else None
        raise _refusal(status, body)

    async def look_up(self) -> list[dict[str, Any]]:
        """Find out who asks and in which workspaces; return the memberships.

        Raises
        ------
        RpcError
            ``unavailable`` with what to do.
        """
        await self.ask("GET", "/api/v2/user/me")
        members: list[dict[str, Any]] = await self.ask("GET", "/api/v2/user/me/memberships") or []
        self.workspaces = [str(member["account"]["slug"]) for member in members]
        return members

    async def enter(self, workspace: str | None) -> None:
        """Find out who asks, and choose a workspace.

        Parameters
        ----------
        workspace
            Its name; without one that of the configuration, or the person's usual one.

        Raises
        ------
        RpcError
            ``unavailable`` with what to do, ``invalid`` where there is no such workspace.
        """
        members = await self.look_up()
        usual = [
            s for s, m in zip(self.workspaces, members, strict=True) if m["is_default_account"]
        ]
        only = self.workspaces if len(self.workspaces) == 1 else []
        wanted = workspace or _configured("workspace") or _configured("account")
        found = str(wanted or next(iter(usual or only), ""))
        names = ", ".join(map(printable, self.workspaces[:10])) or "none"
        if not found:
            text = f"Name one of your workspaces: {names}."
            raise RpcError("invalid", f"workspace: {text}", fields={"workspace": text})
        if found not in self.workspaces:
            text = f"You are not in the workspace {printable(found)}. Yours: {names}."
            raise RpcError("invalid", f"workspace: {text}", fields={"workspace": text})
        self.workspace = found

    async def find(self, name: str) -> int | None:
        """Return the number of a cluster by name; None where there is none that lives."""
        with contextlib.suppress(_MissingError):
            path = f"/api/v2/clusters/account/{self.workspace}/name/{name}"
            return int((await self.ask("GET", path))["id"])
        return None

    async def details(self, number: int) -> dict[str, Any]:
        """Return all that Coiled tells of a cluster."""
        return dict(await self.ask("GET", self._path(number)))

    async def machine_log(self, machine: str, lines: int) -> list[str]:
        """Return the last lines that a machine has logged."""
        path = f"/api/v2/instances/{self.workspace}/instance/{machine}/logs"
        told = await self.ask("GET", path) or []
        text = "\n".join(str(entry.get("message", "")) for entry in told)
        return text.splitlines()[-lines:]

    async def delete(self, number: int, reason: str) -> None:
        """Stop a cluster; one that is gone already is well."""
        with contextlib.suppress(_MissingError):
            await self.ask("DELETE", self._path(number), reason=reason)

    async def require_cloud(self) -> None:
        """Refuse where the workspace has no cloud in which anything could be made.

        Raises
        ------
        RpcError
            ``unavailable``, with what sets one up.
        """
        told = await self.ask("GET", f"/api/v1/{self.workspace}/backend_options/")
        if not (told or {}).get("backend"):
            text = f"The workspace {printable(self.workspace)} has no cloud yet."
            hint = (
                "Run `coiled setup` in a terminal, or ask who looks after the workspace, or choose "
                "another one."
            )
            raise RpcError("unavailable", text, hint=hint)

    async def mine(self) -> tuple[list[CoiledCluster], list[str]]:
        """Return this person's clusters in all workspaces, and remarks on what was not asked.

        They are those that live, and have no controller on this machine.

        Raises
        ------
        RpcError
            No workspace could be asked.
        """
        answers, refusals = await ask_each(
            self.workspaces, lambda name: self.within(name)._listed()
        )
        taken = await in_thread(claimed)
        found = []
        for workspace, listed in answers.items():
            for name, state in listed:
                here, lives = name_keeper(name)
                if state in _ALIVE and not lives and name not in taken:
                    found.append(
                        CoiledCluster(
                            id=f"{workspace}/{name}",
                            workspace=workspace,
                            name=printable(name, 100),
                            state=state,
                            certain=here,
                        )
                    )
        remarks = [
            f"The workspace {printable(workspace)} could not be asked: {error}"
            for workspace, error in refusals.items()
        ]
        return found, remarks

    async def _listed(self) -> list[tuple[str, str]]:
        """Return name and state of this person's clusters in the workspace."""
        path = f"/api/v2/clusters/account/{self.workspace}/"
        found: list[tuple[str, str]] = []
        for _ in range(_MOST_PAGES):
            params = {"limit": str(_PAGE), "offset": str(len(found)), "just_mine": "1"}
            listed = await self.ask("GET", path, **params)
            # Until there is none, as the library does: it may give fewer than it was asked for.
            if not listed:
                break
            found += [(str(one["name"]), str(one["current_state"]["state"])) for one in listed]
        return found

    def _path(self, number: int) -> str:
        return f"/api/v2/clusters/account/{self.workspace}/id/{number}"


class _MissingError(RpcError):
    """There is no such thing at Coiled."""


async def sign_in() -> Account:
    """Return the account that this environment is configured for; nothing is asked yet.

    Raises
    ------
    RpcError
        ``unavailable``: there is no token.
    """
    await in_thread(importlib.import_module, PACKAGE)
    token = await in_thread(_find_token)
    if not token:
        raise RpcError("unavailable", "There is no token of Coiled here.", hint=_LOGIN)
    hide(token)
    server = str(_configured("server") or "https://cloud.coiled.io").rstrip("/")
    return Account(server if "://" in server else f"http://{server}", token)


async def connect(workspace: str | None) -> Account:
    """Return the account, signed in to a workspace.

    Raises
    ------
    RpcError
        As ``sign_in`` and ``Account.enter``.
    """
    account = await sign_in()
    await account.enter(workspace)
    return account


def _configured(name: str) -> Any:  # noqa: ANN401
    import dask

    return dask.config.get(f"coiled.{name}", None)


def _find_token() -> str:
    """Return the token; one of a sign-in since this kernel started comes first."""
    import dask

    fresh = dask.config.collect().get("coiled") or {}
    return str(fresh.get("token") or _configured("token") or "").strip()


def _refusal(status: int, body: str) -> RpcError:
    said = ""
    with contextlib.suppress(ValueError, AttributeError):
        told = json.loads(body)
        said = str(told.get("message") or told.get("detail") or "")
    said = printable(redact(said), 400)
    if status == 401:
        text = "Coiled does not accept the token that is configured here."
        return RpcError("unavailable", text, hint=_LOGIN)
    if status == 403:
        text = f"Coiled does not permit this: {said}" if said else "Coiled does not permit this."
        hint = "Ask who looks after the workspace, or choose another one."
        return RpcError("unavailable", text, hint=hint)
    if status == 404:
        return _MissingError("notFound", said or "Coiled knows no such thing.")
    if status == 426:
        text = said or "Coiled wants a newer version of its package."
        hint = f"Run %pip install --upgrade {PACKAGE} in a notebook of this environment."
        return RpcError("unavailable", text, hint=hint)
    text = said or f"Coiled answers with the error {status}."
    return RpcError("unavailable", text, hint="Try again a little later.")
