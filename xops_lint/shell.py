"""One simple command of a shell text: what rules see of it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, NamedTuple

from xops_lint.locations import is_remote
from xops_lint.text import Range

_SENDING: Final = frozenset(
    {
        "-X",
        "--request",
        "-d",
        "--data",
        "--data-binary",
        "--data-raw",
        "-F",
        "--form",
        "-T",
        "--upload-file",
        "-I",
        "--head",
    }
)
"""Options with which a command sends something, or fetches no content."""

OWN_FOLDER: Final = "{own}"
"""Stands in the commands of a script for the folder that the script lies in."""


ALTERNATIVE: Final = "alternative"
"""The text itself forgives a failure: ``|| true``."""

PIPE: Final = "pipe"
"""A pipe ends as its last part does."""

NEXT: Final = "next"
"""The shell goes on with the next command."""


class Shell(NamedTuple):
    """Whether a shell stops at the first failure, and whether a pipe fails with any part; None if nobody knows."""

    stops: bool | None = None
    pipes: bool | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """A simple command, without what only wraps it (``sudo``, ``VARIABLE=x``).

    ``roles`` and ``known`` come from data/commands.yaml; a command that is not known
    may do anything. ``script`` is the file it runs, ``module`` the Python module,
    ``files`` what else it must find on disk. ``folder`` is where the text has gone
    with ``cd`` before, or None if that is not known. ``forgiven`` says why nobody sees that
    the command fails (``ALTERNATIVE`` …) and is empty if somebody may, ``route`` is that of its config value.
    """

    words: tuple[str, ...]
    range: Range
    roles: frozenset[str] = frozenset()
    known: bool = False
    script: str = ""
    module: str = ""
    files: tuple[str, ...] = ()
    folder: str | None = ""
    forgiven: str = ""
    route: str = ""

    @property
    def text(self) -> str:
        """The words, for messages and searches."""
        return " ".join(self.words)

    @property
    def fetched(self) -> Iterator[str]:
        """The addresses that the command fetches; none if it sends, or copies the other way."""
        if "download" not in self.roles or not _SENDING.isdisjoint(self.words):
            return
        local = False
        for word in self.words[1:]:
            if is_remote(word):
                # A copy to a store names what is here first; programs that read from the web never do.
                if word.startswith("http") or not local:
                    yield word
                local = True
            elif not word.startswith("-") and ("/" in word or "." in word):
                local = True


@dataclass(slots=True)
class ShellCommand:
    """A shell line in Python: ``!pip install x``, ``%pip …``, ``os.system("…")``.

    ``via`` is ``magic``, ``cell`` (a ``%%bash`` cell) or the called name;
    ``commands`` are the simple commands that the line consists of, ``conditional``
    marks a magic that runs only if something holds, ``function`` is that which
    returns the text to be run.
    """

    command: str
    via: str
    range: Range = Range(0, 0)
    commands: tuple[Command, ...] = ()
    conditional: bool = False
    function: str = ""
