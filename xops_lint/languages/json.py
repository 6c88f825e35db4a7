"""JSON as people write it: comments, trailing commas, several objects in a row."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.languages.tree import DEEPEST, Parsed, comment_at, name_routes, problem_at
from xops_lint.matching import regex
from xops_lint.text import Range

_TOKEN = regex(
    r"""(?P<blank>[\s\ufeff]+)
      | (?P<string>"(?:[^"\\]|\\.)*")
      | (?P<mark>[\[\]{},:])
      | (?P<comment>//[^\r\n]*|/\*.*?\*/)
      | (?P<word>[^\s\[\]{},:"/]+)
      | (?P<odd>.)""",
    re.VERBOSE | re.DOTALL,
)
_WORDS = {"true": "bool", "false": "bool", "null": "null", "NaN": "float", "Infinity": "float", "-Infinity": "float"}
_INTEGER = regex(r"-?\d+\Z")
_NUMBER = regex(r"-?\d+(?:\.\d*)?(?:[eE][+-]?\d+)?\Z")
_TEMPLATE = regex(r"\{\{|\{%|<%")
_SURROGATE = regex("[\ud800-\udfff]")


def read(text: str) -> Parsed:
    """Return the trees of all top-level values; a text that is no JSON has a problem."""
    builder = _Builder(text)
    try:
        for match in _TOKEN.finditer(text):
            builder.take(match)
        builder.finish()
    except _MalformedError as error:
        skipped = _TEMPLATE.search(text) is not None
        message = "is a template, not plain JSON, so it is not read" if skipped else f"does not parse as JSON: {error}"
        problem = problem_at(text, error.offset, message)
        return Parsed([], tuple(builder.comments), (Problem(message, skipped=True) if skipped else problem,))
    return Parsed([name_routes(root) for root in builder.documents], tuple(builder.comments))


class _MalformedError(Exception):
    """What stands at an offset and cannot stand there."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


@dataclass(slots=True)
class _Open:
    """An object or array whose end has not been read.

    ``expects`` is ``key``, ``colon``, ``value`` or ``comma``.
    """

    start: int
    entries: dict[str, Value] | None
    elements: list[Value] = field(default_factory=list)
    expects: str = "value"
    key: str = ""
    key_range: Range = Range(0, 0)


@dataclass(slots=True)
class _Builder:
    """Builds trees from tokens, without recursion, so that no nesting overflows."""

    text: str
    documents: list[Value] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    stack: list[_Open] = field(default_factory=list)

    def take(self, match: re.Match[str]) -> None:
        """Take one token."""
        kind, token, (start, end) = match.lastgroup, match.group(), match.span()
        if kind == "mark":
            self._mark(token, start)
        elif kind == "string":
            self._string(_unescape(token), Range(start, end))
        elif kind == "word":
            self._add(Value(None if token == "null" else token, _word_tag(token, start), Range(start, end)))
        elif kind == "comment":
            self.comments.append(comment_at(self.text, start, end))
        elif kind == "odd":
            raise _MalformedError("a string has no end" if token == '"' else f"`{token}` cannot stand here", start)

    def finish(self) -> None:
        """Complain about what is still open at the end of the text."""
        if self.stack:
            start = self.stack[-1].start
            raise _MalformedError(f"`{self.text[start]}` is never closed", start)

    def _mark(self, token: str, start: int) -> None:
        around = self.stack[-1] if self.stack else None
        if token in "[{":
            if around is not None and around.expects != "value":
                raise _MalformedError(f"expected a {around.expects}, found `{token}`", start)
            self.stack.append(_Open(start, {} if token == "{" else None, expects="key" if token == "{" else "value"))
        elif around is None:
            raise _MalformedError(f"`{token}` opens nothing", start)
        elif token in "]}":
            self._close(around, token, start)
        elif token == "," and around.expects == "comma":
            around.expects = "value" if around.entries is None else "key"
        elif token == ":" and around.expects == "colon":
            around.expects = "value"
        else:
            raise _MalformedError(f"expected a {around.expects}, found `{token}`", start)

    def _close(self, around: _Open, token: str, start: int) -> None:
        is_object = around.entries is not None
        if is_object != (token == "}") or (is_object and around.expects in ("colon", "value")):
            raise _MalformedError(f"expected a {around.expects}, found `{token}`", start)
        self.stack.pop()
        where = Range(around.start, start + 1)
        if len(self.stack) >= DEEPEST:
            self._add(Value(None, "unknown", where))
        elif around.entries is not None:
            self._add(Value(around.entries, "map", where))
        else:
            self._add(Value(around.elements, "list", where))

    def _string(self, text: str, where: Range) -> None:
        around = self.stack[-1] if self.stack else None
        if around is not None and around.expects == "key":
            around.key, around.key_range, around.expects = text, where, "colon"
        else:
            self._add(Value(text, "str", where))

    def _add(self, value: Value) -> None:
        if not self.stack:
            self.documents.append(value)
            return
        around = self.stack[-1]
        if around.expects != "value":
            start = value.range.start
            raise _MalformedError(f"expected a {around.expects}, found `{self.text[start]}`", start)
        around.expects = "comma"
        if around.entries is None:
            around.elements.append(value)
        else:
            value.key = around.key_range
            around.entries[around.key] = value


def _word_tag(word: str, start: int) -> str:
    if word in _WORDS:
        return _WORDS[word]
    if _INTEGER.match(word):
        return "int"
    if _NUMBER.match(word):
        return "float"
    raise _MalformedError(f"`{word[:20]}` is no value", start)


def _unescape(token: str) -> str:
    """Return a string's text; raw newlines, which some tools accept, stay."""
    if "\\" not in token:
        return token[1:-1]
    try:
        text = json.loads(token, strict=False)
    except ValueError:
        return token[1:-1]
    return _SURROGATE.sub("\ufffd", text) if isinstance(text, str) else token[1:-1]
