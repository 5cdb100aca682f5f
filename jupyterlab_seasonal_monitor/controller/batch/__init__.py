"""Batch systems: what their commands are asked, and what they say, in words."""

from __future__ import annotations

__all__ = ["QUEUES"]

#: By the name that ``create`` gives; ``systems.py`` has them.
QUEUES = ("slurm", "pbs", "sge", "lsf")
