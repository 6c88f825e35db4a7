"""Keys of a config that are most likely another key, misspelt."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches

from xops_lint import kinds
from xops_lint.config import ConfigFile, Misspelling, Value
from xops_lint.matching import regex

PLAIN = regex(r"[A-Za-z][\w-]{2,}\Z")
"""Keys that are written as words, and may be misspelt."""

ALIKE = 0.8
"""Below this, a key that nobody knows is more likely new than misspelt."""


def misspellings(document: ConfigFile) -> Iterator[Misspelling]:
    """Yield the keys that their mapping does not know, if it lacks a key that is spelt nearly so."""
    seen = set()
    for kind, root in zip(document.kinds, document.documents):
        for known in kinds.keys(kind):
            for mapping in root.at(known.at):
                for found in _misspelt(mapping, known.names, known.of):
                    # An alias stands for the same key once more.
                    if found.range not in seen:
                        seen.add(found.range)
                        yield found


def _misspelt(mapping: Value, names: Sequence[str], of: str) -> Iterator[Misspelling]:
    lacking = {folded(name): name for name in names if name not in mapping.items}
    for name, value in mapping.items.items():
        if name in names or value.key is None or not PLAIN.match(name):
            continue
        alike = get_close_matches(folded(name), lacking, n=1, cutoff=ALIKE)
        if alike:
            yield Misspelling(name, lacking[alike[0]], of, value.key)


def folded(name: str) -> str:
    """Return what a key is compared by: letters that differ in size count as the same, and so do bars."""
    return name.casefold().replace("-", "_")
