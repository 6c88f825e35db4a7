"""Code that was taken out of use by making a comment of it."""

from __future__ import annotations

import ast
import textwrap
import warnings
from collections.abc import Sequence
from typing import Final

from xops_lint.matching import regex

_MARK: Final = regex(r"[ \t]*#+ ?")
_COMMAND: Final = regex(r"(?P<indent>[ \t]*)(?:[!%]|pip3? install\b).*")
_LONGEST: Final = 300
"""Cells with more lines than this are not looked at."""

_STATEMENTS: Final = (
    *(ast.Import, ast.ImportFrom, ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Delete, ast.AugAssign),
    *(ast.For, ast.While, ast.If, ast.With, ast.AsyncFor, ast.AsyncWith, ast.Try),
)
"""Statements that nobody writes by chance in a sentence."""


def commented_out(source: str) -> Sequence[str]:
    """Return the statements, by their first lines, that a text of comments alone holds, unless it is mostly prose.

    Commands for the shell or the notebook are neither.
    """
    lines = [line for line in source.splitlines() if line.strip()]
    if not lines or len(lines) > _LONGEST or not all(line.lstrip().startswith("#") for line in lines):
        return ()
    bare = textwrap.dedent("\n".join(_MARK.sub("", line, count=1) for line in lines)).splitlines()
    statements, prose, code, row = list[str](), 0, 0, 0
    while row < len(bare):
        count, found = _parsed(bare, row)
        statements += found
        code += count if found else 0
        prose += not count
        row += max(count, 1)
    return statements if code >= prose else ()


def _parsed(lines: Sequence[str], first: int) -> tuple[int, list[str]]:
    """Return how many lines from one on are Python, and which of them are surely code."""
    last = len(lines)
    while last > first:
        text = "\n".join(_COMMAND.sub(r"\g<indent>pass", line) for line in lines[first:last])
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                body = ast.parse(text).body
        except SyntaxError as error:
            # Whatever holds the line of the error fails as well.
            last = min(last - 1, first + (error.lineno or 1) - 1)
        except (ValueError, RecursionError, MemoryError):
            return 0, []
        else:
            found = [node for node in body if _is_code(node, text.splitlines())]
            return last - first, [lines[first + node.lineno - 1].strip() for node in found]
    return 0, []


def _is_code(node: ast.stmt, lines: Sequence[str]) -> bool:
    """Say whether a statement is surely one, and no heading, note or result that reads like one."""
    if isinstance(node, ast.Assign):
        plain = isinstance(node.value, ast.Constant) and all(isinstance(target, ast.Name) for target in node.targets)
        return not plain
    if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
        called = node.value.func
        # A word before what stands in brackets is a sentence; a call has no blank there.
        line = lines[(called.end_lineno or 1) - 1].encode()
        return line[called.end_col_offset or 0 :].startswith(b"(")
    if isinstance(node, ast.Assert):
        return not isinstance(node.test, ast.Name)
    return isinstance(node, _STATEMENTS)
