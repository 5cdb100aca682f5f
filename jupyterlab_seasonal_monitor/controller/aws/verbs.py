# ruff: noqa: TID252 - in a kernel the package has another name
"""The verbs about an account at Amazon. Nothing is asked of it that no page asked for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Any, TypeVar

from ..batch.marks import keeper, origin, owner
from ..causes import printable
from ..forkserver import in_thread
from ..packages import lacking, require
from ..protocol_back_ends import AwsDescription, AwsLeftover, AwsLeftovers, AwsRemoved
from ..removal import remove_known
from ..rpc import Peer, RpcError, Verb
from . import PACKAGE, SERVICES
from .account import Account, Thing
from .regions import elsewhere
from .words import explain

#: Seconds for a removal that somebody waits for.
_PATIENCE = 150.0
_T = TypeVar("_T")


async def _describe(peer: Peer, params: dict[str, Any]) -> AwsDescription:
    told = AwsDescription(
        region=None, missing=await in_thread(lacking, PACKAGE), problem=None, hint=None
    )
    if told["missing"]:
        return told

    def ask() -> str:
        account = Account()
        account.client("sts").get_caller_identity()
        return account.region

    try:
        told["region"] = await _in_words(ask)
    except RpcError as error:
        told["problem"], told["hint"] = str(error), error.data["hint"]
    return told


async def _leftovers(peer: Peer, params: dict[str, Any]) -> AwsLeftovers:
    service = _service(params)
    _, left, remarks = await _in_words(lambda: _find(service))
    return AwsLeftovers(clusters=left, remarks=remarks)


async def _remove(peer: Peer, params: dict[str, Any]) -> AwsRemoved:
    """Remove clusters that a fresh list holds, whatever else was asked for."""
    service = _service(params)
    # By the time of the click another one may have removed it, or it may be another person's.
    accounts, found, _ = await _in_words(lambda: _find(service))

    async def clean(mark: str) -> None:
        await _in_words(lambda: _clean(accounts, service, mark))

    known = {left["id"] for left in found}
    return AwsRemoved(clusters=await remove_known(params["clusters"], known, clean))


def _clean(accounts: list[Account], service: str, mark: str) -> None:
    problems = [wrong for one in accounts for wrong in one.clean(service, mark, _PATIENCE)]
    if problems:
        text = f"Not everything could be removed: {', '.join(problems[:5])}."
        raise RpcError("launchFailed", text, hint="Try again, or remove it in the AWS console.")


def _find(service: str) -> tuple[list[Account], list[AwsLeftover], list[str]]:
    """Return the regions' accounts, this person's clusters of which something is left, remarks."""
    account = Account()
    regions, remarks = elsewhere(account, service)
    accounts = [account]
    things = dict.fromkeys(account.things(service))

    def add(region: str) -> None:
        other = Account(region)
        try:
            things.update(dict.fromkeys(other.things(service)))
        except Exception as error:
            refusal = explain(error)
            if refusal is None:
                raise
            # One region that refuses is no reason to tell nothing of the others.
            remarks.append(f"The region {region} could not be asked. {refusal}")
        else:
            accounts.append(other)

    for region in regions:
        add(region)
    # Those in a region that has roles only are found by them.
    named = {thing.tags.region for thing in things} - {one.region for one in accounts} - {""}
    for region in sorted(named):
        add(region)
    left = []
    for mark in dict.fromkeys(thing.tags.mark for thing in things):
        here, lives = keeper(mark)
        own = [thing for thing in things if thing.tags.mark == mark]
        if not lives and own[0].tags.owner == owner():
            left.append(_left(mark, own, certain=here))
    return accounts, left, remarks


def _left(mark: str, own: list[Thing], *, certain: bool) -> AwsLeftover:
    counts = Counter(thing.kind for thing in own)
    tags = own[0].tags
    return AwsLeftover(
        id=mark,
        title=printable(tags.title) or tags.service,
        region=tags.region,
        parts=[f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items()],
        runs=any(thing.runs for thing in own),
        made=tags.made,
        host=origin(mark),
        certain=certain,
    )


def _service(params: dict[str, Any]) -> str:
    service: str = params["service"]
    if service not in SERVICES:
        text = f"There is no service “{printable(service)}” of AWS here."
        raise RpcError("notFound", text)
    return service


async def _in_words(ask: Callable[[], _T]) -> _T:
    """Call something in a thread; what AWS refuses is raised in words."""

    def call() -> _T:
        require(PACKAGE)
        try:
            return ask()
        except RpcError:
            raise
        except Exception as error:
            raise explain(error) or error from error

    return await in_thread(call)


#: Coroutine function by method name.
VERBS: dict[str, Verb] = {
    "awsDescribe": _describe,
    "awsLeftovers": _leftovers,
    "awsRemove": _remove,
}
