"""A notebook uses a name that no cell above defines."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.model import PythonFile
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP205",
    name="hidden-state",
    summary="A notebook uses a name that no cell above defines.",
    harm="It runs only in the session it was written in; from the top it stops with a NameError.",
    remedy="Define the name in a cell above, or move the cell below the definition.",
    ops=("mlops",),
    severity=Severity.ERROR,
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report the first use of each name that is bound further down or nowhere."""
    seen: set[str] = set()
    for name, where in file.unbound:
        if name in seen:
            continue
        seen.add(name)
        if name in file.names:
            yield RULE.at(where, f"`{name}` is used before it is defined")
        else:
            yield RULE.at(where, f"`{name}` is defined in no cell")
