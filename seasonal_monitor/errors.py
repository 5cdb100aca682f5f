"""What the library raises when it is asked for something it cannot do.

Every message begins with the name of the parameter at fault, so that a form can show it beside
the field, and ends with what to do next.
"""

from __future__ import annotations


class SeasonalMonitorError(Exception):
    """Base of all errors that this library raises on purpose."""


class ParameterError(SeasonalMonitorError, ValueError):
    """A parameter cannot be used as it is.

    Parameters
    ----------
    parameter : str
        Name of the parameter, as the caller wrote it.
    problem : str
        What is wrong with it, a sentence.
    advice : str
        What to do next, a sentence.

    Attributes
    ----------
    parameter, problem, advice : str
        As given.
    """

    def __init__(self, parameter: str, problem: str, advice: str) -> None:
        super().__init__(f"{parameter}: {problem} {advice}")
        self.parameter = parameter
        self.problem = problem
        self.advice = advice

    def __reduce__(self) -> tuple[type[ParameterError], tuple[str, str, str]]:
        """Let the error travel from a worker with all its parts."""
        return type(self), (self.parameter, self.problem, self.advice)


class SourceError(ParameterError):
    """A source of data does not hold what was asked for, or cannot be read."""


class OutputError(ParameterError):
    """A result cannot be written; nothing half-written was left under its name."""


class MissingPackageError(SeasonalMonitorError, ImportError):
    """A package that this step needs is not installed here.

    Parameters
    ----------
    package : str
        Name to import.
    extra : str
        The extra of this distribution that brings it.
    """

    def __init__(self, package: str, extra: str = "pipelines") -> None:
        super().__init__(
            f"The package {package} is missing in this environment. Install what this step needs "
            f"with:\n  pip install 'jupyterlab_seasonal_monitor[{extra}]'",
            name=package,
        )
        self.package = package
        self.extra = extra

    def __reduce__(self) -> tuple[type[MissingPackageError], tuple[str, str]]:
        """Let the error travel from a worker with all its parts."""
        return type(self), (self.package, self.extra)
