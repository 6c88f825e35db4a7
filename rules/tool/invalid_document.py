"""A config has a key that its format does not know, and lacks one that is spelt nearly so."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.config import ConfigFile
from xops_lint.diagnostic import Edit, Finding, Fix, Safety
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP006",
    name="invalid-document",
    summary="A config has a key that its format does not know, and lacks one that is spelt nearly so.",
    harm="The tool refuses the document, or leaves the key out without a word and runs with its default.",
    remedy="Write the key as the format spells it.",
    ops=("devops", "dataops", "mlops", "aiops"),
    group=Group.PREVIEW,
    exploration=True,
    tests=True,
)


@RULE.config()
def check(file: ConfigFile) -> Iterator[Finding]:
    """Find keys that are most likely another key, misspelt."""
    for found in file.misspellings:
        message = f"`{found.name}` is not a key of {found.of}; did you mean `{found.meant}`?"
        quoted = file.source(found.range)[:1] in ("'", '"')
        edit = Edit(found.range, f'"{found.meant}"' if quoted else found.meant)
        yield RULE.at(found.range, message, fix=Fix(f"Write `{found.meant}`", (edit,), Safety.UNSAFE))
