"""A cell of a notebook holds nothing but code that was commented out."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.commented import commented_out
from xops_lint.diagnostic import Finding
from xops_lint.edits import deleted
from xops_lint.matching import regex
from xops_lint.model import PythonFile
from xops_lint.rule import Group, Rule, Severity

RULE = Rule(
    code="XOP225",
    name="commented-out-cell",
    summary="A cell of a notebook holds nothing but code that was commented out.",
    harm="Nobody can tell whether the result was made with it or without it, or whether it still works.",
    remedy="Delete the cell: the history keeps it; or put what decides whether it runs into a condition.",
    ops=("mlops",),
    severity=Severity.INFO,
    group=Group.OPTIONAL,
    exploration=True,
)

_INVITES = regex(
    r"\b(?:un-?)?comment|\boptional|\b(?:if|once|when|only|skip|try|don[’']t|do not|your|instead|either|or)\b"
    r"|\bclean(?:ing)?[ -]?up|\bdelet|\btear|\bexample|\be\.g\.|\balternativ|\bexercise|\bsolution|\bhint|\bcolab"
    r"|\bin[ -]case|\brecommend|^[\s#]*to [a-z]+|\.\.\.|[\"']<|[^\x00-\x7f]",
    re.IGNORECASE | re.MULTILINE,
)
"""Words with which a text says who is to run code and when, gaps to be filled in, and languages that we cannot read."""

_NEAR = 300
"""How many characters of the text above a cell speak of it."""


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report cells of commented-out code that no text speaks of."""
    invited = False
    for cell in file.cells:
        if cell.kind != "code":
            invited = cell.source.rstrip().endswith(":") or _INVITES.search(cell.source[-_NEAR:]) is not None
            continue
        held = commented_out(cell.source) if cell.source.lstrip().startswith("#") else None
        # What is said above a cell holds for the next as well, as long as nothing runs between them.
        invited = bool(held) and (invited or _INVITES.search(cell.source) is not None)
        if held and not invited:
            more = f" and {len(held) - 1} more" if len(held) > 1 else ""
            yield RULE.at(cell, f"holds no code but `{held[0]}`{more}, commented out", fix=deleted(cell))
