"""Parses a module without the checks that guard syntax trees built by hand."""

from __future__ import annotations

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


def parse(code: str) -> libcst.Module:
    """Return the tree of a module's text, or raise libcst.ParserSyntaxError; saves an eighth of the parser's time."""
    _Validation.on = False
    try:
        return libcst.parse_module(code)
    finally:
        _Validation.on = True
