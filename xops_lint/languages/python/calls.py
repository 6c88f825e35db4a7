"""What a call does to the values around it, from the catalog's point of view."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

import libcst as cst

from xops_lint.call import Argument, Call
from xops_lint.entry import Entry
from xops_lint.expression import Expression, changed
from xops_lint.languages.python import scales, tables
from xops_lint.languages.python.alike import PAIRING, VIEWS, appended, paired
from xops_lint.languages.python.borrowing import FITTING, Borrowed, borrow
from xops_lint.languages.python.cuts import Cuts
from xops_lint.languages.python.divided import cut_here, read_part, told_part
from xops_lint.languages.python.fields import mapping_of
from xops_lint.languages.python.functions import Function, Functions
from xops_lint.languages.python.row_loops import note_applied
from xops_lint.languages.python.shown import shown_by
from xops_lint.languages.python.values import NOTHING, flow, joined_path, reached
from xops_lint.matching import regex
from xops_lint.personal_data import names_personal
from xops_lint.prediction_logs import holds_prediction
from xops_lint.serving import may_ask

if TYPE_CHECKING:
    from xops_lint.languages.python.expressions import Evaluator

_PATH_BUILDERS: Final = frozenset({"os.path.join", "pathlib.Path", "pathlib.PurePath", "pathlib.PosixPath"})
_CONVERSIONS: Final = frozenset({"str", "int", "float", "bool", "list", "tuple", "os.fspath", "os.path.abspath"})

_MODEL_CALLS: Final = frozenset({"train", "preprocess", "transform", "resample", "predict", "evaluate", "explain"})
"""Roles of methods whose result is cut as their arguments are, not as their receiver."""

_SHOWING: Final = frozenset({"write_log", "track", "log_parameters", "log_metrics"})
"""Roles of calls that show to others what they are given."""

_FOLLOWED: Final = frozenset(
    {
        "picks_best",
        "row_order",
        "groups_rows",
        "within_groups",
        "same_order",
        "drops_rows",
        "logarithm",
        "joins",
        "rows_of_its_own",
        "finds_duplicates",
        "column_each",
        "holds_data",
    }
)
"""Traits of calls that are sources of what they give, whether or not they play a role."""

_ORIGINS: Final = (
    ("option", "cli"),
    ("configuration", "config"),
    ("environment_value", "environment"),
    ("receive", "request"),
)
_CLASS_NAME = regex(r"(?:^|\.)_*[A-Z]\w*[a-z]\w*$")


class Caller:
    """Writes calls down and works out their results."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        # What a call runs is written down after it: the last of all calls may stand in a function it was given.
        self._latest: tuple[cst.Call, Call] | None = None
        self.cuts = Cuts(evaluator.record)
        self.methods = evaluator.catalog.methods

    def call(
        self, node: cst.Call, name: str, receiver: Expression | None, method: str, arguments: tuple[Argument, ...]
    ) -> Expression:
        """Record a call and return the value of its result."""
        evaluator = self.evaluator
        functions = evaluator.functions
        name = name or self._peculiar(method)
        entry = evaluator.catalog.lookup(name) if name else None
        local: Function | Borrowed | None = functions.functions.get(name)
        called = local
        if local is None and name in functions.classes:
            called, entry = functions.called(name), functions.constructor(name)
        if isinstance(called, Function):
            functions.summarise(called, arguments)
        elif entry is None and name in evaluator.known.helpers:
            called = local = borrow(evaluator, node, evaluator.known.helpers[name], arguments, receiver)
        call = self._record(node, name, arguments, entry)
        call.receiver, call.method = receiver, method
        if "gradient" in call.roles or (entry is None and method in self.methods.gradient):
            evaluator.sums.differentiated(evaluator, node)
        if entry is not None and "applies" in entry.traits and receiver is not None:
            self._apply(call, entry, receiver)
            note_applied(evaluator, node, call)
        if "tune" in call.roles and (handed := call.argument("function")) is not None:
            self._search(handed)
        addressed = any("://" in (given.value.string or "") for given in arguments)
        if entry is not None or local is not None or addressed or self._is_told(call):
            self._want(node, call)
        given = {} if called is None else _given(functions, called, arguments, receiver)
        if local is not None and entry is None:
            made = local.summary.result(given)
            handed_back = any(made is value for value in given.values())
            # The call itself is a source: two calls of one helper make two things.
            new = made.sources and not handed_back
            call.result = changed(made, sources=made.sources | {call.index}) if new else made
            if new and call.arguments:
                call.result = told_part(call, call.result, evaluator.record.calls)
        else:
            call.result = self._result(node, call)
        if called is not None and called.summary.effects:
            self._affect(node, called, call, given)
        self._latest = (node, call)
        return call.result

    def made_of(self, node: Any) -> Call | None:
        """Return the call that was recorded last, if it is this node's; calls that build texts are not recorded."""
        return self._latest[1] if self._latest is not None and self._latest[0] is node else None

    def _peculiar(self, method: str) -> str:
        """Return the catalogued name that a method of an unknown object stands for, if its tool is imported."""
        evaluator = self.evaluator
        name = self.methods.peculiar.get(method, "")
        root = name.partition(".")[0]
        imported = name and any(each.target.partition(".")[0] == root for each in evaluator.record.imports)
        return name if imported else ""

    def _affect(self, node: cst.Call, called: Function | Borrowed, call: Call, given: Mapping[str, Expression]) -> None:
        """Let the arguments of a call hold what its function leaves in them."""
        changed = called.summary.changed(given)
        taking = self.evaluator.functions.taking(called, call.arguments, call.receiver)
        for name, written in zip(taking, node.args):
            if name in changed and _is_place(written.value):
                self.evaluator.binder.rebind(written.value, changed[name])

    def _search(self, handed: Argument) -> None:
        """Let what a search goes by be known of the function that it is given, before another gets its name."""
        functions = self.evaluator.functions
        local = functions.functions.get(handed.value.name)
        if local is not None:
            functions.summarise(local, ())
            returned = local.summary.returns or NOTHING
            handed.value = changed(handed.value, sources=handed.value.sources | returned.sources)

    def _apply(self, call: Call, entry: Entry, receiver: Expression) -> None:
        """Put what a function makes of the columns or groups it is given in the place of the function."""
        given = call.arguments[0] if call.arguments else None
        if given is None:
            return
        functions = self.evaluator.functions
        local = functions.functions.get(given.value.name)
        axis = call.keyword("axis")
        if local is not None and (axis is None or axis.value.constant == 0):
            handed = (Argument(None, 0, changed(receiver, type=entry.returns or "")),)
            functions.summarise(local, handed)
            made = local.summary.result(functions.given(local, handed, None))
            given.value = changed(given.value, learned=made.learned)
        elif isinstance(given.value.constant, str):
            figure = self.evaluator.catalog.lookup(f"{receiver.type}.{given.value.constant}")
            if figure is not None and "statistic" in figure.roles:
                given.value = changed(given.value, figures=frozenset({call.index}))

    def received(self, name: str) -> Expression:
        """Record that an attribute is read which gives what a client sent, as a call without arguments."""
        call = self._record(None, name, (), self.evaluator.catalog.lookup(name))
        call.result = Expression(sources=frozenset({call.index}), origin="request")
        return call.result

    def assigned(self, target: cst.Attribute, name: str, value: Expression) -> None:
        """Record the assignment to a catalogued name as a call with one argument."""
        entry = self.evaluator.catalog.lookup(name)
        if entry is None or not entry.roles:
            return
        call = self._record(target, name, (Argument(None, 0, value),), entry)
        call.method = "="
        self.evaluator.record.want(target, call)
        self.evaluator.record.want(target, call, "callee")

    def _record(self, node: Any, name: str, arguments: tuple[Argument, ...], entry: Entry | None) -> Call:
        evaluator = self.evaluator
        call = Call(
            len(evaluator.record.calls),
            name,
            evaluator.scope.function.name,
            arguments,
            entry=entry,
            loop=evaluator.loop,
            conditional=evaluator.conditional > 0,
            tried=evaluator.tried > 0,
            swallowed=evaluator.swallowed > 0,
            caught=evaluator.caught > 0,
        )
        evaluator.record.calls.append(call)
        return call

    def _want(self, node: cst.Call, call: Call) -> None:
        record = self.evaluator.record
        entry = call.entry
        known = entry is not None and bool(entry.roles or entry.traits or entry.deprecated)
        if entry is not None and entry.roles & _SHOWING:
            for argument, written in zip(call.arguments, node.args):
                argument.shown = shown_by(written.value)
            # Half of all modules print something, and few of them anything that matters.
            known = entry.roles != {"write_log"} or any(map(names_personal, call.shown))
        telling = known or self._is_told(call)
        record.want(node, call, needed=telling)
        record.want(node.func, call, "callee", needed=telling)
        for argument, written in zip(call.arguments, node.args):
            record.want(written.value, argument, needed=telling)

    def _is_told(self, call: Call) -> bool:
        """Say whether rules judge a call of no known tool, by its method or by the record that it is given."""
        asked = call.receiver is not None and call.receiver.sources and may_ask(call)
        judged = call.method in self.methods.judged or asked
        return bool(judged) or any(holds_prediction(given.value) for given in call.arguments)

    def _result(self, node: cst.Call, call: Call) -> Expression:
        values = [argument.value for argument in call.arguments]
        if call.name in _PATH_BUILDERS and not call.unpacks:
            return joined_path(values) if values else Expression(type="pathlib.Path")
        if call.name == "float" and len(values) == 1 and str(values[0].constant).lower() == "nan":
            return Expression(name="math.nan")
        if call.name in _CONVERSIONS and len(values) == 1:
            return values[0] if values[0].string is not None else changed(flow(*values), route=values[0].route)
        receiver = call.receiver
        if receiver is not None and call.entry is None and call.method in tables.COLLECTORS and not receiver.name:
            self.evaluator.shelves.appended(self.evaluator, node)
            if receiver is not NOTHING:
                self._change(node, receiver, self._gathered(node, call, flow(receiver, *values)))
            return NOTHING
        if receiver is not None and call.entry is None and call.method == "get" and not receiver.name and values:
            return reached(flow(receiver, *values), receiver, values[0].constant)
        pairs = call.name in PAIRING or (receiver is not None and call.method in VIEWS)
        if pairs and call.entry is None and (items := paired(self.evaluator.catalog, call)) is not None:
            return items
        if call.entry is None:
            own = call.name in self.evaluator.functions.classes
            made = (
                call.name
                if own or _CLASS_NAME.search(call.name)
                else self.evaluator.known.types.get(f"{call.name}()", "")
            )
            value = flow(*([receiver] if receiver else ()), *values, type=made)
            parts = next((each.parts for each in values if each.parts), value.parts)
            if parts != value.parts and cut_here(value, self.evaluator.record.calls):
                # Given several parts, an unknown function returns each of them rather than all as one.
                value = changed(value, parts=parts)
            fields = mapping_of(call, self.methods.mapping)
            if fields is not None:
                value = changed(value, type="", columns=fields)
            settled_later = receiver is not None and receiver.identity < 0 and call.method in self.methods.shared
            return changed(value, sources=value.sources | {call.index}) if settled_later else value
        return self._catalogued(node, call, call.entry, values)

    def _gathered(self, node: cst.Call, call: Call, value: Expression) -> Expression:
        """Return a container after a call put something into it."""
        found = self.evaluator.gatherings.found(self.evaluator, node)
        if found is not None:
            self.evaluator.record.gathered[call.index] = found
            self.evaluator.record.want(node, call, needed=False)
            value = changed(value, sources=value.sources | {call.index})
        held = call.receiver or NOTHING
        return changed(value, type=held.type, elements=appended(held, call) if self.evaluator.loop == 0 else None)

    def _catalogued(self, node: cst.Call, call: Call, entry: Entry, values: list[Expression]) -> Expression:
        receiver = call.receiver or NOTHING
        if "split_data" in entry.roles and entry.parts:
            return _cut(call, entry, self._type(call, entry))
        produced = frozenset({call.index}) if entry.roles or entry.traits & _FOLLOWED else frozenset()
        if call.entry is not None and entry.roles & FITTING and call.method and not receiver.name:
            learned = receiver.learned
            if "preprocess" in entry.roles:
                # A fit forgets the one before, unless it is one of several on pieces of the data.
                earlier = learned if call.method.startswith("partial") else frozenset()
                learned = earlier | {(call.index, "")}
            self._change(node, receiver, changed(receiver, sources=receiver.sources | produced, learned=learned))
        if "train" in entry.roles:
            return Expression(type=self._type(call, entry), sources=receiver.sources | produced, parts=receiver.parts)
        flowing = flow(*values) if entry.roles & _MODEL_CALLS else flow(receiver, *values)
        value = Expression(
            type=self._type(call, entry),
            sources=flowing.sources | receiver.sources | produced,
            parts=flowing.parts,
            origin=_origin(entry) or flowing.origin,
            learned=flowing.learned,
            figures=flowing.figures,
        )
        value = scales.after_call(call, entry, value, self.evaluator.functions)
        value = self._cut_up(node, call, entry, tables.after_call(call, entry, value, self.evaluator.record.calls))
        if "load_data" in entry.roles:
            value = read_part(call, entry, value)
        if "appends" in entry.traits and call.arguments:
            last = scales.model_scale(call.arguments[0].value, self.evaluator.functions)
            self._change(node, receiver, changed(receiver, scale=last))
        if call.value("inplace") is True:
            self._change(node, receiver, value)
            return NOTHING
        return value

    def _cut_up(self, node: cst.Call, call: Call, entry: Entry, value: Expression) -> Expression:
        """Return the result of a call with the part of a cut that it takes."""
        if "cuts_rows" in entry.traits:
            return self.cuts.pieces(node, call, value)
        if "drops_columns" in entry.traits:
            return self.cuts.rest(call, value)
        if "sample_data" in entry.roles and not tables.repeats_rows(call):
            return self.cuts.sampled(node, call, value)
        return value

    def _change(self, node: cst.Call, receiver: Expression, value: Expression) -> None:
        if isinstance(node.func, cst.Attribute):
            if value.identity != receiver.identity:
                value = changed(value, identity=receiver.identity)
            self.evaluator.binder.rebind(node.func.value, value)

    def _type(self, call: Call, entry: Entry) -> str:
        if call.name in self.evaluator.functions.classes:
            return call.name
        returns = "" if _several(call) else entry.returns or ""
        if returns in ("self", entry.name):
            is_method = call.receiver is not None and bool(call.receiver.type)
            return call.receiver.type if is_method and call.receiver else call.name
        if "{0}" in returns:
            first = call.argument("name") or call.positional(0)
            known = first is not None and isinstance(first.value.constant, str)
            return returns.replace("{0}", str(first.value.constant)) if known and first else ""
        return returns


