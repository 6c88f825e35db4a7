"""Expressions that are compiled late are right all the same, and do what compiled ones do."""

from __future__ import annotations

import importlib
import pkgutil
import re
import sys
from collections.abc import Iterator
from types import ModuleType

import xops_lint
from xops_lint import registry
from xops_lint.matching import regex


def modules() -> Iterator[ModuleType]:
    registry.load()
    for found in pkgutil.walk_packages(xops_lint.__path__, "xops_lint."):
        if not found.name.endswith("__main__"):
            importlib.import_module(found.name)
    yield from (module for name, module in list(sys.modules.items()) if name.startswith("xops_lint."))


def test_every_expression_of_the_linter_compiles():
    late = type(regex(""))
    found = [value for module in modules() for value in vars(module).values() if isinstance(value, late)]

    assert len(found) > 500
    for each in found:
        re.compile(each.pattern, each.flags)


def test_a_late_expression_answers_as_a_compiled_one():
    late, compiled = (
        regex(r"(?P<word>[a-z]+)-(\d+)", re.IGNORECASE),
        re.compile(r"(?P<word>[a-z]+)-(\d+)", re.IGNORECASE),
    )
    text = "Model-12, data-3"

    assert late.findall(text) == compiled.findall(text)
    assert late.sub(r"\2", text) == compiled.sub(r"\2", text)
    assert [match.span("word") for match in late.finditer(text)] == [(0, 5), (10, 14)]
    assert late.fullmatch(text) is None
    assert late.pattern == compiled.pattern
