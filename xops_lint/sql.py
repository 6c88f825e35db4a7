"""What the text of an SQL query says: which rows and columns it asks for, and whether a model learns from them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.call import Argument, Call
    from xops_lint.code import PythonFile

_LEARNS: Final = ("split_data", "train", "tune", "cross_validate")
"""What is done with rows that a model learns from."""

_SELECT: Final = regex(r"\bselect\b", re.IGNORECASE)
_ASIDE: Final = regex(r"--[^\n]*|/\*.*?\*/|'(?!now')(?:[^'\\]|\\.|'')*'", re.DOTALL)
_TOKEN: Final = regex(r"[(){}]|'now'|[\w.]+", re.IGNORECASE)
_CLAUSES: Final = frozenset(
    {"select", "from", "where", "having", "qualify", "on", "group", "order", "limit", "set", "values"}
)
_BOUNDING: Final = frozenset({"where", "having", "qualify", "on"})
_CLOCK: Final = regex(
    r"current_(?:date|time|timestamp|datetime)|local_?timestamp|sysdate|systimestamp|sysdatetime|getdate|getutcdate"
    r"|curdate|utc_(?:date|timestamp)|now|today|'now'",
    re.IGNORECASE,
)
_BARE: Final = regex(r"current_\w+|localtimestamp|sysdate|systimestamp|'now'", re.IGNORECASE)
"""Clocks that are asked without brackets; the others are names like any without them."""

_STAR: Final = regex(
    r"(?<!exists \()(?<!exists\()\bselect\s+(?:all\s+|distinct\s+|top\s+\S+\s+)?(?:[^()]*,\s*)?(?:\w+\.)?\*"
    r"(?:\s+(?:except|exclude)\s*\([^()]*\))?\s*(?:,[^()]*?)?\sfrom\s+(?P<table>[^\s(),;]+|\()",
    re.IGNORECASE,
)
_NAMED: Final = regex(r"\b(\w+)\s+as\s+(?:materialized\s+)?\(", re.IGNORECASE)


class Query(NamedTuple):
    """A query in code: the call that asks it, the argument with its text, and the text, ``{}`` for unknown pieces."""

    call: Call
    argument: Argument
    text: str


def queries(file: PythonFile) -> Iterator[Query]:
    """Yield the queries whose rows a model learns from, in order."""
    for load in file.calls("load_data"):
        argument = load.argument("path")
        text = argument.value.string if argument is not None else None
        if argument is not None and text is not None and _SELECT.search(text) and trained_on(file, load):
            yield Query(load, argument, text)


def trained_on(file: PythonFile, load: Call) -> bool:
    """Say whether what a call loads flows into a split or a fit."""
    return any(load.index in call.flowing for call in file.calls_anywhere(*_LEARNS))


def clock(text: str) -> str:
    """Return the function by whose clock a query bounds its rows, as it is written; nothing if there is none."""
    return next((found for found in _bounds(text) if found != "{"), "")


def bounded_from_outside(text: str) -> bool:
    """Say whether a piece that is filled in bounds the rows of a query."""
    return "{" in _bounds(text)


def star_of(text: str) -> str:
    """Return the table of which a query takes whatever columns there are; nothing if it names them."""
    bare = _ASIDE.sub("''", text)
    named = {name.lower() for name in _NAMED.findall(bare)}
    found = (match["table"] for match in _STAR.finditer(bare))
    return next((table for table in found if table != "(" and table.lower() not in named), "")


def _bounds(text: str) -> list[str]:
    """Return the clocks, and ``{`` for pieces that are filled in, by which a query picks rows."""
    bare = _ASIDE.sub(lambda match: "{}" if match.group().startswith("'") and "{" in match.group() else " ", text)
    clauses, found = [""], list[str]()
    for match in _TOKEN.finditer(bare):
        word = match.group().lower()
        if word == "(":
            clauses.append(clauses[-1])
        elif word == ")":
            del clauses[1 if len(clauses) == 1 else -1 :]
        elif word in _CLAUSES:
            clauses[-1] = word
        elif clauses[-1] in _BOUNDING and (word == "{" or _is_clock(match.group(), bare[match.end() :])):
            found.append(match.group())
    return found


def _is_clock(word: str, after: str) -> bool:
    asked = _BARE.fullmatch(word) or after.lstrip().startswith("(")
    return bool(asked) and _CLOCK.fullmatch(word) is not None
