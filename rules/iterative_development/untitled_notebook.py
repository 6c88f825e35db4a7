"""A notebook has no name of its own."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.matching import regex
from xops_lint.model import PythonFile, Range
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="XOP207",
    name="untitled-notebook",
    summary="A notebook has no name of its own.",
    harm="Nobody finds it again, and of two copies nobody knows which one holds.",
    remedy="Name it for what it shows, and delete the copy that no longer counts.",
    ops=("mlops",),
    severity=Severity.INFO,
    exploration=True,
)

NAMELESS = regex(
    r"untitled[\W_]?\d*|(?:copy of|kopie von|copie de|copia de)\b.*|.*[ _-](?:copy|kopie)[ _-]?\d*|.*-copy\d+"
    r"|.*\S ?\(\d+\)",
    re.IGNORECASE,
)
"""The names that notebook servers and file managers give by themselves."""


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report notebooks that are called as a program called them."""
    name = file.path.rpartition("/")[2].removesuffix(".ipynb")
    if NAMELESS.fullmatch(name):
        where = next((cell.range for cell in file.cells), Range(0, 0))
        yield RULE.at(where, f"stands in a notebook called `{name}`, which says nothing of what it does")
