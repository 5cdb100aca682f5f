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
from .tags import LOGS, PREFIX, TAG, Tags, read_tags
from .words import code_of, denied_action, explain, no_credentials

#: Seconds between two looks at what has to end first.
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
    """One thing in the account.

    Attributes
    ----------
    kind, id
        What it is, and what AWS calls it.
    tags
        Whose it is.
    within
        The ECS cluster of a task.
    """

    kind: str
    id: str
    tags: Tags
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
        self._clients: dict[tuple[str, str], Any] = {}

    def client(self, service: str, region: str | None = None) -> Any:  # noqa: ANN401
        """Return the client of a service, of this region or another; it is made once."""
        key = service, region or self.region
        if key not in self._clients:
            from botocore.config import Config

            config = Config(
                retries={"mode": "standard", "max_attempts": 4},
                connect_timeout=10,
                read_timeout=30,
            )
            self._clients[key] = self._session.create_client(
                service, region_name=key[1], config=config
            )
        return self._clients[key]

    def things(self, service: str, mark: str | None = None) -> list[Thing]:
        """Return all that is ours, or of one mark, in the order in which it can go.

        What the credentials do not permit to list is left out: they made none of it.

        Parameters
        ----------
        service
            ``fargate`` or ``ec2``.
        mark
            Of one cluster; all of them without it.

        Raises
        ------
        ClientError
            A list was refused, and nothing is in the others.
        """
        answers = [self._permitted(find) for find in _FINDERS[service]]
        refusals = [answer for answer in answers if isinstance(answer, Exception)]
        found = [
            thing
            for answer in answers
            if not isinstance(answer, Exception)
            for thing in answer
            if thing.tags.mark and thing.tags.service == service and mark in (None, thing.tags.mark)
        ]
        if refusals and not found:
            raise refusals[0]
        return found

    def clean(self, service: str, mark: str, patience: float) -> list[str]:
        """Remove all of one mark, and return what could not be removed and why.

        Parameters
        ----------
        service
            ``fargate`` or ``ec2``.
        mark
            The value of our tag.
        patience
            Seconds; machines and tasks hold other things until they are gone.
        """
        until = time.monotonic() + patience
        while True:
            left = self.things(service, mark)
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
                left = self.things(service, mark)
                return [f"{thing.kind} {thing.id} (still ending)" for thing in left]
            time.sleep(_PAUSE if problems or any(thing.runs for thing in left) else 0.2)

    def halt(self, service: str, mark: str) -> None:
        """Stop what costs money, and wait for nothing."""
        for thing in _FINDERS[service][0](self):
            if thing.tags.mark == mark:
                self._remove(thing)

    def endings(self, service: str, mark: str) -> dict[str, str]:
        """Return why containers or machines ended that nobody stopped, by their ids."""
        return dict(_ENDINGS[service](self, mark))

    def last_words(self, service: str, mark: str) -> list[str]:
        """Return the end of what containers or machines wrote."""
        from botocore.exceptions import BotoCoreError, ClientError

        with contextlib.suppress(BotoCoreError, ClientError):
            return list(_WORDS[service](self, mark))
        return []

    def _permitted(self, find: Callable[[Account], Iterator[Thing]]) -> list[Thing] | Exception:
        """Return what is found, or the refusal where that may not be asked."""
        try:
            return list(find(self))
        except Exception as error:
            if denied_action(error) is None:
                raise
            return error

    def _remove(self, thing: Thing) -> BaseException | None:
        from botocore.exceptions import ClientError

        try:
            _REMOVERS[thing.kind](self, thing)
        except ClientError as error:
            return None if code_of(error) in _GONE else error
        return None


#: A filter of machines that are there.
THERE = {"Name": "instance-state-name", "Values": _INSTANCE_STATES}


def pages(client: Any, operation: str, part: str, **arguments: Any) -> Iterator[Any]:  # noqa: ANN401
    """Return the parts of all pages of an answer."""
    for page in client.get_paginator(operation).paginate(**arguments):
        yield from page.get(part, [])


def _clusters(account: Account) -> Iterator[Thing]:
    ecs = account.client("ecs")
    ours = [arn for arn in pages(ecs, "list_clusters", "clusterArns") if f"/{PREFIX}" in arn]
    for start in range(0, len(ours), 100):
        told = ecs.describe_clusters(clusters=ours[start : start + 100], include=["TAGS"])
        for cluster in told["clusters"]:
            if cluster["status"] != "INACTIVE":
                yield Thing("cluster", cluster["clusterArn"], read_tags(cluster.get("tags")))


def _tasks(account: Account) -> Iterator[Thing]:
    ecs = account.client("ecs")
    for cluster in _clusters(account):
        # Its tag is the mark: whatever runs in it is ours.
        for arn in pages(
            ecs, "list_tasks", "taskArns", cluster=cluster.id, desiredStatus="RUNNING"
        ):
            yield Thing("task", arn, cluster.tags, cluster.id)


def _machines(account: Account) -> Iterator[Thing]:
    filters = [{"Name": "tag-key", "Values": [TAG]}, THERE]
    ec2 = account.client("ec2")
    for group in pages(ec2, "describe_instances", "Reservations", Filters=filters):
        for instance in group["Instances"]:
            yield Thing("machine", instance["InstanceId"], read_tags(instance.get("Tags")))


