# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters as a site configured them for the peer extension.

The section ``labextension`` of the Dask configuration names a class in
``factory`` and sizes in ``default``. It is read here, in the environment that it
speaks of; a page cannot name a class.
"""

from __future__ import annotations

import importlib
from typing import Any

from ..causes import printable
from ..forkserver import in_thread
from ..rpc import RpcError
from ..security import write_credentials
from .hosted import HostedLauncher


class LabextensionLauncher(HostedLauncher):
    """Starts the class that the site configured."""

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Make the cluster, give it its size, and connect to its scheduler."""
        self.reporter.step("packages")
        await self._warmth.imports()
        section = _read_section()
        factory = section.get("factory") or {}
        cls = await in_thread(_load_class, factory.get("module"), factory.get("class"))
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")

        async def make() -> Any:  # noqa: ANN401
            arguments = {"asynchronous": True, **(factory.get("kwargs") or {})}
            return await cls(*(factory.get("args") or []), **arguments)

        await self._make(make)
        await self._size({**_sizes(section), **options})
        address, security = self._cluster.scheduler_address, self._cluster.security
        self._credentials = write_credentials(self._warmth.runtime.private, security)
        await self._attach(address, security)
        self.reporter.step("scheduler", done=True)
        self.reporter.step("workers", done=True)


def _read_section() -> dict[str, Any]:
    import dask.config

    section = dask.config.get("labextension", None)
    if not isinstance(section, dict) or not isinstance(section.get("factory"), dict):
        raise RpcError("notFound", "The Dask configuration has no labextension factory.")
    return section


def _load_class(module: object, name: object) -> Any:  # noqa: ANN401
    try:
        return getattr(importlib.import_module(str(module)), str(name))
    except AttributeError as error:
        text = f"The module {printable(str(module))} has no class {printable(str(name))}."
        hint = "Ask your administrator to check labextension.factory in the Dask configuration."
        raise RpcError("launchFailed", text, hint=hint) from error


def _sizes(section: dict[str, Any]) -> dict[str, Any]:
    default = section.get("default") or {}
    adapt = default.get("adapt")
    if isinstance(adapt, dict) and "maximum" in adapt:
        return {"minimum": adapt.get("minimum", 0), "maximum": adapt["maximum"]}
    workers = default.get("workers")
    return {"workers": workers} if isinstance(workers, int) else {}
