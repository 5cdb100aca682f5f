"""Files that are either the old one or the whole new one, never half of it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """Give a place to write to; what is written there becomes `path` when all went well.

    Parameters
    ----------
    path : Path
        The final name. Its folder is made if it is missing.

    Yields
    ------
    Path
        A hidden name in the same folder, so that the last step is a rename.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(f".{path.name}.partial")
    try:
        yield partial
        partial.replace(path)
    finally:
        partial.unlink(missing_ok=True)


def write_text(path: Path, text: str) -> None:
    """Write a text file in UTF-8, all or nothing."""
    with replacing(path) as partial:
        partial.write_text(text, encoding="utf-8")