def _definitions(account: Account) -> Iterator[Thing]:
    ecs = account.client("ecs")
    families = pages(
        ecs, "list_task_definition_families", "families", familyPrefix=PREFIX, status="ACTIVE"
    )
    for family in list(families):
        for arn in pages(
            ecs, "list_task_definitions", "taskDefinitionArns", familyPrefix=family, status="ACTIVE"
        ):
            told = ecs.describe_task_definition(taskDefinition=arn, include=["TAGS"])
            yield Thing("task definition", arn, read_tags(told.get("tags")))


def _groups(account: Account) -> Iterator[Thing]:
    filters = [{"Name": "tag-key", "Values": [TAG]}]
    ec2 = account.client("ec2")
    for group in pages(ec2, "describe_security_groups", "SecurityGroups", Filters=filters):
        yield Thing("security group", group["GroupId"], read_tags(group.get("Tags")))


def _roles(account: Account) -> Iterator[Thing]:
    iam = account.client("iam")
    for role in pages(iam, "list_roles", "Roles"):
        if role["RoleName"].startswith(PREFIX):
            tags = iam.list_role_tags(RoleName=role["RoleName"])["Tags"]
            yield Thing("role", role["RoleName"], read_tags(tags))


def _logs(account: Account) -> Iterator[Thing]:
    logs = account.client("logs")
    for group in pages(logs, "describe_log_groups", "logGroups", logGroupNamePrefix=LOGS):
        arn = group["arn"].removesuffix(":*")
        tags = logs.list_tags_for_resource(resourceArn=arn)["tags"]
        yield Thing("log group", group["logGroupName"], read_tags(tags))


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


def _stopped_tasks(account: Account, mark: str) -> Iterator[tuple[str, str]]:
    ecs = account.client("ecs")
    for cluster in _clusters(account):
        if cluster.tags.mark != mark:
            continue
        tasks = ecs.list_tasks(cluster=cluster.id, desiredStatus="STOPPED")["taskArns"]
        told = ecs.describe_tasks(cluster=cluster.id, tasks=tasks)["tasks"] if tasks else []
        for task in told:
            if task.get("stopCode") == "UserInitiated":
                continue
            parts = [task.get("stoppedReason"), *(c.get("reason") for c in task["containers"])]
            # What the container says is more than that it ended.
            yield task["taskArn"], ": ".join(dict.fromkeys(str(p) for p in parts if p))


def _stopped_machines(account: Account, mark: str) -> Iterator[tuple[str, str]]:
    filters = [
        {"Name": f"tag:{TAG}", "Values": [mark]},
        {"Name": "instance-state-name", "Values": ["stopped", "shutting-down", "terminated"]},
    ]
    ec2 = account.client("ec2")
    for group in pages(ec2, "describe_instances", "Reservations", Filters=filters):
        for instance in group["Instances"]:
            reason = instance.get("StateReason") or {}
            if reason.get("Code") != "Client.UserInitiatedShutdown":
                yield instance["InstanceId"], str(reason.get("Message") or "")


def _container_words(account: Account, mark: str) -> Iterator[str]:
    for group in _logs(account):
        if group.tags.mark == mark:
            logs = account.client("logs")
            for event in logs.filter_log_events(logGroupName=group.id, limit=50)["events"]:
                yield str(event["message"])


def _machine_words(account: Account, mark: str) -> Iterator[str]:
    ec2 = account.client("ec2")
    filters = [{"Name": f"tag:{TAG}", "Values": [mark]}]
    for group in pages(ec2, "describe_instances", "Reservations", Filters=filters):
        for instance in group["Instances"]:
            told = ec2.get_console_output(InstanceId=instance["InstanceId"])
            yield from str(told.get("Output") or "").splitlines()[-30:]


#: What costs money comes first.
_FINDERS: dict[str, tuple[Callable[[Account], Iterator[Thing]], ...]] = {
    "fargate": (_tasks, _clusters, _definitions, _groups, _roles, _logs),
    "ec2": (_machines, _groups),
}
_ENDINGS: dict[str, Callable[[Account, str], Iterator[tuple[str, str]]]] = {
    "fargate": _stopped_tasks,
    "ec2": _stopped_machines,
}
_WORDS: dict[str, Callable[[Account, str], Iterator[str]]] = {
    "fargate": _container_words,
    "ec2": _machine_words,
}
_REMOVERS: dict[str, Callable[[Account, Thing], object]] = {
    "task": lambda a, t: a.client("ecs").stop_task(cluster=t.within, task=t.id),
    "machine": lambda a, t: a.client("ec2").terminate_instances(InstanceIds=[t.id]),
    "cluster": lambda a, t: a.client("ecs").delete_cluster(cluster=t.id),
    "task definition": _remove_definition,
    "security group": lambda a, t: a.client("ec2").delete_security_group(GroupId=t.id),
    "role": _remove_role,
    "log group": lambda a, t: a.client("logs").delete_log_group(logGroupName=t.id),
}
