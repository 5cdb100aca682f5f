"""A fake of Amazon for tests: moto's server, and real Dask processes as its containers.

What answers are moto's imitations of ECS, EC2, IAM, STS and CloudWatch; no image is
pulled and no network is isolated. A task that is run starts the command of its
container here, bound to an address of 127.77.0.0/16, which is also the one that the
fake tells, so that nothing ever connects to another machine.
"""

from __future__ import annotations

import itertools
import logging
import os
import subprocess
import sys
import urllib.request
from typing import Any

import botocore.session
from moto.ec2.models import ec2_backends
from moto.ecs.models import EC2ContainerServiceBackend
from moto.moto_api import state_manager
from moto.server import ThreadedMotoServer

REGION = "eu-central-1"
KEYS = {"AWS_ACCESS_KEY_ID": "testing", "AWS_SECRET_ACCESS_KEY": "testing-secret-key"}


class Amazon:
    """The fake and what it runs. One at a time in a process.

    Parameters
    ----------
    env
        The environment of the containers' processes.
    """

    def __init__(self, env: dict[str, str]) -> None:
        self._env = env
        self._server = ThreadedMotoServer("127.0.0.1", port=0, verbose=False)
        self._addresses = itertools.count(1)
        self._original = {
            name: getattr(EC2ContainerServiceBackend, name)
            for name in ("run_task", "stop_task", "describe_tasks", "list_tasks")
        }
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._clients: dict[str, Any] = {}
        self.commands: list[list[str]] = []
        self.ran: list[dict[str, Any]] = []
        #: What a task says if it is to end as soon as it is run.
        self.stillborn = ""

    @property
    def env(self) -> dict[str, str]:
        """What a kernel needs to use the fake."""
        host, port = self._server.get_host_and_port()
        return {
            **KEYS,
            "AWS_ENDPOINT_URL": f"http://{host}:{port}",
            "AWS_DEFAULT_REGION": REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
            "NO_PROXY": "127.0.0.1",
        }

    def start(self) -> None:
        """Start the server, with tags for tasks as accounts have them."""
        # Roles get policies that every account has.
        os.environ["MOTO_IAM_LOAD_MANAGED_POLICIES"] = "true"
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server.start()
        # What it remembers is the process's.
        reset = urllib.request.Request(self.env["AWS_ENDPOINT_URL"] + "/moto-api/reset", b"")
        urllib.request.urlopen(reset, timeout=30).close()
        # Tasks end with their processes, not by being looked at.
        state_manager.set_transition("ecs::task", {"progression": "manual", "times": 10**9})
        for name in self._original:
            setattr(EC2ContainerServiceBackend, name, self._wrapped(name))
        self.client("ecs").put_account_setting(name="taskLongArnFormat", value="enabled")

    def stop(self) -> None:
        """End the server and what it ran."""
        for process in self.processes.values():
            process.kill()
            process.wait()
        for name, function in self._original.items():
            setattr(EC2ContainerServiceBackend, name, function)
        self._server.stop()
        os.environ.pop("MOTO_IAM_LOAD_MANAGED_POLICIES", None)

    def client(self, service: str) -> Any:
        """Return a client of the tests' own."""
        if service in self._clients:
            return self._clients[service]
        session = botocore.session.get_session()
        self._clients[service] = session.create_client(
            service,
            region_name=REGION,
            endpoint_url=self.env["AWS_ENDPOINT_URL"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )
        return self._clients[service]

    def inventory(self) -> list[str]:
        """Return the names of all that a cluster may leave, whoever made it."""
        ecs, ec2 = self.client("ecs"), self.client("ec2")
        names = [arn.rpartition("/")[2] for arn in self._active(ecs)]
        definitions = ecs.list_task_definitions(status="ACTIVE")["taskDefinitionArns"]
        names += [arn.rpartition("/")[2] for arn in definitions]
        groups = ec2.describe_security_groups()["SecurityGroups"]
        names += [group["GroupName"] for group in groups if group["GroupName"] != "default"]
        names += [role["RoleName"] for role in self.client("iam").list_roles()["Roles"]]
        logs = self.client("logs").describe_log_groups()["logGroups"]
        names += [group["logGroupName"] for group in logs]
        return sorted([*names, *(arn for arn in self.processes if self.runs(arn))])

    def runs(self, arn: str) -> bool:
        """Whether the process of a task lives."""
        return self.processes[arn].poll() is None

    @staticmethod
    def _active(ecs: Any) -> list[str]:
        arns = ecs.list_clusters()["clusterArns"]
        told = ecs.describe_clusters(clusters=arns)["clusters"] if arns else []
        return [cluster["clusterArn"] for cluster in told if cluster["status"] == "ACTIVE"]

    def _wrapped(self, name: str) -> Any:
        original = self._original[name]
        fake = self

        def wrapped(backend: Any, *args: Any, **kwargs: Any) -> Any:
            result = original(backend, *args, **kwargs)
            if name == "describe_tasks":
                for task in result:
                    fake._look(task)
            elif name == "list_tasks":
                for task in result:
                    fake._look(task)
                result = original(backend, *args, **kwargs)
            if name == "run_task":
                platform = backend.describe_task_definition(args[1]).runtime_platform
                fake.ran.append({"network": args[7], "providers": args[10], "platform": platform})
                for task in result:
                    fake._run(backend, task)
            elif name == "stop_task":
                process = fake.processes.get(result.task_arn)
                if process is not None:
                    process.terminate()
            return result

        return wrapped

    def _run(self, backend: Any, task: Any) -> None:
        if self.stillborn:
            task.last_status = task.desired_status = "STOPPED"
            task.stopped_reason = self.stillborn
            return
        number = next(self._addresses)
        address = f"127.77.{number // 250}.{number % 250 + 1}"
        details = {d["name"]: d["value"] for d in task.attachments[0]["details"]}
        ec2 = ec2_backends[backend.account_id][backend.region_name]
        network = ec2.get_network_interface(details["networkInterfaceId"])
        network.private_ip_address = address
        for private in network.private_ip_addresses:
            private["PrivateIpAddress"] = address
        network.public_ip = address
        override = task.overrides["containerOverrides"][0]
        self.commands.append(override["command"])
        name, *rest = override["command"]
        assert name == "dask", "the image of today has no other script"
        self.processes[task.task_arn] = subprocess.Popen(
            [sys.executable, "-m", "dask", *rest, "--host", address, "--no-dashboard"],
            env=self._env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _look(self, task: Any) -> None:
        """Let a task be in the state of its process."""
        process = self.processes.get(task.task_arn)
        lives = process is not None and process.poll() is None
        task.last_status = "RUNNING" if lives else "STOPPED"
        if not lives:
            task.desired_status = "STOPPED"
