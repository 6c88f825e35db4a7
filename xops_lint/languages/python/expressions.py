"""The value of every expression, as far as it is known without running it."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.call import Argument
from xops_lint.entry import Entry
from xops_lint.expression import Expression, changed
from xops_lint.languages.python import tables
from xops_lint.languages.python.accumulations import Accumulations
from xops_lint.languages.python.alike import iteration
from xops_lint.languages.python.bindings import Binder
from xops_lint.languages.python.calls import Caller
from xops_lint.languages.python.comparisons import note_ordering
from xops_lint.languages.python.containers import dictionary, number, sequence, subscript, unordered
from xops_lint.languages.python.gatherings import Gatherings
from xops_lint.languages.python.operations import note_equalities
from xops_lint.languages.python.record import Reading, Record
from xops_lint.languages.python.removals import note_attribute
from xops_lint.languages.python.row_loops import note_comprehension
from xops_lint.languages.python.scopes import BUILTINS, Scope
from xops_lint.languages.python.shelves import Shelves
from xops_lint.languages.python.texts import keep_string, read_string
from xops_lint.languages.python.values import (
    NOTHING,
    binary,
    concatenated,
    constant,
    flow,
    join,
    reached,
)

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog
    from xops_lint.helpers import Known
    from xops_lint.languages.python.functions import Functions

_UNKNOWN_MEMBER = Entry("", "")

_KEYWORDS = {"True": True, "False": False, "None": None}


class Evaluator:
    """Evaluates expressions in the current scope and writes down the calls it meets."""

    def __init__(self, record: Record, catalog: Catalog, functions: Functions, scope: Scope, known: Known) -> None:
        self.record = record
        self.catalog = catalog
        self.functions = functions
        self.scope = scope
        self.known = known
        self.stars: list[str] = []
        self.loop = 0
        self.turns: list[cst.For] = []
        self.conditional = 0
        self.guarded = 0
        self.tried = 0
        self.swallowed = 0
        self.caught = 0
        self.prepared = 0
        self.ungraded = 0
        self.compared: tuple[Expression, ...] = ()
        self.deferred = 0
        self.caller = Caller(self)
        self.binder = Binder(self)
        self.sums = Accumulations(record)
        self.shelves = Shelves()
        self.gatherings = Gatherings()
        self._handed: Expression | None = None
        self._builtins: dict[str, Expression] = {}
        self._named: dict[str, Expression] = {}
        self._handlers: dict[type, Callable[[Any], Expression]] = {
            cst.Name: self._name,
            cst.Attribute: self._attribute,
            cst.Call: self._call,
            cst.ConcatenatedString: self._concatenated,
            cst.FormattedString: self._formatted,
            cst.Integer: number,
            cst.Float: number,
            cst.Tuple: partial(sequence, self),
            cst.List: partial(sequence, self),
            cst.Set: partial(unordered, self),
            cst.Dict: partial(dictionary, self),
            cst.Subscript: partial(subscript, self),
            cst.BinaryOperation: self._binary,
            cst.UnaryOperation: self._unary,
            cst.BooleanOperation: self._boolean,
            cst.Comparison: self._comparison,
            cst.IfExp: self._conditional,
            cst.Lambda: self._lambda,
            cst.ListComp: self._comprehension,
            cst.SetComp: self._comprehension,
            cst.GeneratorExp: self._comprehension,
            cst.DictComp: self._comprehension,
            cst.Await: self._awaited,
            cst.Yield: self._yield,
            cst.NamedExpr: self._walrus,
            cst.StarredElement: self._awaited,
            cst.From: self._from,
        }

    def evaluate(self, node: Any, target: str = "") -> Expression:
        """Return the value of an expression; ``target`` names what it is given to."""
        kind = type(node)
        if kind is cst.SimpleString:
            return read_string(self.record, node, target)
        handler = self._handlers.get(kind)
        if handler is None:
            return NOTHING
        value = handler(node)
        if target and kind in (cst.FormattedString, cst.ConcatenatedString) and value.string:
            keep_string(self.record, node, value.string, target)
        return value

    def named(self, name: str) -> Expression:
        """Return the value that refers to an import-resolved name."""
        found = self._named.get(name)
        if found is None:
            canonical = self.catalog.canonical(name)
            entry = self.catalog.lookup(canonical)
            origin = _origin_of(entry) if entry and not entry.parameters else ""
            held = self.known.types.get(name, "")
            found = Expression(type=held) if held else Expression(name=canonical, origin=origin)
            self._named[name] = found
        return found

    def refer(self, value: Expression) -> Expression:
        """Note that the running function mentions what a value names."""
        if value.name:
            self.scope.function.references.add(value.name)
        return value

    def member(self, base: Expression, attribute: str) -> str:
        """Return the qualified name of an attribute, or an empty string."""
        if base.name:
            return self.catalog.canonical(f"{base.name}.{attribute}")
        return self.functions.member(base.type, attribute) if base.type else ""

    def _name(self, node: cst.Name) -> Expression:
        name = node.value
        found = self.scope.lookup(name)
        if found is not None:
            return self.refer(found) if found.name else found
        if name in _KEYWORDS:
            return constant(_KEYWORDS[name])
        return self._unbound(name, node)

    def _unbound(self, name: str, node: cst.Name) -> Expression:
        for star in reversed(self.stars):
            full = self.catalog.canonical(f"{star}.{name}")
            if self.catalog.lookup(full):
                return self.refer(self.named(full))
        if name in BUILTINS:
            if name not in self._builtins:
                self._builtins[name] = Expression(name=name)
            return self._builtins[name]
        if self.stars:
            return self.refer(self.named(f"{self.stars[-1]}.{name}"))
        if self.scope.may_bind(name):
            return NOTHING
        inside = self.scope.function.kind == "function"
        late = self.guarded > 0 or self.deferred > 0 or (inside and self.conditional > 0)
        reading = Reading(name, late=late, conditional=self.conditional)
        self.record.unbound.append(reading)
        self.record.want(node, reading, needed=False)
        return NOTHING

    def _attribute(self, node: cst.Attribute) -> Expression:
        base = self.evaluate(node.value)
        note_attribute(self, node, base)
        return self.attribute(base, node.attr.value)

    def attribute(self, base: Expression, attribute: str) -> Expression:
        """Return the value of an attribute of a value."""
        if base is NOTHING:
            return NOTHING
        if base.name:
            named = self.refer(self.named(f"{base.name}.{attribute}"))
            if named.origin == "request" and not base.origin:
                return self.caller.received(named.name)
            return changed(named, origin=base.origin) if base.origin else named
        if base.entries is not None and attribute in base.entries:
            return base.entries[attribute]
        if base.type:
            stored = self.functions.stored(base.type, attribute)
            if stored is not None:
                return self.refer(stored)
            full = self.functions.member(base.type, attribute)
            entry = self.catalog.lookup(full)
            if self.functions.is_local(full):
                self.scope.function.references.add(full)
            column = None if entry else self.catalog.lookup(f"{base.type}.__getattr__")
            value = reached(flow(base, type=(entry or column or _UNKNOWN_MEMBER).returns or ""), base, attribute)
            if column is not None:
                return tables.column(base, attribute, value)
            kept = entry is not None and base.columns is not None and "same_columns" in entry.traits
            return changed(value, columns=base.columns) if kept else value
        return reached(flow(base), base, attribute)

    def _call(self, node: cst.Call) -> Expression:
        function = node.func
        receiver: Expression | None = None
        method = ""
        if type(function) is cst.Attribute:
            receiver = self.evaluate(function.value)
            note_attribute(self, function, receiver)
            method = function.attr.value
            name = self.member(receiver, method)
            held = self._held(receiver, method)
            if held is not None:
                name, receiver = self.functions.member(held.type, "__call__"), held
            elif receiver.name or self.functions.is_local(name):
                self.scope.function.references.add(name)
            if receiver.entries is None and not name and receiver.type == "" and method in ("format", "joinpath"):
                return self._text_method(node, receiver, method)
        else:
            target = self.evaluate(function)
            name = target.name
            if not name and target.type:
                name = self.functions.member(target.type, "__call__")
                receiver = target
        self._handed = self._handed_to_lambda(name, receiver, node)
        arguments = self._arguments(node.args)
        self._handed = None
        return self.caller.call(node, name, receiver, method, arguments)

    def _held(self, owner: Expression, attribute: str) -> Expression | None:
        """Return the object that an attribute holds, if calling it is known to do something."""
        held = self.functions.stored(owner.type, attribute) if owner.type else None
        if held is None or not held.type or held.name:
            return None
        called = self.functions.member(held.type, "__call__")
        return held if called in self.functions.functions or self.catalog.lookup(called) else None

    def _handed_to_lambda(self, name: str, receiver: Expression | None, node: cst.Call) -> Expression | None:
        """Return what a method hands to a function that stands in its arguments: columns or groups of its object."""
        if receiver is None or not name or not any(type(argument.value) is cst.Lambda for argument in node.args):
            return None
        entry = self.catalog.lookup(name)
        if entry is None or "applies" not in entry.traits or any(map(_by_row, node.args)):
            return None
        return changed(receiver, type=entry.returns or "", identity=0)

    def _text_method(self, node: cst.Call, receiver: Expression, method: str) -> Expression:
        arguments = [argument.value for argument in self._arguments(node.args)]
        if method == "joinpath" or receiver.string is None:
            return flow(receiver, *arguments)
        pieces = receiver.string.replace("{{", "").replace("}}", "").split("{")
        pattern = pieces[0] + "".join("{}" + piece.partition("}")[2] for piece in pieces[1:])
        return self._text(changed(flow(receiver, *arguments), pattern=pattern))

    def _arguments(self, nodes: Iterable[cst.Arg]) -> tuple[Argument, ...]:
        arguments = []
        position = 0
        for node in nodes:
            name = node.keyword.value if node.keyword is not None else None
            value = self.evaluate(node.value, name or "")
            if node.star:
                arguments.append(Argument(None if node.star == "*" else "**", None, value, unpacked=True))
            elif name is not None:
                arguments.append(Argument(name, None, value))
            else:
                arguments.append(Argument(None, position, value))
                position += 1
        return tuple(arguments)

    def _concatenated(self, node: cst.ConcatenatedString) -> Expression:
        return concatenated((self.evaluate(node.left), self.evaluate(node.right)))

    def _formatted(self, node: cst.FormattedString) -> Expression:
        pieces = []
        for part in node.parts:
            if isinstance(part, cst.FormattedStringText):
                pieces.append(constant(part.value))
            elif isinstance(part, cst.FormattedStringExpression):
                pieces.append(self.evaluate(part.expression))
        return self._text(concatenated(pieces))

    def _text(self, text: Expression) -> Expression:
        """Return a text without the draws in it: a drawn number in a text makes a name, not data."""
        calls = self.record.calls
        kept = frozenset(source for source in text.sources if source < 0 or "draw" not in calls[source].roles)
        return text if len(kept) == len(text.sources) else changed(text, sources=kept)

    def index(self, node: Any) -> Expression:
        """Return the value of an index, NOTHING of a slice."""
        if isinstance(node, cst.Index):
            return self.evaluate(node.value)
        parts = [self.evaluate(part) for part in (node.lower, node.upper, node.step) if part is not None]
        return flow(*parts)

    def _binary(self, node: cst.BinaryOperation) -> Expression:
        left, right = self.evaluate(node.left), self.evaluate(node.right)
        if (left.figures or right.figures) and isinstance(node.operator, (cst.Add, cst.Subtract)):
            left, right = tables.dated(left, right, self.catalog), tables.dated(right, left, self.catalog)
        value = binary(type(node.operator).__name__, left, right)
        return self._text(value) if left.string is not None or right.string is not None else value

    def _unary(self, node: cst.UnaryOperation) -> Expression:
        value = self.evaluate(node.expression)
        if value.known and isinstance(value.constant, (int, float)) and isinstance(node.operator, cst.Minus):
            return constant(-value.constant)
        if value.known and isinstance(node.operator, cst.Not):
            return constant(not value.constant)
        return flow(value)

    def _boolean(self, node: cst.BooleanOperation) -> Expression:
        left = self.evaluate(node.left)
        self.conditional += 1
        right = self.evaluate(node.right)
        self.conditional -= 1
        return join(left, right)

    def _comparison(self, node: cst.Comparison) -> Expression:
        values = [self.evaluate(node.left)]
        values.extend(self.evaluate(comparison.comparator) for comparison in node.comparisons)
        note_equalities(self, node, values)
        self.compared = tuple(values)
        value = flow(*values)
        if value.learned or value.figures:
            # What comes out is true or false: it tells which rows, and nothing of their values.
            value = changed(value, learned=frozenset(), figures=frozenset())
        note_ordering(self, node, values, value)
        return value

    def condition(self, node: Any) -> Expression:
        """Evaluate what decides where the code goes on."""
        value = self.evaluate(node)
        self.record.asked.update(value.sources)
        return value

    def _conditional(self, node: cst.IfExp) -> Expression:
        self.condition(node.test)
        self.conditional += 1
        value = join(self.evaluate(node.body), self.evaluate(node.orelse))
        self.conditional -= 1
        return value

    def _lambda(self, node: cst.Lambda) -> Expression:
        outer = self.scope
        handed, self._handed = self._handed, None
        self.scope = Scope(outer.name, "comprehension", outer)
        for parameter in parameters_of(node.params):
            if parameter.default is not None:
                self.evaluate(parameter.default)
            self.scope.names[parameter.name.value] = handed or NOTHING
            handed = None
        self.deferred += 1
        value = self.evaluate(node.body)
        self.deferred -= 1
        self.scope = outer
        return flow(value)

    def _comprehension(self, node: Any) -> Expression:
        outer = self.scope
        self.scope = Scope(outer.name, "comprehension", outer)
        self.loop += 1
        generator = node.for_in
        while generator is not None:
            iterated = self.evaluate(generator.iter)
            note_comprehension(self, node)
            self.binder.bind(generator.target, iteration(self.catalog, generator.target, iterated))
            for test in generator.ifs:
                self.evaluate(test.test)
            generator = generator.inner_for_in
        if isinstance(node, cst.DictComp):
            value = flow(self.evaluate(node.key), self.evaluate(node.value))
        else:
            value = flow(self.evaluate(node.elt))
        self.loop -= 1
        self.scope = outer
        return value

    def _awaited(self, node: Any) -> Expression:
        return self.evaluate(node.expression if isinstance(node, cst.Await) else node.value)

    def _yield(self, node: cst.Yield) -> Expression:
        return self.evaluate(node.value) if node.value is not None else NOTHING

    def _from(self, node: cst.From) -> Expression:
        return self.evaluate(node.item)

    def _walrus(self, node: cst.NamedExpr) -> Expression:
        value = self.evaluate(node.value)
        outer, self.scope = self.scope, self.scope.function
        self.binder.bind(node.target, value)
        self.scope = outer
        return value


def _origin_of(entry: Entry) -> str:
    """Return where a value comes from that is read by its name alone, without a call."""
    return "environment" if "environment_value" in entry.roles else "request" if "receive" in entry.roles else ""


def _by_row(argument: cst.Arg) -> bool:
    """Say whether an argument may tell a method to go along the rows instead of the columns."""
    along = argument.value
    first = isinstance(along, cst.Integer) and along.value == "0"
    return argument.keyword is not None and argument.keyword.value == "axis" and not first


def parameters_of(parameters: cst.Parameters) -> Iterable[cst.Param]:
    """Yield every parameter of a signature, in order, with the starred ones last."""
    yield from parameters.posonly_params
    yield from parameters.params
    yield from parameters.kwonly_params
    if isinstance(parameters.star_arg, cst.Param):
        yield parameters.star_arg
    if parameters.star_kwarg is not None:
        yield parameters.star_kwarg
