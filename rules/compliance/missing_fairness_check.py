"""A protected attribute is in the data, and nothing measures how the model treats its groups."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import Facts, Project, Range
from xops_lint.naming import speaks_of
from xops_lint.personal_data import names_protected
from xops_lint.rule import Confidence, Group, Option, Rule

RULE = Rule(
    code="XOP118",
    name="missing-fairness-check",
    summary="A protected attribute is in the data, and nothing measures how the model treats its groups.",
    harm="A model that is right on the whole may be wrong for one group alone, and those who find out are in it.",
    remedy="Compare errors and acceptances between the groups, beside the metrics, and keep the table with the model.",
    ops=("mlops",),
    confidence=Confidence.MEDIUM,
    group=Group.OPTIONAL,
    options={"columns": Option([], "Further names of columns with protected attributes, such as `age`.")},
)

SEXES = regex(r"sex|gender|marital[-_ ]?status", re.IGNORECASE)
"""Columns that are protected as well, and may still be features in some trades."""

NAMED = regex(
    r"fair(?!ly)|bias_?(?:check|audit|report|metric)|slic(?:e|ing)|sub_?groups?|(?:by|per)_group|dispar|demographic_?parity"
    r"|equal(?:i[sz]ed)?_?(?:odds|opportunity)|disaggregat|metricframe|protected_?(?:attribute|group)",
    re.IGNORECASE,
)
"""Files, functions and keys of such names compare groups, in a way that is not known."""

USING = ("train", "cross_validate", "split_data", "preprocess", "tune")
"""Roles of calls whose data a model learns from."""


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report, once, the first use of such data in a project that trains and never compares groups."""
    found = next(uses(project), None)
    if found is not None and not compares(project):
        path, where, name = found
        yield RULE.at(where, f"holds `{name}`, and nothing in this project compares its groups", path=path)


def uses(project: Project) -> Iterator[tuple[str, Range, str]]:
    """Yield where a model learns from data with a column of such a name, whether it is a feature or left out."""
    for file, call in project.calls(*USING):
        if file.context.test or file.context.example:
            continue
        further = {name.lower() for name in file.option(RULE, "columns")}
        for argument in call.arguments:
            columns = argument.value.columns
            known = (columns.kept or frozenset()) | columns.dropped if columns is not None else frozenset()
            for name in sorted(known):
                if names_protected(name) or SEXES.fullmatch(name) or name.lower() in further:
                    yield file.path, argument.range, name


def compares(project: Project) -> bool:
    """Say whether anything in the project compares groups, or may."""
    if next(project.calls("fairness"), None) is not None or speaks_of(project, NAMED):
        return True
    noted = (file for file in project.facts if next(file.values("fairness_note"), None) is not None)
    return next(noted, None) is not None or any(mentions(file) for file in project.python if not file.context.test)


def mentions(file: Facts) -> bool:
    """Say whether code has a name for it, be it that of a column or of a column of results."""
    return any(NAMED.search(name) for names in (file.names, *file.references.values()) for name in names)
