"""Which files calls read and write, by the paths and open files that they are given."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from xops_lint import provenance
from xops_lint.locations import known_name

if TYPE_CHECKING:
    from xops_lint.call import Argument, Call
    from xops_lint.facts import Facts
    from xops_lint.project import Project


def paths(file: Facts, call: Call) -> Iterator[Argument]:
    """Yield the argument that holds the path of a call, and that of the open file it is given."""
    path = call.argument("path")
    if path is not None:
        yield path
        for handle in file.sources(path.value, "open_file"):
            opened = handle.argument("path")
            if opened is not None:
                yield opened


def names(file: Facts, call: Call) -> Iterator[str]:
    """Yield what is known of the names of the files that a call reads or writes."""
    for path in paths(file, call):
        name = known_name(path.value.string or "")
        if name:
            yield name


def names_across(project: Project, file: Facts, call: Call) -> Iterator[str]:
    """Yield the same, also of paths that other modules and configs hold."""
    for path in paths(file, call):
        for written in provenance.texts(project, file, call, path):
            name = known_name(written.text)
            if name:
                yield name


def saved(file: Facts) -> frozenset[str]:
    """Return the known names of the files to which calls of a file save models or data."""
    return frozenset(name for call in file.playing("save_model", "save_data") for name in names(file, call))
