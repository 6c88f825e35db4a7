"""A rule is a value; its checks are stateless functions that yield findings."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import Enum
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Protocol

from xops_lint.diagnostic import Finding, Fix, Related
from xops_lint.text import Range

if TYPE_CHECKING:
    from xops_lint.code import PythonFile
    from xops_lint.config import ConfigFile
    from xops_lint.document import Document
    from xops_lint.project import Project

PRINCIPLES: Mapping[str, str] = MappingProxyType(
    {
        "0": "tool",
        "1": "compliance",
        "2": "iterative-development",
        "3": "reproducibility",
        "4": "testing",
        "5": "continuous-deployment",
        "6": "automation",
        "7": "monitoring",
    }
)
"""The first digit of a code and the principle it stands for."""


class Severity(str, Enum):
    """How bad a finding is; ``error`` is certain harm."""

    ERROR = "error"
    WARNING = "warning"
    INFO = "info"


class Confidence(str, Enum):
    """How sure a rule is of its findings."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Group(str, Enum):
    """Which runs a rule takes part in when nobody selects it by name."""

    DEFAULT = "default"
    PRODUCTION = "production"
    OPTIONAL = "optional"
    PREVIEW = "preview"


@dataclass(frozen=True, slots=True)
class Option:
    """A setting of one rule: its default, whose type is the type it takes."""

    default: Any
    help: str


class Ranged(Protocol):
    """Anything that knows where it stands."""

    @property
    def range(self) -> Range:
        """Where it stands in its document's text."""


PythonCheck = Callable[["PythonFile"], Iterable[Finding]]
NotebookCheck = Callable[["PythonFile"], Iterable[Finding]]
ConfigCheck = Callable[["ConfigFile"], Iterable[Finding]]
TextCheck = Callable[["Document"], Iterable[Finding]]
ProjectCheck = Callable[["Project"], Iterable[Finding]]


@dataclass(eq=False)
class Rule:
    """One check of one principle, whatever the technology.

    ``summary`` says what is wrong, ``harm`` what happens because of it, and
    ``remedy`` what to write instead: three sentences a report shows.
    ``exploration`` keeps the rule in notebooks and scratch folders; ``tests``
    keeps it in test code.
    """

    code: str
    name: str
    summary: str
    harm: str
    remedy: str
    ops: tuple[str, ...]
    severity: Severity = Severity.WARNING
    confidence: Confidence = Confidence.HIGH
    group: Group = Group.DEFAULT
    since: str = "0.1.0"
    exploration: bool = False
    tests: bool = False
    options: Mapping[str, Option] = field(default_factory=dict)
    python_checks: list[PythonCheck] = field(default_factory=list, init=False)
    notebook_checks: list[NotebookCheck] = field(default_factory=list, init=False)
    config_checks: list[tuple[frozenset[str], ConfigCheck]] = field(default_factory=list, init=False)
    text_checks: list[TextCheck] = field(default_factory=list, init=False)
    project_checks: list[ProjectCheck] = field(default_factory=list, init=False)

    @property
    def principle(self) -> str:
        """The principle's name, from the code's digit."""
        return PRINCIPLES[self.code[3]]

    @property
    def targets(self) -> tuple[str, ...]:
        """What the rule reads: ``py nb cfg prj``, in this order."""
        targets = ["py"] if self.python_checks else []
        if self.python_checks or self.notebook_checks:
            targets.append("nb")
        if self.config_checks or self.text_checks:
            targets.append("cfg")
        if self.project_checks:
            targets.append("prj")
        return tuple(targets)

    def python(self, check: PythonCheck) -> PythonCheck:
        """Run a check on every Python module and on the code of every notebook."""
        self.python_checks.append(check)
        return check

    def notebook(self, check: NotebookCheck) -> NotebookCheck:
        """Run a check on the cells, counts and outputs of every notebook."""
        self.notebook_checks.append(check)
        return check

    def config(self, *kinds: str) -> Callable[[ConfigCheck], ConfigCheck]:
        """Run a check on configs of these kinds, or on every config if none is named."""

        def register(check: ConfigCheck) -> ConfigCheck:
            self.config_checks.append((frozenset(kinds), check))
            return check

        return register

    def text(self, check: TextCheck) -> TextCheck:
        """Run a check on the plain text of every document."""
        self.text_checks.append(check)
        return check

    def project(self, check: ProjectCheck) -> ProjectCheck:
        """Run a check once, on the facts of all documents."""
        self.project_checks.append(check)
        return check

    def at(
        self,
        where: Ranged | Range,
        message: str,
        *,
        path: str | None = None,
        related: tuple[Related, ...] = (),
        fix: Fix | None = None,
        help: str | None = None,
        flow: bool = False,
    ) -> Finding:
        """Make a finding at a range or at anything that has one."""
        found = where if isinstance(where, Range) else where.range
        return Finding(self, found, message, related, fix, path, help, flow)
