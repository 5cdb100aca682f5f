"""All batch systems that are known here."""

from __future__ import annotations

from .base import BatchSystem
from .others import Lsf, Pbs, Sge
from .slurm import Slurm

#: By the name that ``create`` gives.
SYSTEMS: dict[str, BatchSystem] = {system.id: system for system in (Slurm(), Pbs(), Sge(), Lsf())}
