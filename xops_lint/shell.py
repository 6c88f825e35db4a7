"""One simple command of a shell text: what rules see of it."""

from __future__ import annotations

from dataclasses import dataclass

from xops_lint.text import Range


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command, without what only wraps it (``sudo``, ``VARIABLE=x``).

    ``roles`` and ``known`` come from data/commands.yaml; a command that is not known
    may do anything. ``script`` is the file it runs, ``module`` the Python module,
    ``files`` what else it must find on disk. ``folder`` is where the text has gone
    with ``cd`` before, or None if that is not known. ``forgiven`` marks a command
    whose failure the text ignores (``|| true``), ``route`` is that of its config value.
    """

    words: tuple[str, ...]
    range: Range
    roles: frozenset[str] = frozenset()
    known: bool = False
    script: str = ""
    module: str = ""
    files: tuple[str, ...] = ()
    folder: str | None = ""
    forgiven: bool = False
    route: str = ""

    @property
    def text(self) -> str:
        """The words, for messages and searches."""
        return " ".join(self.words)
