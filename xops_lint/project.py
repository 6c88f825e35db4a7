"""All facts of one repository: what cross-file rules see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

from xops_lint.code import Call, Definition, Expression, Import, ShellCommand
from xops_lint.document import Context
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.config import Value
    from xops_lint.dependencies import Dependencies


@dataclass(slots=True)
class Facts:
    """What a project keeps of one document: plain data that pickles.

    Python files keep imports, definitions, references and the calls that play a
    role or lead to another project file; configs keep kind and tree.
    """

    path: str
    language: str
    context: Context = Context()
    module: str = ""
    main: bool = False
    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)
    calls: tuple[Call, ...] = ()
    shell: tuple[ShellCommand, ...] = ()
    names: Mapping[str, Expression] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    documents: tuple[Value, ...] = ()
    routes: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    statements: int = 0

    @property
    def python(self) -> bool:
        """Whether this is a module or a notebook."""
        return self.language in ("python", "notebook")

    @property
    def notebook(self) -> bool:
        """Whether this is a notebook."""
        return self.language == "notebook"

    def playing(self, *roles: str) -> Iterator[Call]:
        """Yield the calls that play any of these roles, in order."""
        wanted = frozenset(roles)
        for call in self.calls:
            if call.roles & wanted:
                yield call

    def values(self, role: str) -> Iterator[Value]:
        """Yield the config values that play a role, as ``ConfigFile.values``."""
        for kind, document in zip(self.kinds, self.documents):
            for route in self.routes.get(kind, {}).get(role, ()):
                yield from document.at(route)
