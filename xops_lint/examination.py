"""Reads one file and judges it: what a run does with every file, in whatever process."""

from __future__ import annotations

import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple

from xops_lint import engine, facts, languages, silencing
from xops_lint.code import PythonFile
from xops_lint.config import ConfigFile
from xops_lint.diagnostic import Diagnostic, Problem
from xops_lint.discovery import FoundFile
from xops_lint.document import Document
from xops_lint.engine import Failure, Judged
from xops_lint.facts import Facts
from xops_lint.matching import regex
from xops_lint.registry import Registry
from xops_lint.report import Notice
from xops_lint.settings import Settings
from xops_lint.suppressions import Policy
from xops_lint.timing import Timing

if TYPE_CHECKING:
    from xops_lint.dependencies import Dependencies
    from xops_lint.helpers import Known

CODE: Final = frozenset({"python", "notebook"})
"""The languages that are no config."""

LARGEST: Final = 50_000_000
"""Files with more bytes than this are data, not code."""

_TEMPLATE_FOLDER = "{{"
_HOLE = regex(r"\{\{|\{%|\$\{|<%")
"""What others fill in before a text is read."""


@dataclass(frozen=True, slots=True)
class Job:
    """What examining a file takes, the same for all files of a run.

    ``given`` holds contents that stand in for what is on disk, by path; ``known`` what
    other modules of the project do for each file. ``timed`` asks for the time that each rule takes.
    """

    settings: Settings
    registry: Registry
    policy: Policy
    dependencies: Dependencies | None = None
    given: Mapping[str, bytes] = field(default_factory=dict)
    known: Mapping[str, Known] = field(default_factory=dict)
    timed: bool = False


class Task(NamedTuple):
    """One file, and whether its findings are shown or its facts alone are wanted."""

    file: FoundFile
    shown: bool


@dataclass(frozen=True, slots=True)
class Outcome:
    """What examining one file came to: plain data that travels between processes.

    ``written`` are the facts of the files whose texts stand in the file, ``looked`` says of the paths
    of these whether the project has them anyhow. ``digest`` is that of the content that was
    read, empty if there was none, ``seconds`` what its rules took, if that was asked for.
    """

    path: str
    judged: Judged = Judged()
    facts: Facts | None = None
    written: tuple[Facts, ...] = ()
    skipped: tuple[Notice, ...] = ()
    checked: bool = True
    looked: tuple[tuple[str, bool], ...] = ()
    digest: str = ""
    seconds: Mapping[str, float] = field(default_factory=dict)


def examine(job: Job, task: Task) -> Outcome:
    """Read a file, judge it if it is shown, and keep its facts; never raises for the file's sake."""
    path, data = task.file.path, content(job, task.file)
    made = engine.guarded(lambda: [_with_facts(job, task.file, data)])
    if isinstance(made, Failure):
        return _unread(job, path, f"the reader raised {made.message}") if task.shown else Outcome(path)
    (document, *written), (kept, *others) = made[0]
    outcome = Outcome(
        path,
        facts=kept,
        written=tuple(others),
        looked=tuple(_looked(job, document)),
        digest=digest(data) if isinstance(data, bytes) else "",
    )
    if not task.shown:
        return outcome
    timing = Timing() if job.timed else None
    judged = engine.together([_judged(job, each, timing) for each in (document, *written)])
    skipped = tuple(Notice(path, problem.message) for problem in document.problems if problem.skipped)
    seconds = timing.rules if timing is not None else {}
    return replace(outcome, judged=judged, skipped=skipped, checked=not skipped, seconds=seconds)


def lost(job: Job, task: Task) -> Outcome:
    """Return the outcome of a file that ended the process that read it."""
    path = task.file.path
    return _unread(job, path, "ended the process that read it") if task.shown else Outcome(path)


def read(job: Job, file: FoundFile) -> Document:
    """Return the document of a file; what hinders reading it is in its ``problems``."""
    return _document(job, file, content(job, file))


def digest(content: bytes) -> str:
    """Return what tells a content from every other."""
    return blake2b(content, digest_size=16).hexdigest()


def _document(job: Job, file: FoundFile, data: bytes | Problem) -> Document:
    settings = job.settings
    context = settings.context(file.path)
    if isinstance(data, Problem):
        return Document(file.path, file.language, "", [data], context=context)
    return languages.read(
        file.path,
        data,
        file.language,
        context=context,
        dependencies=job.dependencies,
        options=settings.options_for(file.path),
        catalog_paths=settings.catalog,
        known=job.known.get(file.path),
    )


