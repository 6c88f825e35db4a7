"""Offsets of wanted syntax nodes, by one code generation.

libcst keeps no positions. Generating the code again visits every node with its
tokens, so counting characters on the way gives the offsets of the nodes that
somebody asked for, at a fraction of what PositionProvider costs for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext, suppress
from typing import Any, Final

import libcst
from libcst._nodes.base import CSTNode
from libcst._nodes.expression import _BaseParenthesizedNode
from libcst._nodes.internal import CodegenState

from xops_lint.text import Range


class _Counter(CodegenState):
    """A code generation state that counts characters instead of keeping them."""

    def __init__(self, module: libcst.Module, wanted: set[int]) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.wanted = wanted
        self.found: dict[int, Range] = {}
        self.offset = 0
        self.indentation = 0
        self.line_end = len(module.default_newline)

    def increase_indent(self, value: str) -> None:
        super().increase_indent(value)
        self.indentation += len(value)

    def decrease_indent(self) -> None:
        self.indentation -= len(self.indent_tokens[-1])
        super().decrease_indent()

    def add_indent_tokens(self) -> None:
        self.offset += self.indentation

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def pop_trailing_newline(self) -> None:
        """Keep the count: nothing is read after the last token."""

    def record_syntactic_position(  # type: ignore[override]  # any context manager will do
        self, node: Any, *, start_node: Any = None, end_node: Any = None
    ) -> AbstractContextManager[None]:
        """Record a node without its parentheses and white space.

        ``start_node`` and ``end_node`` (a statement's first and last parts) are
        always nodes that stand at the edges, so the plain count agrees with them.
        """
        return _Recording(self, id(node)) if id(node) in self.wanted else _IGNORING


class _FoundAll(Exception):
    """Ends a code generation of which nothing more is wanted."""


class _Recording:
    """Records the range between its start and its end as one node's."""

    __slots__ = ("counter", "key", "start")

    def __init__(self, counter: _Counter, key: int) -> None:
        self.counter = counter
        self.key = key

    def __enter__(self) -> None:
        self.start = self.counter.offset

    def __exit__(self, *_: object) -> None:
        found = self.counter.found
        found[self.key] = Range(self.start, self.counter.offset)
        if len(found) == len(self.counter.wanted):
            raise _FoundAll


_IGNORING: Final = nullcontext()
"""One context for all nodes that nobody asked for: most of them."""


class _Parenthesized:
    """Generates the parentheses around what is generated between its start and its end."""

    __slots__ = ("node", "recording", "state")

    def __init__(self, node: Any, state: CodegenState) -> None:
        self.node = node
        self.state = state

    def __enter__(self) -> None:
        for parenthesis in self.node.lpar:
            parenthesis._codegen(self.state)
        self.recording = self.state.record_syntactic_position(self.node)
        self.recording.__enter__()

    def __exit__(self, *raised: Any) -> None:
        self.recording.__exit__(*raised)
        for parenthesis in self.node.rpar:
            parenthesis._codegen(self.state)


def _parenthesize(node: Any, state: CodegenState) -> AbstractContextManager[Any]:
    """Do what libcst's own method does without a generator for each expression: that is a third of the time."""
    return _Parenthesized(node, state) if node.lpar else state.record_syntactic_position(node)


_BaseParenthesizedNode._parenthesize = _parenthesize  # type: ignore[assignment, method-assign]

_generate_with_hooks = CSTNode._codegen


def _generate(node: CSTNode, state: CodegenState, **options: Any) -> None:
    """Spare nodes the two calls that tell a state of them, which ours does not use: a fifth of the time."""
    if type(state) is _Counter:
        node._codegen_impl(state, **options)
    else:
        _generate_with_hooks(node, state, **options)


def _generate_text(node: Any, state: CodegenState, **options: Any) -> None:
    """Count white space at once: two nodes in five are blanks."""
    if type(state) is _Counter:
        state.offset += len(node.value)
    else:
        _generate_with_hooks(node, state, **options)


def _generate_value(node: Any, state: CodegenState, **options: Any) -> None:
    """Count a name or a literal at once, unless somebody asked for it or it stands in parentheses."""
    if type(state) is _Counter and not node.lpar and id(node) not in state.wanted:
        state.offset += len(node.value)
    else:
        _generate(node, state, **options)


def _generate_attribute(node: Any, state: CodegenState, **options: Any) -> None:
    """Pass on to the parts at once what nobody asked for."""
    if type(state) is _Counter and not node.lpar and id(node) not in state.wanted:
        node.value._codegen(state)
        node.dot._codegen(state)
        node.attr._codegen(state)
    else:
        _generate(node, state, **options)


def _generate_newline(node: Any, state: CodegenState, **options: Any) -> None:
    if type(state) is _Counter:
        state.offset += state.line_end if node.value is None else len(node.value)
    else:
        _generate_with_hooks(node, state, **options)


def _generate_line_end(node: Any, state: CodegenState, **options: Any) -> None:
    """Count the end of a line, or an empty one, at once: a sixth of all nodes, without the blanks in them."""
    if type(state) is _Counter:
        if type(node) is libcst.EmptyLine and node.indent:
            state.offset += state.indentation
        ending = node.newline.value
        state.offset += len(node.whitespace.value) + (state.line_end if ending is None else len(ending))
        if node.comment is not None:
            state.offset += len(node.comment.value)
    else:
        _generate_with_hooks(node, state, **options)


def _generate_sign(node: Any, state: CodegenState, **options: Any) -> None:
    """Count a sign of one character and the blanks around it; nobody asks for one."""
    if type(state) is _Counter:
        node.whitespace_before._codegen(state)
        state.offset += 1
        node.whitespace_after._codegen(state)
    else:
        _generate_with_hooks(node, state, **options)


# Once and for all: each change of a class makes the interpreter forget what it knows of all nodes.
CSTNode._codegen = _generate  # type: ignore[assignment, method-assign]
for _kinds, _function in (
    ((libcst.SimpleWhitespace, libcst.Comment), _generate_text),
    ((libcst.Name, libcst.SimpleString, libcst.Integer, libcst.Float), _generate_value),
    ((libcst.Attribute,), _generate_attribute),
    ((libcst.Newline,), _generate_newline),
    ((libcst.TrailingWhitespace, libcst.EmptyLine), _generate_line_end),
    ((libcst.Comma, libcst.Dot, libcst.AssignEqual), _generate_sign),
):
    for _kind in _kinds:
        _kind._codegen = _function  # type: ignore[assignment, method-assign]


def locate(module: libcst.Module, nodes: Mapping[int, Any]) -> dict[int, Range]:
    """Return the range of every expression or small statement, by ``id``, as PositionProvider would."""
    state = _Counter(module, set(nodes))
    with suppress(_FoundAll):
        module._codegen(state)
    return state.found
