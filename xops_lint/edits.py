"""Edits that several rules need: one more argument, the seed that a project would pass, cleared outputs."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

from xops_lint.call import Call
from xops_lint.code import Import, PythonFile
from xops_lint.config import Value
from xops_lint.diagnostic import AnyEdit, ClearedOutputs, DeletedCell, Edit, Fix, Safety
from xops_lint.document import Cell
from xops_lint.elements import DroppedElement, NewArgument, NewElements, NewList
from xops_lint.insertions import SEED, AfterImports, NewStatement, Seeded, SeededFirst, Unless
from xops_lint.matching import regex
from xops_lint.operations import Equality
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.facts import Facts

_SEED_NAME = regex(r"(?:[A-Z]+_)*(?:SEED|RANDOM_STATE)")
_USUAL_SEED = 42

_PLAIN_PATH = regex(r"(?!-)[\w./-]+")

_LISTING = regex(r"(?P<key>\w+)\[\*?\]")

_COMPARED = regex(r"(?P<value>.*\S)\s*[!=]=[\s(]*", re.DOTALL)
_COMPARING = regex(r"[\s)]*[!=]=\s*(?P<value>\S.*)", re.DOTALL)
_MISSING = {
    "pandas": ("{module}.isna({value})", "{module}.notna({value})"),
    "numpy": ("{module}.isnan({value})", "~{module}.isnan({value})"),
    "math": ("{module}.isnan({value})", "not {module}.isnan({value})"),
}
"""How modules ask whether a value is missing or not; those after the first fail for what is no number."""


def one_more(call: Call, name: str, value: str) -> NewArgument:
    """Return the edit that passes one more argument by its name."""
    last = max((argument.range.end for argument in call.arguments), default=None)
    return NewArgument(call.range, last, f"{name}={value}")


def passed(call: Call, meaning: str, value: str, title: str) -> Fix:
    """Return the fix that passes a value for a meaning, in place of the one that is passed or as one more."""
    given = call.argument(meaning)
    value = call.entry.parameters[meaning].written.replace("{}", value) if call.entry and call.takes(meaning) else value
    edit = one_more(call, call.spelling(meaning), value) if given is None else Edit(given.range, value)
    return Fix(title, (edit,), Safety.UNSAFE)


def asked(file: PythonFile, equality: Equality) -> Fix | None:
    """Return the fix that asks whether a value is missing, by what the file imports, in place of a comparison."""
    before = file.source(Range(equality.range.start, equality.side.start))
    after = file.source(Range(equality.side.end, equality.range.end))
    match = _COMPARED.fullmatch(before) or _COMPARING.fullmatch(after)
    modules = {each.target: each.name for each in file.imports if not each.scope and not each.star}
    module = next((module for module in _MISSING if module in modules), None)
    if equality.side == Range(0, 0) or match is None or module is None:
        return None
    test = _MISSING[module][equality.unequal]
    text = test.format(module=modules[module], value=match["value"])
    safety = Safety.SAFE if module == "pandas" else Safety.UNSAFE
    return Fix(f"Ask with `{test.format(module=modules[module], value='…')}`", (Edit(equality.range, text),), safety)


def depended(file: Facts, stage: Value, paths: Sequence[str]) -> Fix | None:
    """Return the fix that adds paths to those a stage depends on, where it lists any and writes them down itself."""
    return _listed(file, stage, "input", paths, "dependencies", Safety.SAFE)


def declared(file: Facts, stage: Value | None, role: str, texts: Sequence[str], what: str) -> Fix | None:
    """Return the fix that adds to what a stage declares of a role, as ``depended``; the stage will then run anew."""
    return _listed(file, stage, role, texts, what, Safety.UNSAFE) if stage is not None else None


def undeclared(stage: Value | None, element: Range, path: str, what: str) -> Fix | None:
    """Return the fix that takes one of several elements out of a list that a stage writes down itself."""
    around = (
        next((value for value in stage.walk() if any(each.range == element for each in value.list)), None)
        if stage
        else None
    )
    if stage is None or around is None or len(around.list) < 2 or not stage.range.covers(around.range):
        return None
    return Fix(f"Take `{path}` out of the {what}", (DroppedElement(element),), Safety.UNSAFE)


def _listed(file: Facts, stage: Value, role: str, texts: Sequence[str], kind: str, safety: Safety) -> Fix | None:
    if not all(map(_PLAIN_PATH.fullmatch, texts)):
        return None
    what = f"`{texts[0]}`" + (f" and {len(texts) - 1} more" if len(texts) > 1 else "")
    first = next(file.values(role, stage), None)
    if first is None:
        beside = next((value for value in stage.items.values() if value.list and value.key is not None), None)
        key = _key(file, role)
        if beside is None or beside.key is None or not key or key in stage.items:
            return None
        end = max(beside.range.end, beside.list[-1].range.end)
        return Fix(f"Add {what} to the {kind}", (NewList(beside.key, end, key, tuple(texts)),), safety)
    around = next((value for value in stage.walk() if value.list and first.route.startswith(f"{value.route}[")), None)
    # What an alias stands for is written elsewhere, for others as well.
    if around is None or not (stage.range.covers(around.range) and around.range.covers(around.list[-1].range)):
        return None
    return Fix(f"Add {what} to the {kind}", (NewElements(around.list[-1].range, tuple(texts)),), safety)


def _key(file: Facts, role: str) -> str:
    """Return the key below which the kind of a file lists what plays a role, or nothing."""
    routes = (route for kind in file.kinds for route in file.routes.get(kind, {}).get(role, ()))
    match = next((match for route in routes if (match := _LISTING.search(route))), None)
    return match["key"] if match is not None else ""


def cleared(cell: Cell) -> Fix:
    """Return the fix that takes a cell's saved outputs out of the notebook."""
    return Fix("Clear the outputs of the cell", (ClearedOutputs(cell.number, cell.range),), Safety.SAFE)


