# ruff: noqa: TID252 - in a kernel the package has another name
"""Clusters of any class that makes Dask clusters, named as ``module:class``."""

from __future__ import annotations

import importlib
import inspect
from typing import Any

from ..causes import printable
from ..custom import fill_in
from ..forkserver import in_thread
from ..protocol import Cause
from ..rpc import RpcError
from ..security import write_credentials
from .hosted import HostedLauncher


class CustomLauncher(HostedLauncher):
    """Starts the class that the settings name, with the arguments that they give."""

    # Such a class may have machines started first.
    start_timeout = 900.0

    async def start(self, name: str, options: dict[str, Any]) -> None:
        """Make the cluster, give it its size, and connect to its scheduler."""
        self.reporter.step("packages")
        await self._warmth.imports()
        cls = await in_thread(_load_class, options["class"])
        arguments = fill_in(options["arguments"])
        self.reporter.step("packages", done=True)
        self.reporter.step("scheduler")
        known = _parameters(cls)
        if "asynchronous" in known:
            arguments["asynchronous"] = True
        # Otherwise many a class would make as many workers as it likes, for a moment.
        count = options.get("workers", options.get("minimum"))
        if "n_workers" in known and count is not None:
            arguments.setdefault("n_workers", count)

        async def make() -> Any:  # noqa: ANN401
            made = cls(**arguments)
            return await made if inspect.isawaitable(made) else made

        await self._make(make)
        self._find_abilities()
        await self._first_size(options, arguments.get("n_workers"))
        address = getattr(self._cluster, "scheduler_address", None)
        if not address:
            text = f"{printable(options['class'], 200)} made nothing that has a scheduler_address."
            hint = "Name a class of clusters, as distributed.deploy.Cluster describes them."
            raise RpcError("launchFailed", text, hint=hint)
        security = getattr(self._cluster, "security", None)
        if security is not None:
            self._credentials = write_credentials(self._warmth.runtime.private, security)
        if self._credentials is None:
            text = "The class made no certificates: its scheduler serves everybody who reaches it."
            self.reporter.event("log", text, "warning")
        await self._attach(str(address), security)
        self.reporter.step("scheduler", done=True)
        await self._compare_versions()
        self.reporter.step("workers", done=True)

    def shortage(self, missing: int, wanted: int) -> list[Cause] | None:
        """Say that only the class knows where its workers stay."""
        text = f"{missing} of {wanted} workers have not come."
        hint = "Look at the log, and at the service that runs them. You can ask for fewer."
        return [Cause(message=text, hint=hint)]

    def _find_abilities(self) -> None:
        """Offer only what this cluster can do."""
        from distributed.deploy import Cluster, SpecCluster

        cluster = self._cluster
        scale = getattr(type(cluster), "scale", None)
        can = scale is not None and scale is not Cluster.scale
        if isinstance(cluster, SpecCluster) and cluster.new_spec is None:
            # Such as SSHCluster: its workers are those that it was made with.
            can = False
        adapts = can and hasattr(cluster, "adapt")
        self.capabilities = {**self.capabilities, "scale": can, "adapt": adapts}

    async def _first_size(self, options: dict[str, Any], made: object) -> None:
        wants = "maximum" if "maximum" in options else "workers"
        if wants not in options:
            if isinstance(made, int):
                self.wanted = made
            return
        able = "adapt" if wants == "maximum" else "scale"
        if self.capabilities[able]:  # type: ignore[literal-required]
            await self._size(options)
        elif made != options[wants]:
            text = "The number of workers of this class cannot be changed: leave this empty."
            raise RpcError("invalid", f"{wants}: {text}", fields={wants: text})


def _parameters(made: Any) -> set[str]:  # noqa: ANN401
    """Return the names that a class takes; its bases' too, as far as it passes on."""
    found: set[str] = set()
    for part in getattr(made, "__mro__", (made,)):
        try:
            parameters = inspect.signature(part).parameters.values()
        except (TypeError, ValueError):
            break
        found |= {parameter.name for parameter in parameters}
        if not any(p.kind is inspect.Parameter.VAR_KEYWORD for p in parameters):
            break
    return found


def _load_class(named: str) -> Any:  # noqa: ANN401
    module, _, name = named.partition(":")
    found: Any = importlib.import_module(module)
    try:
        for part in name.split("."):
            found = getattr(found, part)
    except AttributeError as error:
        text = f"The module {printable(module)} has no {printable(name)}."
        hint = "Correct the class in the settings “Dask clusters of other classes”."
        raise RpcError("launchFailed", text, hint=hint) from error
    if not callable(found):
        text = f"{printable(named, 200)} is not a class or function."
        raise RpcError("launchFailed", text, hint="Name what makes the cluster.")
    return found
