# ruff: noqa: TID252 - in a kernel the package has another name
"""Scheduler and workers on machines of AWS EC2, through dask-cloudprovider."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from typing import Any

from ..forkserver import in_thread
from .aws import AwsLauncher, inline_config

#: Seconds for a machine to start, install Docker and pull the image.
_MACHINE_PATIENCE = 600.0
#: Seconds between questions whether it is still there.
_ASK = 10.0
#: Seconds after which a worker gives up that finds no scheduler; its machine ends with it.
_DEATH_TIMEOUT = 300
#: Minutes in which a machine must have the image, or it shuts itself down: it can hang at
#: getting Docker or the image, when nothing is left that would end it.
_BOOT = 20
#: The library's own way to Docker is for x86 and old systems only.
_DOCKER = "command -v docker || (apt-get update -y && apt-get install -y docker.io)"


class Ec2Launcher(AwsLauncher):
    """Makes machines that end with what runs in them, and leaves none of them."""

    service = "ec2"

    def _made(self, security: Any) -> Any:  # noqa: ANN401
        import dask
        from dask_cloudprovider.aws import EC2Cluster
        from dask_cloudprovider.aws.ec2 import EC2Scheduler, EC2Worker

        options = self.options
        config = dask.config.serialize(inline_config(security))
        profile = {"Name": options["profile"]} if "profile" in options else {}

        class OwnCluster(EC2Cluster):  # type: ignore[misc]
            def __init__(self, **arguments: object) -> None:
                super().__init__(**arguments)
                self.scheduler_class = _own(EC2Scheduler, launcher, config)
                self.worker_class = _named(_own(EC2Worker, launcher, config))

        launcher = self
        return OwnCluster(
            region=self.account.region,
            bootstrap=False,
            extra_bootstrap=[
                f"shutdown -h +{_BOOT}",
                _DOCKER,
                f"docker pull {options['image']}",
                "shutdown -c",
            ],
            auto_shutdown=True,
            ami=options["ami"],
            scheduler_instance_type=options["schedulerInstanceType"],
            worker_instance_type=options["instanceType"],
            vpc=options["vpc"],
            subnet_id=options["subnets"][0],
            security_groups=options["securityGroups"],
            filesystem_size=options["disk"],
            key_name=options.get("keyName"),
            iam_instance_profile=profile,
            docker_image=options["image"],
            instance_tags=self.tags.pairs(),
            volume_tags=self.tags.pairs(),
            use_private_ip=not options["public"],
            spot=options["spot"],
            n_workers=0,
            scheduler_options={"idle_timeout": f"{self.backstop:g} minutes"},
            worker_options={"nthreads": options["cores"], "death_timeout": _DEATH_TIMEOUT},
            security=security,
            asynchronous=True,
        )

    def _sessions(self, cluster: Any) -> Any:  # noqa: ANN401
        return cluster.boto_session

    def _id_of(self, worker: Any) -> str | None:  # noqa: ANN401
        instance = getattr(worker, "instance", None)
        return None if instance is None else str(instance["InstanceId"])


def _own(base: Any, launcher: Ec2Launcher, config: str) -> Any:  # noqa: ANN401
    """Return a machine's class that waits without blocking, and passes on nothing but TLS."""

    class OwnMachine(base):  # type: ignore[misc]
        @property
        def set_env(self) -> str:
            return f'env DASK_INTERNAL_INHERIT_CONFIG="{config}"'

        @set_env.setter
        def set_env(self, value: str) -> None:
            # The library would pass the whole configuration, with what is secret in it.
            del value

        async def configure_vm(self, client: Any) -> tuple[str, str | None]:  # noqa: ANN401
            await super().configure_vm(client)
            # Workers reach the scheduler by its private address in any case.
            public = None if self.use_private_ip else self.instance["PublicIpAddress"]
            return self.instance["PrivateIpAddress"], public

        async def wait_for_scheduler(self) -> None:
            address = self.external_address or self.address
            host, _, port = address.rpartition("/")[2].partition(":")
            until, asked = time.monotonic() + _MACHINE_PATIENCE, time.monotonic()
            while time.monotonic() < until:
                with contextlib.suppress(OSError, asyncio.TimeoutError):
                    _, writer = await asyncio.wait_for(asyncio.open_connection(host, int(port)), 5)
                    writer.close()
                    return
                await asyncio.sleep(1)
                if time.monotonic() - asked > _ASK:
                    asked = time.monotonic()
                    account, mark = launcher.account, launcher.tags.mark
                    if await in_thread(account.endings, launcher.service, mark):
                        raise RuntimeError("The machine of the scheduler has ended.")
            raise TimeoutError(f"The scheduler has not answered for {_MACHINE_PATIENCE:.0f} s.")

    return OwnMachine


def _named(base: Any) -> Any:  # noqa: ANN401
    """Return a worker's class whose worker has the name by which the cluster knows it."""

    class NamedWorker(base):  # type: ignore[misc]
        def __init__(self, *args: object, name: object, **options: object) -> None:
            super().__init__(*args, **options)
            made = json.dumps({"name": self.name})[1:-1]
            command: str = vars(self)["command"]
            self.command = command.replace(made, json.dumps({"name": name})[1:-1])

    return NamedWorker
