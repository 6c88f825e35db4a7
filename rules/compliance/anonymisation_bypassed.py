"""Code reads a table straight from its database that a gateway gives out anonymised."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.locations import tables_in
from xops_lint.model import Call, Facts, Project, Range
from xops_lint.provenance import texts
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP115",
    name="anonymisation-bypassed",
    summary="Code reads a table straight from its database that a gateway gives out anonymised.",
    harm="The rows of persons that the gateway was set up to hide lie open in the program, its files and its models.",
    remedy="Ask the gateway, or say with whoever answers for the data why these rows are needed.",
    ops=("dataops",),
    group=Group.PREVIEW,
)


@RULE.project
def check(project: Project) -> Iterator[Finding]:
    """Report queries that name a table of a gateway's data source, or one that other code asks the gateway for."""
    loading = list(project.shown.calls("load_data"))
    guarded = dict(guarded_tables(project)) if loading else {}
    for file, call in loading if guarded else ():
        if "anonymise" in call.roles or file.context.test or by_gateway(file, call):
            continue
        path = call.argument("path")
        written = texts(project, file, call, path) if path is not None else ()
        asked = {name: table for text in written for table in tables_in(text.text) if (name := plain(table)) in guarded}
        for name, table in sorted(asked.items())[:1]:
            place, where = guarded[name]
            related = (Related(where, "is given out anonymised here", place),)
            yield RULE.at(call.callee, f"reads `{table}` past the gateway", path=file.path, related=related)


def guarded_tables(project: Project) -> Iterator[tuple[str, tuple[str, Range]]]:
    """Yield the tables that are given out anonymised, each with the file and the place that tell so."""
    for file, call in project.calls("load_data"):
        path = call.argument("path")
        if path is not None and "anonymise" in call.roles:
            for table in tables_in(path.value.string or ""):
                yield plain(table), (file.path, path.range)
    for facts, value in project.values("data_table"):
        if "gateway" in facts.traits:
            yield plain(value.route.rpartition(".")[2]), (facts.path, value.key or value.range)


def by_gateway(file: Facts, call: Call) -> bool:
    """Say whether the connection that a query goes over is one of the gateway."""
    return any(next(file.sources(each.value, "anonymise"), None) is not None for each in call.arguments)


def plain(table: str) -> str:
    """Return a table's name without its schema, in small letters."""
    return table.rpartition(".")[2].lower()
