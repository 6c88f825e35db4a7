"""Offsets of wanted syntax nodes, by one code generation.

libcst keeps no positions. Generating the code again visits every node with its
tokens, so counting characters on the way gives the offsets of the nodes that
somebody asked for, at a fraction of what PositionProvider costs for all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import libcst
from libcst._nodes.internal import CodegenState

from xops_lint.text import Range


class _Counter(CodegenState):
    """A code generation state that counts characters instead of keeping them."""

    def __init__(self, module: libcst.Module, wanted: set[int]) -> None:
        super().__init__(default_indent=module.default_indent, default_newline=module.default_newline)
        self.wanted = wanted
        self.found: dict[int, Range] = {}
        self.offset = 0
        self.opened: list[int] = []

    def add_indent_tokens(self) -> None:
        self.offset += sum(map(len, self.indent_tokens))

    def add_token(self, value: str) -> None:
        self.offset += len(value)

    def pop_trailing_newline(self) -> None:
        """Keep the count: nothing is read after the last token."""

    def before_codegen(self, node: Any) -> None:
        if id(node) in self.wanted:
            self.opened.append(self.offset)

    def after_codegen(self, node: Any) -> None:
        if id(node) in self.wanted:
            start = self.opened.pop()
            self.found.setdefault(id(node), Range(start, self.offset))

    @contextmanager
    def record_syntactic_position(self, node: Any, *, start_node: Any = None, end_node: Any = None) -> Iterator[None]:
        """Record a node without its parentheses and white space.

        ``start_node`` and ``end_node`` (a statement's first and last parts) are
        always nodes that stand at the edges, so the plain count agrees with them.
        """
        if id(node) not in self.wanted:
            yield
            return
        start = self.offset
        yield
        self.found[id(node)] = Range(start, self.offset)


def locate(module: libcst.Module, nodes: Mapping[int, Any]) -> dict[int, Range]:
    """Return the range of every node, by ``id``, as PositionProvider would."""
    state = _Counter(module, set(nodes))
    module._codegen(state)
    return state.found
