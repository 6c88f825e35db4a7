"""Conditions of Go's templates: which of them stand around a place, and which one a chart's values do not meet."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final, NamedTuple

from xops_lint.config import Value
from xops_lint.matching import regex
from xops_lint.text import Range

_BLOCK: Final = regex(
    r"\{\{-?\s*(?P<word>if|with|range|define|block|else|end)\b\s*(?P<also>if|with)?\b(?P<about>(?:[^{}\"]|\"[^\"]*\")*?)\s*-?\}\}"
)
_TOKEN: Final = regex(r"\"[^\"]*\"|[()|]|[^\s()|\"]+")
_VALUES: Final = regex(r"\$?\.Values\.(?P<route>[\w.]+)\Z")
_SHARED: Final = "global"
"""The values that a chart around may give."""

_NOTHING: Final = frozenset({"", "false", "no", "off", "0", "0.0", "null", "~"})


class Unmet(NamedTuple):
    """A condition that the values of a chart do not meet: where it stands, and the route of what decides it."""

    range: Range
    route: str


class _Condition(NamedTuple):
    range: Range
    about: str
    wanted: bool


Parts = Sequence["str | Parts"]
"""An expression: words, texts, and expressions in brackets."""


def unmet(text: str, offset: int, values: Value) -> Unmet | None:
    """Return the outermost condition around an offset that a chart's values do not meet, if any is known."""
    for condition in _around(text, offset):
        parts = _parsed(condition.about)
        holds = None if parts is None else _truth(parts, values)
        route = next((found["route"] for each in _TOKEN.findall(condition.about) if (found := _VALUES.match(each))), "")
        if holds is not None and holds != condition.wanted and route:
            return Unmet(condition.range, route)
    return None


def _around(text: str, offset: int) -> Iterator[_Condition]:
    """Yield the conditions that hold at an offset, from the outside to the inside."""
    blocks: list[list[_Condition]] = []
    for found in _BLOCK.finditer(text, 0, offset):
        where = Range(*found.span())
        if found["word"] == "end":
            blocks = blocks[:-1]
        elif found["word"] == "else":
            if blocks and blocks[-1]:
                blocks[-1][-1] = blocks[-1][-1]._replace(wanted=False)
            if blocks and found["also"]:
                blocks[-1].append(_Condition(where, found["about"], True))
        elif found["word"] in ("if", "with", "range"):
            blocks.append([_Condition(where, found["about"], True)])
        else:
            blocks.append([])
    return (condition for block in blocks for condition in block)


def _parsed(about: str) -> Parts | None:
    """Return the parts of an expression; None for what is piped, assigned or not closed."""
    stack: list[list[str | Parts]] = [[]]
    for token in _TOKEN.findall(about):
        if token in ("|", ":=", "="):
            return None
        if token == "(":
            stack.append([])
        elif token == ")":
            if len(stack) == 1:
                return None
            closed = stack.pop()
            stack[-1].append(closed)
        else:
            stack[-1].append(token)
    return stack[0] if len(stack) == 1 and stack[0] else None


def _truth(parts: Parts | str, values: Value) -> bool | None:
    """Say whether an expression counts as true; None if that is not known."""
    if isinstance(parts, str):
        return _truth_of_word(parts, values)
    head, *rest = parts
    if not rest:
        return _truth(head, values)
    if head in ("eq", "ne") and len(rest) == 2:
        one, other = (_text(each, values) for each in rest)
        return None if one is None or other is None else (one == other) == (head == "eq")
    told = [_truth(each, values) for each in rest]
    if head == "not" and len(told) == 1:
        return None if told[0] is None else not told[0]
    if head in ("and", "or"):
        decisive = head == "or"
        return decisive if decisive in told else None if None in told else not decisive
    return None


def _truth_of_word(word: str, values: Value) -> bool | None:
    if word in ("true", "false"):
        return word == "true"
    found = _VALUES.match(word)
    if found is None or found["route"].partition(".")[0] == _SHARED:
        return None
    value = values.get(found["route"])
    if value is None:
        return False
    if value.templated:
        return None
    if value.tag in ("bool", "int", "float", "null"):
        return value.text.lower() not in _NOTHING
    return bool(value.text or value.items or value.list)


def _text(part: str | Parts, values: Value) -> str | None:
    """Return the text that a part of a comparison stands for; None if that is not known."""
    if not isinstance(part, str):
        return _text(part[0], values) if len(part) == 1 else None
    if part.startswith('"'):
        return part.strip('"')
    found = _VALUES.match(part)
    value = values.get(found["route"]) if found is not None and not part.startswith(".Values.global") else None
    return None if value is None or value.templated or value.items or value.list else value.text
