"""What seeds the global generators of a project's programs."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from xops_lint.code import Call
    from xops_lint.project import Facts, Project

_SEEDING: Final = re.compile(r"seed|determinis|reproducib", re.IGNORECASE)
"""What a function is called that pins chance."""


def sounds_like_seeding(call: Call) -> bool:
    """Say whether a call that nobody knows may seed, to judge by its name.

    A bare ``seed`` of an unknown object is mostly that of a simulation, which keeps
    a generator of its own.
    """
    name = call.name.rpartition(".")[2] or call.method
    return call.entry is None and call.discarded and bool(_SEEDING.search(name)) and (call.name, name) != ("", "seed")


def seeds(project: Project, entry: Facts, family: str) -> bool:
    """Say whether running an entry may seed a family's global generator.

    A seed that is None is none. A function of another distribution that the
    catalog does not know, and that is called for its seeding, may seed anything.
    """
    for file, call in project.calls_reached(entry):
        if call.entry is None:
            if sounds_like_seeding(call) and not _defined(project, file, call):
                return True
        elif family in call.entry.seeds and not _starts_anew(call):
            return True
    return False


def pinned(project: Project, file: Facts, call: Call) -> bool:
    """Say whether every program that may run a call seeds the generator it draws from.

    What tests do is no matter, unless the call is run by nothing else.
    """
    family = call.entry.draws if call.entry else None
    if family is None:
        return False
    entries = project.entries_running(file, call)
    programs = [entry for entry in entries if not entry.context.test] or entries
    return all(project.seeds(entry, family) for entry in programs)


def _starts_anew(call: Call) -> bool:
    """Say whether a seeding call takes the system's entropy: its seed is None."""
    return call.takes("seed") and call.value("seed") is None


def _defined(project: Project, file: Facts, call: Call) -> bool:
    """Say whether the project holds the called function, so that its body tells what it seeds."""
    found = project.resolve(call.name, file) if call.name else None
    return found is not None and found[1] != ""
