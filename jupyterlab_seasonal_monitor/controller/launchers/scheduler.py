# ruff: noqa: TID252 - in a kernel the package has another name
"""A scheduler that somebody else started: it can be used and watched, not stopped."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

from ..forkserver import in_thread
from ..rpc import RpcError
from ..security import load_security
from .base import capabilities
from .remote import RemoteLauncher


class SchedulerLauncher(RemoteLauncher):
    """Attaches to an existing scheduler. Stopping it here only forgets it.

    Parameters
    ----------
    reporter
        Where it tells of steps and events.
    """

    capabilities = capabilities(owned=False)

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
            self._credentials = await in_thread(_absolute, options["credentials"])
            security = load_security(self._credentials)
        try:
            await self._attach(address, security)
        except (OSError, asyncio.TimeoutError) as error:
            text = f"The scheduler at {address} cannot be used."
            hint = "Check the address, that the scheduler still runs, and its credentials file."
            raise RpcError("launchFailed", text, hint=hint) from error
        self.reporter.step("scheduler", done=True)
        await self._compare_versions()
        self.reporter.step("workers", done=True)

    async def stop(self) -> None:
        """Forget the scheduler."""
        await self._detach()


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
