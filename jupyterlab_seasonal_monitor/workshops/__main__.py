"""Copies a ready class into a folder, or lists which there are."""

from __future__ import annotations

import sys
from pathlib import Path

from . import copy_workshop, workshop_ids


def main(arguments: list[str]) -> int:
    """Copy the class that is named, into the folder that is named or one of its own name.

    Returns
    -------
    int
        0, or 1 when it cannot be copied; the reason is on standard error.
    """
    if not arguments:
        print("\n".join(workshop_ids()))
        return 0
    name, *folder = arguments
    try:
        file = copy_workshop(name, Path(folder[0] if folder else name))
    except (LookupError, OSError) as error:
        print(error.args[0] if isinstance(error, LookupError) else error, file=sys.stderr)
        return 1
    print(f"Open this file in JupyterLab: {file}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
