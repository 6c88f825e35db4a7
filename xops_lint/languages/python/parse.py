"""Parses a module without the checks that guard syntax trees built by hand, and with one node for equal blanks."""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Final

import libcst
from libcst._nodes.base import CSTNode

_check = CSTNode.__post_init__


class _Validation:
    """Whether new nodes are checked: always but while a text is parsed, whose tree is right by itself."""

    on = True


def _validate(node: CSTNode) -> None:
    if _Validation.on:
        _check(node)


# Once and for all: each change of a class makes the interpreter forget what it knows of all nodes.
CSTNode.__post_init__ = _validate  # type: ignore[assignment, method-assign]

_ALIKE: Final = (
    libcst.SimpleWhitespace,
    libcst.Newline,
    libcst.TrailingWhitespace,
    libcst.EmptyLine,
    libcst.Comma,
    libcst.Dot,
    libcst.AssignEqual,
    libcst.LeftSquareBracket,
    libcst.RightSquareBracket,
    libcst.LeftParen,
    libcst.RightParen,
    libcst.LeftCurlyBrace,
    libcst.RightCurlyBrace,
)
"""Nodes of which a tree has many alike, and whose place nobody asks for: they cannot be changed, so one will do."""

for _kind in _ALIKE:
    # The same answer, without a call of Python for each look into the tables below.
    _kind.__hash__ = object.__hash__  # type: ignore[method-assign]

_CLASSES: Final[dict[str, Any]] = {kind.__name__: kind for kind in _ALIKE}

_SHARED: Final[dict[str, Any]] = {name: lru_cache(maxsize=512)(kind) for name, kind in _CLASSES.items()}


@lru_cache(maxsize=4)
def parse(code: str) -> libcst.Module:
    """Return the tree of a module's text, or raise libcst.ParserSyntaxError; saves a quarter of the parser's time.

    The parser looks its node classes up in the package each time it makes a node. The last trees
    are kept: a file that uses other modules is read twice, at once where few are shown.
    """
    _Validation.on = False
    vars(libcst).update(_SHARED)
    try:
        return libcst.parse_module(code)
    finally:
        vars(libcst).update(_CLASSES)
        _Validation.on = True
