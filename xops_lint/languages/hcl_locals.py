"""Constants that a file of Terraform names once and fills in elsewhere: its ``locals``.

Variables are left alone, whatever their defaults: they are there to be given other values.
"""

from __future__ import annotations

import re
from typing import Final

from xops_lint.config import Value

_LOCAL: Final = re.compile(r"\$\{\s*local\.(?P<name>[\w-]+)\s*\}")
_MOST_ROUNDS: Final = 5
"""Constants may be made of others; longer chains are left as they are."""


def resolve(root: Value) -> None:
    """Put the constants of a file in the places of the references to them."""
    found = root.items.get("locals")
    if found is None:
        return
    named = {name: value for block in found.list or (found,) for name, value in block.items.items()}
    for _ in range(_MOST_ROUNDS):
        known = {name: value for name, value in named.items() if _is_constant(value)}
        if not any([_fill(value, known) for value in named.values()]):
            break
    known = {name: value for name, value in named.items() if _is_constant(value)}
    for value in root.walk() if known else ():
        _fill(value, known)


def _is_constant(value: Value) -> bool:
    return isinstance(value.data, str) and "${" not in value.data and "%{" not in value.data


def _fill(value: Value, known: dict[str, Value]) -> bool:
    """Put constants into one value; say whether one was put."""
    if not isinstance(value.data, str) or "local." not in value.data:
        return False
    before = value.data
    whole = _LOCAL.fullmatch(before)
    if whole is not None and whole["name"] in known:
        value.data, value.tag = known[whole["name"]].data, known[whole["name"]].tag
    elif whole is None:
        value.data = _LOCAL.sub(lambda match: known[match["name"]].text if match["name"] in known else match[0], before)
    return value.data != before
