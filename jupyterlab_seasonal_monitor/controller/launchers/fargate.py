# ruff: noqa: TID252 - in a kernel the package has another name
"""Scheduler and workers as containers of AWS Fargate, through dask-cloudprovider."""

from __future__ import annotations

from typing import Any

from ..aws.tags import LOGS, PREFIX
from .aws import AwsLauncher, inline_config


class FargateLauncher(AwsLauncher):
    """Makes an ECS cluster with all that belongs to it, and leaves none of it."""

    service = "fargate"

    def _made(self, security: Any) -> Any:  # noqa: ANN401
        import dask
        from dask_cloudprovider.aws import FargateCluster

        options = self.options
        given = {
            "execution_role_arn": options.get("executionRole"),
            "task_role_arn": options.get("taskRole"),
        }
        return _own(FargateCluster, self)(
            **{name: value for name, value in given.items() if value is not None},
            # It puts "dask-" before this.
            name=self.name.removeprefix("dask-"),
            cluster_name_template="dask-{name}",
            region_name=self.account.region,
            image=options["image"],
            cpu_architecture="ARM64" if options["arm"] else "X86_64",
            worker_cpu=1024 * options["cores"],
            worker_mem=options["memory"] // 2**20,
            worker_nthreads=options["cores"],
            # The library's own rounds down to GB.
            worker_extra_args=["--memory-limit", f"{options['memory']}B"],
            scheduler_cpu=1024 * options["schedulerCores"],
            scheduler_mem=options["schedulerMemory"] // 2**20,
            scheduler_timeout=f"{self.backstop:g} minutes",
            fargate_spot=options["spot"],
            fargate_use_private_ip=not options["public"],
            vpc=options["vpc"],
            subnets=options["subnets"],
            security_groups=options["securityGroups"],
            environment={
                "DASK_INTERNAL_INHERIT_CONFIG": dask.config.serialize(inline_config(security))
            },
            n_workers=0,
            tags=self.tags.pairs(),
            # Its own clean-up at a start takes whatever looks idle, also of others.
            skip_cleanup=True,
            security=security,
            asynchronous=True,
        )

    def _sessions(self, cluster: Any) -> Any:  # noqa: ANN401
        # The image's Dask may have no scripts of these names any more.
        cluster.session.register("before-parameter-build.ecs.RunTask", _modern_commands)
        return cluster.session

    def _id_of(self, worker: Any) -> str | None:  # noqa: ANN401
        return getattr(worker, "task_arn", None)


def _modern_commands(params: dict[str, Any], **_: object) -> None:
    for override in params["overrides"]["containerOverrides"]:
        first = {"dask-scheduler": ["dask", "scheduler"], "dask-worker": ["dask", "worker"]}
        command = override["command"]
        override["command"] = [*first.get(command[0], command[:1]), *command[1:]]


def _own(base: Any, launcher: FargateLauncher) -> Any:  # noqa: ANN401
    """Return the cluster's class with a log group of its own, and without its clean-up."""

    class OwnCluster(base):  # type: ignore[misc]
        def sync(self, function: Any, *args: Any, **kwargs: Any) -> Any:  # noqa: ANN401
            # Its finalizers run when the loop is closed; the account is cleaned by us.
            if getattr(function, "__name__", "").startswith("_delete_"):
                return None
            return super().sync(function, *args, **kwargs)

        async def _create_cloudwatch_logs_group(self) -> str:
            name = LOGS + launcher.name.removeprefix(PREFIX)
            async with self._client("logs") as logs:
                await logs.create_log_group(logGroupName=name, tags=self.tags)
                await logs.put_retention_policy(logGroupName=name, retentionInDays=7)
            return name

    return OwnCluster
