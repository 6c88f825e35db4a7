"""Fills in the variables of pipeline files: ``${train.rounds}``, ``${item}``, ``${files[0]}``."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Final, TypeAlias

from xops_lint.matching import regex

if TYPE_CHECKING:
    from xops_lint.config import Value

Plain: TypeAlias = "str | list[Plain] | dict[str, Plain] | None"
"""A config value without its place; numbers and switches are text as a template would write them."""

_TEMPLATE: Final = regex(r"(?<!\\)\$\{\s*(?P<route>[^{}]*?)\s*\}")
_KEY: Final = regex(r"\[(\d+)\]|([^.\[\]]+)")
_DEEPEST: Final = 20


def plain(value: Value, depth: int = 0) -> Plain:
    """Return what a config value holds, texts unfilled."""
    if depth > _DEEPEST:
        return None
    if isinstance(value.data, dict):
        return {key: plain(inner, depth + 1) for key, inner in value.data.items()}
    if isinstance(value.data, list):
        return [plain(inner, depth + 1) for inner in value.data]
    return _scalar(value)


def filled(text: str, variables: Mapping[str, Plain]) -> str:
    """Return a text with every variable that is known filled in; others stay as they are."""

    def replaced(match: re.Match[str]) -> str:
        found = looked_up(match["route"], variables)
        return found if isinstance(found, str) else match.group()

    return _TEMPLATE.sub(replaced, text).replace("\\${", "${")


def resolved(value: Plain, variables: Mapping[str, Plain]) -> Plain:
    """Return a value with all its texts filled in; a text that is one variable becomes what that holds."""
    if isinstance(value, dict):
        return {filled(key, variables): resolved(inner, variables) for key, inner in value.items()}
    if isinstance(value, list):
        return [resolved(inner, variables) for inner in value]
    if value is None:
        return None
    whole = _TEMPLATE.fullmatch(value)
    found = looked_up(whole["route"], variables) if whole else None
    return found if found is not None else filled(value, variables)


def looked_up(route: str, variables: Mapping[str, Plain]) -> Plain:
    """Return what a dotted route reaches, or None."""
    found: Plain = dict(variables)
    for index, key in _KEY.findall(route):
        if index and isinstance(found, list) and int(index) < len(found):
            found = found[int(index)]
        elif key and isinstance(found, dict):
            found = found.get(key)
        else:
            return None
    return found


def merged(base: Mapping[str, Plain], more: Plain) -> dict[str, Plain]:
    """Return variables with more of them; mappings grow together, for the rest the later one counts."""
    result = dict(base)
    for key, value in more.items() if isinstance(more, dict) else ():
        before = result.get(key)
        result[key] = merged(before, value) if isinstance(before, dict) and isinstance(value, dict) else value
    return result


def unfilled(text: str) -> bool:
    """Say whether a variable is left in a text."""
    return _TEMPLATE.search(text) is not None


def is_composite(value: Plain) -> bool:
    """Say whether a value has parts of its own."""
    return isinstance(value, Mapping) or (isinstance(value, Sequence) and not isinstance(value, str))


def _scalar(value: Value) -> str | None:
    if value.tag == "null":
        return None
    try:
        if value.tag == "float":
            return str(float(value.text))
        return str(int(value.text, 0)) if value.tag == "int" else _switch(value)
    except ValueError:
        return value.text


def _switch(value: Value) -> str:
    return value.text.lower() if value.tag == "bool" else value.text
