"""What notebooks take as parameters, and what the programs that run them hand over."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint.code import PythonFile
from xops_lint.matching import regex
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.call import Call
    from xops_lint.facts import Facts
    from xops_lint.project import Project
    from xops_lint.shell import Command

_TAG: Final = "parameters"
_SET: Final = regex(r"^(?P<name>[A-Za-z_]\w*)[ \t]*(?::[^=\n]+)?=(?!=)", re.MULTILINE)
HANDING: Final = frozenset({"-p", "-r", "--parameters", "--parameters_raw"})
"""Options that are followed by the name of a parameter and its value."""


class Taken(NamedTuple):
    """The names that a notebook sets at its top: those of its cell for parameters, and those of all others."""

    marked: bool
    parameters: frozenset[str]
    others: frozenset[str]


class NotebookRun(NamedTuple):
    """A place that runs a notebook of the project with parameters of these names."""

    path: str
    range: Range
    notebook: Facts
    names: tuple[str, ...]


def taken(file: PythonFile) -> Taken | None:
    """Return what a notebook sets; None for a module."""
    if not file.notebook:
        return None
    marked, names = False, {True: set[str](), False: set[str]()}
    for cell in file.cells:
        if cell.python:
            tagged = _TAG in cell.tags
            marked = marked or tagged
            names[tagged].update(match["name"] for match in _SET.finditer(cell.source))
    return Taken(marked, frozenset(names[True]), frozenset(names[False]))


def runs(project: Project) -> Iterator[NotebookRun]:
    """Yield what runs one notebook of the project with parameters that are known."""
    for file, call in project.calls("run_notebook"):
        yield from _run(project, file.path, call.range, _path_of(call), tuple(_handed(call)))
    for file in project.facts:
        for command in (*file.commands, *(each for line in file.shell for each in line.commands)):
            if "run_notebook" in command.roles:
                yield from _run(project, file.path, command.range, command.script, tuple(_options(command)))


def _run(project: Project, path: str, where: Range, target: str, names: tuple[str, ...]) -> Iterator[NotebookRun]:
    end = target.removeprefix("./")
    found = [file for file in project.python if end and file.notebook and f"/{file.path}".endswith(f"/{end}")]
    if len(found) == 1 and names:
        yield NotebookRun(path, where, found[0], names)


def _path_of(call: Call) -> str:
    path = call.argument("path")
    return (path.value.string or "") if path is not None else ""


def _handed(call: Call) -> Iterator[str]:
    """Yield the names of the parameters that a call hands over."""
    given = call.argument("parameters")
    yield from (str(name) for name in (given.value.entries or ()) if isinstance(name, str)) if given is not None else ()


def _options(command: Command) -> Iterator[str]:
    """Yield the names of the parameters that a command hands over."""
    for option, name in zip(command.words, command.words[1:]):
        if option in HANDING and name.isidentifier():
            yield name
