# ruff: noqa: TID252 - in a kernel the package has another name
"""What launchers share that make things in an account at Amazon."""

from __future__ import annotations

import asyncio
import contextlib
from abc import abstractmethod
from typing import Any, ClassVar

from ..aws.account import Account
from ..aws.preflight import preflight
from ..aws.tags import PREFIX, Tags, new_tags
from ..aws.words import ending_hint, explain, is_final, refusal_in
from ..causes import clean_lines, describe_error, printable, redact
from ..forkserver import in_thread
from ..protocol_cluster import Cause
from ..rpc import RpcError
from ..security import Credentials
from ..warm import Warmth
from .base import Reporter
from .hosted import HostedLauncher

#: Minutes after the idle time at which the scheduler ends without a controller.
_GRACE = 5
#: Seconds for the removal at a stop; machines hold other things until they are gone.
_PATIENCE = 150.0
#: Seconds that a start waits for workers; those that come later are waited for in the card.
_START_PATIENCE = 180.0
#: Seconds between questions to AWS while workers are missing: first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 5.0, 60.0
#: What makes something that costs money, or holds what does.
_MAKES = {
    "CreateCluster",
    "CreateLogGroup",
    "CreateRole",
    "RegisterTaskDefinition",
    "RunInstances",
    "RunTask",
}


