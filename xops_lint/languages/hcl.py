"""HCL: the blocks, attributes and constants of Terraform as one tree; every other expression stays as it is written."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, NoReturn

from xops_lint.config import Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Comment
from xops_lint.languages.terraform import settle
from xops_lint.languages.tree import (
    DEEPEST,
    TAGS,
    Parsed,
    comment_at,
    mapping,
    name_routes,
    problem_at,
    scalar,
    sequence,
)
from xops_lint.matching import regex
from xops_lint.text import Range

_SPACE: Final = regex(r"(?:[ \t\r\f\ufeff]+|#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)
_BLANK: Final = regex(r"(?:[ \t\r\f\ufeff\n]+|#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z))*", re.DOTALL)
_COMMENT: Final = regex(r"#[^\n]*|//[^\n]*|/\*.*?(?:\*/|\Z)", re.DOTALL)
_NAME: Final = regex(r"[^\W\d][\w-]*")
_KEY: Final = regex(r"[\w.-]+")
_NUMBER: Final = regex(r"-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?")
_HEREDOC: Final = regex(r"<<(?P<trimmed>-?)(?P<end>[^\W\d][\w.-]*)[ \t]*\r?\n")
_PLAIN: Final = regex(r"[^\"\\$%\n]+|[$%](?!\{)")
_ESCAPE: Final = regex(r"\\(?:u(?P<short>[0-9a-fA-F]{4})|U(?P<long>[0-9a-fA-F]{8})|.)|(?P<doubled>[$%])(?P=doubled)\{")
_OPAQUE: Final = regex(r"[^\"<#/()\[\]{},:=\n]+|[=:]")
_FOR: Final = regex(r"[\[{]\s*for\b")
_SAME: Final = regex(
    r"(?:jsonencode|yamlencode|tostring|tonumber|tobool|tolist|toset|tomap|sensitive|nonsensitive|trimspace)\s*\("
)
"""Functions whose argument stands in the tree for their result: it holds the same values."""

_TEMPLATE: Final = regex(r"\{\{|\{%|<%")
_CONTROL: Final = {"n": "\n", "t": "\t", "r": "\r"}
_CLOSING: Final = {"(": ")", "[": "]", "{": "}"}
_ENDS: Final = {"": "}\n", "{": "},\n", "[": "],", "(": "),"}
"""What ends an expression, by what it stands in: a body, an object, a tuple, brackets."""


class _Malformed(Exception):
    """What keeps a text from being HCL, and where."""

    def __init__(self, message: str, offset: int) -> None:
        super().__init__(message)
        self.offset = offset


def read(text: str) -> Parsed:
    """Return the tree of an HCL text; a text that is no HCL has a problem.

    Blocks are mappings below their labels, as in Terraform's JSON; several alike are a list. What is
    no constant has the text ``${…}``, as in that JSON; what a ``dynamic`` block makes is unknown.
    """
    reader = _Reader(text)
    try:
        entries = reader.body(0)
        if reader.position < len(text):
            reader.fail("has a `}` that closes nothing")
    except _Malformed as error:
        return Parsed([], reader.in_order(), (_problem(text, error),))
    root = name_routes(mapping(entries, Range(0, len(text))))
    settle(root)
    return Parsed([root], reader.in_order())


@dataclass(slots=True)
class _Reader:
    """Reads a text from left to right."""

    text: str
    position: int = 0
    comments: dict[int, Comment] = field(default_factory=dict)
    depth: int = 0

    def in_order(self) -> tuple[Comment, ...]:
        """Return the comments read so far."""
        return tuple(self.comments[start] for start in sorted(self.comments))

    def fail(self, message: str, offset: int | None = None) -> NoReturn:
        """Give up, here or at an offset."""
        raise _Malformed(message, self.position if offset is None else offset)

    def skip(self, pattern: re.Pattern[str]) -> None:
        """Step over blanks and comments."""
        match = pattern.match(self.text, self.position)
        if match is None or match.end() == self.position:
            return
        for found in _COMMENT.finditer(self.text, *match.span()):
            end = found.start() + len(found.group().rstrip())
            self.comments[found.start()] = comment_at(self.text, found.start(), end)
        self.position = match.end()

    def follows(self, text: str) -> bool:
        """Say whether a text stands here, and step over it."""
        if not self.text.startswith(text, self.position):
            return False
        self.position += len(text)
        return True

    @property
    def next(self) -> str:
        """The character that is read next, or how the end of the file is called."""
        return self.text[self.position : self.position + 1]

    def found(self) -> str:
        """Return what stands here, for a message."""
        word = _KEY.match(self.text, self.position)
        return f"`{word.group()[:30] if word else self.next}`" if self.next.strip() else "the end of the line"

    def body(self, depth: int) -> dict[str, Value]:
        """Read attributes and blocks, up to a closing brace or the end."""
        if depth > DEEPEST:
            self.fail(f"nests more than {DEEPEST} deep")
        entries: dict[str, Value] = {}
        self.skip(_BLANK)
        while self.next not in ("", "}"):
            name = _NAME.match(self.text, self.position)
            if name is None:
                self.fail(f"has {self.found()} where a name belongs")
            self.position = name.end()
            self.skip(_SPACE)
            if self.next == "=":
                self.position += 1
                self.attribute(entries, name)
            else:
                self.block(entries, name, depth)
            self.skip(_SPACE)
            if self.next not in ("", "}", "\n"):
                self.fail(f"has {self.found()} where the line ends")
            self.skip(_BLANK)
        return entries

    def attribute(self, entries: dict[str, Value], name: re.Match[str]) -> None:
        """Read the rest of ``name = value``."""
        self.skip(_SPACE)
        value = self.expression("")
        value.key = Range(*name.span())
        entries[name.group()] = value

    def block(self, entries: dict[str, Value], name: re.Match[str], depth: int) -> None:
        """Read the labels and the body of a block, and put it where its labels say."""
        path, keys = [name.group()], [Range(*name.span())]
        while not self.follows("{"):
            start = self.position
            if self.next == '"':
                path.append(self.quoted())
            elif label := _NAME.match(self.text, start):
                path.append(label.group())
                self.position = label.end()
            else:
                self.fail(f"has {self.found()} where `=` or `{{` belongs behind `{path[-1]}`")
            keys.append(Range(start, self.position))
            self.skip(_SPACE)
        inside = self.body(depth + 1)
        if not self.follows("}"):
            self.fail(f"has no `}}` for the block `{path[0]}`", name.start())
        where = Range(name.start(), self.position)
        if path[0] == "dynamic" and len(path) == 2:
            content = inside["content"].items if "content" in inside else {}
            _put(entries, path[1:], keys[1:], Value(dict(content), "unknown", where))
        else:
            _put(entries, path, keys, mapping(inside, where))

    def expression(self, around: str) -> Value:
        """Read an expression: a constant if it is one up to its end, else whatever it is."""
        start = self.position
        self.depth += 1
        value = self.constant() if self.depth <= DEEPEST else None
        self.depth -= 1
        end = self.position
        self.skip(_SPACE if around in ("", "{") else _BLANK)
        if value is not None and (not self.next or self.next in _ENDS[around]):
            self.position = end
            return value
        return self.opaque(start, around)

    def constant(self) -> Value | None:
        """Read what may be a constant; None for anything else, wherever that was noticed."""
        start = self.position
        if self.next == '"':
            return scalar(self.quoted(), Range(start, self.position))
        if self.next in ("[", "{") and not _FOR.match(self.text, start):
            return self.tuple() if self.next == "[" else self.object()
        if heredoc := _HEREDOC.match(self.text, start):
            return scalar(self.heredoc(heredoc), Range(start, self.position))
        if self.next == "(":
            self.position += 1
            return self.argument()
        if same := _SAME.match(self.text, start):
            self.position = same.end()
            return self.argument()
        if number := _NUMBER.match(self.text, start):
            self.position = number.end()
            tag = "int" if number.group().lstrip("-").isdigit() else "float"
            return Value(number.group(), tag, Range(*number.span()))
        word = _NAME.match(self.text, start)
        if word is None or word.group() not in TAGS:
            return None
        self.position = word.end()
        tag = TAGS[word.group()]
        return Value(None if tag == "null" else word.group(), tag, Range(*word.span()))

    def argument(self) -> Value | None:
        """Read the only argument of a function, whose bracket has been read."""
        self.skip(_BLANK)
        value = self.expression("(")
        self.skip(_BLANK)
        return value if self.follows(")") else None

    def tuple(self) -> Value:
        """Read ``[a, b]``."""
        start = self.position
        self.position += 1
        elements = []
        self.skip(_BLANK)
        while not self.follows("]"):
            elements.append(self.expression("["))
            self.skip(_BLANK)
            if not self.follows(",") and self.next != "]":
                self.fail("has no `]` for this `[`", start)
            self.skip(_BLANK)
        return sequence(elements, Range(start, self.position))

    def object(self) -> Value:
        """Read ``{a = b, c: d}``."""
        start = self.position
        self.position += 1
        entries: dict[str, Value] = {}
        self.skip(_BLANK)
        while not self.follows("}"):
            key = self.position
            name = self.key()
            where = Range(key, key + len(self.text[key : self.position].rstrip()))
            if not self.follows("=") and not self.follows(":"):
                self.fail(f"has {self.found()} where `=` belongs" if self.next else "has no `}` for this `{`", key)
            self.skip(_BLANK)
            entries[name] = self.expression("{")
            entries[name].key = where
            self.skip(_SPACE)
            self.follows(",")
            self.skip(_BLANK)
        return mapping(entries, Range(start, self.position))

    def key(self) -> str:
        """Read the key of an object's entry; one that is computed is called by its source."""
        start = self.position
        name = None
        if self.next == '"':
            name = self.quoted()
        elif plain := _KEY.match(self.text, start):
            self.position = plain.end()
            name = plain.group()
        end = self.position
        self.skip(_SPACE)
        if name is not None and self.next in ("=", ":"):
            return name
        while self.next not in ("", "=", ":", "\n", "}", ","):
            self.step()
            end = self.position
        return self.text[start:end].rstrip()

    def quoted(self) -> str:
        """Read a quoted text; what is filled into it stays as it is written."""
        start = self.position
        self.position += 1
        pieces: list[str] = []
        while not self.follows('"'):
            position = self.position
            if escape := _ESCAPE.match(self.text, position):
                self.position = escape.end()
                pieces.append(_unescaped(escape))
            elif plain := _PLAIN.match(self.text, position):
                self.position = plain.end()
                pieces.append(plain.group())
            elif self.follows("${") or self.follows("%{"):
                self.brackets("{", position)
                pieces.append(self.text[position : self.position])
            else:
                self.fail('has a text without a `"` at its end', start)
        return "".join(pieces)

    def heredoc(self, opening: re.Match[str]) -> str:
        """Read the lines up to the one that ends a text, without the indentation they share if so asked."""
        ends = re.compile(rf"^[ \t]*{re.escape(opening['end'])}(?=[ \t]*\r?$)", re.MULTILINE)
        closing = ends.search(self.text, opening.end())
        if closing is None:
            self.fail(f"has no line `{opening['end']}` that ends this text")
        self.position = closing.end()
        text = self.text[opening.end() : closing.start()].replace("\r\n", "\n")
        if not opening["trimmed"]:
            return text
        lines = text.split("\n")
        shared = min((len(line) - len(line.lstrip(" \t")) for line in lines if line.strip()), default=0)
        return "\n".join(line[shared:] for line in lines)

    def opaque(self, start: int, around: str) -> Value:
        """Read an expression from its start, whatever it is, up to its end."""
        self.position = start
        while self.next and self.next not in _ENDS[around]:
            self.step()
        end = start + len(self.text[start : self.position].rstrip())
        if end == start:
            self.fail(f"has {self.found()} where a value belongs" if self.next else "ends where a value belongs")
        return scalar(f"${{{self.text[start:end]}}}", Range(start, end))

    def step(self) -> None:
        """Step over one token of an expression, brackets with what they hold."""
        start = self.position
        if self.next == '"':
            self.quoted()
        elif heredoc := _HEREDOC.match(self.text, start):
            self.heredoc(heredoc)
        elif self.next in _CLOSING:
            opening = self.next
            self.position += 1
            self.brackets(opening, start)
        elif self.next in (")", "]", "}"):
            self.fail(f"has a `{self.next}` that closes nothing")
        elif plain := _OPAQUE.match(self.text, start):
            self.position = plain.end()
        else:
            self.skip(_SPACE)
            self.position += self.position == start

    def brackets(self, opening: str, start: int) -> None:
        """Step over what stands in brackets, whose opening one has been read, and the closing one."""
        closing = _CLOSING[opening]
        self.depth += 1
        if self.depth > DEEPEST:
            self.fail(f"nests more than {DEEPEST} deep")
        while not self.follows(closing):
            if not self.next:
                self.fail(f"has no `{closing}` for this `{opening}`", start)
            self.step()
        self.depth -= 1


