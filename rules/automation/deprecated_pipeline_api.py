"""A pipeline is written for a generation of its tool that has been given up."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Call, PythonFile
from xops_lint.rule import Confidence, Rule

RULE = Rule(
    code="XOP616",
    name="deprecated-pipeline-api",
    summary="A pipeline is written for a generation of its tool that has been given up.",
    harm="The next environment that is built, or the next release of the platform, does not run it any more.",
    remedy="Move the pipeline to the present generation, or bound the version until that is done.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
)

PIPELINE = frozenset({"orchestrate", "step"})
MOST_RELATED = 4


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report, once a file, the first call of a generation that is retired, or that the project's version has left."""
    found = [(call, words) for call in file.all_calls if (words := outdated(file, call))]
    if found:
        first, words = found[0]
        related = tuple(Related(call.callee, "and here") for call, _ in found[1 : 1 + MOST_RELATED])
        yield RULE.at(first.callee, words, related=related)


def outdated(file: PythonFile, call: Call) -> str | None:
    """Return in words why a call is out of date for the project, or None."""
    entry = call.entry
    if entry is None:
        return None
    if entry.retired is not None:
        return f"belongs to an SDK that its platform has retired: {entry.retired}"
    moved = entry.deprecated
    if moved is None or call.roles.isdisjoint(PIPELINE):
        return None
    if not file.may_use(moved.distribution, f">={moved.since}"):
        return None
    return f"is out of date since {moved.distribution} {moved.since}, which the project may use: {moved.advice}"
