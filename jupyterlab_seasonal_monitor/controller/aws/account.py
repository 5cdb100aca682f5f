# ruff: noqa: TID252 - in a kernel the package has another name
"""What of ours is in an account, and its removal; nothing without our tag is touched.

All of it blocks: it is called in threads.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from ..rpc import RpcError
from .words import code_of, denied_action, explain, no_credentials

#: The tag on everything that is made; its value is the mark of the cluster.
TAG = "seasonal-monitor"
#: A tag that tells the region, since roles belong to none.
REGION_TAG = "seasonal-monitor-region"
PREFIX = "dask-sm-"
LOGS = "/seasonal-monitor/"
_PAUSE = 2.0
#: States of an instance that is there; one that goes still holds its security group.
_INSTANCE_STATES = ["pending", "running", "stopping", "stopped", "shutting-down"]
#: Codes that say that it is gone already.
_GONE = {
    "NoSuchEntity",
    "NoSuchEntityException",
    "InvalidGroup.NotFound",
    "InvalidInstanceID.NotFound",
    "ResourceNotFoundException",
    "ClusterNotFoundException",
}


@dataclass(frozen=True)
class Thing:
    """One thing in the account: what it is, its id, and the mark and region of its tags."""

    kind: str
    id: str
    mark: str
    region: str
    #: The ECS cluster of a task.
    within: str = ""

    @property
    def runs(self) -> bool:
        """Whether it costs money while it is there."""
        return self.kind in ("task", "machine")


class Account:
    """The account of the kernel's credentials, seen in one region.

    Parameters
    ----------
    region
        None for the one of the kernel's environment.

    Raises
    ------
    RpcError
        There is no region, or there are no credentials.
    """

    def __init__(self, region: str | None = None) -> None:
        import botocore.session
        from botocore.exceptions import BotoCoreError

        self._session = botocore.session.get_session()
        try:
            found = region or self._session.get_config_variable("region")
            credentials = self._session.get_credentials()
        except BotoCoreError as error:
            raise explain(error) or error from error
        if not found:
            text = "Give a region, such as eu-central-1."
            raise RpcError("invalid", f"region: {text}", fields={"region": text})
        if credentials is None:
            raise no_credentials()
        self.region = str(found)
        self._clients: dict[str, Any] = {}

    def client(self, service: str) -> Any:  # noqa: ANN401
        """Return the client of a service; it is made once."""
        if service not in self._clients:
            from botocore.config import Config

            config = Config(
                retries={"mode": "standard", "max_attempts": 4},
                connect_timeout=10,
                read_timeout=30,
            )
            self._clients[service] = self._session.create_client(
                service, region_name=self.region, config=config
            )
        return self._clients[service]

    def things(self, mark: str | None = None) -> list[Thing]:
        """Return all that is ours, or of one mark, in the order in which it can go."""
        return [
            thing
            for find in _FINDERS
            for thing in find(self)
            if thing.mark and mark in (None, thing.mark)
        ]

    def clean(self, mark: str, patience: float) -> list[str]:
        """Remove all of one mark, and return what could not be removed and why.

        Parameters
        ----------
        mark
            The value of our tag.
        patience
            Seconds; machines and tasks hold other things until they are gone.
        """
        until = time.monotonic() + patience
        while True:
            left = self.things(mark)
            problems = []
            for thing in left:
                error = self._remove(thing)
                if error is not None:
                    action = denied_action(error)
                    why = f"no permission for {action}" if action else code_of(error)
                    problems.append(f"{thing.kind} {thing.id} ({why})")
            if not left or (problems and time.monotonic() >= until):
                return problems
            if time.monotonic() >= until:
                return [f"{thing.kind} {thing.id} (still ending)" for thing in self.things(mark)]
            time.sleep(_PAUSE if problems or any(thing.runs for thing in left) else 0.2)

    def halt(self, mark: str) -> None:
        """Stop what costs money, and wait for nothing."""
        for find in (_tasks, _machines):
            for thing in find(self):
                if thing.mark == mark:
                    self._remove(thing)

    def last_words(self, mark: str) -> list[str]:
        """Return why tasks stopped, and the end of what they wrote."""
        from botocore.exceptions import BotoCoreError, ClientError

        lines = []
        with contextlib.suppress(BotoCoreError, ClientError):
            for cluster in _clusters(self):
                if cluster.mark == mark:
                    lines += self._stopped(cluster.id)
        with contextlib.suppress(BotoCoreError, ClientError):
            for group in _logs(self):
                if group.mark == mark:
                    events = self.client("logs").filter_log_events(logGroupName=group.id, limit=50)
                    lines += [str(event["message"]) for event in events["events"]]
        return lines

    def _stopped(self, cluster: str) -> list[str]:
        ecs = self.client("ecs")
        tasks = ecs.list_tasks(cluster=cluster, desiredStatus="STOPPED")["taskArns"]
        if not tasks:
            return []
        told = ecs.describe_tasks(cluster=cluster, tasks=tasks[:100])["tasks"]
        lines = []
        for task in told:
            lines += [str(task.get("stoppedReason") or "")]
            lines += [str(part.get("reason") or "") for part in task.get("containers", [])]
        return [line for line in lines if line]

    def _remove(self, thing: Thing) -> BaseException | None:
        from botocore.exceptions import ClientError

        try:
            _REMOVERS[thing.kind](self, thing)
        except ClientError as error:
            return None if code_of(error) in _GONE else error
        return None


def _tags(pairs: Any) -> tuple[str, str]:  # noqa: ANN401
    """Return mark and region from tags, however the service writes them."""
    if not isinstance(pairs, dict):
        pairs = {p.get("Key", p.get("key")): p.get("Value", p.get("value")) for p in pairs or []}
    return str(pairs.get(TAG) or ""), str(pairs.get(REGION_TAG) or "")


def _pages(client: Any, operation: str, part: str, **arguments: Any) -> Iterator[Any]:  # noqa: ANN401
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page.get(part, [])


def _clusters(account: Account) -> Iterator[Thing]:
    ecs = account.client("ecs")
    ours = [arn for arn in _pages(ecs, "list_clusters", "clusterArns") if f"/{PREFIX}" in arn]
    for start in range(0, len(ours), 100):
        told = ecs.describe_clusters(clusters=ours[start : start + 100], include=["TAGS"])
        for cluster in told["clusters"]:
            if cluster["status"] != "INACTIVE":
                yield Thing("cluster", cluster["clusterArn"], *_tags(cluster.get("tags")))


def _tasks(account: Account) -> Iterator[Thing]:
    ecs = account.client("ecs")
    for cluster in _clusters(account):
        # Its tag is the mark: whatever runs in it is ours.
        for arn in _pages(
            ecs, "list_tasks", "taskArns", cluster=cluster.id, desiredStatus="RUNNING"
        ):
            yield Thing("task", arn, cluster.mark, cluster.region, cluster.id)


def _machines(account: Account) -> Iterator[Thing]:
    filters = [
        {"Name": "tag-key", "Values": [TAG]},
        {"Name": "instance-state-name", "Values": _INSTANCE_STATES},
    ]
    ec2 = account.client("ec2")
    for group in _pages(ec2, "describe_instances", "Reservations", Filters=filters):
        for instance in group["Instances"]:
            yield Thing("machine", instance["InstanceId"], *_tags(instance.get("Tags")))


def _definitions(account: Account) -> Iterator[Thing]:
    ecs = account.client("ecs")
    families = _pages(
        ecs, "list_task_definition_families", "families", familyPrefix=PREFIX, status="ACTIVE"
    )
    for family in list(families):
        for arn in _pages(
            ecs, "list_task_definitions", "taskDefinitionArns", familyPrefix=family, status="ACTIVE"
        ):
            told = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
            yield Thing("task definition", arn, *_tags(told.get("tags")))


def _groups(account: Account) -> Iterator[Thing]:
    filters = [{"Name": "tag-key", "Values": [TAG]}]
    ec2 = account.client("ec2")
    for group in _pages(ec2, "describe_security_groups", "SecurityGroups", Filters=filters):
        yield Thing("security group", group["GroupId"], *_tags(group.get("Tags")))


def _roles(account: Account) -> Iterator[Thing]:
    iam = account.client("iam")
    for role in _pages(iam, "list_roles", "Roles"):
        if role["RoleName"].startswith(PREFIX):
            tags = iam.list_role_tags(RoleName=role["RoleName"])["Tags"]
            yield Thing("role", role["RoleName"], *_tags(tags))


def _logs(account: Account) -> Iterator[Thing]:
    logs = account.client("logs")
    for group in _pages(logs, "describe_log_groups", "logGroups", logGroupNamePrefix=LOGS + PREFIX):
        arn = group["arn"].removesuffix(":*")
        tags = logs.list_tags_for_resource(resourceArn=arn)["tags"]
        yield Thing("log group", group["logGroupName"], *_tags(tags))


def _remove_definition(account: Account, thing: Thing) -> None:
    from botocore.exceptions import ClientError

    ecs = account.client("ecs")
    ecs.deregister_task_definition(taskDefinition=thing.id)
    # One that is not active costs nothing and starts nothing.
    with contextlib.suppress(ClientError):
        ecs.delete_task_definitions(taskDefinitions=[thing.id])


def _remove_role(account: Account, thing: Thing) -> None:
    iam = account.client("iam")
    for policy in iam.list_attached_role_policies(RoleName=thing.id)["AttachedPolicies"]:
        iam.detach_role_policy(RoleName=thing.id, PolicyArn=policy["PolicyArn"])
    iam.delete_role(RoleName=thing.id)


_FINDERS: tuple[Callable[[Account], Iterator[Thing]], ...] = (
    _tasks,
    _machines,
    _clusters,
    _definitions,
    _groups,
    _roles,
    _logs,
)
_REMOVERS: dict[str, Callable[[Account, Thing], object]] = {
    "task": lambda a, t: a.client("ecs").stop_task(cluster=t.within, task=t.id),
    "machine": lambda a, t: a.client("ec2").terminate_instances(InstanceIds=[t.id]),
    "cluster": lambda a, t: a.client("ecs").delete_cluster(cluster=t.id),
    "task definition": _remove_definition,
    "security group": lambda a, t: a.client("ec2").delete_security_group(GroupId=t.id),
    "role": _remove_role,
    "log group": lambda a, t: a.client("logs").delete_log_group(logGroupName=t.id),
}
