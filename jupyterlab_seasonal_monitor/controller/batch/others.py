"""Batch systems that the same library serves. Their commands are not asked for states."""

from __future__ import annotations

from .base import BatchSystem, run


class Pbs(BatchSystem):
    """PBS Professional, OpenPBS and Torque."""

    id = "pbs"
    label = "PBS"
    cluster = "PBSCluster"
    submit = "qsub"

    async def cancel(self, jobs: list[str]) -> None:
        """Cancel jobs by id."""
        await run("qdel", *jobs)


class Sge(BatchSystem):
    """Sun Grid Engine and its successors."""

    id = "sge"
    label = "SGE"
    cluster = "SGECluster"
    submit = "qsub"
    account = "project"

    async def cancel(self, jobs: list[str]) -> None:
        """Cancel jobs by id."""
        await run("qdel", *jobs)


class Lsf(BatchSystem):
    """IBM Spectrum LSF."""

    id = "lsf"
    label = "LSF"
    cluster = "LSFCluster"
    submit = "bsub"
    account = "project"

    def walltime(self, seconds: int) -> str:
        """Return a time limit in hours and minutes."""
        minutes = -(-seconds // 60)
        return f"{minutes // 60:02d}:{minutes % 60:02d}"

    async def cancel(self, jobs: list[str]) -> None:
        """Cancel jobs by id."""
        await run("bkill", *jobs)
