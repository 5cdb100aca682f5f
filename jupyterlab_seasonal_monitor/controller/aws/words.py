# ruff: noqa: TID252 - in a kernel the package has another name
"""What Amazon's services answer when they refuse, in words."""

from __future__ import annotations

import re
from typing import Any

from ..causes import describe_error, printable, redact
from ..rpc import RpcError

_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "UnauthorizedOperation",
    "AuthorizationError",
    "Client.UnauthorizedOperation",
}
_ACTION = re.compile(r"perform:? (\w[\w-]*:\w+)")
_QUOTA = "Ask for less, remove what is not used, or ask AWS for a higher quota."
_SPENT = re.compile(r"(reached|exceed\w*) (the|your|a)?\b.*\b(limit|quota)|quota exceeded", re.I)
#: Text and hint by error code.
_CODES = {
    "ExpiredToken": (
        "Your AWS credentials have expired.",
        "Get new ones (such as with aws sso login), and start a new kernel with them.",
    ),
    "InvalidClientTokenId": (
        "AWS does not know these credentials.",
        "Check them in the kernel's environment or in ~/.aws/credentials.",
    ),
    "SignatureDoesNotMatch": (
        "AWS does not accept these credentials: the secret key is not the right one.",
        "Check them in the kernel's environment or in ~/.aws/credentials.",
    ),
    "OptInRequired": (
        "This account may not use the service, or not in this region.",
        "Turn it on in the AWS console, or choose another region.",
    ),
    "LimitExceeded": (
        "A limit of the account is reached.",
        _QUOTA,
    ),
    "VcpuLimitExceeded": (
        "The account may not have so many virtual processors at the same time.",
        "Ask for fewer or smaller workers, or ask AWS for a higher quota.",
    ),
    "InsufficientInstanceCapacity": (
        "AWS has no such machine free in this zone now.",
        "Choose another type of machine or zone, or try again later.",
    ),
    "InvalidAMIID.NotFound": (
        "There is no such machine image (AMI) in this region.",
        "Choose one of the region and of the processor's architecture.",
    ),
    "Throttling": ("AWS was asked too often.", "Wait a minute and try again."),
}
#: What to do about containers and machines that ended, by what is said of them.
_ENDINGS = [
    (
        re.compile(r"CannotPull|ResourceInitialization|manifest|registry", re.I),
        (
            "Check the image's name. Its registry must be reached from the subnets: with private "
            "addresses only, they need a NAT gateway or endpoints."
        ),
    ),
    (
        re.compile(r"exec format error|does not match the .*platform", re.I),
        "The image is made for other processors: choose ARM processors, or another image.",
    ),
    (re.compile(r"OutOfMemory|memory usage", re.I), "Give it more memory."),
    (_SPENT, _QUOTA),
    (
        re.compile(r"spot", re.I),
        "AWS took the spot capacity back. Scale again, or do without spot.",
    ),
    (
        re.compile(r"capacity", re.I),
        "Try again later, in another zone or region, or without spot.",
    ),
]
_SAME = {
    "ExpiredTokenException": "ExpiredToken",
    "RequestExpired": "ExpiredToken",
    "AuthFailure": "InvalidClientTokenId",
    "UnrecognizedClientException": "InvalidClientTokenId",
    "InvalidSignatureException": "SignatureDoesNotMatch",
    "LimitExceededException": "LimitExceeded",
    "ThrottlingException": "Throttling",
    "RequestLimitExceeded": "Throttling",
    "SpotMaxPriceTooLow": "InsufficientInstanceCapacity",
}


def code_of(error: BaseException) -> str:
    """Return the code of a refusal by AWS, empty for other errors."""
    response = getattr(error, "response", None)
    return str(response.get("Error", {}).get("Code", "")) if isinstance(response, dict) else ""


def denied_action(error: BaseException) -> str | None:
    """Return the action that the credentials do not permit, if that is what it is about."""
    if code_of(error) not in _DENIED:
        return None
    match = _ACTION.search(str(error))
    if match:
        return match[1]
    return str(getattr(error, "operation_name", "")) or "an action"


def explain(error: BaseException) -> RpcError | None:
    """Return a refusal in words; None when the error is not one that AWS or its client gave."""
    found = _first(error)
    if found is None:
        return None
    kind, action = type(found).__name__, denied_action(found)
    cause = describe_error(found)
    if action is not None:
        text = f"Your AWS credentials do not permit {printable(action)}."
        hint = f"Ask whoever runs the account to permit {printable(action)} to you."
    elif kind in ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"):
        return no_credentials()
    elif kind in ("EndpointConnectionError", "ConnectTimeoutError", "ReadTimeoutError"):
        text = "AWS cannot be reached from here."
        hint = "Check the network, the proxy and the name of the region."
    else:
        code = code_of(found)
        known = _CODES.get(_SAME.get(code, code))
        said = printable(redact(str(found)), 300)
        other = _QUOTA if _SPENT.search(said) else "Correct what it names, and try again."
        text, hint = known or (f"AWS refused: {said}", other)
    return RpcError("launchFailed", text, cause=cause, hint=hint)


def ending_hint(text: str) -> str:
    """Return what to do about a container or machine that ended, from what is said of it."""
    for pattern, hint in _ENDINGS:
        if pattern.search(text):
            return hint
    return "Look at the log lines: they are the containers' own. The image needs dask."


def refusal_in(parsed: dict[str, Any], operation: str) -> RpcError | None:
    """Return what an answer of a service refuses, in words; None if it does not.

    Parameters
    ----------
    parsed, operation
        The answer and what was asked, as botocore tells them.
    """
    from botocore.exceptions import ClientError

    if "Error" in parsed:
        return explain(ClientError(parsed, operation))
    for failure in parsed.get("failures") or []:
        said = printable(redact(str(failure.get("reason") or failure.get("detail"))), 300)
        text = f"AWS refused a container: {said}"
        return RpcError("launchFailed", text, hint=ending_hint(said))
    return None


def is_final(parsed: dict[str, Any]) -> bool:
    """Whether asking again is in vain: new roles, for one, are known after some seconds only."""
    error = parsed.get("Error", {})
    code, said = str(error.get("Code", "")), str(error.get("Message", ""))
    known = _SAME.get(code, code)
    if known == "Throttling":
        return False
    return known in _DENIED or known in _CODES or _SPENT.search(said) is not None


def no_credentials() -> RpcError:
    """Return what is told where the kernel has no credentials."""
    text = "This kernel has no AWS credentials."
    hint = (
        "Give them to the server's environment or ~/.aws (such as with aws configure), "
        "never to a form or a notebook."
    )
    return RpcError("unavailable", text, hint=hint)


def _first(error: BaseException) -> BaseException | None:
    seen: set[int] = set()
    step: BaseException | None = error
    while step is not None and id(step) not in seen:
        seen.add(id(step))
        if type(step).__module__.partition(".")[0] in ("botocore", "aiobotocore"):
            return step
        step = step.__cause__ or step.__context__
    return None
