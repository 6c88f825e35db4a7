"""An audit as plain data, text and Markdown."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from xops_lint.audit import Audit, Check, Item, Status, beyond, frameworks, score
from xops_lint.diagnostic import Diagnostic
from xops_lint.text import Place

VERSION = 1
"""The form of the JSON; what reads a saved audit looks at it."""

_MARKS = {Status.HOLDS: "+", Status.ACCEPTED: "~", Status.BROKEN: "-", Status.NOTHING: " "}
_WIDTH = 24


def record(audit: Audit) -> dict[str, Any]:
    """Return an audit as data for JSON."""
    return {
        "version": VERSION,
        "project": audit.name,
        "files": audit.files,
        "score": audit.score,
        "principles": [
            {
                "name": name,
                "score": score(checks),
                "checks": [_check(check) for check in checks],
                "beyond": list(beyond(name)),
            }
            for name, checks in audit.principles.items()
        ],
        "disciplines": {name: score(checks) for name, checks in audit.disciplines.items()},
        "frameworks": [
            {"name": each.name, "source": each.source, "items": [_item(item) for item in each.items]}
            for each in frameworks(audit)
        ],
    }


def _check(check: Check) -> dict[str, Any]:
    rule = check.rule
    return {
        "code": rule.code,
        "name": rule.name,
        "summary": rule.summary,
        "severity": rule.severity.value,
        "ops": list(rule.ops),
        "status": check.status.value,
        "findings": [_finding(found) for found in check.findings],
        "accepted": [{**_finding(found), "reason": found.suppressed} for found in check.accepted],
        "looked": check.looked,
        "evidence": [_place(place) for place in check.evidence],
    }


def _finding(found: Diagnostic) -> dict[str, Any]:
    return {**_place(found.place), "message": found.message}


def _place(place: Place) -> dict[str, Any]:
    return {"filename": place.path, "cell": place.cell, "row": place.row}


def _item(item: Item) -> dict[str, Any]:
    status = item.status.value if item.status else None
    names = [check.rule.name for check in item.checks]
    return {
        "id": item.id,
        "title": item.title,
        "status": status,
        "rules": names,
        "off": list(item.off),
        "beyond": item.beyond,
    }


def text(audit: Audit) -> Iterator[str]:
    """Yield the lines of an audit for a terminal."""
    yield f"{audit.name}: {audit.score} of 100  ({audit.files} files)"
    for name, checks in audit.principles.items():
        points = score(checks)
        yield ""
        yield f"{name:<{_WIDTH}}{_bar(points)}  {_counts(checks)}"
        for check in sorted(checks, key=_order):
            if check.status is not Status.NOTHING:
                yield f"  {_MARKS[check.status]} {check.rule.name}: {outcome(check)}"
        yield from (f"  ? {sentence}" for sentence in beyond(name))
    yield ""
    yield "by discipline: " + ", ".join(f"{name} {_points(score(each))}" for name, each in audit.disciplines.items())
    yield "+ holds, - broken, ~ accepted with a reason, ? cannot be known from files"


def _order(check: Check) -> tuple[int, str]:
    return [Status.BROKEN, Status.ACCEPTED, Status.HOLDS, Status.NOTHING].index(check.status), check.rule.code


def outcome(check: Check) -> str:
    """Return in words what came of a check, with a place that shows it."""
    if check.status is Status.BROKEN:
        first = check.findings[0]
        return f"{place(first.place)} {first.message}{_more(len(check.findings))}"
    if check.status is Status.ACCEPTED:
        first = check.accepted[0]
        return f"{place(first.place)} is accepted: {first.suppressed}{_more(len(check.accepted))}"
    if check.status is Status.NOTHING:
        return "nothing to look at"
    if not check.looked:
        return f"looked through {', '.join(sorted({each.path for each in check.evidence}))}"
    places = ", ".join(place(each) for each in check.evidence[:2])
    return f"looked at {places}{_more(check.looked, 2)}"


def place(where: Place) -> str:
    """Return a place as people write it."""
    cell = f"cell {where.cell}:" if where.cell else ""
    return f"{where.path}:{cell}{where.row}"


def _more(number: int, shown: int = 1) -> str:
    return f" and {number - shown} more" if number > shown else ""


def _counts(checks: Sequence[Check]) -> str:
    counted = {status: sum(check.status is status for check in checks) for status in Status}
    words = [
        f"{number} {status.value}" for status, number in counted.items() if number and status is not Status.NOTHING
    ]
    idle = counted[Status.NOTHING]
    return ", ".join(words + ([f"{idle} with nothing to look at"] if idle else []))


def _bar(points: int | None) -> str:
    if points is None:
        return "no evidence".ljust(16)
    filled = round(points / 10)
    return f"{'█' * filled}{'░' * (10 - filled)} {points:>3}  "


def _points(points: int | None) -> str:
    return "no evidence" if points is None else str(points)


def markdown(audit: Audit) -> Iterator[str]:
    """Yield the lines of an audit for a page of a repository."""
    yield f"# {_cell(audit.name)}: {audit.score} of 100"
    yield ""
    yield "| Principle | Score | Holds | Broken | Accepted | Nothing to look at |"
    yield "|---|---|---|---|---|---|"
    for name, checks in audit.principles.items():
        counted = [sum(check.status is status for check in checks) for status in _COLUMNS]
        yield f"| {name} | {_points(score(checks))} | {' | '.join(map(str, counted))} |"
    for name, checks in audit.principles.items():
        yield ""
        yield f"## {name}"
        yield ""
        yield "| Check | Outcome | Evidence |"
        yield "|---|---|---|"
        for check in sorted(checks, key=_order):
            if check.status is not Status.NOTHING:
                yield f"| {check.rule.name} | {check.status.value} | {_cell(outcome(check))} |"
        yield ""
        yield f"Not to be known from files: {'; '.join(beyond(name))}."
    for framework in frameworks(audit):
        yield ""
        yield f"## {framework.name}"
        yield ""
        yield f"Source: {framework.source}"
        yield ""
        yield "| Item | Checks say | Beyond any check |"
        yield "|---|---|---|"
        for item in framework.items:
            yield f"| {item.id} {item.title} | {item.says} | {item.beyond} |"


_COLUMNS = (Status.HOLDS, Status.BROKEN, Status.ACCEPTED, Status.NOTHING)


def _cell(words: str) -> str:
    return words.replace("\\", "\\\\").replace("|", "\\|").replace("<", "&lt;").replace("\n", " ")