class AwsLauncher(HostedLauncher):
    """Checks the account first, tags all that is made, and removes it by the tag.

    Scheduler and workers end by themselves, a little later than the controller would end
    them, so that nothing runs for ever when nothing is left of the controller.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    warmth
        Where private files go.
    """

    #: As the tags and ``aws/__init__.py`` name it.
    service: ClassVar[str]
    start_timeout = 900.0

    def __init__(self, reporter: Reporter, warmth: Warmth) -> None:
        super().__init__(reporter, warmth)
        self.account: Account
        self.tags = Tags()
        self.options: dict[str, Any] = {}
        self._touched = False
        self._stopping = False
        self._kept = 0.0
        self._refusals: list[RpcError] = []
        self._refused = asyncio.Event()
        self._endings: dict[str, str] = {}
        #: What AWS calls the containers or machines of which no worker has been missed yet.
        self._open: set[str] = set()

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Check, make the scheduler, ask for workers, and wait for them."""
        self.options = options
        self.reporter.step("packages")
        await self._warmth.imports()
        self.account = await in_thread(Account, options.get("region"))
        # Prices differ by it.
        options["region"] = self.account.region
        await in_thread(preflight, self.account, self.service, options)
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler", f"in {self.account.region}")
        self.tags = await in_thread(new_tags, self.service, self.account.region, name)
        credentials = Credentials(self._warmth.runtime.private)
        self._credentials = credentials.path
        self._touched = True
        try:
            await self._make_or_refuse(credentials.security())
            await self._attach(self._address(), self._cluster.security)
        except Exception as error:
            raise await self._failure(error) from error
        self.reporter.step("scheduler", done=True)
        await self._compare_versions()
        self._watching = asyncio.ensure_future(self._watch())
        await self._ask_for_workers(options)
        await self._wait_a_little()
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Stop what costs money at once, then remove all that has our tag."""
        self._stopping = True
        if self._watching is not None:
            self._watching.cancel()
        if not self._touched:
            await super().stop()
            return
        # A kernel that ends has a second: what costs money comes first.
        await asyncio.gather(
            in_thread(self.account.halt, self.service, self.tags.mark),
            super().stop(),
            return_exceptions=True,
        )
        await self._clean()

    async def scale(self, workers: int) -> None:
        """Ask for a number of workers, and forget what earlier ones said."""
        self._forget()
        await super().scale(workers)

    async def adapt(self, minimum: int, maximum: int) -> None:
        """Let the scheduler choose between two bounds."""
        self._forget()
        await super().adapt(minimum, maximum)

    async def keep(self, seconds: float) -> None:
        """Let the scheduler wait longer, too."""
        self._kept += seconds
        await self._scheduler.wait_longer(60 * self.backstop + self._kept)

    def shortage(self, missing: int, wanted: int) -> list[Cause] | None:
        """Tell what AWS refused, and why containers or machines ended."""
        causes = []
        if self._refusals:
            refusal = self._refusals[-1]
            causes.append(Cause(message=str(refusal), hint=str(refusal.data["hint"])))
        said = dict.fromkeys(self._endings.values())
        causes += [Cause(message=text, hint=ending_hint(text)) for text in said]
        if causes:
            hint = "Scale to the number that you need: missing ones are asked for again."
            text = f"{missing} of {wanted} workers are missing."
            return [Cause(message=text, hint=hint), *causes[-3:]]
        text = f"{missing} of {wanted} workers are starting: AWS takes some minutes for them."
        return [Cause(message=text, hint="You can connect a notebook already.")]

    # -- what a service does ------------------------------------------------

    @abstractmethod
    def _made(self, security: Any) -> Any:  # noqa: ANN401
        """Return the library's cluster, not started; called in its own loop."""

    @abstractmethod
    def _sessions(self, cluster: Any) -> Any:  # noqa: ANN401
        """Return the botocore session by which the library asks."""

    @abstractmethod
    def _id_of(self, worker: Any) -> str | None:  # noqa: ANN401
        """Return what AWS calls a worker of the library."""

    # -- making -------------------------------------------------------------

    @property
    def name(self) -> str:
        """What names of things begin with."""
        return f"{PREFIX}{self.tags.mark.rpartition('.')[2]}"

    @property
    def backstop(self) -> float:
        """Minutes without work after which the scheduler ends by itself."""
        return float(self.options["idleTimeout"]) + _GRACE

    def make_group(self) -> str:
        """Make a security group that its members and a few addresses get through."""
        ec2, options = self.account.client("ec2"), self.options
        pairs = [{"Key": key, "Value": value} for key, value in self.tags.pairs().items()]
        group = ec2.create_security_group(
            Description="Dask cluster",
            GroupName=self.name,
            VpcId=options["vpc"],
            TagSpecifications=[{"ResourceType": "security-group", "Tags": pairs}],
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

    async def _make_or_refuse(self, security: Any) -> None:  # noqa: ANN401
        """Make the scheduler; the library would try for a minute what AWS does not permit."""

        async def construct() -> Any:  # noqa: ANN401
            if "securityGroups" not in self.options:
                self.options["securityGroups"] = [await in_thread(self.make_group)]
            cluster = self._made(security)
            cluster.shutdown_on_close = False
            session = self._sessions(cluster)
            session.register("before-call", self._on_call)
            session.register("after-call", self._on_answer)
            return await cluster

        making = asyncio.ensure_future(self._make(construct))
        refusal = asyncio.ensure_future(self._refused.wait())
        try:
            await asyncio.wait({making, refusal}, return_when=asyncio.FIRST_COMPLETED)
            if not making.done():
                raise self._refusals[-1]
            await making
        finally:
            making.cancel()
            refusal.cancel()

    def _on_call(self, model: Any, **_: object) -> None:  # noqa: ANN401
        """Let nothing be made any more once it is being removed."""
        if self._stopping and model.name in _MAKES:
            raise RuntimeError("The cluster is being stopped.")

    def _on_answer(self, parsed: dict[str, Any], model: Any, **_: object) -> None:  # noqa: ANN401
        """Note what AWS refused, and what it made; called in the cluster's loop."""
        if model.name not in _MAKES:
            return
        refusal = refusal_in(parsed, model.name)
        if refusal is not None:
            self._loop_here.call_soon_threadsafe(self._refuse, refusal, is_final(parsed))
        made = {str(task["taskArn"]) for task in parsed.get("tasks") or []}
        made |= {str(machine["InstanceId"]) for machine in parsed.get("Instances") or []}
        self._loop_here.call_soon_threadsafe(lambda: self._open.update(made))

    def _refuse(self, refusal: RpcError, final: bool) -> None:
        if str(refusal) not in map(str, self._refusals):
            self.reporter.event("log", str(refusal), "warning")
            self.reporter.changed()
        self._refusals.append(refusal)
        if final:
            self._refused.set()

    def _address(self) -> str:
        scheduler = self._cluster.scheduler
        return str(getattr(scheduler, "external_address", None) or scheduler.address)

    async def _failure(self, error: Exception) -> Exception:
        endings: dict[str, str] = {}
        with contextlib.suppress(Exception):
            endings = await in_thread(self.account.endings, self.service, self.tags.mark)
        log = clean_lines(await in_thread(self.account.last_words, self.service, self.tags.mark))
        refusal = error if isinstance(error, RpcError) else None
        said = next(iter(endings.values()), "")
        if refusal is None and said:
            text = f"The scheduler did not start: {printable(redact(said), 400)}"
            refusal = RpcError("launchFailed", text, hint=ending_hint(said))
        refusal = refusal or explain(error)
        if refusal is None:
            text = "The scheduler was started, but cannot be reached."
            hint = (
                "Without public addresses this kernel must be in the same network. With them, "
                "check from where it may be reached. Look at the log lines, too."
            )
            refusal = RpcError("launchFailed", text, hint=hint, cause=describe_error(error))
        refusal.data["log"] = refusal.data["log"] or log
        return refusal

    # -- life ---------------------------------------------------------------

    def _forget(self) -> None:
        self._refusals.clear()
        self._refused.clear()
        self._endings.clear()

    @property
    def _short(self) -> bool:
        wanted = self.wanted if self.bounds is None else self.bounds[0]
        return wanted is not None and len(self._scheduler.names) < wanted

    async def _wait_a_little(self) -> None:
        loop, count = asyncio.get_running_loop(), self.wanted or 0
        until = loop.time() + _START_PATIENCE
        while self._short and loop.time() < until:
            if self._refusals or self._endings:
                return
            self.reporter.step("workers", f"{len(self._scheduler.names)} of {count}")
            await asyncio.sleep(0.5)
            # Workers are seen with each reading.
            await self._scheduler.read()

    async def _watch(self) -> None:
        """Ask why workers are missing while some are, and never otherwise."""
        pause = _FIRST_PAUSE
        while True:
            await asyncio.sleep(pause)
            if not self._short:
                # Those that were given up meanwhile are missed by nobody.
                self._open, pause = await self._there(self._held), _FIRST_PAUSE
                continue
            # AWS may not answer, or not permit it: that is told elsewhere.
            with contextlib.suppress(Exception):
                found = await in_thread(self.account.endings, self.service, self.tags.mark)
                await self._note({name: found[name] for name in self._open & set(found)})
            pause = min(pause * 1.5, _LONGEST_PAUSE)

    async def _held(self) -> set[str]:
        """Return what AWS calls the workers that the library holds; in the cluster's loop."""
        return {str(self._id_of(worker)) for worker in self._cluster.workers.values()}

    async def _note(self, found: dict[str, str]) -> None:
        """Tell of those that ended, and let the next scaling replace them."""
        workers = self._cluster.workers

        async def drop() -> None:
            for name in [n for n, worker in workers.items() if self._id_of(worker) in found]:
                workers.pop(name)

        await self._there(drop)
        for name, said in found.items():
            self._open.discard(name)
            text = f"A worker ended: {printable(redact(said or 'it was stopped'), 400)}"
            self._endings[name] = text
            self.reporter.event("log", text, "warning")
            self.reporter.changed()

    async def _clean(self) -> None:
        try:
            left = await in_thread(self.account.clean, self.service, self.tags.mark, _PATIENCE)
        except Exception as error:  # noqa: BLE001 - whatever it was, something may be left
            left = [str(explain(error) or error)]
        for line in left[:5]:
            text = f"Left in your account: {line}. It can be removed with what is left running."
            self.reporter.event("log", clean_lines([text])[0], "warning")


def inline_config(security: Any) -> dict[str, Any]:  # noqa: ANN401
    """Return the configuration of Dask that has the certificate itself, not its file."""
    text = open(security.tls_ca_file, encoding="ascii").read()  # noqa: SIM115, PTH123
    begin = "-----BEGIN {}-----".format("PRIVATE KEY")  # no key: this text goes over the wire
    certificate, _, key = text.partition(begin)
    pair = {"cert": certificate, "key": begin + key}
    tls = {"ca-file": certificate, "scheduler": pair, "worker": pair}
    comm = {"default-scheme": "tls", "require-encryption": True, "tls": tls}
    return {"distributed": {"comm": comm}}
