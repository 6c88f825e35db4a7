"""Text protobuf: the fields of a message as one tree."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Final, NoReturn

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.languages.tree import DEEPEST, Parsed, comment_at, mapping, name_routes, problem_at, sequence
from xops_lint.matching import regex
from xops_lint.text import Range

_SPACE: Final = regex(r"(?:[ \t\r\n\f\v\ufeff]+|#[^\r\n]*)*")
_COMMENT: Final = regex(r"#[^\r\n]*")
_NAME: Final = regex(r"[A-Za-z_]\w*")
_EXTENSION: Final = regex(r"\[[\w./-]+\]")
_STRING: Final = regex(r"\"(?:\\.|[^\"\\\n])*\"|'(?:\\.|[^'\\\n])*'")
_NUMBER: Final = regex(r"-?[ \t]*(?:0[xX][0-9a-fA-F]+|(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?[fF]?)(?![\w.])")
_WORD: Final = regex(r"-?[ \t]*[A-Za-z_][\w.]*")
_FILLED_IN: Final = regex(r"\$\{[^{}\n]*\}|\{\{[^{}\n]*\}\}")
_ESCAPE: Final = regex(r"\\(?:x[0-9a-fA-F]{1,2}|[0-7]{1,3}|.)")
_TEMPLATE: Final = regex(r"\{\{|\{%|<%|\$\{")
_CONTROL: Final = {"n": "\n", "t": "\t", "r": "\r", "a": "\a", "b": "\b", "f": "\f", "v": "\v"}
_CLOSING: Final = {"{": "}", "<": ">"}


class _Malformed(Exception):
    """What keeps a text from being a message, and where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def read(text: str) -> Parsed:
    """Return the tree of a message; a text that is none has a problem.

    A field that is written once is its value, one that is written again a list of them.
    """
    reader = _Reader(text)
    try:
        fields = reader.fields("", 0)
    except _Malformed as error:
        if _TEMPLATE.search(text):
            problem = Problem("is a template, not plain text protobuf, so it is not read", skipped=True)
        else:
            problem = problem_at(text, error.offset, f"does not parse as text protobuf: it {error}")
        return Parsed([], tuple(reader.comments), (problem,))
    return Parsed([name_routes(mapping(fields, Range(0, len(text))))], tuple(reader.comments))


@dataclass(slots=True)
class _Reader:
    """Reads a text from left to right."""

    text: str
    position: int = 0
    comments: list[Comment] = field(default_factory=list)

    def fail(self, message: str, offset: int | None = None) -> NoReturn:
        """Give up, here or at an offset."""
        raise _Malformed(message, self.position if offset is None else offset)

    def skip(self) -> None:
        """Step over blanks and comments."""
        match = _SPACE.match(self.text, self.position)
        if match is not None and match.end() > self.position:
            for found in _COMMENT.finditer(self.text, *match.span()):
                self.comments.append(comment_at(self.text, found.start(), found.start() + len(found.group().rstrip())))
            self.position = match.end()

    def follows(self, marks: str) -> bool:
        """Say whether one of these characters stands here, and step over it."""
        if self.next == "" or self.next not in marks:
            return False
        self.position += 1
        return True

    @property
    def next(self) -> str:
        """The character that is read next, or nothing at the end."""
        return self.text[self.position : self.position + 1]

    def taken(self, pattern: re.Pattern[str]) -> re.Match[str] | None:
        """Take what matches here, if it does."""
        match = pattern.match(self.text, self.position)
        if match is not None:
            self.position = match.end()
        return match

    def fields(self, closing: str, depth: int) -> dict[str, Value]:
        """Read fields up to a closing bracket, or to the end."""
        if depth > DEEPEST:
            self.fail(f"nests more than {DEEPEST} deep")
        found: dict[str, Value] = {}
        self.skip()
        while self.next and self.next != closing:
            name = self.taken(_NAME) or self.taken(_EXTENSION)
            if name is None:
                self.fail(f"has `{self.next}` where a field belongs")
            key = Range(*name.span())
            self.skip()
            colon = self.follows(":")
            self.skip()
            if not colon and self.next not in ("{", "<", "["):
                self.fail(f"has no `:` behind `{name.group()}`", name.start())
            _put(found, name.group().strip("[]"), key, self.value(depth))
            self.skip()
            self.follows(",;")
            self.skip()
        return found

    def value(self, depth: int) -> Value:
        """Read a message, a list, or a scalar."""
        start = self.position
        opening = self.next
        if opening == "[":
            return self.elements(depth)
        if opening in ("{", "<") and _FILLED_IN.match(self.text, start) is None:
            self.position += 1
            fields = self.fields(_CLOSING[opening], depth + 1)
            if not self.follows(_CLOSING[opening]):
                self.fail(f"has no `{_CLOSING[opening]}` for this `{opening}`", start)
            return mapping(fields, Range(start, self.position))
        return self.scalar()

    def elements(self, depth: int) -> Value:
        """Read ``[a, b]``."""
        start = self.position
        self.position += 1
        if depth > DEEPEST:
            self.fail(f"nests more than {DEEPEST} deep")
        found: list[Value] = []
        self.skip()
        while not self.follows("]"):
            if not self.next:
                self.fail("has no `]` for this `[`", start)
            found.append(self.value(depth + 1))
            self.skip()
            if not self.follows(",") and self.next not in ("]", ""):
                self.fail(f"has `{self.next}` where `,` or `]` belongs")
            self.skip()
        return sequence(found, Range(start, self.position))

    def scalar(self) -> Value:
        """Read a number, a word, a text of one or more pieces, or what something else fills in."""
        start = self.position
        if filled_in := self.taken(_FILLED_IN):
            return Value(filled_in.group(), "unknown", Range(*filled_in.span()))
        if number := self.taken(_NUMBER):
            plain = number.group().replace(" ", "").replace("\t", "")
            tag = "int" if re.fullmatch(r"-?(?:0[xX][0-9a-fA-F]+|\d+)", plain) else "float"
            return Value(plain, tag, Range(*number.span()))
        if word := self.taken(_WORD):
            tag = "bool" if word.group() in ("true", "false") else "str"
            return Value(word.group(), tag, Range(*word.span()))
        pieces: list[str] = []
        end = start
        while piece := self.taken(_STRING):
            pieces.append(_ESCAPE.sub(_unescaped, piece.group()[1:-1]))
            end = self.position
            self.skip()
        if not pieces:
            self.fail(f"has `{self.next}` where a value belongs" if self.next.strip() else "ends where a value belongs")
        return Value("".join(pieces), "str", Range(start, end))


def _put(fields: dict[str, Value], name: str, key: Range, value: Value) -> None:
    """Add a value to a message; one of a field that was there before makes a list with it."""
    value.key = key
    before = fields.get(name)
    if before is None:
        fields[name] = value
    elif isinstance(before.data, list):
        before.data.extend(value.data if isinstance(value.data, list) else [value])
    else:
        more = value.data if isinstance(value.data, list) else [value]
        fields[name] = sequence([before, *more], before.range, before.key)


def _unescaped(escape: re.Match[str]) -> str:
    written = escape.group()[1:]
    if written[0] == "x" and len(written) > 1:
        return chr(int(written[1:], 16))
    return chr(int(written, 8)) if written[0] in "01234567" else _CONTROL.get(written, written)