def deleted(cell: Cell) -> Fix:
    """Return the fix that takes a cell out of the notebook."""
    return Fix("Delete the cell", (DeletedCell(cell.number, cell.range),), Safety.UNSAFE)


def seeded(file: Facts, call: Call) -> Fix | None:
    """Return the fix that passes the seed at hand there, or a number if there is none."""
    written = (
        _in_words_of(file, call.entry.parameters["seed"].written) if call.passable("seed") and call.entry else None
    )
    if written is None:
        return None
    value, given = written.replace("{}", SEED), call.argument("seed")
    if given is not None:
        edit: Edit | NewArgument = Edit(given.range, value)
    elif not call.arguments and call.entry and call.entry.parameters["seed"].position == 0:
        edit = NewArgument(call.range, None, value)
    else:
        edit = one_more(call, call.spelling("seed"), value)
    title = f"Pass a seed as `{call.spelling('seed')}`"
    return Fix(title, (Seeded(edit, call.range.start, _seed_of(file)),), Safety.UNSAFE)


def seeded_first(file: Facts, draw: Call) -> Fix | None:
    """Return the fix that seeds what a call draws from after the imports of its file."""
    entry = draw.entry
    imported = _providing(file.imports, entry.seeder) if entry is not None else None
    if entry is None or imported is None:
        return None
    text = f"{_spelled(imported, entry.seeder)}({SEED})"
    line = Unless(SeededFirst(imported.range, draw.range.start, text, _seed_of(file)), entry.older)
    return Fix(f"Seed `{entry.draws}` at the start", (line,), Safety.UNSAFE)


def seeded_too(file: Facts, seeding: Call, drawing: Facts, draw: Call) -> Fix | None:
    """Return the fix that seeds after one library also another, by the same seed."""
    entry, seed = draw.entry, seeding.argument("seed")
    imported = _providing(file.imports, entry.seeder) if entry is not None else None
    known = imported or (_providing(drawing.imports, entry.seeder) if entry is not None else None)
    first = next((each for each in file.imports if not each.scope), None)
    if entry is None or seed is None or known is None or first is None or not seeding.discarded:
        return None
    text = f"{_spelled(known, entry.seeder)}({{}})"
    line = Unless(NewStatement(seeding.range, text, (seed.range,), after=True), entry.older)
    edits: list[AnyEdit] = [line]
    if imported is None:
        named = known.target.rpartition(".")[2] != known.name or "." in known.target
        edits.append(AfterImports(first.range, f"import {known.target}{f' as {known.name}' if named else ''}"))
    return Fix(f"Seed `{entry.draws}` as well", tuple(edits), Safety.UNSAFE)


def spelled(file: PythonFile, name: str) -> str | None:
    """Return how a file may write a qualified name by what it imports; None if it imports nothing of it."""
    direct = next((each.name for each in file.imports if each.target == name and not each.scope), None)
    imported = _providing(file.imports, name)
    return direct or (_spelled(imported, name) if imported is not None else None)


def _providing(imports: Sequence[Import], function: str) -> Import | None:
    """Return the import of a module, at the top level, by which a function of it can be called."""
    modules = (each for each in imports if not each.scope and not each.star and each.range.end)
    known = [each for each in modules if function.startswith(f"{each.target}.")]
    return max(known, key=lambda each: len(each.target) if each.name != _root(each) else 0, default=None)


def _spelled(imported: Import, function: str) -> str:
    # A plain `import a.b` binds the root alone.
    return function if imported.name == _root(imported) else imported.name + function.removeprefix(imported.target)


def _root(imported: Import) -> str:
    return imported.target.partition(".")[0]


def _in_words_of(file: Facts, written: str) -> str | None:
    """Return what is written of a value in the names that a file has for modules; None if it has none for one."""
    root, dot, rest = written.partition(".")
    if not dot:
        return written
    imported = next((each for each in file.imports if each.target == root and not each.scope), None)
    return f"{imported.name}.{rest}" if imported is not None else None


def _seed_of(file: Facts) -> str:
    """Return what other calls of the file pass: a constant of the module, or most often which number."""
    for name, value in file.names.items():
        if _SEED_NAME.fullmatch(name) and type(value.constant) is int:
            return name
    for imported in file.imports:
        if _SEED_NAME.fullmatch(imported.name) and not imported.scope:
            return imported.name
    numbers = Counter(number for other in file.calls if type(number := other.value("seed")) is int)
    return str(max(numbers, key=lambda number: numbers[number], default=_USUAL_SEED))
