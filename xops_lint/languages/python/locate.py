"""Offsets of wanted syntax nodes, by one code generation.

libcst keeps no positions. Generating the code again visits every node with its
tokens, so counting characters on the way gives the offsets of the nodes that
somebody asked for, at a fraction of what PositionProvider costs for all.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Any, Final

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

    def add_indent_tokens(self) -> None:
        self.offset += sum(map(len, self.indent_tokens))

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


class _Recording:
    """Records the range between its start and its end as one node's."""

    __slots__ = ("counter", "key", "start")

    def __init__(self, counter: _Counter, key: int) -> None:
        self.counter = counter
        self.key = key

    def __enter__(self) -> None:
        self.start = self.counter.offset

    def __exit__(self, *_: object) -> None:
        self.counter.found[self.key] = Range(self.start, self.counter.offset)


_IGNORING: Final = nullcontext()
"""One context for all nodes that nobody asked for: most of them."""


def locate(module: libcst.Module, nodes: Mapping[int, Any]) -> dict[int, Range]:
    """Return the range of every expression or small statement, by ``id``, as PositionProvider would."""
    state = _Counter(module, set(nodes))
    module._codegen(state)
    return state.found
