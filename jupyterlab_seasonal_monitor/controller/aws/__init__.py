"""An account at Amazon: what is asked of it, found in it and removed from it."""

from __future__ import annotations

from .system import Aws

__all__ = ["ACCOUNTS"]

#: By the name that ``create`` gives.
ACCOUNTS: dict[str, Aws] = {name: Aws(name, label) for name, label in (("fargate", "AWS Fargate"),)}
