"""What is asked of batch systems, Kubernetes and clouds, and their answers."""

from __future__ import annotations

from typing import Literal, TypedDict


class QueueParams(TypedDict):
    """Parameters of ``queueDescribe`` and ``queueLeftovers``: a batch system."""

    system: str


class QueuePlace(TypedDict):
    """A queue: its limit of time as the system writes it, cores and bytes of its largest node."""

    name: str
    default: bool
    up: bool
    limit: str
    cores: int
    memory: int


class QueueDescription(TypedDict):
    """What can be asked of a batch system from here; ``problem`` if it does not answer."""

    queues: list[QueuePlace]
    interfaces: list[str]
    missing: list[str]
    problem: str | None


class QueueLeftover(TypedDict):
    """A job whose controller is dead; not ``certain`` if that ran on another host."""

    id: str
    name: str
    queue: str
    state: Literal["waiting", "running"]
    elapsed: str
    host: str
    certain: bool


class QueueCancelParams(TypedDict):
    """Parameters of ``queueCancel``."""

    system: str
    jobs: list[str]


class QueueCancelled(TypedDict):
    """The jobs that ``queueCancel`` has cancelled."""

    jobs: list[str]


class KubernetesParams(TypedDict):
    """Parameters of ``kubernetesDescribe``; the configured namespace without one."""

    namespace: str | None


class KubernetesCluster(TypedDict):
    """A cluster whose controller is gone; not ``certain`` if that ran on another host.

    ``kind`` is ``cluster``, or ``workers``: a group of workers whose cluster is gone.
    """

    id: str
    kind: str
    namespace: str
    name: str
    title: str
    created: str
    certain: bool


class KubernetesDescription(TypedDict):
    """What can be asked of Kubernetes from here; ``problem`` and ``hint`` if nothing can.

    ``remarks`` are sentences on what was not asked, and on what was deleted.
    """

    namespace: str | None
    image: str
    missing: list[str]
    problem: str | None
    hint: str | None
    clusters: list[KubernetesCluster]
    remarks: list[str]


class CoiledParams(TypedDict):
    """Parameters of ``coiledDescribe``; the configured workspace without one."""

    workspace: str | None


class CoiledCluster(TypedDict):
    """A cluster that lives; not ``certain`` if its controller may live on another host."""

    id: str
    workspace: str
    name: str
    state: str
    certain: bool


class CoiledDescription(TypedDict):
    """What can be asked of Coiled from here; ``problem`` and ``hint`` if nothing can.

    ``clusters`` are those in all workspaces; ``remarks`` tell which could not be asked.
    """

    workspace: str | None
    workspaces: list[str]
    image: str
    missing: list[str]
    problem: str | None
    hint: str | None
    clusters: list[CoiledCluster]
    remarks: list[str]


class CoiledRemoveParams(TypedDict):
    """Parameters of ``coiledRemove``: clusters by their ids."""

    clusters: list[str]


class CoiledRemoved(TypedDict):
    """The clusters that ``coiledRemove`` has stopped."""

    clusters: list[str]


class CustomLeftover(TypedDict):
    """A cluster of a named class whose controller is dead, or ran on another host.

    Of one that is ``failed`` the start was refused or took too long, and of one that is
    ``refused`` its class could not stop it: there may be nothing.
    """

    id: str
    kind: str
    title: str
    name: str
    made: str
    host: str
    certain: bool
    failed: bool
    refused: bool


class CustomLeftovers(TypedDict):
    """Result of ``customLeftovers``, with sentences on what was ended on the way."""

    clusters: list[CustomLeftover]
    remarks: list[str]


class CustomRemoveParams(TypedDict):
    """Parameters of ``customRemove``: clusters by their ids."""

    clusters: list[str]


class CustomRemoved(TypedDict):
    """The clusters that ``customRemove`` has stopped."""

    clusters: list[str]


class KubernetesRemoveParams(TypedDict):
    """Parameters of ``kubernetesRemove``: clusters by their ids."""

    namespace: str | None
    clusters: list[str]


class KubernetesRemoved(TypedDict):
    """The clusters that ``kubernetesRemove`` has deleted."""

    clusters: list[str]


class AwsDescription(TypedDict):
    """What can be asked of AWS from here; ``problem`` and ``hint`` if nothing can."""

    region: str | None
    missing: list[str]
    problem: str | None
    hint: str | None


class AwsParams(TypedDict):
    """Parameters of ``awsLeftovers``: ``fargate`` or ``ec2``."""

    service: str


class AwsLeftover(TypedDict):
    """A cluster whose controller is dead; not ``certain`` if that ran on another host.

    ``parts`` are what is there, in words; ``runs`` if it costs money by the hour; ``made`` is
    when the cluster was made, as ISO 8601 writes it; ``host`` is where its controller ran.
    """

    id: str
    title: str
    region: str
    parts: list[str]
    runs: bool
    made: str
    host: str
    certain: bool


class AwsLeftovers(TypedDict):
    """What is left, and ``remarks`` on regions that could not be asked."""

    clusters: list[AwsLeftover]
    remarks: list[str]


class AwsRemoveParams(TypedDict):
    """Parameters of ``awsRemove``: clusters by their ids."""

    service: str
    clusters: list[str]


class AwsRemoved(TypedDict):
    """The clusters of which ``awsRemove`` has left nothing."""

    clusters: list[str]
