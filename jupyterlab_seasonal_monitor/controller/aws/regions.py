"""In which regions of an account something is ours; all of it blocks."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from .account import THERE, Account, pages
from .tags import LOGS, PREFIX, TAG
from .words import code_of, denied_action

#: Regions that are asked at the same time, and that are named in a remark.
_AT_ONCE, _SHOWN = 8, 10


def elsewhere(account: Account, service: str) -> tuple[list[str], list[str]]:
    """Return the other regions in which something seems to be ours, and remarks.

    The remarks are sentences on the regions that could not be asked.

    Parameters
    ----------
    account
        Where the kernel's region is.
    service
        ``fargate`` or ``ec2``.
    """
    try:
        told = account.client("ec2").describe_regions()["Regions"]
    except Exception as error:
        action = denied_action(error)
        if action is None:
            raise
        text = f"Only {account.region} was asked: your permissions lack {action}."
        return [], [text]
    others = [name for item in told if (name := item["RegionName"]) != account.region]
    # Clients are not made by several threads at a time.
    clients = [{kind: account.client(kind, name) for kind in _CLIENTS[service]} for name in others]
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        answers = list(pool.map(lambda one: _seems_ours(one, service), clients))
    unasked = [
        f"{name} ({why})"
        for name, (ours, why) in zip(others, answers, strict=True)
        if why and not ours
    ]
    remarks = []
    if unasked:
        more = f" and {len(unasked) - _SHOWN} more" if len(unasked) > _SHOWN else ""
        shown = ", ".join(unasked[:_SHOWN])
        text = f"These regions could not be asked for all that can be left: {shown}{more}."
        remarks.append(text)
    return [name for name, (ours, _) in zip(others, answers, strict=True) if ours], remarks


def _seems_ours(clients: dict[str, Any], service: str) -> tuple[bool, str]:
    """Return whether a region has something of ours, and why it could not be asked for all."""
    answers = [_answer(ask, clients) for ask in _SIGNS[service]]
    return any(ours for ours, _ in answers), next((why for _, why in answers if why), "")


def _answer(ask: Callable[[dict[str, Any]], object], clients: dict[str, Any]) -> tuple[bool, str]:
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        return bool(ask(clients)), ""
    except ClientError as error:
        return False, denied_action(error) or code_of(error)
    except BotoCoreError as error:
        return False, type(error).__name__


_CLIENTS = {"fargate": ("ec2", "logs", "ecs"), "ec2": ("ec2",)}
_OURS = [{"Name": "tag-key", "Values": [TAG]}]
#: One question each: in other regions it is looked at once more when something is there.
_SIGNS: dict[str, tuple[Callable[[dict[str, Any]], object], ...]] = {
    "fargate": (
        lambda c: c["ec2"].describe_security_groups(Filters=_OURS)["SecurityGroups"],
        lambda c: c["logs"].describe_log_groups(logGroupNamePrefix=LOGS)["logGroups"],
        lambda c: any(
            f"/{PREFIX}" in arn for arn in pages(c["ecs"], "list_clusters", "clusterArns")
        ),
    ),
    "ec2": (
        lambda c: c["ec2"].describe_security_groups(Filters=_OURS)["SecurityGroups"],
        lambda c: c["ec2"].describe_instances(Filters=[*_OURS, THERE])["Reservations"],
    ),
}
