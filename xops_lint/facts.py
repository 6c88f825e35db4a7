"""The facts of one document: what the project keeps of it."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.chance import sounds_like_seeding
from xops_lint.code import Call, PythonFile
from xops_lint.config import ConfigFile
from xops_lint.document import Document
from xops_lint.project import Facts

_LARGEST_TREE = 200_000
"""Configs with more text than this keep their kind but not their tree."""


def facts_of(document: Document) -> Facts:
    """Return the facts of a document: plain data that outlives it."""
    if isinstance(document, PythonFile):
        return _python_facts(document)
    if isinstance(document, ConfigFile):
        kept = bool(document.kind) and len(document.text) <= _LARGEST_TREE
        return Facts(
            document.path,
            document.language,
            document.context,
            kinds=tuple(document.kinds),
            documents=tuple(document.documents) if kept else (),
            routes=document.routes,
            commands=tuple(document.commands),
        )
    return Facts(document.path, document.language, document.context)


def _python_facts(file: PythonFile) -> Facts:
    return Facts(
        file.path,
        file.language,
        file.context,
        module=file.module,
        main=file.main,
        imports=tuple(file.imports),
        definitions=tuple(file.definitions),
        comparisons=tuple(file.comparisons),
        guarded=_guarded(file),
        references=file.references,
        returned=file.returned,
        calls=tuple(_kept_calls(file)),
        shell=tuple(file.shell),
        names={name: value for name, value in file.names.items() if value.known or value.name},
        statements=len(file.all_calls),
    )


def _kept_calls(file: PythonFile) -> Iterator[Call]:
    """Yield the calls that project rules may ask for; most calls mean nothing to any."""
    drawn = frozenset(call.index for call in file.calls("clock", "draw", "generator"))
    for call in file.all_calls:
        catalogued = call.roles or (call.entry is not None and call.entry.traits)
        if catalogued or sounds_like_seeding(call) or (drawn and not drawn.isdisjoint(call.flowing)):
            yield call


def _guarded(file: PythonFile) -> frozenset[str]:
    """Return the functions that this file calls, but only under a condition."""
    prefix = f"{file.module}."
    called: dict[str, bool] = {}
    for call in file.all_calls:
        if call.name.startswith(prefix):
            scope = call.name[len(prefix) :]
            called[scope] = called.get(scope, True) and call.conditional
    return frozenset(scope for scope, conditional in called.items() if conditional)
