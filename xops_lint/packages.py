"""Which distributions hold the packages that code imports, from data/imports.yaml."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from xops_lint import data_files

if TYPE_CHECKING:
    from xops_lint.dependencies import Dependencies


def lacking(dependencies: Dependencies, target: str) -> tuple[str, ...]:
    """Return what would install an imported package, the usual one first, if a project declares none of these.

    Nothing is returned of packages of which it is not known for certain what installs them.
    """
    providers = _providers().get(target.partition(".")[0], ())
    return () if any(dependencies.brings(provider) for provider in providers) else providers


@cache
def _providers() -> dict[str, tuple[str, ...]]:
    packages: dict[str, dict[str, list[str]]] = data_files.load("imports.yaml")
    return {name: (*package["in"], *package.get("with", ())) for name, package in packages.items()}
