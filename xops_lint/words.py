"""The words that code consists of: what nobody writes down, nobody can mean."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import TYPE_CHECKING, Final

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.facts import Facts

_WORD: Final = regex(r"\w+")
_END: Final = regex(r"\.\w{1,10}(?=[\"'])")
_NAME: Final = regex(r"[\w-]+\Z")
_LONGEST: Final = 80


def words_in(code: str) -> str:
    """Return the words of a text, and the names of files at the ends of its strings, each once."""
    return " ".join(dict.fromkeys([*_WORD.findall(code), *_files(code)]))


def spoken(files: Iterable[Facts]) -> frozenset[str]:
    """Return all words of some code files."""
    return frozenset().union(*(facts.words.split() for facts in files))


def _files(code: str) -> Iterator[str]:
    for end in _END.finditer(code):
        name = _NAME.search(code[max(end.start() - _LONGEST, 0) : end.start()])
        if name is not None:
            yield name[0] + end[0]


@lru_cache(maxsize=1024)
def pattern(text: str) -> re.Pattern[str]:
    """Return what names a text with unknown pieces may come to."""
    return re.compile(".*".join(map(re.escape, text.split("{}"))), re.DOTALL)


def fits(text: str, name: str) -> bool:
    """Say whether a name may be what a text with unknown pieces comes to."""
    return pattern(text).fullmatch(name) is not None
