"""Judges one document: runs its checks, places what they find, applies the suppressions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final, NamedTuple, TypeVar

from xops_lint import directives
from xops_lint.code import PythonFile
from xops_lint.config import ConfigFile
from xops_lint.diagnostic import (
    AnyEdit,
    ClearedOutputs,
    DeletedCell,
    Diagnostic,
    Edit,
    Finding,
    Fix,
    PlacedEdit,
    PlacedFix,
    Problem,
    RelatedPlace,
    Safety,
)
from xops_lint.document import Document
from xops_lint.exceptions import XopsError
from xops_lint.fingerprints import distinct, identity
from xops_lint.rule import Rule, Severity
from xops_lint.suppressions import UNUSED_IGNORE, Placed, Policy, settle
from xops_lint.text import Range
from xops_lint.timing import Timing

SYNTAX_ERROR: Final = "XOP001"
RULE_FAILED: Final = "XOP002"
UNKNOWN_IGNORE: Final = "XOP004"
IGNORE_WITHOUT_REASON: Final = "XOP005"

_PAGES = "https://xops-lint.readthedocs.io/rules/"
_EXCERPT_ROWS = 6
START: Final = Range(0, 0)
"""The range of a finding that is about a file as a whole."""

Result = TypeVar("Result")
Elsewhere = Callable[[str], Document | None]
"""Gives the document of another path, to place what is related there."""


class Failure(NamedTuple):
    """What a check or a reader raised, in words."""

    message: str


@dataclass(frozen=True, slots=True)
class Judged:
    """What the rules say of one document, before suppressions are applied.

    ``ran`` holds the codes that were tried without failing: only of these can a
    suppression be called unused.
    """

    diagnostics: tuple[Diagnostic, ...] = ()
    directives: tuple[Placed, ...] = ()
    ran: frozenset[str] = frozenset()
    failed: bool = False


def lint_document(
    document: Document,
    rules: Mapping[str, Rule],
    enabled: Mapping[str, Severity],
    policy: Policy | None = None,
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    """Return what is reported of one document and what is suppressed; never raises."""
    policy = policy or Policy()
    judged = judge(document, rules, enabled, policy)
    settled = settle(judged.diagnostics, judged.directives, judged.ran, policy)
    return distinct(settled.reported), distinct(settled.suppressed)


def judge(
    document: Document,
    rules: Mapping[str, Rule],
    enabled: Mapping[str, Severity],
    policy: Policy | None = None,
    timing: Timing | None = None,
) -> Judged:
    """Run the enabled rules on one document; a rule that raises becomes a finding itself."""
    policy = policy or Policy()
    in_force = {code: rules[code] for code in enabled if code in rules}
    raised = list(_problems(document.problems, in_force))
    failed: set[str] = set()
    for code, rule in in_force.items():
        if not _looks_at(rule, document):
            continue
        for check in checks(rule, document):
            found = _timed(code, check, timing)
            if isinstance(found, Failure):
                failed.add(code)
                raised += failure(rule, found, in_force)
            else:
                raised += found
    suppressing = directives.read(document, rules) if policy.active else directives.Directives()
    raised += _complaints(suppressing, in_force)
    diagnostics = [diagnose(document, finding, enabled[finding.rule.code]) for finding in raised]
    ran = frozenset() if document.problems else frozenset(in_force) - failed
    return Judged(tuple(diagnostics), _placed(document, suppressing, rules, enabled), ran, bool(failed))


def together(judged: Sequence[Judged]) -> Judged:
    """Return what the rules say of documents that are reported as one file."""
    if len(judged) == 1:
        return judged[0]
    return Judged(
        tuple(diagnostic for each in judged for diagnostic in each.diagnostics),
        tuple(placed for each in judged for placed in each.directives),
        frozenset.intersection(*(each.ran for each in judged)),
        any(each.failed for each in judged),
    )


def guarded(work: Callable[[], Iterable[Result]]) -> list[Result] | Failure:
    """Return what some work yields, or what it raised: the one place that catches all."""
    try:
        return list(work())
    except XopsError:
        raise  # Wrong settings, which no finding would mend.
    except Exception as error:
        text = " ".join(str(error).split())
        return Failure(f"`{type(error).__name__}: {text}`" if text else f"`{type(error).__name__}`")


def _timed(code: str, check: Callable[[], Iterable[Finding]], timing: Timing | None) -> list[Finding] | Failure:
    if timing is None:
        return guarded(check)
    with timing.rule(code):
        return guarded(check)


def failure(rule: Rule, what: Failure, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Yield the finding that a rule raised, if such findings are wanted."""
    if RULE_FAILED in rules:
        message = f"the rule `{rule.name}` ({rule.code}) raised {what.message}"
        yield rules[RULE_FAILED].at(START, message)


def diagnose(
    document: Document,
    finding: Finding,
    severity: Severity,
    elsewhere: Elsewhere = lambda path: None,
) -> Diagnostic:
    """Turn a finding into plain data: placed, quoted, with its rule's words."""
    rule, place, known = finding.rule, document.place(finding.range), identity(finding, document)
    return Diagnostic(
        code=rule.code,
        name=rule.name,
        severity=severity.value,
        confidence=rule.confidence.value,
        principle=rule.principle,
        ops=rule.ops,
        message=finding.message,
        harm=rule.harm,
        help=finding.help or rule.remedy,
        url=f"{_PAGES}{rule.name}/" if rule.code.startswith("XOP") else None,
        place=place,
        profile=document.context.profile,
        fingerprint=known.fingerprint,
        excerpt=tuple(_excerpt(document, finding.range)),
        related=tuple(_related(document, finding, elsewhere)),
        fix=_placed_fix(document, finding.fix),
        summary=rule.summary,
        flow=finding.flow,
        scope=known.scope,
        key=known.key,
    )


