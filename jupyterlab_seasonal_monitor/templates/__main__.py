"""Prints where a bundled template is, or which there are."""

from __future__ import annotations

import sys

from . import template_ids, template_path


def main(arguments: list[str]) -> int:
    """Print the path of the template that is named, or all ids without a name.

    Returns
    -------
    int
        0, or 1 when there is no such template.
    """
    if not arguments:
        print("\n".join(template_ids()))
        return 0
    try:
        print(template_path(arguments[0]))
    except LookupError as error:
        print(error.args[0], file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
