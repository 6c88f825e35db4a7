"""Functions and classes: what their definitions say, and the walk through the bodies of functions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.call import Argument
from xops_lint.code import Definition
from xops_lint.expression import Expression, changed
from xops_lint.languages.python.assertions import is_idle, is_test_name, is_unfailing
from xops_lint.languages.python.expressions import Evaluator, parameters_of
from xops_lint.languages.python.fields import declared_fields
from xops_lint.languages.python.functions import Function, LocalClass
from xops_lint.languages.python.scopes import Scope
from xops_lint.languages.python.syntax import is_loose
from xops_lint.languages.python.values import NOTHING

if TYPE_CHECKING:
    from xops_lint.entry import Entry

_PROPERTIES = frozenset({"property", "functools.cached_property", "cached_property"})


class Definitions:
    """Notes what a module defines; ``references`` are the names that each function and class mentions."""

    def __init__(self, evaluator: Evaluator, module: str, block: Callable[[Any], bool]) -> None:
        self.evaluator = evaluator
        self.record = evaluator.record
        self.functions = evaluator.functions
        self.module = module
        self.references: dict[str, set[str]] = {}
        self._block = block
        self._running: Function | None = None
        self._configured: set[str] = set()

    def function(self, node: cst.FunctionDef) -> None:
        """Note a function; its body is walked when it is first called."""
        scope = self.evaluator.scope
        settings: list[int] = []
        decorators = tuple(self._decorator(decorator, settings) for decorator in node.decorators)
        defaults = dict(self._defaults(node.params))
        inner = f"{scope.function.name}.{node.name.value}" if scope.function.name else node.name.value
        names = tuple(parameter.name.value for parameter in parameters_of(node.params))
        definition = Definition(
            inner,
            "function",
            decorators=decorators,
            parameters=names,
            defaults=defaults,
            entries=self._entries(decorators),
            loose=frozenset(each.name.value for each in parameters_of(node.params) if is_loose(each.annotation)),
            settings=tuple(settings),
            idle=is_idle(node.body),
            unfailing=is_test_name(inner) and is_unfailing(node.body),
        )
        if "configuration" in definition.roles:
            self._configured.add(inner)
        self.record.definitions.append(definition)
        telling = definition.unfailing or bool(definition.roles) or (definition.idle and is_test_name(inner))
        self.record.want(node.name, definition, needed=telling)
        full = f"{self.module}.{inner}"
        owner = scope.owner if scope.kind == "class" and "staticmethod" not in decorators else ""
        self.functions.add(Function(node, full, scope, owner, names, inner))
        is_property = bool(_PROPERTIES & set(decorators))
        if not (scope.kind == "class" and is_property):
            scope.bind(node.name.value, Expression(name=full))

    def _defaults(self, parameters: cst.Parameters) -> Iterator[tuple[str, Argument]]:
        """Yield the parameters whose defaults are known strings."""
        for parameter in parameters_of(parameters):
            if parameter.default is None:
                continue
            name = parameter.name.value
            value = self.evaluator.evaluate(parameter.default, name)
            if value.string or value.name:
                default = Argument(name, None, value)
                self.record.want(parameter.default, default)
                yield name, default

    def _decorator(self, node: cst.Decorator, settings: list[int]) -> str:
        """Return the name of a decorator, and note the index of the call that it is."""
        value = node.decorator
        known = len(self.record.calls)
        evaluated = self.evaluator.evaluate(value)
        if isinstance(value, cst.Call) and len(self.record.calls) > known:
            settings.append(self.record.calls[-1].index)
            return self.record.calls[-1].name
        return evaluated.name

    def _entries(self, names: tuple[str, ...]) -> tuple[Entry, ...]:
        functions = self.functions
        found = (
            functions.constructor(name) if name in functions.classes else functions.catalog.lookup(name)
            for name in names
            if name
        )
        return tuple(entry for entry in found if entry is not None)

    def class_(self, node: cst.ClassDef) -> None:
        """Note a class, and walk its body."""
        scope = self.evaluator.scope
        bases = tuple(
            value.name or value.type for value in (self.evaluator.evaluate(base.value) for base in node.bases)
        )
        for keyword in node.keywords:
            self.evaluator.evaluate(keyword.value)
        decorators = tuple(self._decorator(decorator, []) for decorator in node.decorators)
        inner = f"{scope.function.name}.{node.name.value}" if scope.function.name else node.name.value
        full = f"{self.module}.{inner}"
        entries = self._entries((*bases, *decorators))
        records = self.evaluator.catalog.methods.records
        inherits = tuple(base for base in bases if base not in records)
        declares = bool(inherits) or not records.isdisjoint((*bases, *decorators))
        definition = Definition(
            inner,
            "class",
            bases=bases,
            decorators=decorators,
            entries=entries,
            fields=declared_fields(node) if declares else {},
            inherits=inherits,
        )
        self.record.definitions.append(definition)
        self.record.want(node.name, definition, needed=False)
        known = self.functions.classes[full] = LocalClass(tuple(base for base in bases if base))
        body = Scope(inner, "class", scope, owner=full)
        self.evaluator.scope = body
        self._block(node.body)
        self.evaluator.scope = scope
        self.references[inner] = body.references
        known.attributes.update({name: value for name, value in body.names.items() if not value.name})
        scope.bind(node.name.value, Expression(name=full))

    def walk(self, function: Function, arguments: Sequence[Argument]) -> None:
        """Walk a function's body with its parameters bound to labels."""
        evaluator = self.evaluator
        saved = (evaluator.scope, evaluator.loop, evaluator.conditional, self._running)
        outside, evaluator.swallowed, evaluator.caught = (evaluator.swallowed, evaluator.caught), 0, 0
        turns, evaluator.turns = evaluator.turns, []
        prepared, evaluator.prepared = evaluator.prepared, 0
        asserted = len(self.record.assertions)
        scope = Scope(function.inner, "function", function.scope)
        evaluator.scope, evaluator.loop, evaluator.conditional, self._running = scope, 0, 0, function
        self._parameters(function, scope, arguments)
        if not self._block(function.node.body):
            function.summary.leave(scope, None)
        # A test without an assertion is itself what a rule may report.
        self.record.needed |= is_test_name(function.inner) and len(self.record.assertions) == asserted
        evaluator.swallowed, evaluator.caught = outside
        evaluator.turns, evaluator.prepared = turns, prepared
        self.references[function.inner] = scope.references
        evaluator.scope, evaluator.loop, evaluator.conditional, self._running = saved

    def _parameters(self, function: Function, scope: Scope, arguments: Sequence[Argument]) -> None:
        passed = self.functions.given(function, arguments, NOTHING)
        for position, parameter in enumerate(parameters_of(function.node.params)):
            name = parameter.name.value
            given = passed.get(name, NOTHING)
            own = position == 0 and bool(function.owner)
            type = self.annotated(parameter.annotation.annotation) if parameter.annotation is not None else ""
            type = function.owner if own else type or given.type
            value = function.summary.parameter(name, given, type, "" if own else "parameter")
            # The decorator reads a config and hands it over as the first argument.
            handed = position == 0 and not own and function.inner in self._configured
            scope.bind(name, changed(value, origin="config", route="") if handed else value)

    def returned(self, node: cst.Return) -> None:
        """Note a way out of the running function."""
        value = self.evaluator.evaluate(node.value) if node.value is not None else NOTHING
        if self._running is not None:
            # None says that there is nothing, and nothing of what the other ways out return.
            empty = node.value is None or (value.known and value.constant is None)
            self._running.summary.leave(self.evaluator.scope, None if empty else value)

    def annotated(self, node: Any) -> str:
        """Return the qualified type an annotation names, or an empty string."""
        if isinstance(node, cst.Subscript):
            outer = self.evaluator.evaluate(node.value)
            inner = node.slice[0].slice
            if outer.name == "typing.Optional" and isinstance(inner, cst.Index):
                return self.annotated(inner.value)
            return ""
        if isinstance(node, cst.BinaryOperation):
            return self.annotated(node.left) or self.annotated(node.right)
        if not isinstance(node, (cst.Name, cst.Attribute)):
            return ""
        name = self.evaluator.evaluate(node).name
        return name if "." in name or name in self.functions.classes else ""
