# ruff: noqa: TID252 - in a kernel the package has another name
"""Reaching a Kubernetes cluster, and whether Dask clusters can be had there."""

from __future__ import annotations

import asyncio
import contextlib
import json
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from ..causes import describe_error, printable, redact
from ..forkserver import in_thread
from ..rpc import RpcError

PACKAGE = "dask-kubernetes"
GROUP = "kubernetes.dask.org"
VERSION = f"{GROUP}/v1"
HELM = (
    "helm install --repo https://helm.dask.org --create-namespace -n dask-operator "
    "--generate-name dask-kubernetes-operator"
)
_TIMEOUT = 15.0
#: Verb, group and resource of all that is done for a cluster.
RIGHTS = [
    ("create", GROUP, "daskclusters"),
    ("get", GROUP, "daskclusters"),
    ("list", GROUP, "daskclusters"),
    ("delete", GROUP, "daskclusters"),
    ("patch", GROUP, "daskclusters"),
    ("get", GROUP, "daskworkergroups"),
    ("list", GROUP, "daskworkergroups"),
    ("patch", GROUP, "daskworkergroups"),
    ("delete", GROUP, "daskworkergroups"),
    ("get", GROUP, "daskautoscalers"),
    ("create", GROUP, "daskautoscalers"),
    ("patch", GROUP, "daskautoscalers"),
    ("delete", GROUP, "daskautoscalers"),
    ("list", "apps", "deployments"),
    ("list", "", "pods"),
    ("watch", "", "pods"),
    ("get", "", "pods/log"),
    # Kubernetes asks for one or the other, by the version and how it is reached.
    ("create", "", "pods/portforward"),
    ("get", "", "pods/portforward"),
]
#: Folder with the names of namespaces in which clusters were made, and how many are read.
_FOLDER, _MOST = "seasonal_monitor_namespaces", 20


class Place:
    """One Kubernetes API and a namespace there.

    Attributes
    ----------
    api
        A ``kr8s.asyncio.Api``.
    namespace
        Where the clusters are.
    """

    def __init__(self, api: Any, namespace: str) -> None:  # noqa: ANN401
        self.api = api
        self.namespace = namespace

    def within(self, namespace: str) -> Place:
        """Return another namespace of the same Kubernetes cluster."""
        return Place(self.api, namespace)

    def remember(self) -> None:
        """Note that clusters are made in this namespace; this blocks."""
        folder = _folder()
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        (folder / f"{self._server}.{self.namespace}").touch()

    def remembered(self) -> list[str]:
        """Return the namespaces in which clusters were made from here, the newest first."""
        noted = sorted(_folder().glob(f"{self._server}.*"), key=_age, reverse=True)
        return [path.name.partition(".")[2] for path in noted[:_MOST]]

    @property
    def _server(self) -> str:
        return f"{zlib.crc32(str(self.api.auth.server).encode()):08x}"

    async def may_list_everywhere(self, *kinds: str) -> bool:
        """Return whether resources of Dask can be listed in all namespaces at once."""
        everywhere = self.within("")
        answers = await asyncio.gather(*(everywhere._may("list", GROUP, kind) for kind in kinds))
        return all(answers)

    async def ask(
        self,
        method: str,
        url: str,
        *,
        version: str = VERSION,
        body: dict[str, Any] | None = None,
        namespaced: bool = True,
        params: dict[str, str] | None = None,
    ) -> Any:  # noqa: ANN401
        """Return what the API answers to one request.

        Raises
        ------
        RpcError
            It refused, in its words, or does not answer.
        """
        arguments: dict[str, Any] = {"params": params} if params else {}
        if body is not None:
            kind = "merge-patch+json" if method == "PATCH" else "json"
            arguments["content"] = json.dumps(body)
            arguments["headers"] = {"Content-Type": f"application/{kind}"}
        with refusals():
            async with self.api.call_api(
                method,
                version=version,
                url=url,
                namespace=self.namespace if namespaced else None,
                **arguments,
            ) as response:
                return response.json()

    async def find(self, name: str, kind: str = "daskclusters") -> dict[str, Any] | None:
        """Return a resource of Dask by name; None when there is none."""
        try:
            found: dict[str, Any] = await self.ask("GET", f"{kind}/{name}")
        except MissingError:
            return None
        return found

    async def check(self) -> None:
        """Refuse when the operator's kinds are not there, or a right is missing.

        Raises
        ------
        RpcError
            ``unavailable`` with what is missing and what to do.
        """
        answers = await asyncio.gather(self._has_kinds(), *(self._may(*one) for one in RIGHTS))
        if not answers[0]:
            text = "The Dask operator is not installed on this Kubernetes cluster."
            hint = f"Ask its administrator to run: {HELM}"
            raise RpcError("unavailable", text, hint=hint)
        for (verb, group, resource), may in zip(RIGHTS, answers[1:], strict=True):
            if not may:
                shown = f"{resource}.{group}" if group else resource
                text = f"You may not {verb} {shown} in the namespace {self.namespace}."
                hint = (
                    "Ask the administrator of the Kubernetes cluster for this right, or choose a "
                    "namespace of your own."
                )
                raise RpcError("unavailable", text, hint=hint)

    async def _has_kinds(self) -> bool:
        try:
            await self.ask("GET", "", version=VERSION, namespaced=False)
        except MissingError:
            return False
        return True

    async def _may(self, verb: str, group: str, resource: str) -> bool:
        name, _, part = resource.partition("/")
        attributes = {"namespace": self.namespace, "verb": verb, "group": group, "resource": name}
        if part:
            attributes["subresource"] = part
        body = {"spec": {"resourceAttributes": attributes}}
        answer = await self.ask(
            "POST",
            "selfsubjectaccessreviews",
            version="authorization.k8s.io/v1",
            body={
                "apiVersion": "authorization.k8s.io/v1",
                "kind": "SelfSubjectAccessReview",
                **body,
            },
            namespaced=False,
        )
        return bool(answer["status"].get("allowed"))


