"""Locating nodes agrees with libcst's own PositionProvider."""

from __future__ import annotations

from pathlib import Path

import libcst as cst
import pytest
from libcst.metadata import MetadataWrapper, PositionProvider

from xops_lint.languages.python.locate import locate
from xops_lint.text import LineIndex

SOURCES = [
    path
    for path in sorted(Path(__file__).parent.parent.joinpath("xops_lint").rglob("*.py"))
    if path.stat().st_size > 1000
]

ODD = """# coding\r
def f(a, *, b = (1) , **c):\r
\tx = [i for i in range(3) if (i)]; y = x\r
\treturn f"{x!r:>{10}} \U0001f600" "é" + (yield)  # é\r
\r
class A (B, metaclass=M):\r
\t@d(1)\r
\tasync def g(self) -> int: await h(
\t  1,\r
\t\t2 , )\r
"""

KINDS = (cst.BaseExpression, cst.ImportFrom)


@pytest.mark.parametrize("text", [ODD, *(path.read_text() for path in SOURCES)])
def test_ranges_agree_with_position_provider(text: str) -> None:
    wrapper = MetadataWrapper(cst.parse_module(text), unsafe_skip_copy=True)
    positions = wrapper.resolve(PositionProvider)
    nodes = {id(node): node for node in positions if isinstance(node, KINDS)}
    found = locate(wrapper.module, nodes)
    lines = LineIndex(text)
    expected = {
        key: (
            lines.offset(positions[node].start.line, positions[node].start.column + 1),
            lines.offset(positions[node].end.line, positions[node].end.column + 1),
        )
        for key, node in nodes.items()
    }

    assert {key: tuple(value) for key, value in found.items()} == expected
