"""What is asked of a Dask Gateway through a controller, and its answers."""

from __future__ import annotations

from typing import Any, Literal, TypedDict


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
