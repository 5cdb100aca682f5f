"""What a STAC API answers when it gives no data, in words."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from urllib.parse import urlsplit, urlunsplit

from seasonal_monitor.errors import MissingPackageError, SourceError

_WORDS = {
    401: (
        "does not know who you are (401).",
        "Sign in again or renew your token, as the archive's keeper says.",
    ),
    403: ("does not let you in (403).", "Ask the archive's keeper for access."),
    404: ("has no STAC API there (404).", "Check the address."),
    429: ("is asked too often (429).", "Try again in some minutes."),
}


def without_secrets(address: str) -> str:
    """Give an address without sign-in and query, which may hold a token or a signature."""
    if "://" not in address:
        return address
    parts = urlsplit(address)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, "", ""))


@contextmanager
def explained(source: str) -> Iterator[None]:
    """Turn what goes wrong with an API into words; no token of the address gets into them.

    Raises
    ------
    SourceError
        Names ``source``.
    MissingPackageError
        When pystac-client is not installed.
    """
    try:
        import pystac
        from pystac_client.errors import ClientTypeError
        from pystac_client.exceptions import APIError
    except ModuleNotFoundError as error:
        raise MissingPackageError(error.name or "pystac_client") from error
    try:
        yield
    except APIError as error:
        problem, advice = _words(getattr(error, "status_code", None))
        cause: Exception | None = error
    except (
        OSError,
        ValueError,
        KeyError,
        ClientTypeError,
        NotImplementedError,
        pystac.STACError,
    ) as error:
        problem, advice, cause = "does not speak STAC.", "Check the address.", error
    else:
        return
    shown = without_secrets(source)
    # What the client says repeats the whole address.
    raise SourceError("source", f"{shown} {problem}", advice) from (
        cause if shown == source else None
    )


def _words(status: int | None) -> tuple[str, str]:
    if status is None:
        return "does not answer.", "Check the address and your network."
    if status >= 500:
        return f"has a fault of its own ({status}).", "Try again later, or tell its keeper."
    return _WORDS.get(status, (f"refuses to answer ({status}).", "Check the address."))
