"""Which versions of a distribution a file may meet when it runs."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Protocol

from xops_lint.dependencies import Dependencies, Requirement, normalised, pip_installs
from xops_lint.entry import Deprecation
from xops_lint.shell import ShellCommand
from xops_lint.text import Range


class _Code(Protocol):
    """A module or notebook, or its facts: what has shell lines."""

    @property
    def path(self) -> str: ...

    @property
    def shell(self) -> Sequence[ShellCommand]: ...


def may_use(dependencies: Dependencies | None, file: _Code, distribution: str, specifier: str) -> bool | None:
    """Say whether a file may run with some version in ``specifier``; None if nothing declares the distribution.

    What the file installs by itself decides before what the project declares.
    """
    own = tuple(_installed(file, normalised(distribution)))
    if own:
        return Dependencies(own).may_use(distribution, specifier)
    return None if dependencies is None else dependencies.may_use(distribution, specifier, file.path)


def lacks(dependencies: Dependencies | None, file: _Code, removal: Deprecation) -> bool | None:
    """Say whether a file runs without a removed name: surely, surely not, or None where that is open."""
    until = f",<{removal.until}" if removal.until else ""
    gone = may_use(dependencies, file, removal.distribution, f">={removal.since}{until}")
    if not gone:
        return gone
    others = [f"<{removal.since}", *([f">={removal.until}"] if removal.until else [])]
    there = any(may_use(dependencies, file, removal.distribution, other) for other in others)
    # What another project of the repository asks for proves nothing.
    own = next(_installed(file, removal.distribution), None) is not None
    sure = own or (dependencies is not None and dependencies.settles(removal.distribution, file.path))
    return True if sure and not there else None


def _installed(file: _Code, name: str) -> Iterator[Requirement]:
    """Yield the versions of a distribution that the shell lines of a file ask for."""
    from packaging.requirements import InvalidRequirement
    from packaging.requirements import Requirement as Parsed

    for line in file.shell:
        for word in pip_installs(line.command):
            try:
                parsed = Parsed(word)
            except InvalidRequirement:
                continue
            if normalised(parsed.name) == name and parsed.specifier:
                yield Requirement(name, str(parsed.specifier), False, file.path, Range(0, 0))
