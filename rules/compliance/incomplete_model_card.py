"""A model card keeps silent about what everybody who uses the model has to know."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.governance import covered, in_words
from xops_lint.model import Facts, Project, Range, Value
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP124",
    name="incomplete-model-card",
    summary="A model card keeps silent about what everybody who uses the model has to know.",
    harm="Others use the model where it was never meant to be used, or may not use it at all, and cannot tell.",
    remedy="Say what the model is for, what it learned from, how good it is, and under which licence.",
    ops=("mlops",),
    group=Group.OPTIONAL,
)

ASKED = {
    "purpose": "what the model is for",
    "trained_on": "what it learned from",
    "figure": "how good it is",
    "licence": "its licence",
}
"""What every card tells, by the role of what tells it."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report cards that say nothing of some of it, at their titles, with the sections that were left empty."""
    for file in project.of_kind("model-card"):
        if file.context.test or file.context.example:
            continue
        for card in file.values("card"):
            lacking = [words for role, words in ASKED.items() if not told(project, file, card, role)]
            if lacking:
                title = next(file.values("title", card), None)
                left = (Related(each.range, "is left empty", file.path) for each in file.values("unfilled", card))
                where = Range(0, 1) if title is None else title.range
                yield RULE.at(where, f"does not tell {in_words(lacking)}", path=file.path, related=tuple(left)[:3])


def told(project: Project, file: Facts, card: Value, role: str) -> bool:
    """Say whether a card tells something, or a file of licence does for it."""
    if any(value.text or value.items or value.list for value in file.values(role, card)):
        return True
    return role == "licence" and covered(project, file.path)
