# ruff: noqa: TID252 - in a kernel the package has another name
"""What the page asks of an account: whether it can be used, and what was left in it."""

from __future__ import annotations

from collections import Counter

from ..batch.base import CommandError, Job
from ..causes import install_command
from ..forkserver import in_thread
from ..protocol import QueuePlace
from ..rpc import RpcError
from .account import Account, Thing
from .words import explain

#: Seconds for a removal that somebody waits for.
_PATIENCE = 100.0


class Aws:
    """An account, asked as batch systems are: a cluster with all its parts is a job."""

    tells = True
    #: What it cannot be asked without.
    submit = "dask-cloudprovider[aws]"

    def __init__(self, name: str, label: str) -> None:
        self.id = name
        self.label = label

    def missing(self) -> list[str]:
        """Return the packages that are not there, as pip names them."""
        import importlib.util

        found = all(importlib.util.find_spec(n) for n in ("dask_cloudprovider", "aiobotocore"))
        return [] if found else [self.submit]

    def need(self) -> None:
        """Refuse when a package is missing."""
        if self.missing():
            text = "This environment lacks dask-cloudprovider."
            command = install_command(f'"{self.submit}"')
            hint = f"Run {command} in a notebook of this environment."
            raise RpcError("missingPackage", text, hint=hint)

    async def queues(self) -> list[QueuePlace]:
        """Return none; what hinders the use of the account is raised."""

        def ask() -> None:
            Account().client("sts").get_caller_identity()

        await in_thread(_told, ask)
        return []

    async def jobs(self, name: str | None = None) -> list[Job]:
        """Return the clusters of which something is in the account."""

        def ask() -> list[Job]:
            things = _everywhere()
            return [_job(mark, things) for mark in dict.fromkeys(t.mark for t in things)]

        return await in_thread(_told, ask)

    async def cancel(self, jobs: list[str]) -> None:
        """Remove all parts of these clusters."""

        def remove() -> None:
            regions = {thing.mark: thing.region for thing in _everywhere()}
            problems: list[str] = []
            for mark in jobs:
                problems += Account(regions.get(mark) or None).clean(mark, _PATIENCE)
            if problems:
                raise CommandError(f"Not everything could be removed: {', '.join(problems[:5])}.")

        await in_thread(_told, remove)


def _everywhere() -> list[Thing]:
    """Return what there is in the usual region and in those that tags name."""
    account = Account()
    things = account.things()
    for region in {thing.region for thing in things} - {account.region, ""}:
        things += Account(region).things()
    return list(dict.fromkeys(things))


def _job(mark: str, things: list[Thing]) -> Job:
    own = [thing for thing in things if thing.mark == mark]
    counts = Counter(thing.kind for thing in own)
    parts = [f"{count} {kind}{'s' if count > 1 else ''}" for kind, count in counts.items()]
    region = next((thing.region for thing in own if thing.region), "")
    runs = any(thing.runs for thing in own)
    return Job(mark, mark, region, waits=not runs, ended=False, reason=", ".join(parts))


def _told(ask):  # type: ignore[no-untyped-def]  # noqa: ANN001, ANN202
    """Call something; what AWS refuses is raised in words."""
    try:
        return ask()
    except RpcError as error:
        hint = error.data["hint"]
        raise CommandError(f"{error} {hint or ''}".strip()) from error
    except CommandError:
        raise
    except Exception as error:
        refusal = explain(error)
        if refusal is None:
            raise
        raise CommandError(f"{refusal} {refusal.data['hint']}") from error
