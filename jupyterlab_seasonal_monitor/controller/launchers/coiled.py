# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters that Coiled makes in somebody's account of a cloud."""

from __future__ import annotations

import asyncio
import contextlib
import time
from typing import Any
from urllib.parse import urlsplit

from ..batch.marks import marked_name
from ..causes import clean_lines, describe_error, printable
from ..coiled.account import Account, connect
from ..coiled.words import (
    failed_machines,
    hint_for,
    progress,
    reasons,
    starting,
    worker_causes,
)
from ..deadlines import seconds_of
from ..forkserver import in_thread
from ..kubernetes.resource import default_image
from ..protocol_cluster import Cause, LogEntry, Worker
from ..rpc import RpcError
from ..security import write_credentials
from ..snapshot import Reading
from ..warm import Warmth
from .base import Reporter, capabilities
from .hosted import HostedLauncher

#: Minutes after our own ends at which Coiled ends a cluster without a controller.
_GRACE = 5
#: Seconds that a start waits for workers; those that come later are waited for in the card.
_START_PATIENCE = 60.0
#: Seconds between questions about missing workers: first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 30.0
#: Seconds between the library's own questions whether the cluster lives.
_LIBRARY_PAUSE = 30.0
_LOG_LINES = 30
#: Looks, a second apart, for the reason of an end.
_LOOKS = 10
#: Seconds for a cancelled start to rest.
_REST = 2.0


