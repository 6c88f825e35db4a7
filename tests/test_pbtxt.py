from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xops_lint.languages.config import read_config
from xops_lint.languages.pbtxt import read

TEXT = """\
# top
name: "churn" # why
platform: 'onnx' "runtime"
max_batch_size: 0x10
default_model_filename: "a\\x41\\101\\n\\"é"
input [
  { name: "a" data_type: TYPE_FP32, dims: [ -1, 3 ]; },
  { name: "b", dims: 4 }
]
output { name: "c" dims: 1 dims: 2 }
output < name: "d" >
optimization { cuda { graphs: true  factor: 1.5e-3f } }
[ext.name]: inf
count: ${COUNT}
"""

MEANT = {
    "name": "churn",
    "platform": "onnxruntime",
    "max_batch_size": "0x10",
    "default_model_filename": 'aAA\n"é',
    "input[0].data_type": "TYPE_FP32",
    "input[0].dims[0]": "-1",
    "input[1].dims": "4",
    "output[0].dims[1]": "2",
    "output[1].name": "d",
    "optimization.cuda.graphs": "true",
    "optimization.cuda.factor": "1.5e-3f",
    "[ext.name]": "inf",
}

WRITTEN = {
    "platform": "'onnx' \"runtime\"",
    "input[0]": '{ name: "a" data_type: TYPE_FP32, dims: [ -1, 3 ]; }',
    "output[1].name": '"d"',
    "count": "${COUNT}",
}

properties = settings(max_examples=200, deadline=None, database=None, derandomize=True)
PIECES = st.sampled_from(
    [
        *(
            "a",
            ": ",
            '"b"',
            "{",
            "}",
            "[",
            "]",
            "<",
            ">",
            ",",
            ";",
            "#",
            "\n",
            "1",
            "-",
            ".5",
            "${X}",
            "{{",
            "'",
            "\\",
            "é",
        )
    ]
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_values_have_their_meaning_and_exact_ranges(newline: str) -> None:
    text = TEXT.replace("\n", newline)

    parsed = read(text)
    (root,) = parsed.documents
    meant = {value.route: value.text for value in root.walk()}
    written = {value.route: text[slice(*value.range)] for value in root.walk()}
    keys = {value.route: text[slice(*value.key)] for value in root.walk() if value.key}

    assert parsed.problems == ()
    assert {route: meant.get(route) for route in MEANT} == MEANT
    assert {route: written.get(route) for route in WRITTEN} == WRITTEN
    assert keys["output[1].name"] == "name"
    assert keys["[ext.name]"] == "[ext.name]"
    assert [comment.text for comment in parsed.comments] == ["# top", "# why"]


def test_what_is_filled_in_is_unknown() -> None:
    (root,) = read(TEXT).documents

    assert [value.route for value in root.walk() if value.tag == "unknown"] == ["count"]


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ('name: "a"\ninput {\n  name: "b"\n', 2, "has no `}` for this `{`"),
        ('name: "a"\ndims: [1,\n 2\n', 2, "has no `]` for this `[`"),
        ('name "a"\n', 1, "has no `:` behind `name`"),
        ('name: "a\n', 1, 'has `"` where a value belongs'),
        ("name:\n", 2, "ends where a value belongs"),
        ("name: a\n}\n", 2, "has `}` where a field belongs"),
        ("dims: [1 2]\n", 1, "has `2` where `,` or `]` belongs"),
    ],
)
def test_what_is_no_message_is_told_at_its_line(text: str, row: int, message: str) -> None:
    document = read_config("models/a/config.pbtxt", text.encode(), "pbtxt")
    (problem,) = document.problems

    assert problem.range is not None
    assert document.lines.position(problem.range.start)[0] == row
    assert problem.message.endswith(message)
    assert not problem.skipped


def test_graphs_and_templates_are_left() -> None:
    assert read_config("graph.pbtxt", b"node {", "pbtxt").problems == []
    (problem,) = read_config("config.pbtxt", b"{% if a %}\nname: b\n{% endif %}\n", "pbtxt").problems

    assert problem.skipped


@properties
@given(st.lists(PIECES, max_size=30).map("".join))
def test_anything_is_read_without_a_crash_and_ranges_lie_inside(text: str) -> None:
    parsed = read(text)

    assert parsed.documents or parsed.problems
    for value in (value for root in parsed.documents for value in root.walk()):
        assert 0 <= value.range.start <= value.range.end <= len(text)


@pytest.mark.parametrize("piece", ["a {", "a [", "a: [[", "a: -"])
def test_deep_nests_are_given_up(piece: str) -> None:
    assert read(piece * 20_000).problems
