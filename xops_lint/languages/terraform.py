"""What Terraform makes of a file: constants stand for references, and what it is told to ignore is anybody's.

Of variables a file alone tells nothing, whatever their defaults: other files may give them other values.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from xops_lint.config import Value
from xops_lint.matching import regex
from xops_lint.supplying import Constant

_LOCAL: Final = regex(r"\$\{\s*local\.(?P<name>[\w-]+)\s*\}")
_REFERENCE: Final = regex(r"\$\{\s*(?P<name>(?:local|var)\.[\w-]+)\s*\}")
_PLACE: Final = regex(r"\[\d+\]|(?=\.|\Z)")
_STEP: Final = regex(r"(?:\\.|[^.\\])+")
"""A part of the name of a setting; ``\\.`` is a dot in it."""

_SET: Final = "set"
"""What stands for a place in the list of a chart's values that the file does not have."""

_MOST_ROUNDS: Final = 5
"""Constants may be made of others; longer chains are left as they are."""


def settle(root: Value) -> None:
    """Put the constants of a file in the places of the references to them, and forget what others change."""
    _fill_in(root)
    _set(root)
    for ignored in root.at("resource.*.*.lifecycle.ignore_changes[*]"):
        resource = ".".join(ignored.route.split(".")[:3])
        written = ignored.text.removeprefix("${").removesuffix("}")
        for value in root.at(f"{resource}.{_PLACE.sub('[]', written)}"):
            value.data, value.tag = None, "unknown"


def _set(root: Value) -> None:
    """Add the values that a chart is installed with one by one to those that it is given as a whole."""
    for release in root.at("resource.helm_release.*"):
        single = [each for each in release.at("set[]") if {"name", "value"} <= each.items.keys()]
        tree = Value({}, "map", release.range, route=f"{release.route}.values[{_SET}]")
        for each in single:
            _put(tree, _STEP.findall(each.items["name"].text), each.items["value"])
        if tree.items and isinstance(release.data, dict):
            given = release.items.get("values")
            elements = [*given.list, tree] if given is not None else [tree]
            release.data["values"] = Value(elements, "list", release.range, route=f"{release.route}.values")


def _put(tree: Value, steps: Sequence[str], value: Value) -> None:
    """Put a value into a tree where the name of a setting says; names that reach into lists are left out."""
    names = [step.replace("\\.", ".") for step in steps]
    if not names or any("[" in name or "{" in name or "$" in name for name in names):
        return
    for name in names[:-1]:
        entries = tree.data if isinstance(tree.data, dict) else {}
        tree = entries.setdefault(name, Value({}, "map", value.range, route=f"{tree.route}.{name}"))
    if isinstance(tree.data, dict):
        tree.data[names[-1]] = replace(value, route=f"{tree.route}.{names[-1]}")


def supply(root: Value, constants: Mapping[str, Constant]) -> None:
    """Put constants that other files of a module tell in the places of the references to them."""
    for value in root.walk() if constants else ():
        text = value.data if isinstance(value.data, str) else ""
        whole = _REFERENCE.fullmatch(text)
        if whole is not None and whole["name"] in constants:
            value.data, value.tag = constants[whole["name"]]
        elif whole is None and "${" in text:
            value.data = _REFERENCE.sub(lambda match: _spelled(match, constants), text)


def _spelled(match: re.Match[str], constants: Mapping[str, Constant]) -> str:
    found = constants.get(match["name"])
    return match[0] if found is None or found.text is None else found.text


def _fill_in(root: Value) -> None:
    found = root.items.get("locals")
    if found is None:
        return
    named = {name: value for block in found.list or (found,) for name, value in block.items.items()}
    known: dict[str, Value] = {}
    for _ in range(_MOST_ROUNDS):
        known = {name: value for name, value in named.items() if _is_constant(value)}
        if sum(_filled(value, known) for value in named.values()) == 0:
            break
    for value in root.walk() if known else ():
        _filled(value, known)


def _is_constant(value: Value) -> bool:
    return isinstance(value.data, str) and "${" not in value.data and "%{" not in value.data


def _filled(value: Value, known: dict[str, Value]) -> bool:
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