class CoiledLauncher(HostedLauncher):
    """Asks Coiled for a cluster, tells how far it is, and stops it.

    Coiled ends it after its idle time and its lifetime, also when nothing is left of this
    controller; nothing can put that off.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    warmth
        Where private files go.
    """

    capabilities = capabilities(keep=False)
    # Machines are rented, and an image is pulled.
    start_timeout = 1200.0

    def __init__(self, reporter: Reporter, warmth: Warmth) -> None:
        super().__init__(reporter, warmth)
        self._options: dict[str, Any] = {}
        self._account: Account | None = None
        self._name = ""
        #: Whether there is, or may be, a cluster that is this controller's to stop.
        self._owned = False
        self._details: dict[str, Any] = {}

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Ask for a cluster, or take up one that is there, and wait for its scheduler."""
        self._options = options
        self.reporter.step("packages")
        await self._warmth.imports()
        # What is taken up is where it is, whatever the form has.
        there = options.get("attach", "").rpartition("/")[0]
        if there:
            options["workspace"] = there
        self._account = await connect(options.get("workspace"))
        if "attach" not in options:
            await self._account.require_cloud()
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler", f"in the workspace {self._account.workspace}")
        await self._choose(name)
        try:
            await self._make(self._construct)
            security = await in_thread(_security, self._cluster.security)
            self._credentials = write_credentials(self._warmth.runtime.private, security)
            await self._attach(str(self._cluster.scheduler_address), security)
        except Exception as error:
            raise await self._failure(error) from error
        self._owned = True
        if "attach" in options:
            self._warmth.runtime.claim(self._name)
            await self._take_idle()
        self.reporter.step("scheduler", done=True)
        if "maximum" in options and "attach" not in options:
            await self.adapt(options["minimum"], options["maximum"])
        elif self.wanted:
            self.reporter.step("workers", f"0 of {self.wanted}")
        self._watching = asyncio.ensure_future(self._watch())
        await self._wait_a_little()
        await self._compare_versions()
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Stop the cluster at Coiled, also one that is still being made."""
        if self._watching is not None:
            self._watching.cancel()
        making = self._making
        if making is not None and not making.done():
            # The library would wait until all is up. What it asked for may be made yet.
            making.cancel()
            await asyncio.wait([making], timeout=_REST)
        # A kernel that ends has a second: what costs money comes first.
        if self._owned:
            await self._delete()
        if self._cluster is not None:
            self._cluster.shutdown_on_close = False
        await super().stop()

    @property
    def dashboard(self) -> str | None:
        """The dashboard, without the token that the library puts into its address."""
        if self._cluster is None or self._remote is None:
            return None
        parts = urlsplit(str(self._cluster.dashboard_link))
        return f"{parts.scheme}://{parts.netloc}"

    async def read(self) -> tuple[Reading, list[Worker]]:
        """Ask the scheduler for its numbers."""
        try:
            return await super().read()
        except ConnectionError as error:
            await self._explain_end(error)
            raise

    def shortage(self, missing: int, wanted: int) -> list[Cause] | None:
        """Tell why machines of workers do not come."""
        if not self._details:
            return None
        text = f"{missing} of {wanted} workers are missing."
        causes = worker_causes(self._details)
        if causes:
            return [Cause(message=text), *causes]
        if starting(self._details):
            text = f"{missing} of {wanted} workers are on their way: machines start."
            return [Cause(message=text, hint="You can connect a notebook already.")]
        return None

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Return the lines of this process, of scheduler and workers, and of failed machines."""
        entries = await super().logs(lines, worker)
        if worker is None:
            entries += await self._machine_logs(lines)
        return entries

    # -- making -------------------------------------------------------------

    @property
    def _coiled(self) -> Account:
        if self._account is None:
            raise RpcError("notFound", "There is no running cluster here.")
        return self._account

    async def _choose(self, title: str) -> None:
        """Choose a new name, or look for the cluster that is to be taken up."""
        options = self._options
        if "attach" not in options:
            if "software" not in options:
                options.setdefault("image", await in_thread(default_image))
            self._name = marked_name(title)
            self.wanted = None if "maximum" in options else options["workers"]
            # From here on one may be there, even if this is cancelled before the answer.
            self._owned = True
            return
        self._name = options["attach"].rpartition("/")[2]
        number = await self._coiled.find(self._name)
        # Without one the library would make one, of its own size.
        if number is None:
            text = f"There is no cluster “{self._name}” in {self._coiled.workspace} now."
            hint = "It may have ended since it was idle. Start a new one."
            raise RpcError("notFound", text, hint=hint)
        self._details = await self._coiled.details(number)
        self.wanted = int(self._details.get("desired_workers") or 0)
        with contextlib.suppress(ValueError):
            self.began = seconds_of(str(self._details.get("created")))
        age = (time.time() - self.began) / 60 if self.began else 0.0
        if age > options["lifetime"]:
            text = f"This cluster is {age:.0f} minutes old: it would end at once. Give it more."
            raise RpcError("invalid", f"lifetime: {text}", fields={"lifetime": text})

    async def _take_idle(self) -> None:
        """Take the idle time that the cluster was made with: Coiled ends it by that."""
        # Functions do not pass to another version of Python: then the form's time holds.
        with contextlib.suppress(RpcError, OSError, asyncio.TimeoutError):
            seconds = await self._scheduler.idle_limit()
            if seconds:
                self._options["idleTimeout"] = max(1.0, seconds / 60 - _GRACE)

    async def _construct(self) -> Any:  # noqa: ANN401
        """Make the library's cluster, in its own loop."""
        import coiled
        from coiled.v2 import widgets

        # It would ask for a cloud at a prompt that nobody sees.
        widgets.EXECUTION_CONTEXT = "terminal"
        account = self._coiled
        cloud = await coiled.Cloud(
            asynchronous=True,
            server=account.server,
            token=account.token,
            workspace=account.workspace,
        )
        # The administrator's settings; the library never waits for them itself.
        await cloud.load_server_dask_config(workspace=account.workspace)
        cloud.load_server_dask_config = lambda **_: None
        cluster = coiled.Cluster(cloud=cloud, **self._arguments())
        # Kept before it is up: a start that fails or is cancelled leaves it to be closed.
        self._cluster = cluster
        await cluster
        cluster.periodic_callbacks["check_coiled_state"].callback_time = 1000 * _LIBRARY_PAUSE
        return cluster

    def _arguments(self) -> dict[str, Any]:
        options = self._options
        chosen = {
            "container": options.get("image"),
            "software": options.get("software"),
            "region": options.get("region"),
        }
        return {
            **{name: value for name, value in chosen.items() if value},
            "name": self._name,
            "workspace": self._coiled.workspace,
            "n_workers": options.get("minimum", self.wanted or 0),
            "worker_cpu": options["cores"],
            "worker_memory": f"{options['memory']} B",
            "spot_policy": options["spot"],
            "arm": options["arm"],
            "idle_timeout": f"{options['idleTimeout'] + _GRACE:g} minutes",
            "cluster_timeout": f"{options['lifetime'] + _GRACE:g} minutes",
            # The idle time holds; a notebook that disconnects ends nothing.
            "no_client_timeout": None,
            "credentials": "local" if options["lend"] else None,
            # It would hold Coiled's token, and all other secrets of the configuration.
            "send_dask_config": False,
            "wait_for_workers": False,
            # The controller stops it by itself, which needs no library.
            "shutdown_on_close": False,
            "show_widget": False,
            "custom_widget": _Listener(self),
            "configure_logging": False,
            "asynchronous": True,
        }

    def tell(self, details: dict[str, Any]) -> None:
        """Take what Coiled told the library while the cluster starts; in any thread."""

        def show() -> None:
            self._details = details
            self.reporter.step("scheduler", progress(details))

        self._loop_here.call_soon_threadsafe(show)

    async def _failure(self, error: Exception) -> RpcError:
        """Return why a start failed, in Coiled's words."""
        if isinstance(error, RpcError):
            return error
        with contextlib.suppress(RpcError):
            number = await self._coiled.find(self._name)
            if number is not None:
                self._details = await self._coiled.details(number)
        found = reasons(self._details)
        said = found[0] if found else printable(describe_error(error)[0]["message"], 400)
        log = [line for entry in await self._machine_logs(_LOG_LINES) for line in entry["lines"]]
        return RpcError(
            "launchFailed",
            f"Coiled could not start the cluster. {said}",
            hint=hint_for(said),
            log=log[-_LOG_LINES:],
            cause=[Cause(message=text) for text in found[1:]] + worker_causes(self._details),
        )

    async def _machine_logs(self, lines: int) -> list[LogEntry]:
        """Return the logs of machines that have failed: of the others Dask itself tells."""
        entries = []
        for machine in failed_machines(self._details)[:10]:
            with contextlib.suppress(RpcError):
                found = clean_lines(await self._coiled.machine_log(machine, lines))
                entries.append(LogEntry(source=printable(machine, 100), lines=found))
        return entries

    async def _wait_a_little(self) -> None:
        loop = asyncio.get_running_loop()
        until = loop.time() + _START_PATIENCE
        while self.wanted and loop.time() < until:
            ready = len(self._scheduler.names)
            causes = worker_causes(self._details)
            if ready >= self.wanted or causes:
                return
            self.reporter.step("workers", f"{ready} of {self.wanted}")
            await self._scheduler.read()
            await asyncio.sleep(0.5)

    async def _close_there(self, cluster: Any) -> None:  # noqa: ANN401
        await super()._close_there(cluster)
        await cluster.cloud.close()

    # -- life ---------------------------------------------------------------

    async def _watch(self) -> None:
        """Ask what becomes of workers while some are missing, ever more rarely."""
        pause = _FIRST_PAUSE
        before = 0
        while True:
            await asyncio.sleep(pause)
            wanted = self.wanted if self.wanted is not None else (self.bounds or (0, 0))[0]
            missing = wanted - len(self._scheduler.names)
            pause = _FIRST_PAUSE if missing != before else min(1.5 * pause, _LONGEST_PAUSE)
            before = missing
            if missing <= 0:
                continue
            with contextlib.suppress(RpcError):
                number = self._cluster.cluster_id
                details = await self._coiled.details(number)
                changed = worker_causes(details) != worker_causes(self._details)
                self._details = details
                if changed:
                    for cause in worker_causes(details):
                        self.reporter.event("log", cause["message"], "warning")
                    self.reporter.changed()

    def _gone(self, error: ConnectionError) -> None:
        asyncio.ensure_future(self._tell_end(error))  # noqa: RUF006 - ends by itself

    async def _tell_end(self, error: ConnectionError) -> None:
        await self._explain_end(error)
        self.reporter.lost(error)

    async def _explain_end(self, error: ConnectionError) -> None:
        """Tell that Coiled has stopped the cluster, and why, where it has."""
        for _ in range(_LOOKS):
            with contextlib.suppress(RpcError):
                details = await self._coiled.details(self._cluster.cluster_id)
                found = reasons(details)
                if found:
                    self.reporter.ended(f"Coiled has stopped the cluster. {found[0]}")
                    # It takes its leave before anybody calls it lost.
                    await asyncio.sleep(0)
                    return
            # The scheduler may be gone before Coiled says so.
            await asyncio.sleep(1)

    async def _delete(self) -> None:
        """Stop what may be there, and say so where that cannot be."""
        try:
            number = getattr(self._cluster, "cluster_id", None)
            number = number or await self._coiled.find(self._name)
            if number is not None:
                await self._coiled.delete(number, "stopped in Jupyter")
        except RpcError as error:
            text = (
                f"The cluster {self._name} could not be stopped: {error} Coiled ends it when it "
                f"has been idle for {self._options['idleTimeout'] + _GRACE:g} minutes."
            )
            self.reporter.event("log", text, "warning")


class _Listener:
    """Takes what the library would show in a widget."""

    def __init__(self, launcher: CoiledLauncher) -> None:
        self._launcher = launcher

    def update(self, cluster_details: Any, logs: object, *_: object, **__: object) -> None:  # noqa: ANN401
        """Take the state of the cluster, about once a second while it starts."""
        if cluster_details:
            self._launcher.tell(dict(cluster_details))


def _security(found: Any) -> Any:  # noqa: ANN401
    """Return the library's certificates as Dask itself has them."""
    from distributed.security import Security

    certificate, key = found.tls_scheduler_cert, found.tls_scheduler_key
    return Security(
        require_encryption=True,
        tls_ca_file=certificate,
        tls_client_cert=certificate,
        tls_client_key=key,
    )
