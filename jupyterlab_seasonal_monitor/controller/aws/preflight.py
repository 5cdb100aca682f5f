# ruff: noqa: TID252 - in a kernel the package has another name
"""What is asked of an account before anything in it is made. It blocks."""

from __future__ import annotations

from typing import Any

from ..rpc import RpcError
from .account import PREFIX, Account
from .words import code_of, explain


def preflight(account: Account, options: dict[str, Any], *, containers: bool) -> None:
    """Refuse in words what would fail later: credentials, permissions, the network.

    Services without dry runs are asked for lists: whoever may not list them makes
    nothing in them either.

    Parameters
    ----------
    account
        The account.
    options
        The checked options.
    containers
        Whether containers are asked for, or machines.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account.client("sts").get_caller_identity()
        _network(account, options)
        if containers:
            ecs = account.client("ecs")
            ecs.list_clusters(maxResults=1)
            _long_names(ecs)
            if not {"executionRole", "taskRole"} <= options.keys():
                account.client("iam").list_roles(MaxItems=1)
            account.client("logs").describe_log_groups(limit=1)
        if "securityGroups" not in options:
            _dry(
                account.client("ec2").create_security_group,
                GroupName=f"{PREFIX}preflight",
                Description="Asked, never made",
                VpcId=options["vpc"],
            )
    except (BotoCoreError, ClientError) as error:
        raise explain(error) or error from error


def _network(account: Account, options: dict[str, Any]) -> None:
    ec2 = account.client("ec2")
    if "vpc" not in options:
        default = [{"Name": "is-default", "Values": ["true"]}]
        found = ec2.describe_vpcs(Filters=default)["Vpcs"]
        if not found:
            text = f"{account.region} has no default network (VPC): give one, such as vpc-0123abcd."
            raise RpcError("invalid", f"vpc: {text}", fields={"vpc": text})
        options["vpc"] = found[0]["VpcId"]
    try:
        places = ec2.describe_vpcs(VpcIds=[options["vpc"]])["Vpcs"]
    except Exception as error:
        if code_of(error) != "InvalidVpcID.NotFound":
            raise
        places = []
    if not places:
        text = f"There is no such network (VPC) in {account.region}."
        raise RpcError("invalid", f"vpc: {text}", fields={"vpc": text})
    options["range"] = places[0]["CidrBlock"]
    within = [{"Name": "vpc-id", "Values": [options["vpc"]]}]
    known = [net["SubnetId"] for net in ec2.describe_subnets(Filters=within)["Subnets"]]
    wrong = [name for name in options.get("subnets", []) if name not in known]
    if wrong or not known:
        text = f"The network {options['vpc']} has no subnet {wrong[0] if wrong else 'at all'}."
        raise RpcError("invalid", f"subnets: {text}", fields={"subnets": text})
    options.setdefault("subnets", known)


def _long_names(ecs: Any) -> None:  # noqa: ANN401
    """Refuse where tasks cannot have tags."""
    told = ecs.list_account_settings(name="taskLongArnFormat", effectiveSettings=True)["settings"]
    if not told or told[0]["value"] != "enabled":
        text = "This account gives ECS tasks short names, which can have no tags."
        command = "aws ecs put-account-setting-default --name taskLongArnFormat --value enabled"
        raise RpcError("invalid", text, hint=f"Ask whoever runs it for: {command}")


def _dry(call: Any, **arguments: Any) -> None:  # noqa: ANN401
    from botocore.exceptions import ClientError

    try:
        call(DryRun=True, **arguments)
    except ClientError as error:
        if code_of(error) != "DryRunOperation":
            raise
