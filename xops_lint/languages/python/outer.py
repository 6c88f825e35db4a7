"""What functions whose source runs apart from their module read of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.code import OuterName
from xops_lint.languages.python.expressions import parameters_of
from xops_lint.languages.python.scopes import BUILTINS

if TYPE_CHECKING:
    from xops_lint.entry import Entry
    from xops_lint.languages.python.functions import Function
    from xops_lint.languages.python.survey import Survey

ISOLATED = "isolated"

_PROVIDED = frozenset({"typing"})
"""Modules whose names tools put before the source, or that annotations alone need."""


def outer_names(survey: Survey) -> Iterator[OuterName]:
    """Yield the outer names that isolated functions read, each once a function; their ranges are asked for."""
    for function, entry in _isolated(survey).values():
        inner = function.name[len(survey.module) + 1 :]
        inside = _Inside()
        function.node.body.visit(inside)
        inside.bound.update(function.parameters, [function.node.name.value], _annotating(function.node))
        for name, node in inside.read.items():
            if name not in inside.bound and name not in BUILTINS and _is_outer(function, name, entry):
                found = OuterName(name, inner)
                survey.record.want(node, found)
                yield found


def _isolated(survey: Survey) -> Mapping[str, tuple[Function, Entry]]:
    """Return the functions of this module that run from their own source, and what makes them do so."""
    functions = survey.functions.functions
    found: dict[str, tuple[Function, Entry]] = {}
    for definition in survey.record.definitions:
        function = functions.get(f"{survey.module}.{definition.name}")
        for entry in definition.entries if function is not None else ():
            if function is not None and ISOLATED in entry.traits and not _takes_along(function.node, entry):
                found[function.name] = (function, entry)
    for call in survey.record.calls:
        given = call.argument("function") if call.entry is not None and ISOLATED in call.entry.traits else None
        if given is not None and call.entry is not None and call.argument("captured") is None and not call.unpacks:
            function = functions.get(given.value.name)
            if function is not None:
                found[function.name] = (function, call.entry)
    return found


def _takes_along(node: cst.FunctionDef, entry: Entry) -> bool:
    """Say whether a decorator is told to take some of the module along, or may be."""
    known = entry.parameters.get("captured")
    calls = (each.decorator for each in node.decorators if isinstance(each.decorator, cst.Call))
    arguments = [argument for call in calls for argument in call.args]
    if any(argument.star for argument in arguments):
        return True
    return known is not None and any(each.keyword and each.keyword.value in known.names for each in arguments)


def _annotating(node: cst.FunctionDef) -> Iterator[str]:
    """Yield the names in a function's annotations: what its parameters are made of comes with them."""
    for parameter in parameters_of(node.params):
        if parameter.annotation is not None:
            names = _Inside()
            parameter.annotation.annotation.visit(names)
            yield from names.read


def _is_outer(function: Function, name: str, entry: Entry) -> bool:
    """Say whether a name is bound around a function, and not by what the tool itself provides."""
    value = function.scope.lookup(name)
    if value is None:
        return False
    root = value.name.partition(".")[0]
    return root not in _PROVIDED and root != entry.name.partition(".")[0]


class _Inside(cst.CSTVisitor):
    """Collects the names that a body reads, and those that it binds anywhere."""

    def __init__(self) -> None:
        self.read: dict[str, cst.Name] = {}
        self.bound: set[str] = set()

    def visit_Name(self, node: cst.Name) -> None:
        self.read.setdefault(node.value, node)

    def visit_Attribute(self, node: cst.Attribute) -> bool:
        node.value.visit(self)
        return False

    def visit_Arg(self, node: cst.Arg) -> bool:
        node.value.visit(self)
        return False

    def visit_Annotation(self, node: cst.Annotation) -> bool:
        return False

    def visit_AssignTarget(self, node: cst.AssignTarget) -> None:
        self._bind(node.target)

    def visit_AnnAssign(self, node: cst.AnnAssign) -> None:
        self._bind(node.target)

    def visit_AugAssign(self, node: cst.AugAssign) -> None:
        self._bind(node.target)

    def visit_NamedExpr(self, node: cst.NamedExpr) -> None:
        self._bind(node.target)

    def visit_For(self, node: cst.For) -> None:
        self._bind(node.target)

    def visit_CompFor(self, node: cst.CompFor) -> None:
        self._bind(node.target)

    def visit_AsName(self, node: cst.AsName) -> None:
        self._bind(node.name)

    def visit_Param(self, node: cst.Param) -> None:
        self._bind(node.name)

    def visit_NameItem(self, node: cst.NameItem) -> None:
        self._bind(node.name)

    def visit_MatchAs(self, node: cst.MatchAs) -> None:
        self._bind(node.name)

    def visit_FunctionDef(self, node: cst.FunctionDef) -> None:
        self._bind(node.name)

    def visit_ClassDef(self, node: cst.ClassDef) -> None:
        self._bind(node.name)

    def visit_Import(self, node: cst.Import) -> bool:
        self._import(node.names)
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        if not isinstance(node.names, cst.ImportStar):
            self._import(node.names)
        return False

    def _import(self, names: Any) -> None:
        for alias in names:
            bound = alias.asname.name if alias.asname is not None else alias.name
            while isinstance(bound, cst.Attribute):
                bound = bound.value
            self._bind(bound)

    def _bind(self, target: Any) -> None:
        if isinstance(target, cst.Name):
            self.bound.add(target.value)
        elif isinstance(target, (cst.Tuple, cst.List)):
            for element in target.elements:
                self._bind(element.value)
