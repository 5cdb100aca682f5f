"""Command line of the sample archive."""

from __future__ import annotations

import argparse
import re
import sys
import time
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

PROGRAM = "python -m jupyterlab_seasonal_monitor.sample_data"


def main(arguments: Sequence[str] | None = None) -> int:
    """Make the archive and say where it is.

    Parameters
    ----------
    arguments : sequence of str, optional
        Command line arguments; the process's own by default.

    Returns
    -------
    int
        0, or 1 when it could not be made; the reason is on standard error.
    """
    try:
        from .archive import ArchiveError, Recipe, make_archive
        from .products import PRODUCTS
    except ModuleNotFoundError as error:
        print(
            f"The package {error.name} is missing. Install what the sample data needs with:\n"
            "  pip install 'jupyterlab_seasonal_monitor[pipelines]'",
            file=sys.stderr,
        )
        return 1

    defaults = Recipe()
    parser = argparse.ArgumentParser(
        prog=PROGRAM,
        description="Make a small archive of invented rainfall, vegetation and temperature (COG "
        "files and a STAC catalogue) with districts, for trying Seasonal Monitor templates "
        "without internet.",
    )
    parser.add_argument(
        "folder", nargs="?", type=Path, default=Path("sample-data"), help="default: %(default)s"
    )
    parser.add_argument(
        "--years",
        type=_years,
        default=(defaults.first_year, defaults.last_year),
        metavar="FIRST-LAST",
        help=f"years to make, default: {defaults.first_year}-{defaults.last_year}",
    )
    parser.add_argument(
        "--size", type=int, default=defaults.size, help="pixels per side, default: %(default)s"
    )
    parser.add_argument(
        "--seed", type=int, default=defaults.seed, help="another seed, other weather"
    )
    parser.add_argument(
        "--products",
        type=lambda text: tuple(text.split(",")),
        default=tuple(PRODUCTS),
        metavar="NAME,NAME",
        help=f"collections to make, default: {','.join(PRODUCTS)}",
    )
    parser.add_argument(
        "--add",
        action="store_true",
        help="make one collection after the other, list each as soon as it is whole, and keep "
        "others that are there",
    )
    options = parser.parse_args(arguments)

    began = time.monotonic()
    first_year, last_year = options.years
    recipe = Recipe(first_year, last_year, options.size, options.seed, options.products)
    try:
        if options.add:
            recipe.check()
            reports = [
                make_archive(options.folder, replace(recipe, products=(name,)), add=True)
                for name in recipe.products
            ]
        else:
            reports = [make_archive(options.folder, recipe)]
    except ArchiveError as error:
        print(error, file=sys.stderr)
        return 1
    west, south, east, north = recipe.bbox
    report = reports[-1]
    written = sum(each.written for each in reports)
    kept = report.written + report.kept - written
    print(
        f"{written} rasters written, {kept} already there, "
        f"{report.size_bytes / 1e6:.1f} MB, {time.monotonic() - began:.1f} s.\n"
        f"Years {recipe.first_year}-{recipe.last_year}, "
        f"area {west:g}, {south:g}, {east:g}, {north:g} (west, south, east, north).\n"
        f"Districts for statistics: {report.zones}\n"
        "Give this path to a template as its catalogue:\n"
        f"  {report.catalog}"
    )
    return 0


def _years(text: str) -> tuple[int, int]:
    """Read ``1991-2024`` or a single year."""
    match = re.fullmatch(r"(\d{4})(?:-(\d{4}))?", text)
    if not match:
        raise argparse.ArgumentTypeError(f"write years as 1991-2024, not {text!r}")
    return int(match[1]), int(match[2] or match[1])


if __name__ == "__main__":
    sys.exit(main())
