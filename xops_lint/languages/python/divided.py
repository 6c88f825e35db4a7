"""Parts of data that was divided before it is read: by who gave it out, or into files of their own."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache
from typing import Any, Final

from xops_lint.call import Argument, Call
from xops_lint.cut import FIRST_CUT
from xops_lint.entry import Entry
from xops_lint.expression import Expression, changed
from xops_lint.matching import regex

_WORDS: Final = regex(r"[A-Z]?[a-z]+|[A-Z]+")
_SPELLED: Final = {
    "test": "test",
    "testing": "test",
    "train": "train",
    "training": "train",
    "val": "validation",
    "valid": "validation",
    "validation": "validation",
    "dev": "validation",
}
"""The parts of data by the words that stand for them in the names of files and splits."""


def read_part(call: Call, entry: Entry, value: Expression) -> Expression:
    """Return what a call reads, as the part of divided data that it asks for or that the path names."""
    if entry.parts:
        return _pairs(call.index, entry.parts, value)
    asked = call.value("part")
    if isinstance(asked, bool):
        part = "train" if asked else "test"
    else:
        part = _said(asked) if isinstance(asked, str) else _path_part(call.argument("path"))
    return changed(value, parts=value.parts | {(call.index, part)}) if part else value


def told_part(call: Call, value: Expression, calls: Sequence[Call]) -> Expression:
    """Return what a function of the code has read, as the part that the path it was given names."""
    for argument in call.arguments:
        text = argument.value.constant
        part = part_in(text) if isinstance(text, str) else ""
        if part and any(index >= 0 and "load_data" in calls[index].roles for index in value.sources):
            return changed(value, parts=value.parts | {(call.index, part)})
    return value


def named_part(base: Expression, key: Any, value: Expression, calls: Sequence[Call]) -> Expression:
    """Return what a key takes out of data whose parts have names."""
    part = _SPELLED.get(key) if isinstance(key, str) else None
    if part is None:
        return value
    made = (index for index in base.sources if index >= 0 and not calls[index].roles.isdisjoint(_DIVIDING))
    index = max(made, default=None)
    return value if index is None else changed(value, parts=value.parts | {(index, part)})


_DIVIDING: Final = frozenset({"load_data", "split_data"})


def cut_here(value: Expression, calls: Sequence[Call]) -> bool:
    """Say whether rows were divided by the code, or may have been by its caller, and not read as a part."""
    return any(index < 0 or index >= FIRST_CUT or "split_data" in calls[index].roles for index, _ in value.parts)


@lru_cache(maxsize=256)
def part_in(path: str) -> str:
    """Return the part of data that the name of a file, or else that of its folder, stands for."""
    folders, _, name = path.rstrip("/").rpartition("/")
    return _said(name) or _SPELLED.get(folders.rpartition("/")[2].lower(), "")


def _path_part(path: Argument | None) -> str:
    """Return the part that a path names, or else the setting, parameter or constant that holds it."""
    if path is None:
        return ""
    if path.value.string is not None:
        return part_in(path.value.string)
    return _said((path.value.route or path.value.name).rpartition(".")[2])


def _said(text: str) -> str:
    """Return the only part that a text speaks of."""
    found = {_SPELLED[word] for each in _WORDS.findall(text) if (word := each.lower()) in _SPELLED}
    return found.pop() if len(found) == 1 else ""


def _pairs(index: int, parts: Sequence[str], value: Expression) -> Expression:
    """Return rows and targets of each part, one pair after another."""
    pairs = []
    for part in parts:
        half = changed(value, parts=value.parts | {(index, part)})
        pairs.append(changed(half, elements=(half, half)))
    return changed(value, elements=tuple(pairs))
