"""What a check sees: documents, config values, and the code model's names."""

from __future__ import annotations

from xops_lint.call import Argument, Call
from xops_lint.code import Definition, Import, PythonFile, StringLiteral
from xops_lint.config import ConfigFile, Removal, Value
from xops_lint.diagnostic import Problem
from xops_lint.document import Cell, Comment, Context, Document, Output
from xops_lint.expression import Expression
from xops_lint.facts import Facts
from xops_lint.project import Project
from xops_lint.shell import ShellCommand
from xops_lint.text import Range

__all__ = [
    "Argument",
    "Call",
    "Cell",
    "Comment",
    "ConfigFile",
    "Context",
    "Definition",
    "Document",
    "Expression",
    "Facts",
    "Import",
    "Output",
    "Problem",
    "Project",
    "PythonFile",
    "Range",
    "Removal",
    "ShellCommand",
    "StringLiteral",
    "Value",
]
