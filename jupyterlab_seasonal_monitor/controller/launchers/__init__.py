# ruff: noqa: TID252 - in a kernel the package has another name
"""Ways to get a cluster, by the name that ``create`` gives."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..aws import PACKAGE as AWS
from ..aws import SERVICES
from ..batch import QUEUES
from ..packages import require
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

    Raises
    ------
    RpcError
        ``missingPackage`` when this environment lacks what it takes.
    """
    if name == "scheduler":
        from .scheduler import SchedulerLauncher

        return SchedulerLauncher(reporter)
    if name == "labextension":
        from .labextension import LabextensionLauncher

        return LabextensionLauncher(reporter, warmth)
    if name == "kubernetes":
        from ..kubernetes.place import PACKAGE as KUBERNETES
        from .kubernetes import KubernetesLauncher

        require(KUBERNETES)
        return KubernetesLauncher(reporter, warmth)
    if name == "coiled":
        from ..coiled.account import PACKAGE as COILED
        from .coiled import CoiledLauncher

        require(COILED)
        return CoiledLauncher(reporter, warmth)
    if name in SERVICES:
        require(AWS)
    if name == "fargate":
        from .fargate import FargateLauncher

        return FargateLauncher(reporter, warmth)
    if name == "ec2":
        from .ec2 import Ec2Launcher

        return Ec2Launcher(reporter, warmth)
    if name == "custom":
        from .custom import CustomLauncher

        return CustomLauncher(reporter, warmth)
    if name in QUEUES:
        from ..batch.systems import SYSTEMS
        from .jobqueue import JobQueueLauncher

        SYSTEMS[name].need()
        return JobQueueLauncher(reporter, warmth, SYSTEMS[name])
    from .local import LocalLauncher

    return LocalLauncher(reporter, warmth)
