"""A config holds what its format refuses: a misspelt key, a value of the wrong type, a broken query."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.config import ConfigFile
from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP006",
    name="invalid-document",
    summary="A config holds what its format refuses: a misspelt key, a value of the wrong type, a broken query.",
    harm="The tool refuses the document, or leaves the key out without a word and runs with its default.",
    remedy="Write the key or the value as the format has it.",
    ops=("devops", "dataops", "mlops", "aiops"),
    group=Group.PREVIEW,
    exploration=True,
    tests=True,
)


@RULE.config()
def in_keys(file: ConfigFile) -> Iterator[Finding]:
    """Report keys that are most likely another key, misspelt."""
    for found in file.misspellings:
        message = f"`{found.name}` is not a key of {found.of}; did you mean `{found.meant}`?"
        quoted = file.source(found.range)[:1] in ("'", '"')
        edit = Edit(found.range, f'"{found.meant}"' if quoted else found.meant)
        yield RULE.at(found.range, message, fix=Fix(f"Write `{found.meant}`", (edit,), Safety.UNSAFE))


@RULE.config()
def in_values(file: ConfigFile) -> Iterator[Finding]:
    """Report values that the reader of the document refuses."""
    for found in file.misfits:
        edit = Edit(found.range, found.replacement)
        fix = Fix(f"Write `{found.replacement}`", (edit,), Safety.UNSAFE) if found.replacement else None
        yield RULE.at(found.range, found.message, fix=fix)


@RULE.config()
def in_queries(file: ConfigFile) -> Iterator[Finding]:
    """Report alerts and recording rules whose expression is no query."""
    for query in file.queries:
        if query.problem is not None:
            message, where = query.problem
            yield RULE.at(where, f"is no query: it {message}")
