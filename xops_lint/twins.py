"""Functions whose texts tell that one is a copy of the other."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.drafts import digest_of
from xops_lint.matching import regex
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.code import PythonFile

_FEWEST_LINES: Final = 6
"""Shorter functions are alike by chance."""

_COMMENT: Final = regex(r"^[ \t]*#.*$|[ \t]#[^\"'\n]*$", re.MULTILINE)
_DOCSTRING: Final = regex(r"(?<=:)\s*(?P<quote>\"{3}|'{3}).*?(?P=quote)", re.DOTALL)
_FUNCTION: Final = regex(r"^(?:async[ \t]+)?def[ \t]+(?P<name>\w+)", re.MULTILINE)
_END: Final = regex(r"^[^\s)\]}#]", re.MULTILINE)


class Body(NamedTuple):
    """A function at the top of a module or notebook, and what tells its text from others, its name apart."""

    digest: str
    range: Range


def bodies(file: PythonFile) -> Mapping[str, Body]:
    """Return the functions at the top of a file that are long enough to tell whether they are copies."""
    found = {}
    for match in _FUNCTION.finditer(file.text):
        lines = list(_lines(file.text, match.end()))
        if len(lines) >= _FEWEST_LINES:
            found[match["name"]] = Body(
                digest_of(_without_remarks(lines)), Range(match.start("name"), match.end("name"))
            )
    return found


def _without_remarks(lines: Sequence[str]) -> str:
    """Return a function's text without comments and docstring; most lines have neither, and are not searched."""
    text = "\n".join(_COMMENT.sub("", line) if "#" in line else line for line in lines)
    return _DOCSTRING.sub("", text, count=1) if '"""' in text or "'''" in text else text


def _lines(text: str, start: int) -> Iterator[str]:
    """Yield what follows the name of a function, up to the next line that does not stand further in."""
    end = _END.search(text, start)
    return (line for line in text[start : end.start() if end is not None else len(text)].splitlines() if line.strip())
