# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters of pods, made by Dask's operator from a resource that is written here.

The library's ``KubeCluster`` is not used: it judges by the operator's phase, which can stay
``Pending`` for ever (dask/dask-kubernetes#968), and hangs when an image cannot be pulled.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
import os
import socket
import time
from collections import Counter
from typing import Any

from ..batch.marks import new_mark
from ..forkserver import in_thread
from ..kubernetes.options import IDLE
from ..kubernetes.place import HELM, Place, TakenError, connect
from ..kubernetes.pods import Pods
from ..kubernetes.resource import (
    DASHBOARD,
    MARK,
    OWN_IDLE,
    PORT,
    autoscaler,
    default_image,
    idle_seconds,
    new_cluster,
    new_name,
    own_idle,
)
from ..kubernetes.words import Trouble, is_pending, is_ready, trouble
from ..protocol_cluster import Cause, LogEntry
from ..rpc import RpcError
from ..warm import Warmth
from .base import Reporter, capabilities
from .remote import RemoteLauncher

#: Seconds in which the operator must have made a deployment.
_OPERATOR_PATIENCE = 20.0
#: Seconds that a start waits for workers; those that come later are waited for in the card.
_START_PATIENCE = 30.0
#: Seconds in which a scheduler listens whose pod is ready.
_LISTEN_PATIENCE = 15.0
_LOG_LINES = 30


class KubernetesLauncher(RemoteLauncher):
    """Makes a ``DaskCluster``, judges it by its pods, and deletes it.

    The operator ends it when it is idle, also when nothing is left of this controller.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    warmth
        What was made ready beforehand.
    """

    capabilities = capabilities()
    # Nodes may be added, and images pulled.
    start_timeout = 600.0

    def __init__(self, reporter: Reporter, warmth: Warmth) -> None:
        super().__init__(reporter)
        self._warmth = warmth
        self._options: dict[str, Any] = {}
        self._place: Place | None = None
        self._pods: Pods | None = None
        self._name = ""
        #: Whether there is, or may be, a resource that is this controller's to delete.
        self._owned = False
        #: Seconds by which its end was put off, all times together.
        self._kept = 0.0
        self._forwards: list[Any] = []
        self._dashboard: str | None = None
        self._told: set[str] = set()

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Make the cluster, or take up one that is there, and wait for its scheduler."""
        self._options = options
        self.reporter.step("packages")
        await self._warmth.imports()
        # What is taken up is where it is, whatever the form has.
        there = options.get("attach", "").rpartition("/")[0]
        if there:
            options["namespace"] = there
        self._place = await connect(options.get("namespace"))
        await self._place.check()
        # All namespaces may not be listed when this is looked for again.
        with contextlib.suppress(OSError):
            await in_thread(self._place.remember)
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        if "attach" in options:
            await self._take_up(options["attach"].rpartition("/")[2])
        else:
            await self._create(name)
        self._pods = Pods(self._place, self._name, self._changed)
        pod = await self._scheduler_pod()
        await self._reach(pod)
        await self._show_dashboard(pod)
        if "attach" in options:
            # What was given up before it could be used is left as it was found.
            await self._take_over()
        self.reporter.step("scheduler", done=True)
        if "maximum" in options and "attach" not in options:
            await self.adapt(options["minimum"], options["maximum"])
        elif self.wanted:
            self.reporter.step("workers", f"0 of {self.wanted}")
        await self._wait_a_little()
        await self._compare_versions()
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Delete the cluster; its pods go with it."""
        deleting = self._delete() if self._owned and self._place is not None else None
        # A kernel that ends has a second: what costs money comes first.
        if deleting is not None:
            await deleting
        await self._detach()
        if self._pods is not None:
            await self._pods.close()
        forwards, self._forwards = self._forwards, []
        for forward in forwards:
            await forward.stop()

    @property
    def dashboard(self) -> str | None:
        """The dashboard, which is forwarded to this machine only."""
        return self._dashboard

    async def scale(self, workers: int) -> None:
        """Ask the operator for a number of workers, and stop adapting."""
        await self._no_autoscaler()
        await self._group({"spec": {"worker": {"replicas": workers}}})
        self.wanted, self.bounds = workers, None

    async def adapt(self, minimum: int, maximum: int) -> None:
        """Let the operator choose between two bounds; it asks the scheduler every 5 seconds."""
        body = autoscaler(self._name, minimum, maximum)
        if await self._there.find(self._name, "daskautoscalers"):
            url = f"daskautoscalers/{self._name}"
            await self._there.ask("PATCH", url, body={"spec": body["spec"]})
        else:
            await self._there.ask("POST", "daskautoscalers", body=body)
        self.wanted, self.bounds = None, (minimum, maximum)

    async def restart(self) -> None:
        """Restart as ``Client.restart`` does."""
        await self._scheduler.restart()

    async def keep(self, seconds: float) -> None:
        """Let the operator wait longer, too.

        It counts from the last task and not from now, so each time is added to those before.
        """
        self._kept += seconds
        body = {"spec": {"idleTimeout": idle_seconds(self._options) + round(self._kept)}}
        await self._there.ask("PATCH", f"daskclusters/{self._name}", body=body)

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Return the lines of this process, and of each pod or one worker's."""
        assert self._pods is not None
        pods = [pod for pod in self._pods.all() if worker in (None, _source(pod))]
        if worker is not None and not pods:
            raise RpcError("notFound", "There is no such worker now.")
        found = await self._pods.logs(pods[:100], lines)
        sources = [_source(pod) for pod in pods]
        entries = [
            LogEntry(source=source, lines=text)
            for source, text in zip(sources, found, strict=False)
        ]
        if worker is None:
            entries.insert(0, LogEntry(source="controller", lines=self.reporter.log(lines)))
        return entries

    def shortage(self, missing: int, wanted: int) -> list[Cause] | None:
        """Tell why pods of workers do not run."""
        if self._pods is None:
            return None
        pods = self._pods.all("worker")
        troubles = Counter(found for pod in pods if (found := trouble(pod)) is not None)
        text = f"{missing} of {wanted} workers are missing."
        if troubles:
            causes = [Cause(message=text)]
            for found, count in troubles.most_common(3):
                head = "One pod" if count == 1 else f"{count} pods"
                causes.append(Cause(message=f"{head}: {found.text}", hint=found.hint))
            return causes
        if any(is_pending(pod) for pod in pods):
            text = f"{missing} of {wanted} workers are starting: their image is being pulled."
            return [Cause(message=text, hint="You can connect a notebook already.")]
        if self._pods.refusal is not None:
            return [Cause(message=text), Cause(message=str(self._pods.refusal))]
        return None

    # -- making -------------------------------------------------------------

    @property
    def _there(self) -> Place:
        if self._place is None:
            raise RpcError("notFound", "There is no running cluster here.")
        return self._place

    async def _create(self, title: str) -> None:
        options = self._options
        options.setdefault("image", await in_thread(default_image))
        self._name = new_name(title)
        body = await in_thread(new_cluster, self._name, title, options)
        # From here on one may be there, even if this is cancelled before the answer.
        self._owned = True
        try:
            await self._there.ask("POST", "daskclusters", body=body)
        except TakenError:
            # Of another's nothing is this controller's to delete.
            self._owned = False
            there = await self._there.find(self._name)
            mark = body["metadata"]["annotations"][MARK]
            notes = there["metadata"].get("annotations") if there else None
            self._owned = (notes or {}).get(MARK) == mark
            raise
        self.wanted = None if "maximum" in options else options["workers"]

    async def _take_up(self, name: str) -> None:
        found = await self._there.find(name)
        if found is None:
            text = f"There is no Dask cluster “{name}” in the namespace {self._there.namespace}."
            hint = "It may have ended since it was idle. Start a new one."
            raise RpcError("notFound", text, hint=hint)
        self._name = name
        self._options["idleTimeout"] = (own_idle(found) or 60 * IDLE) / 60
        scaler = await self._there.find(name, "daskautoscalers")
        if scaler is not None:
            self.bounds = scaler["spec"]["minimum"], scaler["spec"]["maximum"]
            return
        group = await self._there.find(f"{name}-default", "daskworkergroups")
        if group is not None:
            self.wanted = group["spec"]["worker"].get("replicas", 0)

    async def _take_over(self) -> None:
        """Note that the cluster is this controller's, and give it its own idle time again.

        The operator counts from the last task: what has passed since is added, or it would
        delete at once what was kept for longer.
        """
        self._kept = math.ceil(await self._scheduler.idle_for())
        own = idle_seconds(self._options)
        notes = {MARK: new_mark(), OWN_IDLE: str(own)}
        body = {"metadata": {"annotations": notes}, "spec": {"idleTimeout": own + self._kept}}
        await self._there.ask("PATCH", f"daskclusters/{self._name}", body=body)
        self._owned = True

    async def _scheduler_pod(self) -> dict[str, Any]:
        """Return the scheduler's pod when it is ready; tell what it waits for."""
        assert self._pods is not None
        began = asked = time.monotonic()
        while True:
            pods = self._pods.all("scheduler")
            for pod in pods:
                if is_ready(pod):
                    return pod
                found = trouble(pod)
                if found is not None and found.final:
                    raise await self._failure(pod, found)
                detail = found.text if found else "its image is being pulled" * is_pending(pod)
                self.reporter.step("scheduler", detail)
            if self._pods.refusal is not None:
                raise self._pods.refusal
            if not pods and time.monotonic() - asked > 5:
                asked = time.monotonic()
                await self._ask_deployment(asked - began > _OPERATOR_PATIENCE)
            await self._pods.news(1.0)

    async def _ask_deployment(self, late: bool) -> None:
        """Refuse when there is no deployment, or when it may have no pods."""
        url = "deployments"
        selector = {"labelSelector": f"dask.org/cluster-name={self._name}"}
        answer = await self._there.ask("GET", url, version="apps/v1", params=selector)
        for deployment in answer["items"]:
            for condition in deployment.get("status", {}).get("conditions") or []:
                if condition["type"] == "ReplicaFailure" and condition["status"] == "True":
                    text = f"Kubernetes refuses the pod of the scheduler: {condition['message']}"
                    hint = "Ask for less, stop what you no longer need, or ask the administrator."
                    raise RpcError("launchFailed", text, hint=hint)
        if late and not answer["items"]:
            text = "The Dask operator does not answer: it has not begun to make the cluster."
            hint = (
                f"Ask the administrator whether it runs and watches the namespace "
                f"{self._there.namespace}. It is installed with: {HELM}"
            )
            raise RpcError("launchFailed", text, hint=hint)

    async def _failure(self, pod: dict[str, Any], found: Trouble) -> RpcError:
        assert self._pods is not None
        log: list[str] = []
        if found.crashed:
            (log,) = await self._pods.logs([pod], _LOG_LINES, previous=True)
        text = f"The pod of the scheduler does not run. {found.text}"
        return RpcError("launchFailed", text, hint=found.hint, log=log)

    async def _address(self, pod: dict[str, Any]) -> str:
        """Return the scheduler's address: its service's from a pod, else a forwarded port."""
        host = f"{self._name}-scheduler.{self._there.namespace}"
        if os.environ.get("KUBERNETES_SERVICE_HOST"):
            with contextlib.suppress(OSError):
                await asyncio.get_running_loop().getaddrinfo(host, PORT, type=socket.SOCK_STREAM)
                return f"tcp://{host}:{PORT}"
        return f"tcp://127.0.0.1:{await self._forward(pod, PORT)}"

    async def _reach(self, pod: dict[str, Any]) -> None:
        """Connect to the scheduler; its pod is ready when its dashboard is, a little before it."""
        assert self._pods is not None
        address = await self._address(pod)
        until = time.monotonic() + _LISTEN_PATIENCE
        while not await self._attached(address, time.monotonic() > until):
            await self._pods.news(0.5)

    async def _attached(self, address: str, last: bool) -> bool:
        """Connect; the last refusal is raised, others return False."""
        try:
            await self._attach(address, None)
        except OSError:
            if last:
                raise
            await self._detach()
            return False
        return True

    async def _show_dashboard(self, pod: dict[str, Any]) -> None:
        self._dashboard = f"http://127.0.0.1:{await self._forward(pod, DASHBOARD)}"

    async def _forward(self, pod: dict[str, Any], port: int) -> int:
        from kr8s.asyncio.objects import Pod

        forward = (await Pod(pod, api=self._there.api)).portforward(port, local_port="auto")
        self._forwards.append(forward)
        return int(await forward.start())

    async def _wait_a_little(self) -> None:
        assert self._pods is not None
        until = time.monotonic() + _START_PATIENCE
        while self.wanted and time.monotonic() < until:
            ready = len(self._scheduler.names)
            if ready >= self.wanted:
                return
            found = next(filter(None, map(trouble, self._pods.all("worker"))), None)
            told = f": {found.text}" if found else ""
            self.reporter.step("workers", f"{ready} of {self.wanted}{told}")
            if found:
                return
            await self._pods.news(0.5)

    # -- life ---------------------------------------------------------------

    def _changed(self) -> None:
        """Tell of pods that come into trouble, once each."""
        if self._pods is None:
            return
        for pod in self._pods.all("worker"):
            found = trouble(pod)
            key = f"{pod['metadata']['name']}: {found.text}" if found else ""
            if found and key not in self._told:
                self._told.add(key)
                self.reporter.event("log", f"Worker {_source(pod)}: {found.text}", "warning")
                self.reporter.changed()

    async def _group(self, body: dict[str, Any]) -> None:
        await self._there.ask("PATCH", f"daskworkergroups/{self._name}-default", body=body)

    async def _no_autoscaler(self) -> None:
        with contextlib.suppress(RpcError):
            await self._there.ask("DELETE", f"daskautoscalers/{self._name}")

    async def _delete(self) -> None:
        if await self._there.find(self._name) is not None:
            await self._there.ask("DELETE", f"daskclusters/{self._name}")


def _source(pod: dict[str, Any]) -> str:
    """Return ``scheduler``, or the name that a worker has for Dask."""
    for variable in pod["spec"]["containers"][0].get("env") or []:
        # The pod's own name is cut where it would be too long.
        if variable["name"] == "DASK_WORKER_NAME":
            return str(variable["value"])
    return "scheduler"