def _given(
    functions: Functions, called: Function | Borrowed, arguments: Sequence[Argument], receiver: Expression | None
) -> Mapping[str, Expression]:
    """Return the values that a call passes, by parameter."""
    return called.given if isinstance(called, Borrowed) else functions.given(called, arguments, receiver)


def _is_place(node: Any) -> bool:
    """Say whether an argument is a name or an attribute of one: to store into others evaluates them once more."""
    while isinstance(node, cst.Attribute):
        node = node.value
    return isinstance(node, cst.Name)


def _several(call: Call) -> bool:
    """Say whether a reader may give several tables, by name or one after another, instead of one."""
    sheets, chunks = call.argument("sheets"), call.argument("chunks")
    return (sheets is not None and not isinstance(sheets.value.constant, (str, int))) or (
        chunks is not None and chunks.value.constant not in (None, False)
    )


def _origin(entry: Entry) -> str:
    return next((origin for role, origin in _ORIGINS if role in entry.roles), "")


def _cut(call: Call, entry: Entry, type: str) -> Expression:
    """Return the parts a splitting call makes of its arguments.

    A function that cuts each of several arrays returns all parts of the first,
    then all of the second; any other returns one value a part.
    """
    arrays = _arrays(call, entry)
    if arrays is None:
        return flow(*(argument.value for argument in call.arguments), type=type)
    elements = tuple(
        Expression(
            type=array.type,
            sources=array.sources | {call.index},
            parts=array.parts | {(call.index, part)},
            learned=array.learned,
            columns=array.columns,
        )
        for array in arrays
        for part in entry.parts
    )
    sources = frozenset().union(*(element.sources for element in elements))
    return Expression(elements=elements, sources=sources, type=type)


def _arrays(call: Call, entry: Entry) -> Sequence[Expression] | None:
    if "each_array" in entry.traits:
        if any(argument.unpacked and argument.name is None for argument in call.arguments):
            return None
        arrays = [argument.value for argument in call.arguments if argument.position is not None]
        return arrays or None
    data = call.argument("data")
    if data is not None:
        return [data.value]
    return [call.receiver] if call.receiver is not None else None
