"""A data set is published or taken over, and nothing says who may use it or where it comes from."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.governance import covered, in_words
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, Range
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP117",
    name="missing-data-licence",
    summary="A data set is published or taken over, and nothing says who may use it or where it comes from.",
    harm="Nobody knows whether a model may be trained on it, and one day the model has to be withdrawn with it.",
    remedy="Write down the licence and the origin of the data, in a data card or beside the files.",
    ops=("dataops",),
    group=Group.OPTIONAL,
)

ASKED = {"licence": "its licence", "provenance": "where its rows come from"}
"""What every card of a data set tells, by the role of what tells it."""

DATA = regex(r"\bdata|corpus|corpora|images|texts|recordings", re.IGNORECASE)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report cards of data that keep silent, and what brings data in or out of a project without any card."""
    cards = [file for file in project.of_kind("data-card") if not file.context.test and not file.context.example]
    for file in cards:
        for card in file.values("card"):
            lacking = [words for role, words in ASKED.items() if not told(project, file, role)]
            if lacking:
                title = next(file.values("title", card), None)
                where = Range(0, 1) if title is None else title.range
                yield RULE.at(where, f"describes data and does not tell {in_words(lacking)}", path=file.path)
    if cards or speaks(project):
        return
    found = sorted(moved(project))
    if found:
        path, where, words = found[0]
        related = tuple(Related(other, "and here", file) for file, other, _ in found[1:4])
        yield RULE.at(where, f"{words}, and nothing in this project tells its licence", path=path, related=related)


def told(project: Project, file: Facts, role: str) -> bool:
    """Say whether a card tells something, or a file of licence does for it."""
    if any(value.text or value.list for value in file.values(role)):
        return True
    return role == "licence" and covered(project, file.path)


def speaks(project: Project) -> bool:
    """Say whether a readme or a card speaks of a licence for data, or a licence lies among files of the project."""
    lines = (value.text for file in project.of_kind("readme", "model-card") for value in file.values("licence"))
    return any(DATA.search(line) for line in lines) or any("/" in file.path for file in project.of_kind("licence"))


def moved(project: Project) -> Iterator[tuple[str, Range, str]]:
    """Yield where data of others are taken over, and where data are given to everyone."""
    for file in project.facts:
        if file.context.test or file.context.example:
            continue
        for data_set in file.values("data_set"):
            for value in file.values("input", data_set):
                if value.text.startswith(("http://", "https://")):
                    yield file.path, value.range, "takes over a data set of others"
        for call in file.playing("save_data"):
            if call.entry is not None and "public" in call.entry.traits and call.argument("private") is None:
                yield file.path, call.callee, "publishes a data set"
