"""A fake of Amazon for tests: moto's server, and real Dask processes as its containers.

What answers are moto's imitations of ECS, EC2, IAM, STS and CloudWatch; no image is
pulled, no machine boots and no network is isolated. A task that is run starts the command
of its container here, and a machine the command of its user data, bound to an address of
127.77.0.0/16, which is also the one that the fake tells, so that nothing ever connects to
another machine. Its public address is in 127.78.0.0/16, and passed on.
A machine whose command ends is gone, as its user data say.
"""

from __future__ import annotations

import base64
import contextlib
import copy
import json
import logging
import os
import shlex
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from typing import Any

import botocore.session
import yaml
from killing import Trap
from moto import settings
from moto.core.authorization import ActionAuthenticatorMixin
from moto.core.exceptions import JsonRESTError
from moto.core.responses import BaseResponse
from moto.ec2.exceptions import EC2ClientError
from moto.ec2.models import ec2_backends
from moto.ec2.models.availability_zones_and_regions import RegionsAndZonesBackend
from moto.ec2.models.instances import Instance, InstanceBackend, StateReason
from moto.ecs.models import EC2ContainerServiceBackend
from moto.iam.aws_managed_policies import aws_managed_policies_data
from moto.iam.models import AWSManagedPolicy, iam_backends
from moto.moto_api import state_manager
from moto.server import ThreadedMotoServer
from place import Addresses
from relay import Relay

