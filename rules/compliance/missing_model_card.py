"""Models are put into a registry, and nothing in the project says what they are for."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.matching import regex
from xops_lint.model import Facts, Project
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP116",
    name="missing-model-card",
    summary="Models are put into a registry, and nothing in the project says what they are for.",
    harm="Others use the model on people and data it was never meant for, and nobody can tell them where it fails.",
    remedy="Write a model card: purpose, training data, figures by group, limits, licence, whom to ask.",
    ops=("mlops",),
    group=Group.OPTIONAL,
)

CARD = regex(
    r"(?:model|system|data)[-_ ]?(?:cards?|facts?|sheets?)(?![a-z])|fact[-_ ]?sheet|(?<![a-z])cards?\b", re.IGNORECASE
)
"""How files, functions and settings are called that hold or write such a card."""

MOST_RELATED = 3


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first registration of a project of which no file, name or text is called a card."""
    if project.tracked is None or any(CARD.search(path) for path in project.tracked):
        return
    found = [
        (file, call)
        for file, call in project.calls("register_model")
        if not file.context.test and not file.context.example and not project.develops_tool(file)
    ]
    if not found or any(speaks(file) for file in project.facts):
        return
    (path, first), *others = sorted((file.path, call.callee) for file, call in found)
    related = tuple(Related(place, "and this one", other) for other, place in others[:MOST_RELATED])
    yield RULE.at(first, "registers a model, and the project has no model card", path=path, related=related)


def speaks(file: Facts) -> bool:
    """Say whether a file's names or its config speak of a card."""
    names = [definition.name for definition in file.definitions] + [call.name for call in file.calls]
    names += [imported.target for imported in file.imports] + list(file.mentions)
    keys = (key for document in file.documents for value in document.walk() for key in value.items)
    return any(CARD.search(name) for name in names) or any(CARD.search(key) for key in keys)
