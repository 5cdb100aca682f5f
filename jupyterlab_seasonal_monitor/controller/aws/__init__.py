"""An account at Amazon: what is asked of it, found in it and removed from it."""

from __future__ import annotations

__all__ = ["PACKAGE", "SERVICES"]

PACKAGE = "dask-cloudprovider[aws]"

#: What people call a service, by the name that ``create`` gives.
SERVICES = {"fargate": "AWS Fargate", "ec2": "AWS EC2"}
