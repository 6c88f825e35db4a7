"""A table is changed, but the changed table is dropped."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.matching import regex
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Rule
from xops_lint.text import Range

RULE = Rule(
    code="XOP214",
    name="discarded-result",
    summary="A table is changed, but the changed table is dropped.",
    harm="The step does nothing: missing values, columns or types stay as they were, and the code says otherwise.",
    remedy="Assign the result to a name, or delete the line.",
    ops=("dataops",),
    exploration=True,
)

_NAME = regex(r"""\w+(?:\.\w+|\[(?:"[^"\n]*"|'[^'\n]*')\])*""")
_REST_OF_CELL = regex(r"(?:[ \t;)\r]|#[^\n]*|\n)*")
_NEXT_CELL = regex(r"# (?:%%|COMMAND -|In\[)")
"""How scripts that editors and platforms run cell by cell mark where one begins."""


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report calls that give a new table, change none, and whose value nothing takes."""
    for call in file.all_calls:
        if call.discarded and not call.tried and changes(call) and not shown(file, call):
            changed = receiver(file, call)
            stays = f"`{changed}` stays as it is" if changed else "nothing changes"
            yield RULE.at(call, f"gives a new table that is dropped: {stays}", fix=kept(call, changed))


def shown(file: PythonFile, call: Call) -> bool:
    """Say whether a notebook shows the value, or may: it is the last of its cell, or all are shown.

    A script that looks at tables on its top level was a notebook, or is run line by line.
    """
    if "ast_node_interactivity" in file.text or (not file.notebook and call.scope == "" and looks(file)):
        return True
    row, _ = file.lines.position(call.range.start)
    if file.text[file.lines.line_range(row).start : call.range.start].strip("("):
        return False
    end = end_of_views(file, call)
    cell = next((cell for cell in file.cells if cell.range.start <= call.range.start < cell.range.end), None)
    if cell is not None:
        return end >= cell.range.end
    return _NEXT_CELL.search(file.text[call.range.end : end]) is not None


def looks(file: PythonFile) -> bool:
    """Say whether the top level of a file has calls that are made to look at tables."""
    return any(
        each.discarded and each.scope == "" and each.entry is not None and "glance" in each.entry.traits
        for each in file.all_calls
    )


def end_of_views(file: PythonFile, call: Call) -> int:
    """Return where the code goes on after a call and others of its kind, which one may want to see side by side."""
    end = call.range.end
    for other in (each for each in file.all_calls if each.index >= call.index):
        if other is call or (other.range.start == end and other.discarded and changes(other)):
            rest = _REST_OF_CELL.match(file.text, other.range.end)
            end = rest.end() if rest else other.range.end
    return end


def changes(call: Call) -> bool:
    """Say whether a call gives a changed table and leaves its own alone."""
    traits = call.entry.traits if call.entry else frozenset[str]()
    in_place = call.value("inplace") if call.takes("inplace") else False
    return call.receiver is not None and "pure" in traits and "glance" not in traits and in_place is False


def receiver(file: PythonFile, call: Call) -> str:
    """Return what the method is called on, if that can be assigned to."""
    text = file.source(Range(call.callee.start, call.callee.end - len(call.method) - 1))
    return text if _NAME.fullmatch(text) else ""


def kept(call: Call, changed: str) -> Fix | None:
    """Return the edit that assigns the result to what the method is called on."""
    if not changed:
        return None
    start = Range(call.range.start, call.range.start)
    return Fix(f"Assign the result to `{changed}`", (Edit(start, f"{changed} = "),), Safety.UNSAFE)
