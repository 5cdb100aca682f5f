# ruff: noqa: TID252 - in a kernel the package has another name
"""Why a pod does not run, in words, from its status."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from ..causes import printable, redact

_PULL = ("ErrImagePull", "ImagePullBackOff", "ErrImageNeverPull", "RegistryUnavailable")
_CONFIG = ("CreateContainerConfigError", "CreateContainerError", "RunContainerError")


@dataclass(frozen=True)
class Trouble:
    """What keeps a pod from running.

    Attributes
    ----------
    text, hint
        What it is, and what to do.
    final
        Whether it will not pass by itself.
    crashed
        Whether a container ran and ended, so that it has a log.
    """

    text: str
    hint: str
    final: bool
    crashed: bool = False


def trouble(pod: dict[str, Any]) -> Trouble | None:
    """Return what keeps a pod from running; None if nothing is known to.

    Parameters
    ----------
    pod
        The resource as the API tells of it.
    """
    status = pod.get("status", {})
    containers = [
        *(status.get("initContainerStatuses") or []),
        *(status.get("containerStatuses") or []),
    ]
    for container in containers:
        found = _container(container)
        if found is not None:
            return found
    for condition in status.get("conditions") or []:
        if condition["type"] == "PodScheduled" and condition["status"] == "False":
            said = _said(condition.get("message"))
            hint = "It starts when there is room for it. Ask for less memory or fewer cores."
            return Trouble(f"No node has room for it{said}", hint, final=False)
    if status.get("reason") == "Evicted":
        text = f"Its node put it out{_said(status.get('message'))}"
        return Trouble(text, "It is started again. Give the workers more memory.", final=False)
    return None


def is_ready(pod: dict[str, Any]) -> bool:
    """Whether a pod runs and answers."""
    conditions = pod.get("status", {}).get("conditions") or []
    return not is_leaving(pod) and any(
        condition["type"] == "Ready" and condition["status"] == "True" for condition in conditions
    )


def is_leaving(pod: dict[str, Any]) -> bool:
    """Whether somebody has deleted it."""
    return "deletionTimestamp" in pod["metadata"]


def is_pending(pod: dict[str, Any]) -> bool:
    """Whether a pod has a node, but its container does not run yet."""
    return bool(pod.get("status", {}).get("phase", "Pending") == "Pending")


def _container(container: dict[str, Any]) -> Trouble | None:
    state, last = container.get("state") or {}, container.get("lastState") or {}
    waiting = state.get("waiting") or {}
    reason, message = waiting.get("reason", ""), waiting.get("message")
    image = printable(str(container.get("image", "")), 200)
    if reason == "InvalidImageName":
        text = f"“{image}” is not the name of an image."
        return Trouble(text, "Correct the image in the form.", final=True)
    if reason in _PULL:
        hint = (
            "Check the image's name and tag, and that this namespace may pull it from its registry."
        )
        return Trouble(f"The image {image} cannot be pulled{_said(message)}", hint, final=True)
    if reason in _CONFIG:
        text = f"Its container cannot be made{_said(message)}"
        return Trouble(text, "Ask the administrator of the Kubernetes cluster.", final=True)
    ended = state.get("terminated") or last.get("terminated")
    if ended and (reason == "CrashLoopBackOff" or container.get("restartCount", 0) > 1):
        return _crash(ended, container.get("restartCount", 0))
    return None


def _crash(ended: dict[str, Any], restarts: int) -> Trouble:
    times = f", {restarts} times so far" if restarts > 1 else ""
    if ended.get("reason") == "OOMKilled":
        text = f"It was killed since it used more memory than it has{times}."
        return Trouble(text, "Give each worker more memory.", final=True, crashed=True)
    code = ended.get("exitCode")
    text = f"It ends soon after its start, with exit code {code}{times}."
    hint = (
        "Look at the log lines: they are the container's own. The image needs dask and distributed."
    )
    return Trouble(text, hint, final=True, crashed=True)


def _said(message: object) -> str:
    shown = printable(redact(str(message)), 300) if message else ""
    return f": {shown}" if shown else "."
