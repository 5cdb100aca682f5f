# ruff: noqa: TID252 - in a kernel the package has another name
"""What launchers share that make things in an account at Amazon."""

from __future__ import annotations

import asyncio
from abc import abstractmethod
from typing import Any

from ..aws.account import REGION_TAG, TAG, Account
from ..aws.words import explain
from ..batch.marks import new_mark
from ..causes import clean_lines
from ..rpc import RpcError
from ..warm import Warmth
from .base import Reporter, capabilities
from .hosted import HostedLauncher

#: Minutes after the idle time at which the scheduler ends without a controller.
_GRACE = 5
#: Seconds for the removal at a stop; machines hold other things until they are gone.
_PATIENCE = 60.0
#: Seconds that a start waits for workers; those that come later are waited for in the card.
_START_PATIENCE = 240.0


class RentedLauncher(HostedLauncher):
    """Checks the account first, tags all that is made, and removes it by the tag.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    warmth
        Where private files go.
    """

    # A scheduler that nobody looks after ends by itself: nothing can put that off.
    capabilities = capabilities(keep=False)
    start_timeout = 900.0

    def __init__(self, reporter: Reporter, warmth: Warmth) -> None:
        super().__init__(reporter, warmth)
        self._mark = new_mark()
        self.suffix = self._mark.rpartition(".")[2]
        self._name = f"sm-{self.suffix}"
        self._account: Account
        self._touched = False
        self._options: dict[str, Any] = {}

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Check, make the scheduler, ask for workers, and wait for them."""
        self._options = options
        self.reporter.step("packages")
        await self._warmth.imports()
        self._account = await asyncio.to_thread(Account, options.get("region"))
        await asyncio.to_thread(self._check, options)
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler", f"in {self._account.region}")
        self._touched = True
        try:
            await self._make(self._construct)
            await self._attach(self._address(), self._cluster.security)
        except Exception as error:
            raise await self._failure(error) from error
        self.reporter.step("scheduler", done=True)
        if "maximum" in options:
            await self.adapt(options["minimum"], options["maximum"])
        else:
            self.reporter.step("workers", f"0 of {options['workers']}")
            await self.scale(options["workers"])
        await self._wait_for_workers()
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Stop what costs money at once, then remove all that has our tag."""
        if self._touched:
            # A kernel that ends has a second: what costs money comes first.
            await asyncio.gather(
                asyncio.to_thread(self._account.halt, self._mark),
                super().stop(),
                return_exceptions=True,
            )
            await self._clean()
        else:
            await super().stop()

    def make_group(self, name: str) -> str:
        """Make a security group that its members and a few addresses get through."""
        ec2 = self._account.client("ec2")
        options = self._options
        group = ec2.create_security_group(
            Description="Dask cluster",
            GroupName=name,
            VpcId=options["vpc"],
            TagSpecifications=[
                {
                    "ResourceType": "security-group",
                    "Tags": [{"Key": k, "Value": v} for k, v in self._tags.items()],
                }
            ],
        )["GroupId"]
        ranges = {options["range"], *([options["from"]] if "from" in options else [])}
        ec2.authorize_security_group_ingress(
            GroupId=group,
            IpPermissions=[
                {
                    "IpProtocol": "tcp",
                    "FromPort": 8786,
                    "ToPort": 8787,
                    "IpRanges": [{"CidrIp": address} for address in sorted(ranges)],
                },
                {
                    "IpProtocol": "tcp",
                    "FromPort": 0,
                    "ToPort": 65535,
                    "UserIdGroupPairs": [{"GroupId": group}],
                },
            ],
        )
        return str(group)

    @abstractmethod
    def _check(self, options: dict[str, Any]) -> None:
        """Refuse what cannot work; called in a thread."""

    @abstractmethod
    def _made(self, options: dict[str, Any]) -> Any:  # noqa: ANN401
        """Return the library's cluster; called in its own loop."""

    @property
    def _tags(self) -> dict[str, str]:
        return {TAG: self._mark, REGION_TAG: self._account.region}

    @property
    def _backstop(self) -> str:
        return f"{self._options['idleTimeout'] + _GRACE:g} minutes"

    async def _construct(self) -> Any:  # noqa: ANN401
        cluster = self._made(self._options)
        cluster.shutdown_on_close = False
        return await cluster

    def _address(self) -> str:
        scheduler = self._cluster.scheduler
        return str(getattr(scheduler, "external_address", None) or scheduler.address)

    async def _wait_for_workers(self) -> None:
        loop = asyncio.get_running_loop()
        until, count = loop.time() + _START_PATIENCE, self.wanted or 0
        while count and loop.time() < until:
            ready = len(self._scheduler.names)
            if ready >= count:
                return
            self.reporter.step("workers", f"{ready} of {count}")
            await asyncio.sleep(0.5)

    async def _failure(self, error: Exception) -> Exception:
        log = clean_lines(await asyncio.to_thread(self._account.last_words, self._mark))
        refusal = error if isinstance(error, RpcError) else explain(error)
        if refusal is None and log:
            hint = "Look at the log lines: they are the containers' own. Check the image."
            refusal = RpcError("launchFailed", f"The cluster did not start: {log[0]}", hint=hint)
        if refusal is None:
            return error
        refusal.data["log"] = refusal.data["log"] or log
        return refusal

    async def _clean(self) -> None:
        try:
            left = await asyncio.to_thread(self._account.clean, self._mark, _PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it was, something may be left
            left = [str(explain(error) or error)]
        for line in left[:5]:
            text = f"Left in your account: {line}. It can be removed with the left-overs."
            self.reporter.event("log", clean_lines([text])[0], "warning")
