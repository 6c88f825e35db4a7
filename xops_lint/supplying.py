"""What files supply to each other: constants within a module of infrastructure, meanings to the values of a chart."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.config import Value
from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.facts import Facts

_AUTOMATIC: Final = regex(r"(?:.*/)?(?:terraform|[^/]+\.auto)\.tfvars\Z")
"""The files of values that are taken without being named."""

_WHOLE: Final = regex(
    r"[\"']?\{\{-?\s*(?:toYaml\s+)?\.Values\.(?P<route>[\w.]+)\s*"
    r"(?:\|\s*(?:quote|squote|int|toString|toYaml|nindent \d+)\s*)*-?\}\}[\"']?"
)
_PAIR: Final = regex(
    r"[\"']?\{\{-?\s*\.Values\.(?P<route>[\w.]+)\.repository\s*-?\}\}:"
    r"\{\{-?\s*\.Values\.(?P=route)\.tag\s*(?:\|[^{}]*)?-?\}\}[\"']?"
)
_MEANT: Final = ("image", "model_reference", "replicas", "resources", "schedule", "probe", "environment_variable")
"""Roles that a value of a chart may have by where a template puts it."""

_MEANT_BELOW: Final = ("image", "privileged", "host_path", "environment_variable", "user")
"""Roles that entries of a value may have, where a template writes all of it."""

_MODULE: Final = regex(r"\A\$\{\s*path\.module\s*\}/")
"""What says that a path begins where the file lies."""

_PLACE: Final = regex(r"\[\d+\]")


class Constant(NamedTuple):
    """A constant that another file tells: its text, or None for null, and its tag."""

    text: str | None
    tag: str


class Supplied(NamedTuple):
    """What a config learns from files around it: constants by reference, and routes by role that others give it."""

    constants: Mapping[str, Constant] = {}
    routes: Mapping[str, tuple[str, ...]] = {}

    def __bool__(self) -> bool:
        return bool(self.constants or self.routes)


def supplied(facts: Sequence[Facts]) -> dict[str, Supplied]:
    """Return what the configs of a project are supplied with, by path; those that need nothing are left out."""
    kinds = frozenset(kind for file in facts if not file.python for kind in file.kinds)
    found: dict[str, Supplied] = {}
    if "terraform" in kinds:
        found.update(_constants([file for file in facts if not file.python]))
    if "helm-chart" in kinds and kinds & {"helm-values", "terraform"}:
        for path, each in _meanings([file for file in facts if not file.python]):
            found[path] = found.get(path, Supplied())._replace(routes=each.routes)
    return found


def _constants(facts: Sequence[Facts]) -> Iterator[tuple[str, Supplied]]:
    """Yield the constants that the files of a folder share, for those that refer to any."""
    modules: dict[str, list[Facts]] = {}
    for file in facts:
        if {"terraform", "terraform-variables"} & set(file.kinds):
            modules.setdefault(posixpath.dirname(file.path), []).append(file)
    called = {
        posixpath.normpath(posixpath.join(folder, source.text))
        for folder, files in modules.items()
        for file in files
        for source in file.values("component")
    }
    for folder, files in modules.items():
        known = dict(_told(files, posixpath.normpath(folder) in called))
        for file in files if known else ():
            used = {each for root in file.of_kind("terraform") for each in _referred(root)}
            constants = {name: known[name] for name in sorted(used & known.keys())}
            if constants:
                yield file.path, Supplied(constants)


def _told(files: Sequence[Facts], called: bool) -> Iterator[tuple[str, Constant]]:
    """Yield the constants of a module: its locals, and its variables unless somebody else sets them."""
    values = [file for file in files if "terraform-variables" in file.kinds]
    given = {name for file in values for root in file.documents for name in root.items}
    for root in (root for file in files for root in file.of_kind("terraform")):
        for block in root.at("locals[]"):
            yield from _constant("local", block.items)
        for block in root.at("variable") if not called else ():
            defaults = {name: each.items["default"] for name, each in block.items.items() if "default" in each.items}
            yield from _constant("var", {name: each for name, each in defaults.items() if name not in given})
    # Values that have to be named on the command line are those of one environment among several.
    if not called and all(_AUTOMATIC.match(file.path) for file in values):
        for root in (root for file in values for root in file.documents):
            yield from _constant("var", root.items)


def _constant(kind: str, entries: Mapping[str, Value]) -> Iterator[tuple[str, Constant]]:
    for name, value in entries.items():
        is_text = isinstance(value.data, str) and "${" not in value.data and "%{" not in value.data
        if is_text and value.text:
            yield f"{kind}.{name}", Constant(value.text, value.tag)


def _referred(root: Value) -> Iterator[str]:
    for value in root.walk():
        if isinstance(value.data, str) and "${" in value.data:
            yield from re.findall(r"\b(?:local|var)\.[\w-]+", value.data)


def _meanings(facts: Sequence[Facts]) -> Iterator[tuple[str, Supplied]]:
    """Yield what the templates of each chart make of its values, for the files that give these."""
    charts = _charts([file for file in facts if file.language == "yaml"])
    for file in facts:
        if "helm-values" in file.kinds:
            meant = charts.get(posixpath.dirname(file.path), {})
            if meant:
                yield file.path, Supplied(routes=meant)
        elif "terraform" in file.kinds:
            installed = _installed(file, charts)
            if installed:
                yield file.path, Supplied(routes=installed)


def _charts(facts: Sequence[Facts]) -> Mapping[str, Mapping[str, tuple[str, ...]]]:
    """Return the routes of values by what the templates of a chart make of them, by the chart's folder."""
    charts: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for chart in sorted({posixpath.dirname(file.path) for file in facts if "helm-chart" in file.kinds}):
        beside = f"{chart}/" if chart else ""
        routes: dict[str, list[str]] = {}
        for file in facts:
            if file.path.startswith(f"{beside}templates/"):
                for role, route in _used(file):
                    routes.setdefault(role, []).append(route)
        charts[chart] = {role: tuple(dict.fromkeys(each)) for role, each in sorted(routes.items())}
    return charts


