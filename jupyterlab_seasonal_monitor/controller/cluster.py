"""The one cluster that a controller owns: its start, its life and its end."""

from __future__ import annotations

import asyncio
import logging
import time

from .causes import clean_lines, describe_error
from .deadlines import in_seconds, in_words
from .events import wait_within
from .failure import as_failure
from .protocol_cluster import Cause, Worker
from .record import ClusterRecord, now
from .snapshot import begins_to_spill, steady, steady_rows

logger = logging.getLogger(__name__)

#: Seconds between messages about running tasks when nobody looks.
HEARTBEAT = 60.0
#: Seconds with too few workers after which a cluster is called degraded.
_PATIENCE = 2.0
#: The same while workers that were just asked for start.
_START_PATIENCE = 20.0


class OwnedCluster(ClusterRecord):
    """State machine of one cluster: how it starts, is looked after, and ends.

    Implements the launchers' ``Reporter``. Must be used in the controller's loop.
    """

    _observer: asyncio.Task[None] | None = None
    _stopping: asyncio.Future[None] | None = None
    _rows: list[Worker] | None = None
    _short_since: float | None = None
    _patience = _PATIENCE
    _urgent = False

    async def start(self, timeout: float) -> None:
        """Bring the cluster up; on failure or cancellation nothing is left.

        Parameters
        ----------
        timeout
            Seconds after which it is given up.

        Raises
        ------
        RpcError
            ``launchFailed`` or ``missingPackage`` with causes and log lines.
        """
        self._publish()
        deadline = time.monotonic() + timeout
        try:
            await asyncio.wait_for(self.launcher.start(self.name, self._options), timeout)
        except BaseException as error:
            for step in self._steps.values():
                if step["state"] == "active":
                    step["state"] = "failed"
            # Read before clean-up adds lines of its own.
            log = clean_lines(self._output.tail(50))
            await asyncio.shield(asyncio.ensure_future(self._clean_up()))
            if isinstance(error, asyncio.CancelledError):
                self._enter("stopped")
                raise
            late = time.monotonic() >= deadline
            failure = as_failure(error, timeout if late else None, log)
            self._cause = [Cause(message=str(failure)), *failure.data["cause"]]
            if failure.data["hint"]:
                self._cause[0]["hint"] = failure.data["hint"]
            self._log = log
            self._enter("failed")
            raise failure from error
        # One that was taken up has brought its own.
        self._deadlines.take_idle(in_seconds(self._options.get("idleTimeout")))
        self._deadlines.start(self.launcher.began)
        self._enter("running")
        self._observer = asyncio.ensure_future(self._observe())

    async def stop(self) -> None:
        """Stop the cluster; a second call joins the first."""
        if self._stopping is None:
            if not self.live:
                return
            self._enter("stopping")
            self._stopping = asyncio.ensure_future(self._stop())
        await asyncio.shield(self._stopping)

    async def close(self) -> None:
        """End with the kernel; where nobody stopped the cluster, it is lost, and told why."""
        if self._stopping is None and self.live:
            self._cause = [
                Cause(
                    message="The controller kernel was shut down from elsewhere.",
                    kind="KernelShutDown",
                    hint="Start it again if you still need the cluster.",
                )
            ]
            if self._observer is not None:
                self._observer.cancel()
            self._enter("lost")
            self._stopping = asyncio.ensure_future(self._clean_up())
        await self.stop()

    def keep(self, seconds: float) -> None:
        """Put off the end that is near.

        Raises
        ------
        RpcError
            If it does not end by itself, or must by the administrator's bounds.
        """
        text = self._deadlines.keep(seconds, self._idle_seconds)
        self.event("state", text)
        self._publish()
        self._wake.set()

    def order_end(self, name: str, end: float | None, text: str, *, final: bool) -> None:
        """End at a time in seconds since the epoch, for which a page knows the reason."""
        self._deadlines.order(name, end, text, final=final)
        self._announce_end()
        self._publish()
        self._wake.set()

    async def changed_size(self, text: str) -> None:
        """Tell that another number of workers was asked for."""
        self._short_since, self._patience = None, _START_PATIENCE
        self.event("scaled", text)
        await self._refresh(urgent=True)

    async def refresh(self) -> None:
        """Read the numbers now."""
        if self.live:
            await self._refresh(urgent=False)

    def look(self) -> None:
        """Begin to report as closely as somebody looks now."""
        self._wake.set()

    async def rows(self) -> list[Worker]:
        """Return the rows of the worker table."""
        return (await self.launcher.read())[1] if self.live else []

    # -- Reporter, with what the record has -----------------------------------

    def changed(self) -> None:
        """Read and tell at once; while it starts, count the workers that are ready."""
        if self.state == "starting" and self.launcher.wanted:
            asyncio.ensure_future(self._count_start())  # noqa: RUF006 - ends by itself
        self._urgent = True
        self._wake.set()

    def ended(self, text: str) -> None:
        """Somebody else stopped the cluster: take leave of it."""
        if self.live:
            self._cause = [Cause(message=text)]
            asyncio.ensure_future(self.stop())  # noqa: RUF006 - kept in _stopping

    def lost(self, error: BaseException) -> None:
        """Tell that the cluster is gone."""
        if self.live:
            self._cause = describe_error(error)
            self._log = clean_lines(self._output.tail(50))
            self._enter("lost")
            asyncio.ensure_future(self._clean_up())  # noqa: RUF006 - ends by itself

    async def _observe(self) -> None:
        while self.live:
            self._wake.clear()
            urgent, self._urgent = self._urgent, False
            try:
                await self._refresh(urgent=urgent)
            except OSError as error:
                self.lost(error)
                return
            if self._end_if_due():
                return
            pause = 1.0 if self._watch.detail != "none" else HEARTBEAT
            pause = min(pause, self._deadlines.wait(self._idle_seconds) + 0.01)
            await wait_within(self._wake, pause)
            # A hundred workers that come at once make a few messages.
            await asyncio.sleep(max(0.0, self._last_sent + 0.1 - time.monotonic()))

    async def _refresh(self, *, urgent: bool) -> None:
        reading, rows = await self.launcher.read()
        if not self.live:
            return
        before, self._shown = self._shown, steady(reading, self._shown)
        if text := begins_to_spill(before, reading):
            self.event("spilled", text)
        if reading.work is not None:
            self._chunks.look(reading.work, time.monotonic())
        busy = self._shown.busy
        rests = not busy and not self.launcher.waiting
        if self._shown.tasks is not None:
            # Tasks that came and went between two looks count, too.
            worked = before is not None and before.transitions != reading.transitions
            since = now() if worked else self._idle_since or now()
            self._idle_since = since if rests else None
        self._announce_end()
        if not reading.conditions.get("restarting"):
            self._judge(reading.ready)
        if urgent:
            self._publish()
        elif self._watch.detail != "none":
            self._publish("counts")
        if busy and self._last and time.monotonic() - self._last_sent >= HEARTBEAT:
            self._send(self._last, "none")
        changed = steady_rows(rows, self._rows)
        if changed is not None and self._watch.detail == "workers":
            self._rows = rows
            for peer in self._watch.at("workers"):
                peer.notify("workersChanged", rows)

    def _announce_end(self) -> None:
        """Say once at each mark that the cluster ends soon, and that it does not any more."""
        minutes = self._deadlines.announce(self._idle_seconds)
        ends = self._deadlines.stops(self._idle_seconds)
        if minutes is not None and ends is not None:
            left = in_words(ends[0] - time.time())
            words = {"idle": "no task runs", "lifetime": "its time is over then"}
            why = words.get(ends[1], "a budget is used up")
            self.event("state", f"It stops in {left}, since {why}.", "warning")
            self._publish()
        elif "stopsWithin" in (self._last or {}) and not self._deadlines.within(self._idle_seconds):
            self._publish()

    def _end_if_due(self) -> bool:
        """Stop the cluster when its time is over."""
        reason = self._deadlines.due(self._idle_seconds)
        if reason is None or not self.live:
            return False
        text = self._deadlines.explain(reason)
        hint = "Start it again from the sidebar; the form has longer times, where they are allowed."
        self._cause = [Cause(message=text, hint=hint)]
        self.event("state", text, "warning")
        asyncio.ensure_future(self.stop())  # noqa: RUF006 - kept in _stopping
        return True

    def _judge(self, ready: int) -> None:
        """Call the cluster degraded when it lacks workers for longer than it should."""
        wanted = self.launcher.wanted
        if wanted is None and self.launcher.bounds is not None:
            wanted = self.launcher.bounds[0]
        if wanted is None or ready >= wanted:
            self._short_since, self._patience = None, _PATIENCE
            if self.state == "degraded":
                self._cause, self._log = [], []
                self._enter("running")
            return
        now = time.monotonic()
        if self._short_since is None:
            self._short_since = now
        remaining = self._short_since + self._patience - now
        if remaining > 0:
            asyncio.get_running_loop().call_later(remaining + 0.05, self.changed)
            return
        known = self.launcher.shortage(wanted - ready, wanted)
        if self.state == "running":
            self._log = clean_lines(self._output.tail(50))
            self._cause = known or self._guess_shortage(wanted - ready, wanted)
            self._enter("degraded")
        elif known:
            self._cause = known

    def _guess_shortage(self, missing: int, wanted: int) -> list[Cause]:
        text = f"{missing} of {wanted} workers are missing and have not come back."
        causes = [Cause(message=text, hint="Restart the workers, or scale to fewer of them.")]
        lost = [event["text"] for event in self.events if event["kind"] == "worker-lost"]
        return causes + [Cause(message=text) for text in lost[-1:]]

    async def _count_start(self) -> None:
        reading, _ = await self.launcher.read()
        wanted = self.launcher.wanted
        if self.state == "starting" and wanted and reading.ready < wanted:
            self.step("workers", f"{reading.ready} of {wanted}")

    async def _stop(self) -> None:
        if self._observer is not None:
            self._observer.cancel()
        await self._clean_up()
        self._enter("stopped")

    async def _clean_up(self) -> None:
        try:
            await self.launcher.stop()
        except Exception:
            logger.warning("Stopping failed", exc_info=True)
