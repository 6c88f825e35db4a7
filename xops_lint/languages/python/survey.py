"""The one walk over a module: statements in the order they would run.

The module body runs first; a function's body is walked when it is first called,
or at the end. Both branches of an ``if`` are walked and joined; a loop's body is
walked once. Nothing is executed, and what is unknown stays unknown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from typing import TYPE_CHECKING, Any

import libcst as cst

from xops_lint.code import Import
from xops_lint.expression import Expression, changed
from xops_lint.languages.python.alike import iteration
from xops_lint.languages.python.assertions import (
    goes_on,
    note_assertion,
    note_dropped,
    note_raise,
)
from xops_lint.languages.python.comparisons import note_held, note_named
from xops_lint.languages.python.definitions import Definitions
from xops_lint.languages.python.expressions import Evaluator
from xops_lint.languages.python.functions import Function, Functions
from xops_lint.languages.python.imports import Imports
from xops_lint.languages.python.readings import catches_missing_names, forget_earlier_turns, unanswered
from xops_lint.languages.python.record import Record
from xops_lint.languages.python.removals import asks_what_is_there, expects_less
from xops_lint.languages.python.row_loops import note_loop
from xops_lint.languages.python.scopes import Scope, branch, merged
from xops_lint.languages.python.syntax import is_main_guard, leaves, target_name
from xops_lint.languages.python.turns import changed_in_turn
from xops_lint.languages.python.values import NOTHING, binary, flow

if TYPE_CHECKING:
    from xops_lint.catalog import Catalog
    from xops_lint.helpers import Known

_PROPERTIES = frozenset({"property", "functools.cached_property", "cached_property"})


class Survey:
    """Walks a module once; ``record`` holds what it wrote down."""

    def __init__(self, catalog: Catalog, module: str, package: str, known: Known) -> None:
        self.catalog = catalog
        self.module = module
        self.record = Record()
        self.scope = Scope("", "module")
        self.functions = Functions(catalog, lambda function, arguments: self.definitions.walk(function, arguments))
        self.evaluator = Evaluator(self.record, catalog, self.functions, self.scope, known)
        self.imports = Imports(self.evaluator, package)
        self.definitions = Definitions(self.evaluator, module, self._block)
        self._statements: dict[type, Callable[[Any], None]] = {
            cst.SimpleStatementLine: self._line,
            cst.If: self._if,
            cst.For: self._for,
            cst.While: self._while,
            cst.Try: self._try,
            cst.TryStar: self._try,
            cst.With: self._with,
            cst.FunctionDef: self.definitions.function,
            cst.ClassDef: self.definitions.class_,
            cst.Match: self._match,
            cst.Expr: self._expression,
            cst.Assign: self._assign,
            cst.AnnAssign: self._annotated,
            cst.AugAssign: self._augmented,
            cst.Import: self.imports.plain,
            cst.ImportFrom: self.imports.member,
            cst.Return: self.definitions.returned,
            cst.Assert: self._assert,
            cst.Raise: self._raise,
            cst.Del: self._delete,
            cst.Global: self._global,
            cst.Nonlocal: self._global,
        }

    def stars(self, imports: Iterable[Import]) -> None:
        """Note star imports that stand in no statement of the code."""
        for imported in imports:
            self.record.imports.append(imported)
            self.evaluator.stars.append(imported.target)

    def leave_open(self, names: frozenset[str]) -> None:
        """Note the names of the module that what runs it may set, as commands set options."""
        self.evaluator.binder.parameters = names

    def run(self, tree: cst.Module, code: str) -> None:
        """Walk the module, then every function nobody called, those first that no other of them calls."""
        self._body(tree.body)
        while pending := self._pending():
            first = [function for function in pending if function.owner or not _is_called(function, code)]
            for function in first or pending[:1]:
                self.functions.summarise(function, ())
        self.evaluator.shelves.settle(self.record, self.functions)
        self.definitions.references[""] = self.scope.references
        self.record.unbound = unanswered(self.record, self.scope)

    def _pending(self) -> list[Function]:
        return [function for function in self.functions.functions.values() if not function.walked]

    def forget(self) -> None:
        """Let go of the syntax tree, which objects that refer to each other would keep until the collector runs."""
        evaluator = self.evaluator
        parts = (self.imports, self.definitions, evaluator.binder, evaluator.caller, evaluator, self.functions, self)
        for part in parts:
            vars(part).clear()

    def _body(self, statements: Sequence[Any]) -> bool:
        """Walk statements; say whether the last one leaves the block."""
        for statement in statements:
            handler = self._statements.get(type(statement))
            if handler is not None:
                handler(statement)
        return bool(statements) and leaves(statements[-1])

    def _block(self, block: Any) -> bool:
        return self._body(block.body)

    def _line(self, node: cst.SimpleStatementLine) -> None:
        for small in node.body:
            handler = self._statements.get(type(small))
            if handler is not None:
                handler(small)

    def _expression(self, node: cst.Expr) -> None:
        value = node.value
        if isinstance(value, (cst.SimpleString, cst.ConcatenatedString)):
            return
        self.evaluator.evaluate(value)
        if isinstance(value, cst.Comparison):
            note_dropped(self.evaluator, value)
        if isinstance(value, cst.Await):
            value = value.expression
        made = self.evaluator.caller.made_of(value)
        if made is not None:
            made.discarded = True

    def _assign(self, node: cst.Assign) -> None:
        compared = len(self.record.comparisons)
        value = self.evaluator.evaluate(node.value, target_name(node.targets[0].target))
        if type(node.value) is cst.Comparison and len(self.record.comparisons) > compared:
            note_named(self.record.comparisons[-1], node.targets[0].target)
        for target in node.targets:
            self.evaluator.sums.assigned(self.evaluator, target.target)
            self.evaluator.shelves.assigned(self.evaluator, target.target, node.value)
            self.evaluator.gatherings.assigned(self.evaluator, target.target)
            self.evaluator.binder.bind(target.target, value)

    def _annotated(self, node: cst.AnnAssign) -> None:
        met = len(self.record.unbound)
        type = self.definitions.annotated(node.annotation.annotation)
        if self.evaluator.scope.kind == "function":
            # Python does not evaluate the annotations of local variables.
            del self.record.unbound[met:]
        value = self.evaluator.evaluate(node.value, target_name(node.target)) if node.value is not None else NOTHING
        if type and not value.type and not value.name:
            value = changed(value, type=type)
        if node.value is not None or self.evaluator.scope.kind == "class":
            self.evaluator.binder.bind(node.target, value)

    def _augmented(self, node: cst.AugAssign) -> None:
        before = self.evaluator.evaluate(node.target)
        added = self.evaluator.evaluate(node.value)
        operation = type(node.operator).__name__.removesuffix("Assign")
        self.evaluator.sums.added(self.evaluator, node)
        self.evaluator.binder.bind(node.target, binary(operation, before, added))

    def _assert(self, node: cst.Assert) -> None:
        note_assertion(self.evaluator, node)
        if node.msg is not None:
            self.evaluator.evaluate(node.msg)

    def _raise(self, node: cst.Raise) -> None:
        note_raise(self.evaluator)
        if node.exc is not None:
            self.evaluator.evaluate(node.exc)

    def _delete(self, node: cst.Del) -> None:
        if isinstance(node.target, cst.Subscript):
            self.evaluator.binder.remove_item(node.target)
        elif not isinstance(node.target, cst.Name):
            self.evaluator.evaluate(node.target)

    def _global(self, node: cst.Global | cst.Nonlocal) -> None:
        if isinstance(node, cst.Global):
            names = [item.name.value for item in node.names]
            self.evaluator.scope.outer.update(names)
            self.record.globals.update(names)

    def _if(self, node: cst.If) -> None:
        compared = len(self.record.comparisons)
        self.evaluator.condition(node.test)
        asked, begun = len(self.record.comparisons), len(self.record.calls)
        main = is_main_guard(node.test)
        self.record.main = self.record.main or main
        scope = self.evaluator.scope
        self.evaluator.conditional += 0 if main else 1
        prepared = asks_what_is_there(node.test)
        self.evaluator.prepared += prepared
        with branch(scope) as taken:
            left = self._block(node.body)
            taken = scope.names
        if asked > compared:
            note_held(self.evaluator, compared, asked, begun, node.body)
        with branch(scope) as other:
            other_left = False
            if isinstance(node.orelse, cst.If):
                self._if(node.orelse)
            elif node.orelse is not None:
                other_left = self._block(node.orelse.body)
            other = scope.names
        self.evaluator.prepared -= prepared
        self.evaluator.conditional -= 0 if main else 1
        scope.names = other if left and not other_left else taken if other_left and not left else merged(taken, other)

    def _for(self, node: cst.For) -> None:
        iterated = self.evaluator.evaluate(node.iter)
        note_loop(self.evaluator, node)
        with self._repeated():
            self.evaluator.binder.bind(node.target, iteration(self.catalog, node.target, iterated))
            self.evaluator.turns.append(node)
            self._block(node.body)
            self.evaluator.turns.pop()
            changed_within = self.evaluator.scope.names
        changed_in_turn(self.evaluator, node, iterated, changed_within)
        if node.orelse is not None:
            self._block(node.orelse.body)

    def _while(self, node: cst.While) -> None:
        self.evaluator.condition(node.test)
        with self._repeated():
            self._block(node.body)
        if node.orelse is not None:
            self._block(node.orelse.body)

    def _repeated(self) -> _Repetition:
        return _Repetition(self.evaluator)

    def _try(self, node: cst.Try | cst.TryStar) -> None:
        guard = any(catches_missing_names(handler.type) for handler in node.handlers)
        tried = len(node.body.body) == 1 and bool(node.handlers)
        self.evaluator.guarded += guard
        swallowed = goes_on(node.handlers)
        self.evaluator.tried += tried
        self.evaluator.swallowed += swallowed
        self.evaluator.caught += bool(node.handlers)
        prepared = any(expects_less(handler.type) for handler in node.handlers)
        self.evaluator.prepared += prepared
        self._block(node.body)
        self.evaluator.caught -= bool(node.handlers)
        self.evaluator.swallowed -= swallowed
        self.evaluator.tried -= tried
        self.evaluator.guarded -= guard
        scope = self.evaluator.scope
        self.evaluator.conditional += 1
        for handler in node.handlers:
            if handler.type is not None:
                self.evaluator.evaluate(handler.type)
            body_names = scope.names
            with branch(scope):
                if handler.name is not None:
                    self.evaluator.binder.bind(handler.name.name, NOTHING)
                left = self._block(handler.body)
                handled = scope.names
            # Where both bind a name, the body's meaning stands: handlers bind fallbacks.
            scope.names = body_names if left else {**handled, **body_names}
        self.evaluator.conditional -= 1
        self.evaluator.prepared -= prepared
        for part in (node.orelse, node.finalbody):
            if part is not None:
                self._block(part.body)

    def _with(self, node: cst.With) -> None:
        ungraded = self.evaluator.ungraded
        for item in node.items:
            value = self.evaluator.evaluate(item.item)
            if not isinstance(item.item, cst.Call):
                for index in value.sources:
                    if index >= 0:
                        self.evaluator.record.calls[index].managed = True
            elif (made := self.evaluator.caller.made_of(item.item)) is not None:
                made.managed = True
                self.evaluator.ungraded += "evaluation_mode" in made.roles
            if item.asname is not None:
                self.evaluator.binder.bind(item.asname.name, value)
        self._block(node.body)
        self.evaluator.ungraded = ungraded

    def _match(self, node: cst.Match) -> None:
        subject = self.evaluator.evaluate(node.subject)
        scope = self.evaluator.scope
        after = scope.names
        self.evaluator.conditional += 1
        for case in node.cases:
            with branch(scope):
                self._pattern(case.pattern, subject)
                if case.guard is not None:
                    self.evaluator.evaluate(case.guard)
                self._block(case.body)
                matched = scope.names
            after = merged(after, matched)
        self.evaluator.conditional -= 1
        scope.names = after

    def _pattern(self, node: Any, subject: Expression) -> None:
        for name in ("name", "rest"):
            target = getattr(node, name, None)
            if isinstance(target, cst.Name):
                self.evaluator.binder.bind(target, flow(subject))
        for child in node.children:
            if not isinstance(child, cst.BaseParenthesizableWhitespace):
                self._pattern(child, subject)


def _is_called(function: Function, code: str) -> bool:
    """Say whether a function's name stands before a bracket elsewhere than where it is defined."""
    name = f"{function.node.name.value}("
    # Counting is cheap, and most names are not called at all in their own file.
    return code.count(name) > 1 and len(re.findall(rf"\b{re.escape(name)}", code)) > 1


class _Repetition:
    """A loop body: walked once, its bindings joined with those before it."""

    def __init__(self, evaluator: Evaluator) -> None:
        self.evaluator = evaluator
        self.before: dict[str, Expression] = {}
        self.unbound = len(evaluator.record.unbound)

    def __enter__(self) -> None:
        self.before = self.evaluator.scope.names
        self.evaluator.scope.names = dict(self.before)
        self.evaluator.loop += 1

    def __exit__(self, *_: object) -> None:
        self.evaluator.loop -= 1
        scope = self.evaluator.scope
        scope.names = merged(scope.names, self.before)
        forget_earlier_turns(self.evaluator.record.unbound, self.unbound, scope, self.evaluator.conditional)
