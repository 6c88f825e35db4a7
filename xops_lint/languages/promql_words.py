"""The words of a PromQL query, variables and templates of others included."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final, NamedTuple

from xops_lint.matching import regex
from xops_lint.queries import seconds
from xops_lint.text import Range

_FILLED: Final = r"\{\{.*?\}\}|\{%.*?%\}|\[\[\w[\w:]*\]\]|\$\{[^}]*\}|\$[A-Za-z_]\w*|%\(\w+\)[sd]|%[sd]\b|<%.*?%>"
"""What a dashboard, a chart or a script puts something else in the place of."""

_TOKEN: Final = regex(
    rf"""(?P<space>(?:\s|\#[^\n]*)+)
      | (?P<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)
      | (?P<duration>(?:\d+(?:ms|[smhdwy]))+(?![\w.]))
      | (?P<number>(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(?![\w$]|\{{\{{|\[\[))
      | (?P<name>(?:[A-Za-z_:][\w:]*|{_FILLED})(?:[\w:]|{_FILLED}|\.(?=\{{\{{))*)
      | (?P<mixed>\d[\d.]*(?:{_FILLED})[\w.]*)
      | (?P<operator>=~|!~|==|!=|<=|>=|[-+*/%^<>=(){{}}\[\],@])""",
    re.VERBOSE | re.DOTALL,
)
IN_WINDOW: Final = regex(
    rf"(?P<length>(?:{_FILLED}|[^\[\]:{{}}$])*)(?P<colon>:(?P<step>(?:{_FILLED}|[^\[\]{{}}$])*))?\]", re.DOTALL
)
_COMPUTED: Final = regex(r"[\w()*/+\-^. ,]*[()*/+\-^][\w()*/+\-^. ,]*")
_PLACES: Final = regex(_FILLED, re.DOTALL)
_CONTROL: Final = {"n": "\n", "t": "\t", "r": "\r"}
_ESCAPE: Final = regex(r"\\(.)", re.DOTALL)


class NotAQuery(ValueError):
    """A text that is no query; ``range`` is where reading stopped."""

    def __init__(self, message: str, where: Range) -> None:
        super().__init__(message)
        self.range = where


def is_filled_in(text: str) -> bool:
    """Say whether something else fills in parts of a text."""
    return _PLACES.search(text) is not None


class Token(NamedTuple):
    """A word of a query; ``start`` counts in its text, ``range`` in the file."""

    kind: str
    text: str
    start: int
    range: Range


def words_of(text: str, places: Sequence[Range]) -> list[Token]:
    """Return the words of a query, and an end without text; raise NotAQuery at what is none."""
    tokens: list[Token] = []

    def add(kind: str, word: str, start: int) -> None:
        tokens.append(Token(kind, word, start, place(places, start, start + len(word))))

    position = 0
    while position < len(text):
        if tokens and tokens[-1].text == "[" and (window := IN_WINDOW.match(text, position)):
            add("window", window.group(), position)
            position = window.end()
            continue
        match = _TOKEN.match(text, position)
        if match is None:
            message = "has a text without an end" if text[position] in "\"'`" else f"has a stray `{text[position]}`"
            raise NotAQuery(message, places[position])
        if match.lastgroup != "space":
            add(match.lastgroup or "", match.group(), position)
        position = match.end()
    add("end", "", len(text))
    return tokens


def place(places: Sequence[Range], start: int, end: int) -> Range:
    """Return the place of a stretch of a text; of an empty one, that of the character before it."""
    if not places:
        return Range(0, 0)
    first = max(min(start, end - 1), 0)
    return Range(places[first].start, places[max(end - 1, 0)].end)


def without_filling(text: str) -> str:
    """Return a text with ``{}`` for what something else fills in."""
    return _PLACES.sub("{}", text)


def length(text: str) -> float | None:
    """Return the seconds of a length of time, None if it is filled in or computed; raise ValueError if it is none."""
    known = seconds(text)
    if known is not None:
        return known
    if re.fullmatch(r"\d+(?:\.\d*)?", text):
        return float(text)
    if text and (is_filled_in(text) or _COMPUTED.fullmatch(text)):
        return None
    raise ValueError(text)


def content_of(quoted: str) -> str:
    """Return what a quoted text says."""
    inner = quoted[1:-1]
    return (
        inner if quoted[0] == "`" else _ESCAPE.sub(lambda match: {"n": "\n", "t": "\t"}.get(match[1], match[1]), inner)
    )
