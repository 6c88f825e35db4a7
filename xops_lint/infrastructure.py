"""Infrastructure as code: what of it lies in this project, and what lies elsewhere."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterator
from typing import Final

from xops_lint.config import Value
from xops_lint.facts import Facts
from xops_lint.project import Project

_HERE: Final = ("./", "../")
"""What the address of a module of the same repository begins with."""


def described(project: Project) -> Iterator[Facts]:
    """Yield the files that describe infrastructure, those of tests and examples aside."""
    return (
        file
        for file in project.facts
        if (file.language == "hcl" or "terraform" in file.kinds) and not file.context.test and not file.context.example
    )


def may_hold(project: Project, words: re.Pattern[str]) -> bool:
    """Say whether infrastructure of this project has something of such a name, or may have it out of sight."""
    files = list(described(project))
    modules = {posixpath.normpath(posixpath.dirname(file.path)) for file in files}
    return any(not file.documents or _is_elsewhere(file, modules) or _names(file, words) for file in files)


def _is_elsewhere(file: Facts, modules: Collection[str]) -> bool:
    """Say whether a file takes a module that is none of those of the project."""
    folder = posixpath.dirname(file.path)
    return any(
        not source.text.startswith(_HERE) or posixpath.normpath(posixpath.join(folder, source.text)) not in modules
        for source in file.values("component")
    )


def _names(file: Facts, words: re.Pattern[str]) -> bool:
    """Say whether a resource or data source of a file, its kind or its chart is called by some words."""
    kinds = (entry for root in file.documents for route in ("resource", "data") for entry in root.at(route))
    return any(
        words.search(kind) is not None or any(words.search(name) for name in named.items) or _charts(kind, named, words)
        for each in kinds
        for kind, named in each.items.items()
    )


def _charts(kind: str, named: Value, words: re.Pattern[str]) -> bool:
    """Say whether a chart is called by some words, or by nothing that is known."""
    charts = (
        (chart for release in named.items.values() for chart in release.at("chart")) if kind == "helm_release" else ()
    )
    return any(chart.templated or words.search(chart.text) is not None for chart in charts)
