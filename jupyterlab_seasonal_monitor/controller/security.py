"""Certificates of one cluster, in one file that only its user can read."""

from __future__ import annotations

import datetime
import os
import secrets
from pathlib import Path
from typing import Any


class Credentials:
    """A key and a certificate that is its own authority.

    Whoever can read the file can use the cluster, and nobody else can.

    Parameters
    ----------
    folder
        Where the file goes; must be closed to other users.
    """

    def __init__(self, folder: Path) -> None:
        self.path = folder / f"{secrets.token_hex(8)}.pem"
        file = os.open(self.path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "wb") as stream:
            stream.write(_make_pem())

    def security(self) -> Any:  # noqa: ANN401 - distributed is imported late
        """Return the ``distributed.Security`` for scheduler, workers and clients."""
        return load_security(self.path)

    def remove(self) -> None:
        """Remove the file. May be called twice."""
        self.path.unlink(missing_ok=True)


def load_security(path: Path) -> Any:  # noqa: ANN401
    """Return a ``distributed.Security`` that uses one PEM file in every role."""
    from distributed.security import Security

    text = str(path)
    roles = {
        f"tls_{role}_{part}": text
        for role in ("client", "scheduler", "worker")
        for part in ("cert", "key")
    }
    return Security(require_encryption=True, tls_ca_file=text, **roles)


def write_credentials(folder: Path, security: Any) -> Path | None:  # noqa: ANN401
    """Write the client's part of a ``distributed.Security`` to a private file.

    Returns
    -------
    Path or None
        The file, or None when the cluster does not use TLS.
    """
    fields = [getattr(security, f"tls_{name}", None) for name in ("client_cert", "ca_file")]
    key = getattr(security, "tls_client_key", None)
    if not all(fields):
        return None
    parts = dict.fromkeys(_pem(field) for field in (*fields, key) if field)
    path = folder / f"{secrets.token_hex(8)}.pem"
    file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(file, "w") as stream:
        stream.write("\n".join(parts))
    return path


def _pem(field: str) -> str:
    """Return PEM text that is given as such or as a path."""
    return field if "\n" in field else Path(field).read_text(encoding="ascii")


def _make_pem() -> bytes:
    from cryptography import x509
    from cryptography.hazmat.primitives import hashes, serialization
    from cryptography.hazmat.primitives.asymmetric import ec
    from cryptography.x509.oid import NameOID

    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "dask-internal")])
    now = datetime.datetime.now(tz=datetime.timezone.utc)
    certificate = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .add_extension(x509.SubjectAlternativeName([x509.DNSName("dask-internal")]), critical=False)
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - datetime.timedelta(days=1))
        .not_valid_after(now + datetime.timedelta(days=365))
        .sign(key, hashes.SHA256())
    )
    return certificate.public_bytes(serialization.Encoding.PEM) + key.private_bytes(
        encoding=serialization.Encoding.PEM,
        format=serialization.PrivateFormat.PKCS8,
        encryption_algorithm=serialization.NoEncryption(),
    )