ACCOUNT = "123456789012"
REGION, OTHER_REGION = "eu-central-1", "us-east-1"
#: Policies of AWS that the library gives to the roles that it makes.
POLICIES = (
    "AmazonEC2ContainerRegistryReadOnly",
    "CloudWatchLogsFullAccess",
    "AmazonEC2ContainerServiceRole",
)
REFUSED = """<Response><Errors><Error><Code>UnauthorizedOperation</Code>
<Message>You are not authorized to perform this operation.</Message></Error></Errors></Response>"""
#: Seconds for a container to end in order.
_PATIENCE = 3.0
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
        self._regions = RegionsAndZonesBackend.regions
        self._addresses = Addresses(77)
        self._original = {
            name: getattr(EC2ContainerServiceBackend, name)
            for name in ("run_task", "stop_task", "describe_tasks", "list_tasks")
        }
        self._machine = {
            (InstanceBackend, "run_instances"): self._run_machines,
            (InstanceBackend, "describe_instances"): self._look_at_machines,
            (InstanceBackend, "all_reservations"): self._look_at_machines,
            (Instance, "terminate"): self._terminate,
        }
        self._original_machine = {key: getattr(*key) for key in self._machine}
        self.machines: dict[str, Any] = {}
        self.processes: dict[str, subprocess.Popen[bytes]] = {}
        self._clients: dict[tuple[str, str], Any] = {}
        self.commands: list[list[str]] = []
        #: Of each machine, what its user data run.
        self.boots: list[list[str]] = []
        self.ran: list[dict[str, Any]] = []
        #: Code and words with which containers are refused: moto's own are not as AWS writes them.
        self.refusal: tuple[str, str] | None = None
        #: What a task says if it is to end as soon as it is run.
        self.stillborn = ""
        #: Services that refuse all in a region, as a policy of an organisation can say.
        self.closed: set[tuple[str, str]] = set()
        #: Whether machines run, but nothing in them ever answers.
        self.mute = False
        self.relay = Relay()
        #: For controllers that die of what AWS has done, by the action's name.
        self.trap = Trap()
        self._call_action = BaseResponse.call_action

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
        # Its long lists of images and regions take longer than a test.
        os.environ["MOTO_EC2_LOAD_DEFAULT_AMIS"] = "false"
        RegionsAndZonesBackend.regions = [
            region for region in self._regions if region.name in (REGION, OTHER_REGION)
        ]
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        self._server.start()
        # What it remembers is the process's.
        reset = urllib.request.Request(self.env["AWS_ENDPOINT_URL"] + "/moto-api/reset", b"")
        urllib.request.urlopen(reset, timeout=30).close()
        # Tasks end with their processes, not by being looked at.
        state_manager.set_transition("ecs::task", {"progression": "manual", "times": 10**9})
        for name in self._original:
            setattr(EC2ContainerServiceBackend, name, self._wrapped(name))
        for (cls, name), make in self._machine.items():
            setattr(cls, name, make(self._original_machine[cls, name]))
        BaseResponse.call_action = self._noted(self._call_action)
        iam = iam_backends[ACCOUNT]["aws"]
        for name, data in json.loads(aws_managed_policies_data).items():
            if name in POLICIES:
                policy = AWSManagedPolicy.from_data(name, iam.account_id, iam.region_name, data)
                iam.managed_policies[policy.arn] = policy
        for region in (REGION, OTHER_REGION):
            ecs = self.client("ecs", region)
            ecs.put_account_setting(name="taskLongArnFormat", value="enabled")

    def stop(self) -> None:
        """End the server and what it ran."""
        for process in self.processes.values():
            process.kill()
            process.wait()
        for name, function in self._original.items():
            setattr(EC2ContainerServiceBackend, name, function)
        for (cls, name), function in self._original_machine.items():
            setattr(cls, name, function)
        BaseResponse.call_action = self._call_action
        self.relay.close()
        self._server.stop()
        RegionsAndZonesBackend.regions = self._regions
        os.environ.pop("MOTO_EC2_LOAD_DEFAULT_AMIS", None)

    @contextlib.contextmanager
    def enforcing(self) -> Iterator[dict[str, str]]:
        """Enforce permissions, and give the keys of somebody who can be denied some."""
        iam = self.client("iam")
        iam.create_user(UserName="analyst")
        self.deny("aws:nothing")
        key = iam.create_access_key(UserName="analyst")["AccessKey"]
        settings.INITIAL_NO_AUTH_ACTION_COUNT = ActionAuthenticatorMixin.request_count
        try:
            yield {
                "AWS_ACCESS_KEY_ID": key["AccessKeyId"],
                "AWS_SECRET_ACCESS_KEY": key["SecretAccessKey"],
            }
        finally:
            settings.INITIAL_NO_AUTH_ACTION_COUNT = float("inf")

    def deny(self, action: str) -> None:
        """Let that person do all but one action."""
        statements = [
            {"Effect": "Allow", "Action": "*", "Resource": "*"},
            {"Effect": "Deny", "Action": action, "Resource": "*"},
        ]
        document = json.dumps({"Version": "2012-10-17", "Statement": statements})
        iam_backends[ACCOUNT]["aws"].put_user_policy("analyst", "most", document)

    def client(self, service: str, region: str = REGION) -> Any:
        """Return a client of the tests' own."""
        if (service, region) in self._clients:
            return self._clients[service, region]
        session = botocore.session.get_session()
        self._clients[service, region] = session.create_client(
            service,
            region_name=region,
            endpoint_url=self.env["AWS_ENDPOINT_URL"],
            aws_access_key_id=KEYS["AWS_ACCESS_KEY_ID"],
            aws_secret_access_key=KEYS["AWS_SECRET_ACCESS_KEY"],
        )
        return self._clients[service, region]

    def image(self) -> str:
        """Return an image for x86 machines."""
        ami = str(self.client("ec2").register_image(Name="ubuntu")["ImageId"])
        ec2_backends[ACCOUNT][REGION].amis[ami].architecture = "x86_64"
        return ami

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

    def _noted(self, original: Any) -> Any:
        def call(response: Any) -> Any:
            if (response.service_name, response.region) in self.closed:
                return 403, {}, REFUSED
            answer = original(response)
            # One that is only asked whether it would be permitted makes nothing.
            if response._get_param("DryRun") in (None, False, "false"):
                self.trap.sprung(response._get_action())
            return answer

        return call

    def _wrapped(self, name: str) -> Any:
        original = self._original[name]
        fake = self

        def wrapped(backend: Any, *args: Any, **kwargs: Any) -> Any:
            if name == "run_task" and fake.refusal:
                raise JsonRESTError(*fake.refusal)
            if name == "stop_task":
                # A task that has stopped keeps its reason.
                task = fake._find(backend, args[1])
                fake._look(task)
                reason = task.last_status == "STOPPED" and task.stopped_reason
            result = original(backend, *args, **kwargs)
            if name in ("describe_tasks", "list_tasks"):
                for task in result:
                    fake._look(task)
                if name == "list_tasks":
                    result = original(backend, *args, **kwargs)
            if name == "run_task":
                platform = backend.describe_task_definition(args[1]).runtime_platform
                fake.ran.append({"network": args[7], "providers": args[10], "platform": platform})
                for task in result:
                    fake._run(backend, task)
            elif name == "stop_task":
                result.stopped_reason = reason or "Task stopped by user"
                result.stop_code = "TaskFailedToStart" if reason else "UserInitiated"
                process = fake.processes.get(result.task_arn)
                if process is not None:
                    process.terminate()
                    # ECS waits longer for what does not end in order.
                    ending = threading.Timer(_PATIENCE, process.kill)
                    ending.daemon = True
                    ending.start()
            return result

        return wrapped

    @staticmethod
    def _find(backend: Any, name: str) -> Any:
        number = name.rpartition("/")[2]
        tasks = (task for tasks in backend.tasks.values() for task in tasks.values())
        return next(task for task in tasks if task.task_arn.endswith(number))

    def _run(self, backend: Any, task: Any) -> None:
        if self.stillborn:
            task.last_status = task.desired_status = "STOPPED"
            task.stopped_reason, task.stop_code = self.stillborn, "TaskFailedToStart"
            return
        details = {d["name"]: d["value"] for d in task.attachments[0]["details"]}
        ec2 = ec2_backends[backend.account_id][backend.region_name]
        network = ec2.get_network_interface(details["networkInterfaceId"])
        address = self._place(network)
        override = task.overrides["containerOverrides"][0]
        self.commands.append(override["command"])
        name, kind, *rest = override["command"]
        assert name == "dask", "the image of today has no other script"
        if kind == "scheduler":
            self.relay.open(network.public_ip, address, (8786, 8787))
        shown = f"{address}:8787" if kind == "scheduler" else f"{address}:0"
        self._begin(
            task.task_arn,
            ["-m", "dask", kind, *rest, "--host", address, "--dashboard-address", shown],
            {pair["name"]: pair["value"] for pair in override["environment"]},
        )

    def _place(self, network: Any) -> str:
        """Give an interface of a network an address of this machine only."""
        address = next(self._addresses)
        network.private_ip_address = address
        for private in network.private_ip_addresses:
            private["PrivateIpAddress"] = address
        network.public_ip = address.replace("127.77.", "127.78.")
        return address

    def _begin(self, name: str, arguments: list[str], env: dict[str, str]) -> None:
        self.processes[name] = subprocess.Popen(
            [sys.executable, *arguments],
            env={**self._env, **env},
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _run_machines(self, original: Any) -> Any:
        def run(backend: Any, *args: Any, **kwargs: Any) -> Any:
            if self.refusal:
                raise EC2ClientError(*self.refusal)
            reservation = original(backend, *args, **kwargs)
            for machine in reservation.instances:
                self.ran.append(kwargs)
                self.machines[machine.id] = machine
                address = self._place(machine.nics[0])
                data = yaml.safe_load(base64.b64decode(str(machine.user_data)))
                self._boot(machine.id, data["runcmd"], address)
            return reservation

        return run

    def _boot(self, name: str, commands: list[str], address: str) -> None:
        """Run what the machine's Docker would, if it has the image."""
        self.boots.append(commands)
        (container,) = [shlex.split(c) for c in commands if c.startswith("docker run")]
        self.commands.append(container)
        assert commands[-1] == "shutdown -h now"
        start = container.index("env")
        variable, _, value = container[start + 1].partition("=")
        program, *arguments = container[start + 2 :]
        assert program == "python"
        if self.stillborn:
            arguments = ["-c", "raise SystemExit(125)"]
        elif self.mute:
            arguments = ["-c", "import time; time.sleep(600)"]
        elif "--spec" in arguments:
            spec = json.loads(arguments[-1])
            spec["opts"].update(host=address, dashboard=False)
            arguments[-1] = json.dumps(spec)
        else:
            self.relay.open(address.replace("127.77.", "127.78."), address, (8786, 8787))
            arguments += ["--host", address, "--dashboard-address", f"{address}:8787"]
        self._begin(name, arguments, {variable: value})

    def _look_at_machines(self, original: Any) -> Any:
        def look(backend: Any, *args: Any, **kwargs: Any) -> Any:
            for name, machine in list(self.machines.items()):
                if machine._state.name == "running" and not self.runs(name):
                    # It is looked at in this, too.
                    del self.machines[name]
                    self._original_machine[Instance, "terminate"](machine)
                    code = "Client.InstanceInitiatedShutdown"
                    said = f"{code}: Instance initiated shutdown"
                    machine.state_reason = StateReason(said, code)
            return original(backend, *args, **kwargs)

        return look

    def _terminate(self, original: Any) -> Any:
        def terminate(machine: Any, *args: Any, **kwargs: Any) -> Any:
            if machine._state.name == "terminated":
                # AWS takes this for done; moto does not.
                return copy.copy(machine._state)
            self.machines.pop(machine.id, None)
            if machine.id in self.processes:
                self.processes[machine.id].kill()
                self.processes[machine.id].wait()
            return original(machine, *args, **kwargs)

        return terminate

    def _look(self, task: Any) -> None:
        """Let a task be in the state of its process."""
        process = self.processes.get(task.task_arn)
        lives = process is not None and process.poll() is None
        task.last_status = "RUNNING" if lives else "STOPPED"
        if not lives:
            task.desired_status = "STOPPED"
            task.stopped_reason = task.stopped_reason or "Essential container in task exited"
