"""What a package of tests keeps by area: its modules, so that a new one needn't be named anywhere."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType


def areas(package: str) -> list[ModuleType]:
    """Return the modules of a package, by name."""
    path = import_module(package).__path__
    return [import_module(f"{package}.{module.name}") for module in sorted(iter_modules(path), key=lambda m: m.name)]
