"""Says whether a path matches patterns written as in a .gitignore file."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec


def matches(patterns: Sequence[str], path: str) -> bool:
    """Say whether a path matches; a later ``!pattern`` takes paths out again.

    Patterns that begin with a ``!pattern`` start from all paths.
    """
    matched = bool(patterns) and patterns[0].startswith("!")
    for pattern in patterns:
        negated = pattern.startswith("!")
        if compiled(pattern[negated:]).match_file(path):
            matched = not negated
    return matched


@cache
def compiled(*lines: str) -> GitIgnoreSpec:
    """Compile lines of a .gitignore file; a line that git cannot read counts for nothing."""
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError:
        return GitIgnoreSpec.from_lines([line for line in lines if _is_readable(line)])


def _is_readable(line: str) -> bool:
    from pathspec import GitIgnoreSpec

    try:
        GitIgnoreSpec.from_lines([line])
    except ValueError:
        return False
    return True
