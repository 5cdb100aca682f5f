# ruff: noqa: TID252 - in a kernel the package has another name
"""A scheduler that somebody else started: it can be used and watched, not stopped."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from ..forkserver import in_thread
from ..protocol import Connection, LogEntry, Worker
from ..rpc import RpcError
from ..security import load_security
from ..snapshot import Reading
from .base import Launcher, Reporter, capabilities
from .remote import RemoteScheduler


class SchedulerLauncher(Launcher):
    """Attaches to an existing scheduler. Stopping it here only forgets it.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    """

    capabilities = capabilities(scale=False, adapt=False, restart=False, stop=False)

    def __init__(self, reporter: Reporter) -> None:
        super().__init__(reporter)
        self._remote: RemoteScheduler | None = None
        self._credentials: str | None = None

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Connect to the scheduler."""
        self.reporter.step("packages")
        await in_thread(_import_distributed)
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        if "address" in options:
            address = str(options["address"])
        else:
            address = await in_thread(_address_in, options["file"])
        if "://" not in address:
            address = f"{'tls' if 'credentials' in options else 'tcp'}://{address}"
        security = None
        if "credentials" in options:
            path = await in_thread(_absolute, options["credentials"])
            self._credentials = str(path)
            security = load_security(path)
        self._remote = RemoteScheduler(address, security, self.reporter)
        try:
            await self._remote.connect()
        except (OSError, asyncio.TimeoutError) as error:
            text = f"The scheduler at {address} cannot be used."
            hint = "Check the address, that the scheduler still runs, and its credentials file."
            raise RpcError("launchFailed", text, hint=hint) from error
        self.reporter.step("scheduler", done=True)
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Forget the scheduler."""
        if self._remote is not None:
            await self._remote.close()

    async def read(self) -> tuple[Reading, list[Worker]]:
        """Ask the scheduler for its numbers."""
        assert self._remote is not None
        return await self._remote.read()

    @property
    def connection(self) -> Connection | None:
        """The address and the credentials that were given."""
        if self._remote is None:
            return None
        connection = Connection(kind="scheduler", address=self._remote.address)
        if self._credentials is not None:
            connection["credentials"] = self._credentials
        return connection

    @property
    def dashboard(self) -> str | None:
        """The dashboard that the scheduler tells of."""
        return self._remote.dashboard if self._remote is not None else None

    async def logs(self, lines: int, worker: str | None) -> list[LogEntry]:
        """Ask the scheduler and its workers for their log lines."""
        assert self._remote is not None
        return await self._remote.logs(lines, worker)


def _import_distributed() -> None:
    import distributed  # noqa: F401


def _absolute(path: str) -> Path:
    return Path(path).expanduser().resolve()


def _address_in(path: str) -> str:
    try:
        address = json.loads(_absolute(path).read_text(encoding="utf-8"))["address"]
    except (OSError, ValueError, KeyError, TypeError) as error:
        text = "This is not a scheduler file: it names no address."
        raise RpcError("invalid", text, fields={"file": text}) from error
    return str(address)
