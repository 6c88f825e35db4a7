"""Runs the rules that look at a project as a whole, and places what they find."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Final, NamedTuple

from xops_lint import engine
from xops_lint.code import PythonFile
from xops_lint.diagnostic import Diagnostic, Finding
from xops_lint.discovery import FoundFile
from xops_lint.document import Context, Document
from xops_lint.engine import Failure
from xops_lint.examination import CODE, Job, Outcome, content, read
from xops_lint.facts import Facts
from xops_lint.project import Project
from xops_lint.registry import Registry
from xops_lint.rule import Rule, Severity
from xops_lint.settings import Settings
from xops_lint.timing import Timing

_FEW: Final = 0.1
"""No more than this share of the files is looked at alone; of more, what all programs reach is found out once."""


@dataclass(slots=True)
class Across:
    """What the project's rules found, by path, and the codes of those that raised."""

    found: dict[str, list[Diagnostic]] = field(default_factory=dict)
    failed: frozenset[str] = frozenset()


class Around(NamedTuple):
    """What rules may ask besides facts: what git tracks (None without git) and ignores, what is on disk, its size."""

    tracked: Callable[[], frozenset[str] | None]
    exists: Callable[[str], bool]
    size: Callable[[str], int]
    ignored: Callable[[str], bool]


@dataclass(frozen=True)
class ProjectChecks:
    """The project rules that are in force for some of the paths that are shown."""

    settings: Settings
    registry: Registry
    shown: tuple[str, ...]

    @cached_property
    def wanted(self) -> tuple[Rule, ...]:
        """The rules to run; none if no shown path wants any."""
        return tuple(rule for rule in self._in_force if rule.project_checks)

    @cached_property
    def look_around(self) -> bool:
        """Whether any rule in force asks for more than the shown files: what code imports decides what it does."""
        return any(rule.project_checks or rule.python_checks for rule in self._in_force)

    @cached_property
    def _in_force(self) -> tuple[Rule, ...]:
        codes = {code for path in self.shown for code in self.enabled(path)}
        return tuple(rule for code, rule in self.registry.rules.items() if code in codes)

    def enabled(self, path: str) -> Mapping[str, Severity]:
        """Return the rules in force for a path."""
        return self.settings.enabled(path, self.settings.context(path), self.registry)

    def run(
        self,
        job: Job,
        files: Mapping[str, FoundFile],
        outcomes: Sequence[Outcome],
        around: Around,
        timing: Timing,
    ) -> Across:
        """Run the rules on the facts of all files; keep the findings of files that are shown."""
        if not self.wanted:
            return Across()
        facts = all_facts(outcomes)
        root = str(self.settings.root)
        few = len(self.shown) <= len(facts) * _FEW
        shown = frozenset(self.shown) if few else None
        asked = around.exists, around.size, around.ignored
        project = Project(root, facts, around.tracked(), job.dependencies, *asked, shown)
        documents = Documents(job, files, {each.path: each.host for each in facts if each.host})
        across, failed = Across(), set()
        for rule in self.wanted:
            for check in rule.project_checks:
                with timing.rule(rule.code):
                    findings = engine.guarded(lambda check=check: _with_paths(check(project)))  # type: ignore[misc]
                if isinstance(findings, Failure):
                    failed.add(rule.code)
                    self._keep_failure(rule, findings, across)
                else:
                    self._keep(findings, documents, across)
        across.failed = frozenset(failed)
        return across

    def _keep(self, findings: Sequence[Finding], documents: Documents, across: Across) -> None:
        shown = frozenset(self.shown)
        for finding in findings:
            path = finding.path or ""
            reported = documents.hosts.get(path, path)
            held = path.startswith(f"{reported}/")
            enabled = self.settings.enabled(reported if held else path, self.settings.context(reported), self.registry)
            severity = enabled.get(finding.rule.code) if reported in shown else None
            document = documents.get(path) if severity is not None else None
            if severity is not None and document is not None:
                diagnostic = engine.diagnose(document, finding, severity, documents.get)
                across.found.setdefault(reported, []).append(diagnostic)

    def _keep_failure(self, rule: Rule, failure: Failure, across: Across) -> None:
        """Tell of a rule that raised at the first path that wanted it."""
        path = next(path for path in self.shown if rule.code in self.enabled(path))
        document = Document(path, "text", "", context=self.settings.context(path))
        enabled = self.enabled(path)
        for finding in engine.failure(rule, failure, {code: self.registry.rules[code] for code in enabled}):
            diagnostic = engine.diagnose(document, finding, enabled[finding.rule.code])
            across.found.setdefault(path, []).append(diagnostic)


@dataclass(slots=True)
class Documents:
    """The documents in which findings are placed, each read once; ``hosts`` are the files in which others stand."""

    job: Job
    files: Mapping[str, FoundFile]
    hosts: Mapping[str, str]
    known: dict[str, Document | None] = field(default_factory=dict)

    def get(self, path: str) -> Document | None:
        """Return the document of a path, or None if the project has no such file."""
        if path not in self.known:
            file = self.files.get(path)
            self.known[path] = self._written(path) if file is None else _for_places(self.job, file)
        return self.known[path]

    def _written(self, path: str) -> Document | None:
        host = self.get(self.hosts[path]) if path in self.hosts else None
        file = next((file for file in host.written if file.path == path), None) if host is not None else None
        return None if file is None else Document(path, file.language, file.text, host=host, stretches=file.stretches)


def all_facts(outcomes: Sequence[Outcome]) -> list[Facts]:
    """Return the facts of all files, and of those that only stand in others: the first one to write it counts."""
    facts = {outcome.path: outcome.facts for outcome in outcomes if outcome.facts is not None}
    for outcome in outcomes:
        for each in outcome.written:
            facts.setdefault(each.path, each)
    return list(facts.values())


def _for_places(job: Job, file: FoundFile) -> Document:
    """Read a file for the sake of its text and positions: code is not parsed again."""
    data = content(job, file)
    if isinstance(data, bytes) and file.language in CODE:
        return _code(file, data, job.settings.context(file.path))
    return read(job, file)


def _code(file: FoundFile, data: bytes, context: Context) -> Document:
    if file.language == "notebook":
        from xops_lint.languages.notebook import read_cells
        from xops_lint.languages.written import written_files

        source = read_cells(data)
        written = tuple(written_files(file.path, source.text, source.writings))
        return PythonFile(file.path, "notebook", source.text, context=context, cells=source.cells, written=written)
    from xops_lint.languages.source import decode

    text, _ = decode(data)
    return PythonFile(file.path, "python", text, context=context)


def _with_paths(findings: Iterable[Finding]) -> Iterator[Finding]:
    for finding in findings:
        if finding.path is None:
            raise ValueError("a project rule's finding needs a path")
        yield finding