def _looks_at(rule: Rule, document: Document) -> bool:
    """Say whether a rule has a check for such a document: most have for one kind alone, and documents are many."""
    if rule.text_checks:
        return True
    if isinstance(document, PythonFile):
        return bool(rule.python_checks or (rule.notebook_checks and document.cells))
    return bool(rule.config_checks) and isinstance(document, ConfigFile)


def checks(rule: Rule, document: Document) -> Iterator[Callable[[], Iterable[Finding]]]:
    """Yield a rule's checks that apply to a document, ready to be called."""
    if isinstance(document, PythonFile):
        for python_check in rule.python_checks:
            yield lambda check=python_check: check(document)  # type: ignore[misc]
        for notebook_check in rule.notebook_checks if document.cells else ():
            yield lambda check=notebook_check: check(document)  # type: ignore[misc]
    if isinstance(document, ConfigFile):
        for kinds, config_check in rule.config_checks:
            if not kinds or not kinds.isdisjoint((document.kind, *document.kinds)):
                yield lambda check=config_check: check(document)  # type: ignore[misc]
    # What a config holds as a text is a part of the config's own text.
    for text_check in () if document.held else rule.text_checks:
        yield lambda check=text_check: check(document)  # type: ignore[misc]


def _problems(problems: Sequence[Problem], rules: Mapping[str, Rule]) -> Iterator[Finding]:
    for problem in problems:
        if not problem.skipped and SYNTAX_ERROR in rules:
            yield rules[SYNTAX_ERROR].at(problem.range, problem.message)


def _complaints(found: directives.Directives, rules: Mapping[str, Rule]) -> Iterator[Finding]:
    """Yield what is wrong with directives whatever the findings are."""
    if UNKNOWN_IGNORE in rules:
        for complaint in found.complaints:
            fix = None
            if complaint.meant:
                fix = Fix(f"Write `{complaint.meant}`", (Edit(complaint.range, complaint.meant),), Safety.DISPLAY)
            yield rules[UNKNOWN_IGNORE].at(complaint.range, complaint.message, fix=fix)
    if IGNORE_WITHOUT_REASON in rules:
        for directive in found.valid:
            if not directive.reason:
                yield rules[IGNORE_WITHOUT_REASON].at(directive.range, "gives no reason")


def _placed(
    document: Document, found: directives.Directives, rules: Mapping[str, Rule], enabled: Mapping[str, Severity]
) -> tuple[Placed, ...]:
    """Return the directives, each with the finding it is if it turns out to be unused."""
    rule = rules.get(UNUSED_IGNORE) if UNUSED_IGNORE in enabled else None
    placed = []
    for directive in found.valid:
        if rule is None:
            placed.append(Placed(directive, None))
            continue
        fix = None
        if directive.removable is not None:
            fix = Fix("Remove the suppression", (Edit(directive.removable, ""),), Safety.SAFE)
        finding = rule.at(directive.range, "silences nothing", fix=fix)
        unused = diagnose(document, finding, enabled[UNUSED_IGNORE])
        placed.append(Placed(directive, replace(unused, place=directive.place)))
    return tuple(placed)


def _excerpt(document: Document, where: Range) -> Iterator[str]:
    """Yield the lines of a range, none of a range that stands for a whole file."""
    if where == START:
        return
    if document.host is not None and document.stretches is not None:
        where = document.stretches.outer(where)
        document = document.host
    first, _ = document.lines.position(where.start)
    last, column = document.lines.position(max(where.start, where.end))
    if column == 1 and last > first:
        last -= 1
    for row in range(first, min(last, first + _EXCERPT_ROWS - 1) + 1):
        yield document.lines.line(row)


def _related(document: Document, finding: Finding, elsewhere: Elsewhere) -> Iterator[RelatedPlace]:
    for related in finding.related:
        if related.place is not None:
            yield RelatedPlace(related.place, related.message)
            continue
        other = document if related.path in (None, document.path) else elsewhere(related.path or "")
        if other is not None:
            yield RelatedPlace(other.place(related.range), related.message)


def _placed_fix(document: Document, fix: Fix | None) -> PlacedFix | None:
    if fix is None:
        return None
    placed = [_placed_edit(document, edit) for edit in fix.edits]
    edits = tuple(edit for edit in placed if edit is not None)
    # Of versions that are wanted each stands by itself: those that cannot be written stop no other.
    if not edits or (len(placed) > len(edits) and not fix.wants):
        return None
    return PlacedFix(fix.title, edits, fix.safety, fix.wants, fix.shown)


def _placed_edit(document: Document, edit: AnyEdit) -> PlacedEdit | None:
    if isinstance(edit, DeletedCell):
        return PlacedEdit(document.place(edit.range)._replace(cell=edit.cell), "", deletes=True)
    if isinstance(edit, ClearedOutputs):
        # A cell in another language has no stretch of the text: its number alone tells it from the cells around.
        start = Range(edit.range.start, edit.range.start)
        return PlacedEdit(document.place(start)._replace(cell=edit.cell), "", outputs=True)
    plain = edit if isinstance(edit, Edit) else edit.edit(document.text)
    if plain is None:
        return None
    text = plain.text
    if document.stretches is not None:
        written = document.stretches.replacement(plain.range, text)
        if written is None:
            return None
        text = written
    return PlacedEdit(document.place(plain.range), text)