def _installed(file: Facts, charts: Mapping[str, Mapping[str, tuple[str, ...]]]) -> Mapping[str, tuple[str, ...]]:
    """Return the routes of the values with which a file installs charts of the project."""
    routes: dict[str, list[str]] = {}
    for release in (each for root in file.of_kind("terraform") for each in root.at("resource.helm_release.*")):
        chart = release.get("chart")
        written = _MODULE.sub("", chart.text) if chart is not None and "/" in chart.text else "${"
        folder = posixpath.normpath(posixpath.join(posixpath.dirname(file.path), written))
        for role, each in charts.get(folder, {}).items() if "${" not in written else ():
            routes.setdefault(role, []).extend(f"{release.route}.values[*].{route}" for route in each)
    return {role: tuple(each) for role, each in sorted(routes.items())}


def _used(file: Facts) -> Iterator[tuple[str, str]]:
    """Yield roles, and the routes of the values that a template puts there."""
    for role in _MEANT:
        for value in file.values(role):
            written = file.filled.get(value.route) or value.text
            for pattern, meant in ((_WHOLE, role), (_PAIR, "image_mapping")):
                found = pattern.fullmatch(written)
                if found is not None:
                    yield meant, found["route"]
    for route, written in file.filled.items():
        whole = _WHOLE.fullmatch(written)
        if whole is not None and "toYaml" in written:
            yield from _below(file, route, whole["route"])


def _below(file: Facts, place: str, route: str) -> Iterator[tuple[str, str]]:
    """Yield roles of what a value holds, by where a template writes all of it, and the routes of these entries."""
    above = _PLACE.sub("[*]", place)
    for kind in dict.fromkeys(file.kinds):
        for role in _MEANT_BELOW:
            for pattern in file.routes.get(kind, {}).get(role, ()):
                rest = pattern.removeprefix(above)
                if rest != pattern and rest.startswith((".", "[")):
                    yield role, f"{route}{rest}"


def with_routes(own: Mapping[str, Sequence[str]], further: Mapping[str, Sequence[str]]) -> dict[str, tuple[str, ...]]:
    """Return the routes of some roles together with further ones."""
    roles: Iterable[str] = dict.fromkeys((*own, *further))
    return {role: (*own.get(role, ()), *further.get(role, ())) for role in roles}
