"""Checks of a notebook's parameters: errors name the parameter as the notebook calls it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from importlib.metadata import PackageNotFoundError, version

from seasonal_monitor.errors import ParameterError

#: The names that are given just now, the innermost first.
_given: ContextVar[tuple[Mapping[str, str], ...]] = ContextVar("names", default=())


def require(fits: object, parameter: str, problem: str, advice: str) -> None:
    """Refuse a parameter that does not fit.

    Parameters
    ----------
    fits : object
        Whether it does.
    parameter : str
        Its name in the notebook.
    problem, advice : str
        What is wrong, and what to do next; sentences.

    Raises
    ------
    ParameterError
        When `fits` is false.
    """
    if not fits:
        raise ParameterError(parameter, problem, advice)


@contextmanager
def naming(**names: str) -> Iterator[None]:
    """Let errors of the library name parameters as the notebook does.

    Parameters
    ----------
    **names : str
        By the library's name, such as ``source="catalog"``.

    Raises
    ------
    ParameterError
        The same error, of the same class, under the notebook's name.
    """
    outer = _given.set((names, *_given.get()))
    try:
        yield
    except ParameterError as error:
        if error.parameter not in names:
            raise
        renamed = type(error)(names[error.parameter], error.problem, error.advice)
        raise renamed from error
    finally:
        _given.reset(outer)


def called(parameter: str) -> str:
    """Give what the notebook calls a parameter of the library just now.

    For errors that come later than :func:`naming` can see them: from a worker that reads.
    """
    for names in _given.get():
        parameter = names.get(parameter, parameter)
    return parameter


def require_packages(*packages: str) -> None:
    """Check that packages are installed where the notebook runs.

    Parameters
    ----------
    *packages : str
        As pip calls them.

    Raises
    ------
    ModuleNotFoundError
        With the line that installs what is missing.
    """
    missing = [package for package in packages if not _is_installed(package)]
    if missing:
        raise ModuleNotFoundError(
            f"This notebook's environment lacks {', '.join(missing)}. Install with\n"
            f"    pip install {' '.join(missing)}\n"
            "and restart the kernel."
        )


def _is_installed(package: str) -> bool:
    try:
        version(package)
    except PackageNotFoundError:
        return False
    return True
