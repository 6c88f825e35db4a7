"""Values that their place does not take: a number for a text, a text for a number, a word that nobody knows."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from typing import Final

from xops_lint import kinds
from xops_lint.config import ConfigFile, Misfit, Value

_ALIKE: Final = 0.75
"""Below this, a word that nobody knows is more likely new than misspelt."""

_NOT_TEXTS: Final = {"int": "a number", "float": "a number", "bool": "a switch"}


def misfits(document: ConfigFile) -> Iterator[Misfit]:
    """Yield the values of a config that whoever reads it refuses."""
    seen = set()
    for kind, root in zip(document.kinds, document.documents):
        for found in _of_root(document, root, kinds.taken(kind)):
            # An alias stands for the same value once more.
            if found.range not in seen:
                seen.add(found.range)
                yield found


def _of_root(document: ConfigFile, root: Value, taken: kinds.Taken) -> Iterator[Misfit]:
    for route in taken.texts:
        for value in root.at(route):
            if value.tag in _NOT_TEXTS and not value.templated:
                message = f"is {_NOT_TEXTS[value.tag]}, and this place takes texts alone"
                yield Misfit(message, value.range, f'"{document.source(value.range)}"')
    for route in taken.numbers:
        for value in root.at(route):
            if value.tag == "str" and not value.templated:
                number = value.text.strip()
                message = "is a text, and this place takes whole numbers alone"
                yield Misfit(message, value.range, number if number.isascii() and number.isdigit() else "")
    for words in taken.words:
        for value in root.at(words.at):
            meant = _meant(value, words.names)
            if meant:
                message = f"`{value.text}` is not {words.of}; did you mean `{meant}`?"
                quoted = document.source(value.range)[:1] in ("'", '"')
                yield Misfit(message, value.range, f'"{meant}"' if quoted else meant)


def _meant(value: Value, names: Sequence[str]) -> str:
    """Return the word that a value most likely means, if it is none of those that are taken."""
    written = value.text
    if value.tag != "str" or value.templated or written in names or not written:
        return ""
    folded, own = {_folded(name): name for name in names}, _folded(written)
    longer = [name for name in folded if name.endswith(f"_{own}")]
    alike = longer or get_close_matches(own, folded, n=1, cutoff=_ALIKE)
    return folded[alike[0]] if alike else ""


def _folded(name: str) -> str:
    return name.casefold().replace("-", "_")
