"""A metric is recorded under two spellings."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint import names
from xops_lint.diagnostic import Finding, Related
from xops_lint.facts import Facts
from xops_lint.matching import regex
from xops_lint.model import Project
from xops_lint.names import Name
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP212",
    name="inconsistent-metric-name",
    summary="A metric is recorded under two spellings.",
    harm="Tables and charts show two metrics with half of the values each, and whoever sorts by one misses the rest.",
    remedy="Give the metric one name, such as a constant that all of the code shares.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

WORDS = regex(r"[A-Z]+(?![a-z])|[A-Z]?[a-z]+|\d+")
SAME = {"valid": "val", "validation": "val", "accuracy": "acc"}
"""Words that stand for others in names of metrics."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, for every program and tracker, the spellings of a metric that differ from its first one."""
    reported: set[Name] = set()
    for program in project.entries:
        for first, other in differing(project, program):
            if other not in reported and first not in reported:
                reported.add(other)
                related = (Related(first.range, f"recorded as `{first.text}` here", first.path),)
                message = f"records `{other.text}`, which is `{first.text}` elsewhere"
                yield RULE.at(other.range, message, path=other.path, related=related)


def differing(project: Project, program: Facts) -> Iterator[tuple[Name, Name]]:
    """Yield the names of metrics that a program may record in another spelling, each behind the first one."""
    found: dict[tuple[str, str], dict[str, Name]] = {}
    for facts, call in project.calls_reached(program, "log_metrics"):
        if facts.context.test or call.entry is None:
            continue
        tool = call.entry.name.partition(".")[0]
        for name in names.logged(project, facts, call):
            if "{" not in name.text and (common := plain(name.text)):
                found.setdefault((tool, common), {}).setdefault(name.text, name)
    for spellings in found.values():
        first, *others = spellings.values()
        yield from ((first, other) for other in others)


def plain(name: str) -> str:
    """Return what all spellings of a name have in common."""
    words = [word.lower() for word in WORDS.findall(name)]
    return " ".join(SAME.get(word, word) for word in words)
