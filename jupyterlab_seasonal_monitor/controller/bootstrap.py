"""What the page executes in a kernel to put a controller there.

The page sends this file's source followed by a call of ``install``. It stands
alone, uses only the standard library, and leaves no name behind.
"""


def install(modules: dict[str, str], version: str, begin: bool = False) -> None:
    """Import the controller from memory and start it, once in a kernel's life.

    A second call, made by a second tab or after a reload, does nothing.

    Parameters
    ----------
    modules
        Source by module name relative to the controller package; packages end
        in ``__init__``, so that the package itself is ``"__init__"``.
    version
        The version of the extension that sends it.
    begin
        Whether a cluster of this machine is wanted, now or soon.
    """
    import os
    import sys

    if sys.version_info < (3, 10):  # noqa: UP036 - it is what a kernel happens to have
        raise RuntimeError("This kernel has Python {}.{}.".format(*sys.version_info))

    package = "_seasonal_monitor_controller"
    if __name__ == "__main__":
        globals().pop("install", None)
    if package in sys.modules:
        return

    # A distributed.py beside a notebook must not run, so the working folder
    # goes before anything else is imported.
    here = os.path.realpath(os.getcwd())  # noqa: PTH109 - pathlib is not imported yet
    sys.path[:] = [path for path in sys.path if path and os.path.realpath(path) != here]

    import importlib
    import importlib.abc
    import importlib.machinery
    import importlib.util
    from collections.abc import Sequence
    from types import CodeType, ModuleType

    names: dict[str, tuple[str, bool]] = {}
    for relative in modules:
        parts = [package, *relative.split(".")]
        is_package = parts[-1] == "__init__"
        names[".".join(parts[:-1] if is_package else parts)] = (relative, is_package)

    class Loader(importlib.abc.MetaPathFinder, importlib.abc.InspectLoader):
        """Finds and loads the modules that were sent."""

        sources = modules

        def find_spec(
            self,
            fullname: str,
            path: Sequence[str] | None = None,
            target: ModuleType | None = None,
        ) -> importlib.machinery.ModuleSpec | None:
            """Return the spec of one of our modules."""
            if fullname not in names:
                return None
            relative, is_package = names[fullname]
            return importlib.util.spec_from_loader(
                fullname, self, origin=f"<{package}>/{relative}.py", is_package=is_package
            )

        def get_source(self, fullname: str) -> str:
            """Return the source, also for tracebacks."""
            return modules[names[fullname][0]]

        def is_package(self, fullname: str) -> bool:
            """Whether the module is a package."""
            return names[fullname][1]

        def get_code(self, fullname: str) -> CodeType:
            """Return the code object."""
            origin = f"<{package}>/{names[fullname][0]}.py"
            return compile(self.get_source(fullname), origin, "exec", dont_inherit=True)

    sys.meta_path.insert(0, Loader())
    importlib.import_module(package).start(version, begin)
