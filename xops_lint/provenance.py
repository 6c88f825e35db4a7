"""Where the texts that reach a call are written, across the files of a project."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint import composing
from xops_lint.expression import Expression
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.call import Argument, Call
    from xops_lint.config import Value
    from xops_lint.facts import Facts
    from xops_lint.project import Project

_FARTHEST: Final = 5
"""Texts handed on through more places than this are given up."""

_USUAL: Final = frozenset({"dvc-params", "hydra-config", "kedro-parameters"})
"""Kinds of configs that code reads its parameters from, whatever path it opens."""


class Written(NamedTuple):
    """A known text and the place where somebody wrote it; ``{}`` stands for its unknown pieces.

    ``module`` and ``scope`` are those of the code by which it comes in, be it from a config.
    """

    text: str
    path: str
    range: Range
    module: str = ""
    scope: str = ""


def texts(project: Project, facts: Facts, call: Call, argument: Argument) -> Iterator[Written]:
    """Yield every known text that an argument may be.

    Constants count where the argument stands, in whatever module they are set;
    other texts where they are written: a value of a config, the default of an
    option or of a parameter, the argument of a caller.
    """
    found = arrivals(project, facts, call, argument)
    yield from {(written.text, written.path, written.range): written for written in found}.values()


def arrivals(project: Project, facts: Facts, call: Call, argument: Argument) -> Iterator[Written]:
    """Yield the texts of ``texts``, each once for every piece of code by which it comes in."""
    yield from dict.fromkeys(_followed(project, facts, call.scope, argument, 0))


def options(project: Project, facts: Facts, call: Call, argument: Argument) -> Iterator[tuple[Facts, str]]:
    """Yield the command-line options whose values an argument may be, each with the file that declares it."""
    for file, _, given in _handed(project, facts, call.scope, argument, 0):
        if given.value.origin == "cli" and given.value.route:
            yield file, given.value.route


def defaults(project: Project, facts: Facts, call: Call, argument: Argument) -> Iterator[Written]:
    """Yield the texts that an argument is where a variable of the environment, from which it comes, is not set."""
    for file, scope, given in _handed(project, facts, call.scope, argument, 0):
        for read in file.sources(given.value, "environment_value") if given.value.origin == "environment" else ():
            default = read.argument("default")
            if default is not None and isinstance(default.value.constant, str) and default.value.constant:
                yield Written(default.value.constant, file.path, default.range, file.path, scope)


def unknown(project: Project, facts: Facts, call: Call, argument: Argument) -> bool:
    """Say whether something may come to an argument of which no text is known; what a command hands over is."""
    return any(_is_open(project, *each) for each in _handed(project, facts, call.scope, argument, 0))


def configured(project: Project, facts: Facts, value: Expression) -> Iterator[tuple[Facts, Value]]:
    """Yield what stands at a route of the configs that a value may have been read from."""
    opened = [text for call in facts.sources(value, "open_file", "configuration") if (text := _path_of(call))]
    if not opened:
        composed = [
            (each.facts, found) for each in composing.parts(project, facts) if (found := each.value(value.route))
        ]
        if composed:
            yield from composed
            return
    for config in project.facts:
        if config.documents and (_is_meant(config, facts, opened) if opened else _USUAL & set(config.kinds)):
            found = _at(config.documents[0], value.route)
            if found is not None:
                yield config, found


def constant(project: Project, facts: Facts, expression: Expression) -> Expression:
    """Return what an expression is, looked up in other modules of the project where it names them."""
    name = expression.name or (expression.route if not expression.origin else "")
    if expression.string is not None or not name:
        return expression
    return _named(project, facts, name, 0) or expression


def _followed(project: Project, facts: Facts, scope: str, argument: Argument, depth: int) -> Iterator[Written]:
    value = constant(project, facts, argument.value)
    if value.string is not None:
        yield Written(value.string, facts.path, argument.range, facts.path, scope)
    for element in (*(value.elements or ()), *(value.entries or {}).values()):
        part = constant(project, facts, element).string
        if part is not None:
            yield Written(part, facts.path, argument.range, facts.path, scope)
    if not value.route or depth == _FARTHEST:
        return
    if value.origin == "config":
        yield from _configured(project, facts, scope, value)
    elif value.origin == "cli":
        yield from _optional(facts, scope, value.route)
    elif value.origin == "parameter":
        yield from _passed(project, facts, scope, value.route, depth)


def _is_open(project: Project, facts: Facts, scope: str, given: Argument) -> bool:
    value = constant(project, facts, given.value)
    if (
        value.string is not None
        or value.known
        or value.type.startswith("io.")
        or (value.origin == "cli" and value.route)
    ):
        return False
    if value.origin == "parameter" and value.route:
        return next(_given(project, facts, scope, value.route), None) is None
    return value.origin != "config" or not value.route or next(configured(project, facts, value), None) is None


def _named(project: Project, facts: Facts, name: str, depth: int) -> Expression | None:
    """Return the module-level value that a qualified name means."""
    parts = name.split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = project.module(".".join(parts[:length]), facts)
        if module is not None and depth < _FARTHEST:
            return _member(project, module, parts[length:], depth)
    return None


def _member(project: Project, module: Facts, parts: list[str], depth: int) -> Expression | None:
    for length in range(len(parts), 0, -1):
        value = module.names.get(".".join(parts[:length]))
        if value is None:
            continue
        rest = parts[length:]
        while rest and value.entries is not None and rest[0] in value.entries:
            value, rest = value.entries[rest[0]], rest[1:]
        if not rest and value.string is not None:
            return value
        if value.name or value.type:
            return _named(project, module, ".".join([value.name or value.type, *rest]), depth + 1)
    return None


def _configured(project: Project, facts: Facts, scope: str, value: Expression) -> Iterator[Written]:
    """Yield the text at a route of the config that a value was read from."""
    for config, found in configured(project, facts, value):
        if found.tag == "str" and found.text:
            yield Written(found.text, config.path, found.range, facts.path, scope)


def _path_of(call: Call) -> str | None:
    given = call.argument("path")
    value = given.value if given else call.receiver
    return value.string if value is not None and value.string and "{}" not in value.string else None


def _is_meant(config: Facts, facts: Facts, opened: list[str]) -> bool:
    """Say whether code of a file that opens these paths reads a config: relative to any folder above it."""
    folder = f"{posixpath.dirname(facts.path)}/"
    for path in opened:
        plain = posixpath.normpath(path).lstrip("./")
        above = config.path[: -len(plain)] if config.path.endswith(plain) else None
        if above is not None and (not above or (above.endswith("/") and folder.startswith(above))):
            return True
    return False


def _at(root: Value, route: str) -> Value | None:
    value: Value | None = root
    for key in route.split("."):
        value = value.items.get(key) if value is not None else None
    return value


def _optional(facts: Facts, scope: str, name: str) -> Iterator[Written]:
    """Yield the default of a command-line option."""
    for call in facts.playing("option"):
        flags = (argument.value.constant for argument in call.arguments if argument.position is not None)
        names = {flag.lstrip("-").replace("-", "_") for flag in flags if isinstance(flag, str)}
        kept = call.keyword("dest")
        if kept is not None and isinstance(kept.value.constant, str):
            names = {kept.value.constant}
        default = call.argument("default")
        if name in names and default is not None and default.value.string is not None:
            yield Written(default.value.string, facts.path, default.range, facts.path, scope)


def _passed(project: Project, facts: Facts, scope: str, parameter: str, depth: int) -> Iterator[Written]:
    """Yield the texts that callers hand to a parameter of a function, and its default."""
    for caller, around, given in _given(project, facts, scope, parameter):
        yield from _followed(project, caller, around, given, depth + 1)


def _handed(
    project: Project, facts: Facts, scope: str, argument: Argument, depth: int
) -> Iterator[tuple[Facts, str, Argument]]:
    """Yield an argument, and those that callers hand on to it, each with its file and scope."""
    yield facts, scope, argument
    if argument.value.origin == "parameter" and argument.value.route and depth < _FARTHEST:
        for caller, around, given in _given(project, facts, scope, argument.value.route):
            yield from _handed(project, caller, around, given, depth + 1)


def _given(project: Project, facts: Facts, scope: str, parameter: str) -> Iterator[tuple[Facts, str, Argument]]:
    """Yield the default of a function's parameter and what callers hand to it, each with its file and scope."""
    definition = next((each for each in facts.definitions if each.name == scope), None)
    parameter, _, rest = parameter.partition(".")
    if definition is None or parameter not in definition.parameters:
        return
    if rest:
        for caller, around, whole in _given(project, facts, scope, parameter):
            yield caller, around, replace(whole, value=_below(whole.value, rest))
        return
    default = definition.defaults.get(parameter)
    if default is not None:
        yield facts, "", default
    position = definition.parameters.index(parameter)
    for caller, call in callers(project, facts, scope):
        shift = 1 if call.receiver is not None and definition.parameters[0] in ("self", "cls") else 0
        given = call.keyword(parameter) or call.positional(position - shift)
        if given is not None:
            yield caller, call.scope, given


def _below(value: Expression, rest: str) -> Expression:
    """Return what is reached by more keys from a value that holds options or settings."""
    name, _, further = rest.partition(".")
    if value.entries is not None and name in value.entries:
        return _below(value.entries[name], further) if further else value.entries[name]
    rooted = value.origin in ("cli", "config") or (value.origin == "parameter" and value.route)
    if not rooted:
        return Expression()
    return Expression(
        origin=value.origin, route=f"{value.route}.{rest}" if value.route else rest, sources=value.sources
    )


def callers(project: Project, facts: Facts, scope: str) -> Iterator[tuple[Facts, Call]]:
    """Yield the calls of a project's function that hand on a text."""
    for caller, call in project.searched.other_calls(scope.rpartition(".")[2], facts):
        if project.resolve(call.name, caller) == (facts, scope):
            yield caller, call
