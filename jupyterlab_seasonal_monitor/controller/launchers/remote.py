# ruff: noqa: TID252 - in a kernel the package has another name
"""What launchers share whose scheduler is in another process or on another machine."""

from __future__ import annotations

import asyncio
import contextlib
from pathlib import Path
from typing import Any

from ..packages import advise, differences
from ..protocol_cluster import Connection, LogEntry, Worker
from ..rpc import RpcError
from ..snapshot import Reading
from .base import Launcher, Reporter
from .remote_scheduler import RemoteScheduler


class RemoteLauncher(Launcher):
    """What launchers share whose scheduler is reached over the network.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    """

    def __init__(self, reporter: Reporter) -> None:
        super().__init__(reporter)
        self._remote: RemoteScheduler | None = None
        self._credentials: Path | None = None
        self._versions: dict[str, str] | None = None
        self._remarks: list[str] = []
        #: Whether one remark is on versions.
        self._remarked = False

    @property
    def listens(self) -> bool:
        """Whether the scheduler tells nobody else of its workers: the cluster is ours."""
        return self.capabilities["stop"]

    async def read(self) -> tuple[Reading, list[Worker]]:
        """Ask the scheduler for its numbers, and look at the versions of workers that came."""
        found = await self._scheduler.read()
        if not self._remarked:
            with contextlib.suppress(OSError, asyncio.TimeoutError):
                for there in await self._scheduler.newcomers():
                    self._remark_versions("worker", there)
        return found

    @property
    def connection(self) -> Connection | None:
        """The scheduler's address and, with TLS, a credentials file."""
        if self._remote is None:
            return None
        connection = Connection(kind="scheduler", address=self._remote.address)
        if self._credentials is not None:
            connection["credentials"] = str(self._credentials)
        return connection

    @property
    def dashboard(self) -> str | None:
        """The dashboard that the scheduler tells of."""
        return self._remote.dashboard if self._remote is not None else None

    @property
    def versions(self) -> dict[str, str] | None:
        """The versions that the scheduler told."""
        return self._versions

    @property
    def remarks(self) -> list[str]:
        """Where versions differ, and what else was noticed."""
        return self._remarks

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Ask the scheduler and its workers for their log lines."""
        return await self._scheduler.logs(lines, worker)

    async def _attach(self, address: str, security: Any) -> None:  # noqa: ANN401
        """Connect to a scheduler; ``_detach`` follows also when this failed."""
        self._remote = RemoteScheduler(
            address, security, self.reporter, listen=self.listens, gone=self._gone
        )
        await self._remote.connect()

    def _gone(self, error: ConnectionError) -> None:
        """Tell that the scheduler has closed the connection."""
        self.reporter.lost(error)

    async def _compare_versions(self) -> None:
        """Remark where scheduler and workers have other versions than this environment.

        Results and functions may not pass between them.
        """
        with contextlib.suppress(OSError, asyncio.TimeoutError):
            told = await self._scheduler.versions()
            self._versions = told["scheduler"]
            for whose, there in told.items():
                self._remark_versions(whose, there)

    def _remark_versions(self, whose: str, there: dict[str, str]) -> None:
        """Remark once where versions differ: what follows has mostly the same."""
        found = differences(there)
        if found and not self._remarked:
            self._remarked = True
            text = f"The {whose} has other versions than this environment: {', '.join(found)}."
            self.reporter.event("log", text, "warning")
            self._remarks.append(f"{text} {advise(there)}")

    async def _detach(self) -> None:
        if self._remote is not None:
            await self._remote.close()

    @property
    def _scheduler(self) -> RemoteScheduler:
        if self._remote is None:
            raise RpcError("notFound", "There is no running cluster here.")
        return self._remote
