"""Templates of Go inside YAML, such as those of Helm's charts: what is left when the actions are masked."""

from __future__ import annotations

import re
from typing import Final

from xops_lint.gaps import FILLER
from xops_lint.matching import regex

_COMMENT: Final = regex(r"\{\{-?\s*/\*")
_COMMENT_END: Final = regex(r"\*/\s*-?\}\}")
_ACTION: Final = r"\{\{(?:[^{}\"`]|\"(?:\\.|[^\"\\\n])*\"|`[^`]*`|\{(?!\{)|\}(?!\}))*\}\}"
_INLINE: Final = regex(_ACTION)
_LINE: Final = regex(rf"^[ \t]*(?:{_ACTION}[ \t]*)+(?=\r?$)", re.MULTILINE)
_CONTROL: Final = regex(r"\{\{-?\s*(?:(?:if|else|end|with|range|define|block|break|continue|fail)\b|\$\w+\s*:?=)")
_INDENTED: Final = regex(r"\bn?indent\s+(\d+)")
_LINE_BEFORE: Final = regex(r"(?P<indent>[ \t]*)(?P<rest>\S[^\n]*)\n(?:[ \t\r]*\n)*\Z")
_NOT_BREAK: Final = regex(r"[^\r\n]")
_SHORTEST: Final = 4
"""An entry of a mapping takes so many characters."""


def masked(text: str) -> str:
    """Return a text of the same length in which lines of control are blank and all else that is filled in unknown.

    A line that fills in several lines becomes an entry with an unknown key: a gap.
    """
    text = _without_comments(text)
    pieces: list[str] = []
    end = 0
    for line in _LINE.finditer(text):
        pieces += [_INLINE.sub(_unknown, text[end : line.start()])]
        pieces += [_line(line.group(), "".join(pieces[-2:]))]
        end = line.end()
    return "".join((*pieces, _INLINE.sub(_unknown, text[end:])))


def _without_comments(text: str) -> str:
    pieces: list[str] = []
    end = 0
    while (start := _COMMENT.search(text, end)) and (closing := _COMMENT_END.search(text, start.end())):
        pieces += [text[end : start.start()], _blank(text[start.start() : closing.end()])]
        end = closing.end()
    return "".join((*pieces, text[end:]))


def _unknown(action: re.Match[str]) -> str:
    return _NOT_BREAK.sub(FILLER, action.group()) if "\n" not in action.group() else _blank(action.group())


def _blank(text: str) -> str:
    return _NOT_BREAK.sub(" ", text)


def _line(line: str, before: str) -> str:
    """Return what takes the place of a line of actions alone."""
    actions = _INLINE.findall(line)
    if "\n" in line or all(_CONTROL.match(action) for action in actions):
        return _blank(line)
    asked = _INDENTED.search(line)
    indent = int(asked[1]) if asked else len(line) - len(line.lstrip())
    length = len(line)
    if length - indent < _SHORTEST:
        return _blank(line)
    above = _LINE_BEFORE.search(before)
    if above is not None and above["rest"].startswith("- ") and len(above["indent"]) == indent:
        entry = "- " + FILLER * (length - indent - 2)
    else:
        entry = FILLER * (length - indent - 3) + ": " + FILLER
    return " " * indent + entry
