"""Batch systems that the same library serves. Their commands are not asked for states."""

from __future__ import annotations

from .base import BatchSystem


class Pbs(BatchSystem):
    """PBS Professional, OpenPBS and Torque."""

    id = "pbs"
    label = "PBS"
    cluster = "PBSCluster"
    submit = "qsub"
    remove = "qdel"


class Sge(BatchSystem):
    """Sun Grid Engine and its successors."""

    id = "sge"
    label = "SGE"
    cluster = "SGECluster"
    submit = "qsub"
    remove = "qdel"
    account = "project"


class Lsf(BatchSystem):
    """IBM Spectrum LSF."""

    id = "lsf"
    label = "LSF"
    cluster = "LSFCluster"
    submit = "bsub"
    remove = "bkill"
    account = "project"

    def walltime(self, seconds: int) -> str:
        """Return a time limit in hours and minutes."""
        minutes = -(-seconds // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"
