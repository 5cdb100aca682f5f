"""Batch systems: what their commands are asked, and what they say, in words."""

from __future__ import annotations

from .base import BatchSystem, Job
from .others import Lsf, Pbs, Sge
from .slurm import Slurm

__all__ = ["SYSTEMS", "BatchSystem", "Job"]

#: By the name that ``create`` gives.
SYSTEMS: dict[str, BatchSystem] = {system.id: system for system in (Slurm(), Pbs(), Sge(), Lsf())}