def content(job: Job, file: FoundFile) -> bytes | Problem:
    """Return what is in a file, or what hinders reading it."""
    given = job.given.get(file.path)
    if given is not None:
        return given
    try:
        status = file.absolute.stat()
        if not stat.S_ISREG(status.st_mode):
            return Problem("is no regular file", skipped=True)
        if status.st_size > LARGEST:
            return Problem(f"is larger than {LARGEST // 1_000_000} MB", skipped=True)
        return file.absolute.read_bytes()
    except FileNotFoundError:
        return Problem("went away while files were read", skipped=True)
    except OSError as error:
        return Problem(f"cannot be read: {error.strerror}")


def breaks(job: Job, file: FoundFile, before: bytes, after: bytes) -> bool:
    """Say whether a file has more problems after a change than before it."""

    def problems(data: bytes) -> int:
        return len(read(replace(job, given={file.path: data}), file).problems)

    return (found := problems(after)) > 0 and found > problems(before)


def _judged(job: Job, document: Document, timing: Timing | None) -> Judged:
    path = document.host.path if document.held and document.host is not None else document.path
    enabled = job.settings.enabled(path, document.context, job.registry)
    judged = engine.judge(document, job.registry.rules, enabled, job.policy, timing)
    if not isinstance(document, ConfigFile) or document.held or not job.policy.active:
        return judged
    silenced = tuple(silencing.silenced(document, job.settings, job.registry))
    return replace(judged, directives=(*judged.directives, *silenced)) if silenced else judged


def _with_facts(job: Job, file: FoundFile, data: bytes | Problem) -> tuple[list[Document], list[Facts]]:
    """Return a file's document and those of the files that stand in it, with the facts of each."""
    document = _document(job, file, data)
    if document.problems and _TEMPLATE_FOLDER in file.path:
        # Somebody fills in the names of such folders, and the holes in their files.
        document.problems = [Problem("is a template", skipped=True)]
    documents = [document, *_written(job, document)]
    return documents, [facts.facts_of(each) for each in documents]


def _written(job: Job, around: Document) -> Iterator[Document]:
    """Yield the files whose texts stand in another, unless the project has them anyhow."""
    # A host of its own without a model: one that knew its files would be kept alive by them.
    host = Document(around.path, around.language, around.text)
    if isinstance(around, PythonFile):
        host = PythonFile(around.path, "notebook", around.text, cells=around.cells)
    for each in around.written:
        if each.stretches is None and has(job, each.path):
            continue
        document = languages.read(
            each.path,
            each.text.encode(),
            each.language,
            context=around.context,
            # What a config holds runs in a container, where other packages are.
            dependencies=job.dependencies if each.stretches is None else None,
            options=job.settings.options_for(each.path if each.stretches is None else around.path),
            catalog_paths=job.settings.catalog,
            host=host,
            stretches=each.stretches,
        )
        if not document.held or _is_told(document):
            yield document


def _is_told(document: Document) -> bool:
    """Say whether what a config holds is worth a word: code or a config of a known kind, and no template."""
    if document.problems and _HOLE.search(document.text):
        return False
    return isinstance(document, PythonFile) or (isinstance(document, ConfigFile) and any(document.kinds))


def has(job: Job, path: str) -> bool:
    """Say whether a path is on disk."""
    return (job.settings.root / path).exists()


def _looked(job: Job, document: Document) -> Iterator[tuple[str, bool]]:
    yield from ((each.path, has(job, each.path)) for each in document.written if each.stretches is None)


def _unread(job: Job, path: str, message: str) -> Outcome:
    """Return the outcome of a file that our own reader could not take: the run has failed."""
    rules, context = job.registry.rules, job.settings.context(path)
    enabled = job.settings.enabled(path, context, job.registry)
    document = Document(path, "text", "", context=context)
    diagnostics: tuple[Diagnostic, ...] = ()
    if engine.RULE_FAILED in enabled:
        finding = rules[engine.RULE_FAILED].at(engine.START, message)
        diagnostics = (engine.diagnose(document, finding, enabled[engine.RULE_FAILED]),)
    return Outcome(path, Judged(diagnostics, failed=True))
