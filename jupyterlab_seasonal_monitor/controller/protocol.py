"""The protocol between the page and a controller.

JSON-RPC 2.0, one message a comm message. The same names stand in
``src/providers/kernel/protocol.ts``; a test compares the two. All times are
milliseconds since the epoch, all sizes bytes. What is not known is absent.
"""

from __future__ import annotations

from typing import Any, TypedDict

from .protocol_back_ends import (
    AwsDescription,
    AwsLeftovers,
    AwsParams,
    AwsRemoved,
    AwsRemoveParams,
    CoiledDescription,
    CoiledParams,
    CoiledRemoved,
    CoiledRemoveParams,
    CustomLeftovers,
    CustomRemoved,
    CustomRemoveParams,
    KubernetesDescription,
    KubernetesParams,
    KubernetesRemoved,
    KubernetesRemoveParams,
    QueueCancelled,
    QueueCancelParams,
    QueueDescription,
    QueueLeftover,
    QueueParams,
)
from .protocol_cluster import (
    Capabilities,
    Cause,
    ClusterEvent,
    ClusterSnapshot,
    LogEntry,
    Step,
    WatchDetail,
    Worker,
)
from .protocol_gateway import (
    GatewayAdaptParams,
    GatewayAnswer,
    GatewayConnectParams,
    GatewayCreateParams,
    GatewayForm,
    GatewayGetParams,
    GatewayName,
    GatewayPage,
    GatewayPlace,
    GatewayReport,
    GatewayScaleParams,
    GatewaySchedulerParams,
)

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
    "customLeftovers": (Empty, CustomLeftovers),
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
