"""Machine code is loaded from wherever a setting or a request says."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Related
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule

RULE = Rule(
    code="XOP122",
    name="native-code-loaded",
    summary="Machine code is loaded from wherever a setting or a request says.",
    harm="Whoever can change the setting or the file runs anything, with the rights of the model's process.",
    remedy="Load the library from a fixed place in the package or the image; compare the hash of what is fetched.",
    ops=("mlops",),
    group=Group.PREVIEW,
)

OUTSIDE = ("download", "option", "configuration", "environment_value", "receive")
"""Roles of calls that give what somebody else has chosen."""

ORIGINS = frozenset({"cli", "config", "environment", "request"})


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report loaders of machine code whose path comes from outside, or that load what was just fetched."""
    for call in file.calls("load_code"):
        path = call.argument("path")
        if path is None or path.value.known:
            continue
        source = next(file.sources(path.value, *OUTSIDE), None)
        if source is not None or path.value.origin in ORIGINS:
            related = (Related(source.range, "it comes from here"),) if source is not None else ()
            yield RULE.at(call, "runs machine code from a place that somebody else chooses", related=related)
