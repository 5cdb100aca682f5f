# ruff: noqa: TID252 - in a kernel the package has another name
"""Ways to get a cluster, by the name that ``create`` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..batch import SYSTEMS
from .base import Launcher, Reporter

if TYPE_CHECKING:
    from ..warm import Warmth

__all__ = ["Launcher", "Reporter", "make_launcher"]


def make_launcher(name: str, reporter: Reporter, warmth: Warmth) -> Launcher:
    """Return a launcher that has not started anything.

    Parameters
    ----------
    name
        ``local``, ``scheduler``, ``labextension``, ``kubernetes``, ``fargate``, ``ec2``,
        ``coiled``, ``custom``, or a batch system's.
    reporter
        Where it tells of steps and events.
    warmth
        What was made ready beforehand.
    """
    if name == "scheduler":
        from .scheduler import SchedulerLauncher

        return SchedulerLauncher(reporter)
    if name == "labextension":
        from .labextension import LabextensionLauncher

        return LabextensionLauncher(reporter, warmth)
    if name == "kubernetes":
        from .kubernetes import KubernetesLauncher

        return KubernetesLauncher(reporter, warmth)
    if name == "coiled":
        from .coiled import CoiledLauncher

        return CoiledLauncher(reporter, warmth)
    if name == "fargate":
        from .fargate import FargateLauncher

        return FargateLauncher(reporter, warmth)
    if name == "ec2":
        from .ec2 import Ec2Launcher

        return Ec2Launcher(reporter, warmth)
    if name == "custom":
        from .custom import CustomLauncher

        return CustomLauncher(reporter, warmth)
    if name in SYSTEMS:
        from .jobqueue import JobQueueLauncher

        return JobQueueLauncher(reporter, warmth, SYSTEMS[name])
    from .local import LocalLauncher

    return LocalLauncher(reporter, warmth)
