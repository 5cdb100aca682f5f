"""The protocol between the page and a controller.

JSON-RPC 2.0, one message a comm message. The same names stand in
``src/providers/kernel/protocol.ts``; a test compares the two. All times are
milliseconds since the epoch, all sizes bytes. What is not known is absent.
"""

from __future__ import annotations

from typing import Any, Literal, TypedDict

PROTOCOL_VERSION = 1
COMM_TARGET = "jupyterlab_seasonal_monitor"

ERROR_CODES = {
    "cancelled": -32800,
    "invalid": -32602,
    "launchFailed": -32001,
    "limit": -32002,
    "missingPackage": -32003,
    "notFound": -32004,
    "protocol": -32005,
    "unavailable": -32006,
    "notResponding": -32007,
}

ClusterState = Literal[
    "queued", "starting", "running", "degraded", "stopping", "stopped", "failed", "lost"
]
WatchDetail = Literal["none", "counts", "workers"]
StopReason = Literal["idle", "lifetime", "budget"]
EventKind = Literal[
    "state",
    "worker-added",
    "worker-lost",
    "worker-paused",
    "worker-restarted",
    "spilled",
    "tasks-recomputed",
    "data-lost",
    "scaled",
    "task-erred",
    "log",
]
EventLevel = Literal["info", "warning", "error"]
#: Why a worker went: its memory was full, it was not heard of any more, its process
#: ended for another reason, or somebody or its own time wanted it to go.
EventReason = Literal["memory", "silent", "died", "asked"]


class Step(TypedDict, total=False):
    """One step of a start."""

    id: str
    state: Literal["waiting", "active", "done", "failed"]
    detail: str


class Cause(TypedDict, total=False):
    """One link of a cause chain, outermost first."""

    message: str
    kind: str
    hint: str


class Connection(TypedDict, total=False):
    """How to reach a cluster: paths and addresses, never key material."""

    kind: Literal["scheduler", "gateway"]
    address: str
    credentials: str
    gateway: str
    gatewayProxy: str
    gatewayAuth: Literal["jupyterhub"]
    refused: str


class WorkerCounts(TypedDict, total=False):
    """Workers of a cluster; ``minimum`` and ``maximum`` only while adaptive."""

    ready: int
    wanted: int
    minimum: int
    maximum: int
    limit: int


class Memory(TypedDict, total=False):
    """Bytes over all workers."""

    used: int
    limit: int
    spilled: int


class Tasks(TypedDict):
    """Tasks of a scheduler by state."""

    processing: int
    waiting: int
    memory: int
    erred: int


class Conditions(TypedDict, total=False):
    """How many workers are in an unusual condition."""

    paused: int
    spilling: int
    restarting: int


class Chunks(TypedDict, total=False):
    """Tasks that are far too small or too large: their mean seconds, or bytes of a result."""

    kind: Literal["small", "big"]
    seconds: float
    bytes: int


class UsedSize(TypedDict, total=False):
    """Workers of one size; ``days`` are seconds of all of them by UTC day up to ``at``."""

    threads: int
    memory: int
    count: int
    days: dict[str, float]


class Usage(TypedDict, total=False):
    """How long workers have been there; those that are there go on after ``at``."""

    started: float
    at: float
    ended: float
    sizes: list[UsedSize]


class EndOrder(TypedDict):
    """An end that a page has ordered and that holds; ``at`` is when."""

    name: str
    at: float
    text: str
    final: bool


class ClusterSnapshot(TypedDict, total=False):
    """The whole state of a cluster at one time."""

    id: str
    name: str
    state: ClusterState
    revision: int
    since: float
    created: float
    idleSince: float
    stopsAt: float
    idleTimeout: float
    stopsFor: StopReason
    stopsWithin: int
    stopsWhy: str
    orders: list[EndOrder]
    owner: str
    steps: list[Step]
    workers: WorkerCounts
    threads: int
    memory: Memory
    cpu: float
    tasks: Tasks
    conditions: Conditions
    chunks: Chunks
    usage: Usage
    connection: Connection
    dashboard: str
    versions: dict[str, str]
    cause: list[Cause]
    log: list[str]
    remarks: list[str]
    options: dict[str, Any]


