# ruff: noqa: TID252 - in a kernel the package has another name
"""Workers as jobs of a batch system, through dask-jobqueue; the scheduler is here."""

from __future__ import annotations

import asyncio
import contextlib
import sys
import threading
import time
from collections import Counter
from pathlib import Path
from typing import Any

from ..batch.base import BatchSystem, CommandError, Job
from ..batch.marks import new_mark
from ..causes import clean_lines
from ..protocol_cluster import Cause
from ..rpc import RpcError
from ..security import Credentials
from ..warm import Warmth
from .base import Reporter
from .hosted import HostedLauncher

#: Seconds that a start waits for workers; those that come later are waited for in the card.
_START_PATIENCE = 30.0
#: Seconds between questions to the batch system while jobs wait: first, and at most.
_FIRST_PAUSE, _LONGEST_PAUSE = 2.0, 30.0
#: Seconds between looks at what is known here, which ask nobody.
_TICK = 1.0
#: Jobs that end before their worker came, after which adapting stops sending more.
_MOST_STILLBORN = 3
_DEATH_TIMEOUT = 60
_PROXY_ROUTE = "distributed.http.proxy"


class JobQueueLauncher(HostedLauncher):
    """Sends jobs, tells why they wait or have ended, and leaves none.

    Every job has a walltime, and its workers leave a little earlier; a cluster
    whose workers have nothing to do ends after the idle time.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    warmth
        Where private files go.
    system
        The batch system.
    """

    def __init__(self, reporter: Reporter, warmth: Warmth, system: BatchSystem) -> None:
        super().__init__(reporter, warmth)
        self._system = system
        self._mark = new_mark()
        self._options: dict[str, Any] = {}
        self._logs: Path
        #: Names of workers, without the number within the job, by the job's id.
        self._jobs: dict[str, str] = {}
        self._connected: set[str] = set()
        self._refusals: list[str] = []
        self._listed: dict[str, Job] = {}
        self._endings: list[str] = []
        self._stillborn = 0

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Bring up the scheduler, send the jobs, and wait a little for their workers."""
        self._options = options
        self.reporter.step("packages")
        await self._warmth.imports()
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        runtime = self._warmth.runtime
        shared = runtime.shared(Path(options["shared"]) if "shared" in options else None)
        self._logs = shared / "jobs"
        credentials = Credentials(shared)
        self._credentials = credentials.path
        security = credentials.security()
        arguments = self._arguments(security)
        await self._make(lambda: self._construct(arguments))
        await self._attach(self._cluster.scheduler_address, security)
        self.reporter.step("scheduler", done=True)
        await self._ask_for_workers(options)
        self._watching = asyncio.ensure_future(self._watch())
        await self._wait_a_little()
        await self._compare_versions()
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Cancel all jobs, also those that the library lost sight of, and close the scheduler."""
        if self._watching is not None:
            self._watching.cancel()
        # A kernel that ends has a second: the jobs come first.
        await asyncio.gather(self._cancel_all(), super().stop())
        await self._cancel_all()

    @property
    def dashboard(self) -> str | None:
        """The dashboard, which only this machine serves."""
        address = super().dashboard
        return address and f"http://127.0.0.1:{address.rpartition(':')[2]}"

    @property
    def waiting(self) -> bool:
        """Whether jobs are on their way, and none of their workers has come."""
        return bool(self._jobs) and not (self._remote is not None and self._remote.names)

    async def scale(self, workers: int) -> None:
        """Send or cancel jobs; a refusal is raised with the words of the batch system."""
        processes = self._options["processes"]
        self._refusals.clear()
        self._endings.clear()
        jobs = -(-workers // processes)
        await self._size({"workers": jobs * processes})
        await self._there(self._settle)
        if self._refusals:
            self.wanted = len(self._jobs) * processes
            raise self._refused()

    async def adapt(self, minimum: int, maximum: int) -> None:
        """Let the scheduler choose between two bounds."""
        self._refusals.clear()
        self._stillborn = 0
        await super().adapt(minimum, maximum)
        await self._there(self._settle)
        if self._refusals:
            raise self._refused()

    def shortage(self, missing: int, wanted: int) -> list[Cause] | None:
        """Tell of jobs that wait or start, or why the last one ended."""
        open_jobs = [self._listed[i] for i in self._open() if i in self._listed]
        reasons = Counter(job.reason or "its turn has not come" for job in open_jobs if job.waits)
        if reasons:
            text = f"{missing} of {wanted} workers wait in the queue."
            hint = "They come by themselves. You can connect a notebook already, or ask for less."
            causes = [Cause(message=text, hint=hint)]
            return causes + [
                Cause(message=f"{count} {'job waits' if count == 1 else 'jobs wait'}: {reason}.")
                for reason, count in reasons.most_common(3)
            ]
        if open_jobs and not self._endings:
            text = f"{missing} of {wanted} workers are starting on their nodes."
            return [Cause(message=text, hint="If they do not come, look at the log.")]
        if self._endings:
            text = f"{missing} of {wanted} workers are missing."
            hint = "Scale to the number that you need: new jobs are sent."
            return [
                Cause(message=text, hint=hint),
                *(Cause(message=line) for line in self._endings[-3:]),
            ]
        return None

    # -- making -------------------------------------------------------------

    def _arguments(self, security: Any) -> dict[str, Any]:  # noqa: ANN401
        options = self._options
        wall = options["walltime"]
        lifetime = wall - min(300, max(5, wall // 10))
        given = {
            "queue": options.get("queue"),
            self._system.account: options.get("account"),
            "interface": options.get("interface"),
            "local_directory": options.get("scratch"),
            "job_script_prologue": options.get("prologue"),
        }
        return {
            **{name: value for name, value in given.items() if value is not None},
            "name": "job",
            "job_name": self._mark if self._system.tells else "dask-sm",
            "cores": options["cores"],
            "processes": options["processes"],
            "memory": f"{options['memory']}B",
            "walltime": self._system.walltime(wall),
            "death_timeout": _DEATH_TIMEOUT,
            "worker_extra_args": ["--lifetime", f"{lifetime}s"],
            "job_extra_directives": [
                *self._system.directives(self._warmth.folder),
                *options.get("directives", []),
            ],
            "log_directory": str(self._logs),
            "python": sys.executable,
            "protocol": "tls://",
            "security": security,
            # Other machines reach the scheduler; its dashboard stays here.
            "scheduler_options": {"dashboard_address": "127.0.0.1:0"},
            "silence_logs": False,
            "asynchronous": True,
        }

    async def _construct(self, arguments: dict[str, Any]) -> Any:  # noqa: ANN401
        import dask

        dask_jobqueue = _import_jobqueue()
        routes = dask.config.get("distributed.scheduler.http.routes")
        dask.config.set(
            {"distributed.scheduler.http.routes": [r for r in routes if r != _PROXY_ROUTE]}
        )
        cls = getattr(dask_jobqueue, self._system.cluster)
        cluster = cls(job_cls=_watched(cls.job_cls, self), **arguments)
        cluster.shutdown_on_close = False
        return await cluster

    async def _settle(self) -> None:
        """Return, in the cluster's loop, when all jobs were sent or refused."""
        await self._cluster
        for name in [n for n, job in self._cluster.workers.items() if job.job_id is None]:
            # A ghost would count as a worker.
            self._cluster.worker_spec.pop(name, None)
        await self._cluster

    # What follows is called by jobs, in the cluster's loop.

    def sent(self, job: str, name: str) -> None:
        """Note a job that was taken."""
        self._loop_here.call_soon_threadsafe(self._jobs.__setitem__, job, name)

    def refuse(self, text: str) -> None:
        """Note a job that was refused."""
        said = self._system.refusal(text)
        self._refusals.append(said)
        adaptive = getattr(self._cluster, "_adaptive", None)
        if adaptive is not None:
            adaptive.stop()
        self._loop_here.call_soon_threadsafe(
            self.reporter.event, "log", f"{self._system.submit}: {said}", "error"
        )

    def closed(self, job: str) -> None:
        """Note a job that was cancelled by the cluster."""
        self._loop_here.call_soon_threadsafe(self._jobs.pop, job, None)

    # -- watching -----------------------------------------------------------

    def _refused(self) -> RpcError:
        text = f"{self._system.label} refused the jobs: {self._refusals[0]}"
        hint = "Correct what it names, or choose another queue, and try again."
        return RpcError("launchFailed", text, hint=hint)

    def _open(self) -> list[str]:
        """Return the ids of the jobs of which no worker has come."""
        names = set(self._remote.names) if self._remote is not None else set()
        size = self._options["processes"]
        found = []
        for job, name in self._jobs.items():
            if name in names or any(f"{name}-{i}" in names for i in range(size)):
                self._connected.add(job)
            else:
                found.append(job)
        return found

    async def _wait_a_little(self) -> None:
        until = time.monotonic() + _START_PATIENCE
        count = self.wanted or 0
        while count and time.monotonic() < until:
            ready = len(self._scheduler.names)
            if ready >= count:
                return
            if not self._jobs and self._endings:
                log = await asyncio.to_thread(self._last_lines)
                hint = "Look at the log lines: they are the job's own."
                raise RpcError("launchFailed", self._endings[-1], log=log, hint=hint)
            reasons = [j.reason for i, j in self._listed.items() if i in self._jobs and j.reason]
            told = f": {reasons[0]}" if reasons else ""
            self.reporter.step("workers", f"{ready} of {count}{told}")
            if reasons:
                return
            await asyncio.sleep(0.2)

    async def _watch(self) -> None:
        pause, due = _FIRST_PAUSE, 0.0
        before: set[str] = set()
        while True:
            await asyncio.sleep(_TICK)
            missing = set(self._open())
            if missing - before:
                pause, due = _FIRST_PAUSE, 0.0
            before = missing
            if missing and time.monotonic() >= due:
                with contextlib.suppress(CommandError):
                    await self._ask(missing)
                due = time.monotonic() + pause
                pause = min(pause * 1.5, _LONGEST_PAUSE)

    async def _ask(self, missing: set[str]) -> None:
        if not self._system.tells:
            return
        shown = self._listed
        self._listed = {job.id: job for job in await self._system.jobs(self._mark)}
        for number in missing:
            job = self._listed.get(number)
            if (job is None or job.ended) and number in self._jobs:
                await self._end(number)
        if shown != self._listed or missing - set(self._jobs):
            self.reporter.changed()

    async def _end(self, number: str) -> None:
        """Tell how a job ended, and let the next scaling replace it."""
        words = await self._system.ending(number) or "has ended"
        name = self._jobs.pop(number, None)
        text = f"Job {number} {words}."
        self._endings.append(text)
        self.reporter.event("log", text, "warning")

        async def drop() -> None:
            self._cluster.workers.pop(name, None)

        await self._there(drop)
        self._stillborn = 0 if number in self._connected else self._stillborn + 1
        if self.bounds is not None and self._stillborn >= _MOST_STILLBORN:
            await self._size({"workers": len(self._jobs) * self._options["processes"]})
            text = f"Adapting stopped: {_MOST_STILLBORN} jobs ended before their workers came."
            self.reporter.event("log", text, "error")

    async def _cancel_all(self) -> None:
        if not self._system.tells:
            return
        with contextlib.suppress(CommandError):
            left = [job.id for job in await self._system.jobs(self._mark) if not job.ended]
            if left:
                await self._system.cancel(left)

    def _last_lines(self) -> list[str]:
        """Return the end of the newest file that a job wrote."""
        with contextlib.suppress(OSError):
            files = sorted(self._logs.glob("*.err"), key=lambda file: file.stat().st_mtime)
            if files:
                return clean_lines(files[-1].read_text(errors="replace").splitlines()[-30:])
        return []


def _import_jobqueue() -> Any:  # noqa: ANN401
    """Import the library without the handler of interrupts that it sets at its import.

    That can be set in no thread but the main one, where it would end the kernel
    at an interrupt.
    """
    import importlib
    import signal

    mine, original = threading.get_ident(), signal.signal

    def pass_by(number: Any, handler: Any) -> Any:  # noqa: ANN401
        return None if threading.get_ident() == mine else original(number, handler)

    signal.signal = pass_by  # type: ignore[assignment]
    try:
        return importlib.import_module("dask_jobqueue")
    finally:
        signal.signal = original


def _watched(base: Any, launcher: JobQueueLauncher) -> Any:  # noqa: ANN401
    """Return a job's class that tells what becomes of it.

    The library loses a refusal: it counts a worker that cannot come, and fails to
    close it. Here a refused job is one without an id.
    """

    class WatchedJob(base):  # type: ignore[misc]
        async def start(self) -> None:
            try:
                await super().start()
            except (RuntimeError, ValueError, OSError) as error:
                from distributed.core import Status

                launcher.refuse(str(error))
                self.status = Status.running
            else:
                launcher.sent(self.job_id, str(self.name))

        async def close(self) -> None:
            await super().close()
            if self.job_id is not None:
                launcher.closed(self.job_id)

    return WatchedJob
