"""Literals of any kind as JSON: the constants of code and the settings of rules."""

from __future__ import annotations

import math
import types
from collections.abc import Callable
from enum import Enum
from typing import Any, Final


class Unstorable(Exception):
    """Some data cannot be kept: it holds what no type declares, or too much, or itself."""


class Foreign(Exception):
    """What was read is not of the wanted type."""


def write(value: Any) -> Any:
    """Return a literal; what JSON has no word for stands in an object whose only key says what it is."""
    kind = value.__class__
    if value is None or kind in (str, int, bool) or (kind is float and math.isfinite(value)):
        return value
    if kind is list:
        return [write(each) for each in value]
    if kind in (tuple, frozenset, set):
        return {kind.__name__: [write(each) for each in value]}
    if kind in (dict, types.MappingProxyType):
        return {"dict": [[write(key), write(each)] for key, each in value.items()]}
    if kind is bytes:
        return {"bytes": value.hex()}
    if kind is float:
        return {"float": repr(value)}
    if kind is complex:
        return {"complex": repr(value)}
    if value is ...:
        return {"...": 0}
    if isinstance(value, Enum) and kind in _literal_enums():
        return {"enum": [kind.__name__, value.name]}
    raise Unstorable(f"{kind.__name__} is no literal")


def read(data: Any) -> Any:
    """Return the literal that such JSON stands for; raises Foreign or what misshapen data makes Python raise."""
    kind = data.__class__
    if kind is list:
        return [read(each) for each in data]
    if kind is not dict:
        return data
    ((word, inner),) = data.items()
    if word in _COLLECTIONS:
        return _COLLECTIONS[word](read(each) for each in inner)
    if word == "dict":
        return {read(key): read(each) for key, each in inner}
    if word == "enum":
        name, member = inner
        return next(each for each in _literal_enums() if each.__name__ == name)[member]
    if word in _SPELLED:
        return _SPELLED[word](inner)
    if word == "...":
        return ...
    raise Foreign(f"`{word}` is no literal")


_COLLECTIONS: Final[dict[str, Callable[[Any], Any]]] = {"tuple": tuple, "frozenset": frozenset, "set": set}
_SPELLED: Final[dict[str, Callable[[str], Any]]] = {"bytes": bytes.fromhex, "float": float, "complex": complex}


def _literal_enums() -> tuple[type[Enum], ...]:
    """Return the enumerations whose members stand among literals."""
    from xops_lint.expression import Unknown

    return (Unknown,)