class Worker(TypedDict, total=False):
    """One row of the worker table."""

    name: str
    address: str
    status: str
    threads: int
    cpu: float
    memory: int
    memoryLimit: int
    spilled: int
    processing: int
    stored: int
    pid: int
    lastSeen: float


class ClusterEvent(TypedDict, total=False):
    """Something that happened to a cluster."""

    time: float
    kind: EventKind
    level: EventLevel
    text: str
    worker: str
    reason: EventReason


class LogEntry(TypedDict):
    """Log lines of one process."""

    source: str
    lines: list[str]


class ErrorData(TypedDict):
    """What comes in the ``data`` of a JSON-RPC error."""

    cause: list[Cause]
    log: list[str]
    fields: dict[str, str]
    hint: str | None


class InitializeParams(TypedDict):
    """Parameters of ``initialize``."""

    protocol: int
    client: str


class ControllerInfo(TypedDict):
    """What the controller is and where it runs."""

    protocol: int
    controller: str
    pid: int
    host: str
    python: str
    executable: str
    packages: dict[str, str | None]
    missing: list[str]
    cpus: float
    memory: int
    start: str
    labextension: dict[str, Any] | None
    cluster: ClusterSnapshot | None


class WarmParams(TypedDict, total=False):
    """Parameters of ``warm``: the options of the local cluster that is likely to come."""

    options: dict[str, Any]


class WarmResult(TypedDict):
    """Result of ``warm``."""

    seconds: float


class SpeedResult(TypedDict):
    """Result of ``speed``: how many times as long as the machine of the estimates it takes."""

    slowness: float


class CreateParams(TypedDict):
    """Parameters of ``create``."""

    key: str
    name: str
    launcher: str
    options: dict[str, Any]
    profile: str | None
    environment: str | None


class RenameParams(TypedDict):
    """Parameters of ``rename``."""

    name: str


class ScaleParams(TypedDict):
    """Parameters of ``scale``."""

    workers: int


class AdaptParams(TypedDict):
    """Parameters of ``adapt``."""

    minimum: int
    maximum: int


class KeepParams(TypedDict):
    """Parameters of ``keep``."""

    minutes: float


class EndParams(TypedDict):
    """Parameters of ``end``: the order's name, and the time in ms, None to take it back."""

    name: str
    at: float | None
    text: str
    final: bool


class WatchParams(TypedDict):
    """Parameters of ``watch``."""

    detail: WatchDetail
    lease: float


class LogsParams(TypedDict):
    """Parameters of ``logs``."""

    lines: int
    worker: str | None


class Capabilities(TypedDict):
    """What can be done with a cluster."""

    scale: bool
    adapt: bool
    restart: bool
    rename: bool
    workers: bool
    logs: bool
    stop: bool
    keep: bool


class Description(TypedDict):
    """Result of ``describe``."""

    cluster: ClusterSnapshot | None
    launcher: str | None
    profile: str | None
    environment: str | None
    capabilities: Capabilities


class Empty(TypedDict):
    """No members."""


class Progress(TypedDict):
    """The value of a ``$/progress`` notification."""

    steps: list[Step]


class GatewayConnectParams(TypedDict):
    """Parameters of ``gatewayConnect``; the environment's address without one."""

    address: str | None


class GatewayPlace(TypedDict):
    """Where a gateway is: for this kernel, and for a browser."""

    address: str
    dashboards: str


class GatewayForm(TypedDict):
    """The administrator's form for this user, as the gateway sends it."""

    cluster_options: list[dict[str, Any]]


class GatewayReport(TypedDict):
    """One cluster of a gateway, as it sends it but without certificate and key."""

    name: str
    status: str
    start_time: float
    stop_time: float | None
    options: dict[str, Any]
    dashboard_route: str | None


