"""A saved output of a notebook is larger than a repository should carry."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding
from xops_lint.edits import cleared
from xops_lint.model import PythonFile
from xops_lint.rule import Option, Rule

RULE = Rule(
    code="XOP206",
    name="oversized-output",
    summary="A saved output of a notebook is larger than a repository should carry.",
    harm="Every run adds its size to the history for good, and no review can read the difference.",
    remedy="Clear the output, draw less or coarser, or write the figure to a file that git does not hold.",
    ops=("devops",),
    exploration=True,
    tests=True,
    options={"limit": Option(1_000_000, "The most characters that the saved outputs of one cell may take.")},
)


@RULE.notebook
def check(file: PythonFile) -> Iterator[Finding]:
    """Report each cell whose saved outputs take more than the limit."""
    limit = file.option(RULE, "limit")
    for cell in file.cells:
        size = sum(output.size for output in cell.outputs)
        if size > limit:
            yield RULE.at(cell, f"has saved output of {in_words(size)}, more than {in_words(limit)}", fix=cleared(cell))


def in_words(size: int) -> str:
    """Return a number of characters as people say it."""
    if size < 1_000:
        return f"{size} characters"
    return f"{size / 1_000:.0f} kB" if size < 1_000_000 else f"{size / 1_000_000:.1f} MB"
