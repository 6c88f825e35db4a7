"""String constants, and which of them rules may report."""

from __future__ import annotations

from ast import literal_eval
from typing import Any

import libcst as cst

from xops_lint.code import StringLiteral
from xops_lint.expression import Expression
from xops_lint.languages.python.record import Record
from xops_lint.languages.python.values import NOTHING, constant

_SHORTEST_STRING = 4
"""Shorter strings hold neither a path nor a secret; no rule asks for them."""

_SHORTEST_TOKEN = 16
_SECRET_WORDS = ("pass", "pwd", "secret", "key", "token", "cred")


def read_string(record: Record, node: cst.SimpleString, target: str = "") -> Expression:
    """Return the value of a string constant, and write it down unless it is short; ``target`` names what gets it."""
    raw = node.value
    if "\\" not in raw and raw[0] in "'\"" and not raw.startswith(('"""', "'''")):
        text: Any = raw[1:-1]
    else:
        try:
            text = literal_eval(raw)
        except (ValueError, SyntaxError):
            return NOTHING
    if not isinstance(text, str):
        return constant(text)
    if len(text) >= _SHORTEST_STRING:
        keep_string(record, node, text, target)
    return Expression(constant=text)


def keep_string(record: Record, node: Any, text: str, target: str) -> None:
    """Write a text down, to be located if rules may report it."""
    literal = StringLiteral(text, target=target)
    record.strings.append(literal)
    record.want(node, literal, needed=_telling(text, target))


def _telling(text: str, target: str) -> bool:
    """Say whether a string may be a path, an address or a secret: what rules report of strings."""
    if "/" in text or "\\" in text or (len(text) >= _SHORTEST_TOKEN and " " not in text):
        return True
    name = target.lower()
    return any(word in name for word in _SECRET_WORDS)
