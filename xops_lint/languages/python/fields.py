"""Classes that declare fields, and the mappings that their objects are turned into."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any, Final

import libcst as cst

from xops_lint.columns import Columns
from xops_lint.languages.python.syntax import dotted

if TYPE_CHECKING:
    from xops_lint.call import Call

_ALIASES: Final = ("serialization_alias", "alias")

_SPELLING: Final = frozenset({"by_alias", "mode"})
"""Arguments that change how fields are written, and not which are."""


def declared_fields(node: cst.ClassDef) -> Mapping[str, str]:
    """Return the fields that the body of a class annotates, each with its alias; none if a function makes these."""
    lines = list(_lines(node))
    inner = [each for each in node.body.body if isinstance(each, cst.ClassDef) and each.name.value == "Config"]
    settings = [*lines, *(line for each in inner for line in _lines(each))]
    return {} if any("alias_generator" in _settings(line) for line in settings) else dict(_fields(lines))


def mapping_of(call: Call, makers: frozenset[str]) -> Columns | None:
    """Return the fields of the object that a call turns into a mapping, if it is known to take all of them."""
    if call.name.rpartition(".")[2] not in makers and call.method not in makers:
        return None
    given = [argument for argument in call.arguments if argument.name not in _SPELLING]
    method = call.receiver is not None and call.receiver.type != ""
    held = call.receiver if method and not given else given[0].value if len(given) == 1 and not method else None
    alias = call.keyword("by_alias")
    aliased = alias.value.constant if alias is not None else False
    if held is None or not held.type or not isinstance(aliased, bool):
        return None
    return Columns(call.index, record=held.type, aliased=aliased)


def _lines(node: cst.ClassDef) -> Iterator[Any]:
    for statement in node.body.body:
        if isinstance(statement, cst.SimpleStatementLine):
            yield from statement.body


def _fields(lines: list[Any]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if not isinstance(line, cst.AnnAssign) or not isinstance(line.target, cst.Name):
            continue
        name = line.target.value
        if not name.startswith(("_", "model_config")) and not _is_shared(line.annotation.annotation):
            yield name, _alias(line.value) or name


def _is_shared(annotation: Any) -> bool:
    """Say whether an annotation is that of an attribute of the class, not of its objects."""
    outer = annotation.value if isinstance(annotation, cst.Subscript) else annotation
    return isinstance(outer, (cst.Name, cst.Attribute)) and dotted(outer).endswith("ClassVar")


def _alias(value: Any) -> str:
    """Return the alias that a field is given, if it is a plain text."""
    given = value.args if isinstance(value, cst.Call) else ()
    texts = {each.keyword.value: each.value for each in given if each.keyword is not None}
    text = next((texts[name] for name in _ALIASES if name in texts), None)
    return str(text.evaluated_value) if isinstance(text, cst.SimpleString) else ""


def _settings(line: Any) -> Iterator[str]:
    """Yield the names that a line of a class, or of the configuration in it, sets."""
    for target in line.targets if isinstance(line, cst.Assign) else ():
        if isinstance(target.target, cst.Name):
            yield target.target.value
    value = line.value if isinstance(line, (cst.Assign, cst.AnnAssign)) else None
    for argument in value.args if isinstance(value, cst.Call) else ():
        if argument.keyword is not None:
            yield argument.keyword.value