class GatewayName(TypedDict):
    """A cluster of a gateway: parameters of ``gatewayStop``, result of ``gatewayCreate``."""

    name: str


class GatewayGetParams(TypedDict):
    """Parameters of ``gatewayGet``; to wait is for some twenty seconds while it is pending."""

    name: str
    wait: bool


class GatewayCreateParams(TypedDict):
    """Parameters of ``gatewayCreate``."""

    options: dict[str, Any]


class GatewayScaleParams(TypedDict):
    """Parameters of ``gatewayScale``."""

    name: str
    workers: int


class GatewayAdaptParams(TypedDict):
    """Parameters of ``gatewayAdapt``."""

    name: str
    minimum: int
    maximum: int


class GatewayAnswer(TypedDict):
    """What the gateway did instead, in its words, if it is not ``ok``."""

    ok: bool
    msg: str | None


class GatewaySchedulerParams(TypedDict):
    """Parameters of ``gatewayScheduler``."""

    name: str
    page: Literal["counts", "identity"]


class GatewayPage(TypedDict):
    """What a scheduler says of itself; null while it does not answer."""

    data: dict[str, Any] | None


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

    Of one that is ``failed`` the start was refused or took too long: there may be nothing.
    """

    id: str
    kind: str
    title: str
    name: str
    made: str
    host: str
    certain: bool
    failed: bool


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


#: Parameter and result type of each request.
REQUESTS: dict[str, tuple[Any, Any]] = {
    "initialize": (InitializeParams, ControllerInfo),
    "warm": (WarmParams, WarmResult),
    "speed": (Empty, SpeedResult),
    "create": (CreateParams, ClusterSnapshot),
    "describe": (Empty, Description),
    "rename": (RenameParams, ClusterSnapshot),
    "scale": (ScaleParams, ClusterSnapshot),
    "adapt": (AdaptParams, ClusterSnapshot),
    "restart": (Empty, ClusterSnapshot),
    "keep": (KeepParams, ClusterSnapshot),
    "end": (EndParams, ClusterSnapshot),
    "stop": (Empty, ClusterSnapshot),
    "watch": (WatchParams, ClusterSnapshot),
    "workers": (Empty, list[Worker]),
    "logs": (LogsParams, list[LogEntry]),
    "events": (Empty, list[ClusterEvent]),
    "ping": (Empty, Empty),
    "gatewayConnect": (GatewayConnectParams, GatewayPlace),
    "gatewayOptions": (Empty, GatewayForm),
    "gatewayList": (Empty, list[GatewayReport]),
    "gatewayGet": (GatewayGetParams, GatewayReport),
    "gatewayCreate": (GatewayCreateParams, GatewayName),
    "gatewayScale": (GatewayScaleParams, GatewayAnswer),
    "gatewayAdapt": (GatewayAdaptParams, GatewayAnswer),
    "gatewayStop": (GatewayName, Empty),
    "gatewayScheduler": (GatewaySchedulerParams, GatewayPage),
    "queueDescribe": (QueueParams, QueueDescription),
    "queueLeftovers": (QueueParams, list[QueueLeftover]),
    "queueCancel": (QueueCancelParams, QueueCancelled),
    "kubernetesDescribe": (KubernetesParams, KubernetesDescription),
    "coiledDescribe": (CoiledParams, CoiledDescription),
    "coiledRemove": (CoiledRemoveParams, CoiledRemoved),
    "customLeftovers": (Empty, list[CustomLeftover]),
    "customRemove": (CustomRemoveParams, CustomRemoved),
    "kubernetesRemove": (KubernetesRemoveParams, KubernetesRemoved),
    "awsDescribe": (Empty, AwsDescription),
    "awsLeftovers": (AwsParams, AwsLeftovers),
    "awsRemove": (AwsRemoveParams, AwsRemoved),
}

#: Type of each event's parameters.
EVENTS: dict[str, Any] = {
    "clusterChanged": ClusterSnapshot,
    "clusterEvent": ClusterEvent,
    "workersChanged": list[Worker],
}
