# ruff: noqa: TID252 - in a kernel the package has another name
"""Scheduler and workers as containers of AWS Fargate, through dask-cloudprovider."""

from __future__ import annotations

import asyncio
from typing import Any

from ..aws.account import LOGS, PREFIX
from ..aws.preflight import preflight
from .rented import RentedLauncher


class FargateLauncher(RentedLauncher):
    """Makes an ECS cluster with all that belongs to it, and leaves none of it."""

    def _check(self, options: dict[str, Any]) -> None:
        preflight(self._account, options, containers=True)

    def _made(self, options: dict[str, Any]) -> Any:  # noqa: ANN401
        from dask_cloudprovider.aws import FargateCluster

        given = {
            "execution_role_arn": options.get("executionRole"),
            "task_role_arn": options.get("taskRole"),
            "security_groups": options.get("securityGroups"),
        }
        cluster = _own(FargateCluster, self)(
            **{name: value for name, value in given.items() if value is not None},
            name=self._name,
            cluster_name_template="dask-{name}",
            region_name=self._account.region,
            image=options["image"],
            cpu_architecture="ARM64" if options["arm"] else "X86_64",
            worker_cpu=1024 * options["cores"],
            worker_mem=options["memory"] // 2**20,
            worker_nthreads=options["cores"],
            scheduler_cpu=1024,
            scheduler_mem=4096,
            scheduler_timeout=self._backstop,
            fargate_spot=options["spot"],
            fargate_use_private_ip=not options["public"],
            vpc=options["vpc"],
            subnets=options["subnets"],
            environment={},
            n_workers=0,
            tags=self._tags,
            # Its own clean-up at a start takes whatever looks idle, also of others.
            skip_cleanup=True,
            asynchronous=True,
        )
        # The image's Dask may have no scripts of these names any more.
        cluster.session.register("before-parameter-build.ecs.RunTask", _modern_commands)
        return cluster


def _modern_commands(params: dict[str, Any], **_: object) -> None:
    for override in params["overrides"]["containerOverrides"]:
        first = {"dask-scheduler": ["dask", "scheduler"], "dask-worker": ["dask", "worker"]}
        command = override["command"]
        override["command"] = [*first.get(command[0], command[:1]), *command[1:]]


def _own(base: Any, launcher: FargateLauncher) -> Any:  # noqa: ANN401
    """Return the cluster's class with a log group and a security group that are its own."""

    class OwnCluster(base):  # type: ignore[misc]
        def sync(self, function: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            # Its finalizers run when the loop is closed; the account is cleaned by us.
            if getattr(function, "__name__", "").startswith("_delete_"):
                return None
            return super().sync(function, *args, **kwargs)

        async def _create_cloudwatch_logs_group(self) -> str:
            name = f"{LOGS}{PREFIX}{launcher.suffix}"
            async with self._client("logs") as logs:
                await logs.create_log_group(logGroupName=name, tags=self.tags)
                await logs.put_retention_policy(logGroupName=name, retentionInDays=7)
            return name

        async def _create_security_groups(self) -> list[str]:
            return [await asyncio.to_thread(launcher.make_group, self._security_group_name)]

    return OwnCluster
