"""The token that lets a person into an archive: read where they keep it, and shown nowhere.

It is added to an address only where a file is read, on the worker, so it is in no address of a
plan, of an error or of a notebook. Workers get it with the plan, inside of :class:`Signer`.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Iterable
from pathlib import Path
from urllib.parse import SplitResult, urlsplit, urlunsplit

from seasonal_monitor.errors import SourceError

#: The environment variables: the token itself, or the file that holds it, and for which hosts.
TOKEN = "SEASONAL_MONITOR_TOKEN"  # noqa: S105 - the variable's name
TOKEN_FILE = "SEASONAL_MONITOR_TOKEN_FILE"  # noqa: S105
TOKEN_HOSTS = "SEASONAL_MONITOR_TOKEN_HOSTS"  # noqa: S105

#: Who gets the token where nothing else is said.
_HOSTS = "wfp.org"
_LOOPBACK = ("127.0.0.1", "localhost", "::1")
#: Loggers of who opens files, which write addresses as they get them.
_LOGGERS = ("odc.loader._rio", "rasterio", "rasterio._env", "rasterio._err", "rasterio._base")


class Signer:
    """Adds a token to the addresses of an archive, as ``address?token``.

    Parameters
    ----------
    token : str
        What follows the question mark, such as ``sv=…&sig=…``.
    hosts : iterable of str
        Hosts that get it, with all below them, and no others; by https, or on this machine.
    """

    def __init__(self, token: str, hosts: Iterable[str]) -> None:
        self._token, self._hosts = token, tuple(hosts)

    def __repr__(self) -> str:
        return f"Signer(hosts={', '.join(self._hosts)})"

    def covers(self, address: str) -> bool:
        """Whether an address gets the token."""
        return self._covers(urlsplit(address))

    def _covers(self, parts: SplitResult) -> bool:
        name = parts.hostname or ""
        safe = parts.scheme == "https" or (parts.scheme == "http" and name in _LOOPBACK)
        return safe and any(name == host or name.endswith(f".{host}") for host in self._hosts)

    def __call__(self, address: str) -> str:
        """Sign an address; others stay as they are."""
        parts = urlsplit(address)
        if not self._covers(parts):
            return address
        _keep_from_logs(self._token)
        query = f"{parts.query}&{self._token}" if parts.query else self._token
        return urlunsplit(parts._replace(query=query))


def signer_for(addresses: Iterable[str]) -> Signer | None:
    """Give what signs the files of an archive; None where there is no token or nothing to sign.

    Raises
    ------
    SourceError
        When the token's file cannot be read, or holds no token.
    """
    named = os.environ.get(TOKEN_HOSTS, _HOSTS).split(",")
    hosts = [host.strip(" .") for host in named if host.strip(" .")]
    covers = Signer("", hosts).covers
    if not any(covers(address) for address in addresses):
        return None
    token = _token()
    return Signer(token, hosts) if token else None


def _token() -> str:
    """Read the token, from the variable or from the file that the other one names."""
    text, where = os.environ.get(TOKEN, ""), TOKEN
    path = os.environ.get(TOKEN_FILE, "")
    if not text and path:
        where = f"{path}, which {TOKEN_FILE} names,"
        try:
            text = Path(path).expanduser().read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            why = error.strerror if isinstance(error, OSError) else "it is no text"
            raise SourceError(
                "source", f"{where} cannot be read: {why}.", "Check the path of the token."
            ) from None
        text = _from_json(text)
        if not text.strip():
            raise SourceError("source", f"{where} holds no token.", "Save the token there again.")
    token = text.strip().removeprefix("?")
    if not token.isprintable() or " " in token:
        raise SourceError("source", f"{where} is no token.", "A token has no spaces or lines.")
    return token


def _from_json(text: str) -> str:
    """Take the token out of ``{"tk": "…"}``, as WFP's scripts keep it; other text is the token."""
    if not text.lstrip().startswith("{"):
        return text
    try:
        content = json.loads(text)
    except ValueError:
        return ""
    return str(content.get("tk") or content.get("token") or "")


class _Hush(logging.Filter):
    """Takes a token out of what is logged."""

    def __init__(self, token: str) -> None:
        super().__init__()
        self.token = token

    def filter(self, record: logging.LogRecord) -> bool:
        """Let every record pass, without the token."""
        text = record.getMessage()
        if self.token in text:
            record.msg, record.args = text.replace(self.token, "…"), ()
        return True


def _keep_from_logs(token: str) -> None:
    """Let who opens files log no token, in this process."""
    for name in _LOGGERS:
        logger = logging.getLogger(name)
        if not any(isinstance(each, _Hush) and each.token == token for each in logger.filters):
            logger.addFilter(_Hush(token))