def _put(entries: dict[str, Value], path: Sequence[str], keys: Sequence[Range], value: Value) -> None:
    """Put a block below its labels; one that stands there already makes a list with it."""
    for name, key in zip(path[:-1], keys):
        found = entries.get(name)
        inner = found.data if found is not None and isinstance(found.data, dict) else {}
        start = keys[0].start if found is None else found.range.start
        entries[name] = mapping(inner, Range(start, value.range.end), key if found is None else found.key)
        entries = inner
    value.key = keys[-1]
    before = entries.get(path[-1])
    if before is None:
        entries[path[-1]] = value
    elif isinstance(before.data, list):
        before.data.append(value)
    else:
        entries[path[-1]] = sequence([before, value], before.range, before.key)


def _unescaped(escape: re.Match[str]) -> str:
    if escape["doubled"]:
        return escape["doubled"] + "{"
    code = int(escape["short"] or escape["long"] or "0", 16)
    if code:
        return chr(code) if code < 0x110000 else "\ufffd"
    return _CONTROL.get(escape.group()[1:], escape.group()[1:])


def _problem(text: str, error: _Malformed) -> Problem:
    if _TEMPLATE.search(text):
        return Problem("is a template, not plain HCL, so it is not read", skipped=True)
    return problem_at(text, error.offset, f"does not parse as HCL: it {error}")
