# ruff: noqa: TID252 - in a kernel the package has another name
"""What is asked of an account before anything in it is made. It blocks."""

from __future__ import annotations

from typing import Any

from ..causes import gib
from ..rpc import RpcError
from .account import Account
from .tags import PREFIX
from .words import code_of, denied_action, explain

#: Canonical's account, and its images: their disk is /dev/sda1, as the library expects.
_CANONICAL = "099720109477"
_UBUNTU = "ubuntu/images/hvm-ssd-gp3/ubuntu-noble-24.04-{}-server-*"
#: Codes that say that there is nothing of a name.
_MISSING = {
    "InvalidGroup.NotFound",
    "InvalidGroupId.Malformed",
    "InvalidKeyPair.NotFound",
    "NoSuchEntity",
}


def preflight(account: Account, service: str, options: dict[str, Any]) -> None:
    """Refuse in words what would fail later: credentials, permissions, the network.

    Services without dry runs are asked for lists: whoever may not list them makes
    nothing in them either. What is found out is added to the options: ``vpc``, ``subnets``
    and ``range`` of the network; of EC2 also ``ami``, and ``cores`` of the workers' machine.

    Parameters
    ----------
    account
        The account.
    service
        ``fargate`` or ``ec2``.
    options
        The checked options.

    Raises
    ------
    RpcError
        What is refused, with the field or the action that it is about.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        account.client("sts").get_caller_identity()
        _network(account, options)
        _named(account, service, options)
        if service == "fargate":
            ecs = account.client("ecs")
            ecs.list_clusters(maxResults=1)
            _long_names(ecs)
            if not {"executionRole", "taskRole"} <= options.keys():
                account.client("iam").list_roles(MaxItems=1)
            account.client("logs").describe_log_groups(limit=1)
        else:
            _machines(account, options)
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
            raise wrong("vpc", text)
        options["vpc"] = found[0]["VpcId"]
    try:
        places = ec2.describe_vpcs(VpcIds=[options["vpc"]])["Vpcs"]
    except Exception as error:
        if code_of(error) != "InvalidVpcID.NotFound":
            raise
        places = []
    if not places:
        raise wrong("vpc", f"There is no such network (VPC) in {account.region}.")
    options["range"] = places[0]["CidrBlock"]
    within = [{"Name": "vpc-id", "Values": [options["vpc"]]}]
    subnets = {net["SubnetId"]: net for net in ec2.describe_subnets(Filters=within)["Subnets"]}
    strange = [name for name in options.get("subnets", []) if name not in subnets]
    if strange or not subnets:
        text = f"The network {options['vpc']} has no subnet {strange[0] if strange else 'at all'}."
        raise wrong("subnets", text)
    options.setdefault("subnets", list(subnets))
    if "zone" in options:
        chosen = [
            n for n in options["subnets"] if subnets[n]["AvailabilityZone"] == options["zone"]
        ]
        if not chosen:
            text = f"No subnet of {options['vpc']} that may be used is in {options['zone']}."
            raise wrong("zone", text)
        options["subnets"] = chosen


def _named(account: Account, service: str, options: dict[str, Any]) -> None:
    """Refuse what is named and is not there: it would be missed when half is made."""
    if "securityGroups" in options:
        groups = account.client("ec2").describe_security_groups
        text = f"There is no such security group in the network {options['vpc']}."
        found = _look(groups, "securityGroups", text, GroupIds=options["securityGroups"])
        if any(group["VpcId"] != options["vpc"] for group in found.get("SecurityGroups", [])):
            raise wrong("securityGroups", text)
    if "keyName" in options:
        pairs = account.client("ec2").describe_key_pairs
        text = f"There is no such key pair in {account.region}."
        _look(pairs, "keyName", text, KeyNames=[options["keyName"]])
    if "profile" in options:
        profile = account.client("iam").get_instance_profile
        text = "There is no such instance profile in this account."
        _look(profile, "profile", text, InstanceProfileName=options["profile"])
    for name in ("executionRole", "taskRole") if service == "fargate" else ():
        if name in options:
            role = account.client("iam").get_role
            text = "There is no such role in this account."
            _look(role, name, text, RoleName=options[name].rpartition("/")[2])


def _look(call: Any, field: str, text: str, **arguments: Any) -> dict[str, Any]:  # noqa: ANN401
    """Ask for something by its name; who may not look at it is not refused for that."""
    from botocore.exceptions import ClientError

    try:
        return dict(call(**arguments))
    except ClientError as error:
        if code_of(error) in _MISSING:
            raise wrong(field, text) from error
        if denied_action(error) is None:
            raise
    return {}


def _long_names(ecs: Any) -> None:  # noqa: ANN401
    """Refuse where tasks cannot have tags."""
    told = ecs.list_account_settings(name="taskLongArnFormat", effectiveSettings=True)["settings"]
    if not told or told[0]["value"] != "enabled":
        text = "This account gives ECS tasks short names, which can have no tags."
        command = "aws ecs put-account-setting-default --name taskLongArnFormat --value enabled"
        raise RpcError("invalid", text, hint=f"Ask whoever runs it for: {command}")


def _machines(account: Account, options: dict[str, Any]) -> None:
    ec2 = account.client("ec2")
    kind = "arm64" if options["arm"] else "x86_64"
    for name in ("instanceType", "schedulerInstanceType"):
        told = _type(ec2, name, options[name], account.region)
        if kind not in told["ProcessorInfo"]["SupportedArchitectures"]:
            which = "ARM processors" if options["arm"] else "x86 processors"
            raise wrong(name, f"{options[name]} has no {which}.")
        if name == "instanceType":
            options["cores"] = told["VCpuInfo"]["DefaultVCpus"]
            _bounds(options, told["MemoryInfo"]["SizeInMiB"] * 2**20)
    if "ami" not in options:
        options["ami"] = _newest(ec2, kind)
    image = next(iter(_images(ec2, ImageIds=[options["ami"]])), None)
    if image is None:
        raise wrong("ami", f"There is no such machine image (AMI) in {account.region}.")
    if image["Architecture"] != kind:
        raise wrong("ami", f"It is made for {image['Architecture']}, not for {kind}.")
    _dry(
        ec2.run_instances,
        ImageId=options["ami"],
        InstanceType=options["instanceType"],
        SubnetId=options["subnets"][0],
        MinCount=1,
        MaxCount=1,
    )


def _type(ec2: Any, field: str, name: str, region: str) -> Any:  # noqa: ANN401
    try:
        return ec2.describe_instance_types(InstanceTypes=[name])["InstanceTypes"][0]
    except Exception as error:
        if code_of(error) != "InvalidInstanceType":
            raise
        raise wrong(field, f"{region} has no machines of the type {name}.") from error


def _bounds(options: dict[str, Any], memory: int) -> None:
    """Keep the administrator's bounds of one worker, now that its size is known."""
    threads, most = options.pop("mostThreads"), options.pop("mostMemory")
    name = options["instanceType"]
    if threads is not None and options["cores"] > threads:
        text = f"{name} has {options['cores']} cores; a worker gets at most {threads} here."
        raise wrong("instanceType", text, "limit")
    if most is not None and memory > most:
        text = f"{name} has {gib(memory)}; a worker gets at most {gib(most)} here."
        raise wrong("instanceType", text, "limit")


def _newest(ec2: Any, kind: str) -> str:  # noqa: ANN401
    name = _UBUNTU.format({"x86_64": "amd64"}.get(kind, kind))
    found = _images(ec2, Owners=[_CANONICAL], Filters=[{"Name": "name", "Values": [name]}])
    if not found:
        raise wrong("ami", "Give a machine image (AMI): Ubuntu 24.04 is not offered here.")
    return str(max(found, key=lambda image: image["CreationDate"])["ImageId"])


def _images(ec2: Any, **arguments: Any) -> list[dict[str, Any]]:  # noqa: ANN401
    try:
        return list(ec2.describe_images(**arguments)["Images"])
    except Exception as error:
        if code_of(error) not in ("InvalidAMIID.NotFound", "InvalidAMIID.Unavailable"):
            raise
        return []


def wrong(field: str, text: str, code: str = "invalid") -> RpcError:
    """Return the refusal of one option."""
    return RpcError(code, f"{field}: {text}", fields={field: text})


def _dry(call: Any, **arguments: Any) -> None:  # noqa: ANN401
    from botocore.exceptions import ClientError

    try:
        call(DryRun=True, **arguments)
    except ClientError as error:
        if code_of(error) != "DryRunOperation":
            raise
