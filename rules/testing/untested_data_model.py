"""A modelled table or a source is described, and nothing checks its rows."""

from __future__ import annotations

import posixpath
from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import Facts, Project, Value
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP420",
    name="untested-data-model",
    summary="A modelled table or a source is described, and nothing checks its rows.",
    harm="A join that doubles rows, or a load that stops, reaches every table, report and model built on top.",
    remedy="Test at least the key of each model, and say how old the rows of a source may be.",
    ops=("dataops",),
)

MOST_RELATED = 4


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report models that no test is for, and sources with neither test nor freshness.

    It is once a file that checks others of its models or sources, and once for all other files.
    """
    files = [file for file in project.facts if not file.context.test and not file.context.example]
    elsewhere, queries = tested_elsewhere(project), frozenset(names_of_queries(project))
    yield from report(
        "is a model without a test",
        [
            (file, each, tested(file, each, elsewhere))
            for file in files
            for each in file.values("data_model")
            if not queries or name_of(each) in queries
        ],
    )
    if not any(limits_all(file) for file in files):
        yield from report(
            "is a source of which neither a test nor `freshness` checks the rows",
            [(file, each, checked(file, each)) for file in files for each in file.values("data_origin")],
        )


def report(message: str, found: list[tuple[Facts, Value, bool]]) -> Iterator[Finding]:
    """Yield a finding for what is not checked in each file that checks others, and one for all other files."""
    checking = {file.path for file, _, is_checked in found if is_checked}
    groups: dict[str, list[Related]] = {}
    for file, value, is_checked in found:
        if not is_checked:
            name = value.items.get("name", value)
            key = file.path if file.path in checking else ""
            groups.setdefault(key, []).append(Related(name.range, "and so is this one", file.path))
    for first, *others in groups.values():
        more = f", like {len(others)} more" if others else ""
        yield RULE.at(first.range, message + more, path=first.path, related=tuple(others[:MOST_RELATED]))


def tested(file: Facts, model: Value, elsewhere: tuple[str, ...]) -> bool:
    """Say whether anything is checked of a model: here, by its contract, or by a test that has its name."""
    name = name_of(model)
    if not name or any(name in each for each in elsewhere):
        return True
    return any(next(file.values(role, model), None) is not None for role in ("data_check", "enforced"))


def name_of(model: Value) -> str:
    """Return the name of a model, which is that of the file of its query."""
    name = model.items.get("name")
    return name.text if name is not None else ""


def checked(file: Facts, origin: Value) -> bool:
    """Say whether any table of a source has a test or a limit on the age of its rows, or none is listed."""
    if not any(origin.holds(table) for table in file.values("data_table")):
        return True
    return any(next(file.values(role, origin), None) is not None for role in ("data_check", "freshness"))


def limits_all(file: Facts) -> bool:
    """Say whether a file that declares no tables itself sets a limit for those that others declare."""
    return next(file.values("freshness"), None) is not None and next(file.values("data_origin"), None) is None


def tested_elsewhere(project: Project) -> tuple[str, ...]:
    """Return the names of the models that unit tests name, and those of queries that are tests of their own."""
    named = [value.text for _, value in project.values("tested_model")]
    own = (path for path in project.tracked or () if path.endswith(".sql") and "tests" in path.split("/"))
    return (*named, *(posixpath.basename(path).removesuffix(".sql") for path in own))


def names_of_queries(project: Project) -> Iterator[str]:
    """Yield the names of the files of queries: what has none is described here and modelled elsewhere."""
    for path in project.tracked or ():
        name, end = posixpath.splitext(posixpath.basename(path))
        if end == ".sql":
            yield name
            yield name.rpartition("_v")[0]
