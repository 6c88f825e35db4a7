"""What fills in values of configs: tags, and the expressions of templates."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final

from xops_lint.config import ConfigFile, Value
from xops_lint.matching import regex

FILLER: Final = "\ue000"
"""The character that stands for what a template fills in while its text is read."""

_BLOCK: Final = regex(r"\{\{-?\s*(?P<word>if|with|range|define|block|end)\b\s*(?P<about>[^{}]*?)\s*-?\}\}")
_IT: Final = regex(r"(?<=\btoYaml )\.(?=[\s|}])")


def filled(file: ConfigFile) -> Iterator[tuple[str, str]]:
    """Yield route and source of values, and of mappings as a whole, that a tag or a template fills in."""
    for document in file.documents:
        for value in document.walk():
            if value.tag == "unknown" and value.data is None and FILLER not in value.route:
                yield value.route, file.source(value.range)
            elif _is_gap(value):
                yield value.route, _named(file.source(value.range), file.text, value.range.start)


def _is_gap(value: Value) -> bool:
    """Say whether a mapping holds nothing but what a template writes there."""
    return len(value.items) == 1 and next(iter(value.items)).startswith(FILLER)


def _named(source: str, text: str, start: int) -> str:
    """Return an expression with the value that ``with`` speaks of put in for ``.``."""
    if not _IT.search(source):
        return source
    open_blocks: list[str] = []
    for block in _BLOCK.finditer(text, 0, start):
        if block["word"] == "end":
            open_blocks = open_blocks[:-1]
        else:
            # A condition changes nothing about ``.``; in a loop it is an element, whatever is around.
            open_blocks.append({"with": block["about"], "if": ""}.get(block["word"], block["word"]))
    about = next((each for each in reversed(open_blocks) if each), "")
    return _IT.sub(lambda _: about, source) if about.startswith(".Values.") else source