def _folder() -> Path:
    from jupyter_core.paths import jupyter_runtime_dir

    return Path(jupyter_runtime_dir()) / _FOLDER


def _age(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0


class MissingError(RpcError):
    """There is no such thing there."""


class TakenError(RpcError):
    """There is such a thing already, or it was changed meanwhile."""


async def connect(namespace: str | None) -> Place:
    """Return the Kubernetes cluster that this environment is configured for.

    Raises
    ------
    RpcError
        ``unavailable``: there is no configuration, or nothing answers.
    """
    kr8s = await in_thread(_import_kr8s)
    try:
        with refusals():
            api = await asyncio.wait_for(kr8s.api(), _TIMEOUT)
    except asyncio.TimeoutError as error:
        raise _silent() from error
    except (ValueError, KeyError, IndexError, OSError) as error:
        text = "No Kubernetes cluster is configured here."
        hint = (
            "Put a kube config at ~/.kube/config or name it in KUBECONFIG, or run Jupyter in a pod "
            "that has a service account."
        )
        failure = RpcError("unavailable", text, hint=hint)
        raise failure from error
    api.timeout = _TIMEOUT
    return Place(api, namespace or api.namespace)


@contextlib.contextmanager
def refusals() -> Iterator[None]:
    """Turn the errors of the API's client into refusals in words."""
    import httpx
    import kr8s

    try:
        yield
    except kr8s.ServerError as error:
        code = error.response.status_code if error.response is not None else 500
        said = printable(redact(str(error)), 400)
        if code == 404:
            raise MissingError("notFound", said) from error
        hint = "Ask the administrator of the Kubernetes cluster."
        if code == 409:
            hint = "Try again: another name is chosen then."
            raise TakenError("unavailable", said, hint=hint) from error
        if code == 401:
            said = "The Kubernetes cluster does not accept your sign-in."
            hint = "Sign in again as your administrator describes, and try again."
        elif "exceeded quota" in said:
            hint = "Ask for less, stop what you no longer need, or ask the administrator."
        elif code in (400, 422):
            hint = "Change what it names, and try again."
        raise RpcError("unavailable", said, hint=hint) from error
    except (httpx.HTTPError, kr8s.APITimeoutError) as error:
        raise _silent(error) from error


def _silent(error: BaseException | None = None) -> RpcError:
    text = "The Kubernetes cluster does not answer."
    hint = "Check the network and the kube config, and try again."
    return RpcError("unavailable", text, hint=hint, cause=describe_error(error) if error else None)


def _import_kr8s() -> Any:  # noqa: ANN401
    import kr8s.asyncio

    return kr8s.asyncio
