"""A shell text split into the commands that it joins, as it is written."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

from xops_lint.matching import regex

_WORD = regex(
    r"""(?:\$\{\{.*?\}\}
      | \{\{.*?\}\}
      | \$\((?:[^()]|\((?:[^()]|\([^()]*\))*\))*\)
      | `[^`]*`
      | \$\{[^}]*\}
      | "(?:\\.|[^"\\])*"
      | '[^']*'
      | \\.
      | [^\s;&|()<>"'`\\])+""",
    re.VERBOSE | re.DOTALL,
)
_SPACE = regex(r"(?:[ \t\r]|\\\r?\n)+")
_COMMENT = regex(r"#[^\n]*")
_REDIRECTION = regex(r"(?:\d*|&)(?:<<<|>>|>&|<&|>\||>|<)[ \t]*")
_HEREDOC = regex(r"\d*<<-?[ \t]*(['\"]?)(?P<end>\w+)\1")
_OPERATOR = regex(r"&&|\|\||;;|\|&|[;&|()\n]")
_KEYWORDS = frozenset(["if", "then", "else", "elif", "do", "while", "until", "{", "}", "!"])
_NOWHERE = ("/dev/", "&", "1", "2", "-")
"""Beginnings of what text is sent to without being kept."""


class Raw(NamedTuple):
    """A command as written: its words, its stretch of the text, the operator before it.

    One that is not ``idle`` opens a group, or leaves in a file what somebody may read;
    ``behind`` are the words of branches, loops and groups that stand before it.
    """

    words: tuple[str, ...]
    start: int
    end: int
    operator: str
    idle: bool
    behind: tuple[str, ...] = ()


@dataclass(slots=True)
class _Reader:
    """Splits a text into chains of commands joined by ``&&``, ``||`` and ``|``."""

    text: str
    chain: list[Raw] = field(default_factory=list)
    words: list[str] = field(default_factory=list)
    heredocs: list[str] = field(default_factory=list)
    start: int = 0
    end: int = 0
    operator: str = ""
    idle: bool = True
    behind: list[str] = field(default_factory=list)

    def close_command(self, operator: str) -> None:
        """End the command that is being read; ``operator`` joins the next one."""
        if self.words:
            behind = tuple(self.behind)
            self.chain.append(Raw(tuple(self.words), self.start, self.end, self.operator, self.idle, behind))
            self.behind = []
        self.words = []
        self.operator = operator
        self.idle = True


def chains(text: str) -> Iterator[list[Raw]]:
    """Yield the commands of a text that ``&&``, ``||`` and ``|`` join, chain by chain."""
    reader = _Reader(text)
    position = 0
    while position < len(text):
        if (found := _SPACE.match(text, position)) or (found := _COMMENT.match(text, position)):
            position = found.end()
        elif found := _HEREDOC.match(text, position):
            reader.heredocs.append(found["end"])
            position = found.end()
        elif found := _REDIRECTION.match(text, position):
            target = _WORD.match(text, found.end())
            position = target.end() if target else found.end()
            reader.idle &= target is None or target.group().startswith(_NOWHERE)
        elif found := _OPERATOR.match(text, position):
            position = found.end()
            going_on = found.group() in ("&&", "||", "|", "|&")
            if found.group() == "\n" and not reader.words and reader.operator in ("&&", "||", "|", "|&"):
                continue
            reader.close_command(found.group() if going_on else "")
            if not going_on:
                if reader.chain:
                    yield reader.chain
                reader.chain = []
            if found.group() == "\n":
                position = _after_heredocs(text, position, reader.heredocs)
        else:
            found = _WORD.match(text, position)
            position, word = (found.end(), found.group()) if found else (position + 1, "")
            if not reader.words:
                reader.start = found.start() if found else position
            if word and not (not reader.words and word in _KEYWORDS):
                reader.words.append(word)
            elif word == "{":
                reader.idle = False
            if word and not reader.words:
                reader.behind.append(word)
            reader.end = position
    reader.close_command("")
    if reader.chain:
        yield reader.chain


def _after_heredocs(text: str, position: int, ends: list[str]) -> int:
    """Return where the lines go on behind the bodies of here-documents."""
    for end in ends:
        found = re.compile(rf"^[ \t]*{re.escape(end)}[ \t]*$", re.MULTILINE).search(text, position)
        position = min(found.end() + 1, len(text)) if found else len(text)
    ends.clear()
    return position
