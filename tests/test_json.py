from __future__ import annotations

import pytest

from xops_lint.languages.config import LARGEST, read_config
from xops_lint.languages.json import read
from xops_lint.languages.tree import DEEPEST


def test_values_and_keys_have_exact_ranges() -> None:
    text = '{"é😀": {"image": "x:1", "n": [1, -2.5e3, true, null]}}'

    (root,) = read(text).documents
    values = {value.route: (value.tag, text[slice(*value.range)]) for value in root.walk()}

    assert values["é😀.image"] == ("str", '"x:1"')
    assert [values[f"é😀.n[{index}]"] for index in range(4)] == [
        ("int", "1"),
        ("float", "-2.5e3"),
        ("bool", "true"),
        ("null", "null"),
    ]
    key = root.items["é😀"].key
    assert key is not None and text[slice(*key)] == '"é😀"'


def test_comments_trailing_commas_and_raw_newlines_are_tolerated() -> None:
    parsed = read('{\n  // why\n  "a": "x\ny", /* and */\n  "b": [1, 2,],\n}\n')

    assert parsed.problems == ()
    assert parsed.documents[0].items["a"].text == "x\ny"
    assert [comment.text for comment in parsed.comments] == ["// why", "/* and */"]


def test_objects_in_a_row_are_several_documents() -> None:
    document = read_config(
        "pipelines.json",
        b'{"pipeline": {"name": "a"}, "transform": {"image": "x:1"}}\n'
        b'{"pipeline": {"name": "b"}, "transform": {"image": "x:2"}}',
        "json",
    )

    assert document.kinds == ["pachyderm", "pachyderm"]
    assert [value.text for value in document.values("image")] == ["x:1", "x:2"]


def test_the_objects_of_a_list_are_documents() -> None:
    document = read_config("p.json", b'[{"pipeline": {"name": "a"}, "transform": {"image": "x:1"}}]', "json")

    assert document.kinds == ["", "pachyderm"]
    assert document.kind == "pachyderm"


def test_escapes_are_read() -> None:
    (root,) = read(r'["\u00e9\n", "\ud83d\ude00", "\ud83d", "\q"]').documents

    assert [value.text for value in root.list] == ["é\n", "😀", "\ufffd", r"\q"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('{"a": 1', "`{` is never closed"),
        ('{"a" 1}', "expected a colon, found `1`"),
        ('{"a": }', "expected a value, found `}`"),
        ("[1 2]", "expected a comma, found `2`"),
        ("['a']", "`'a'` is no value"),
        ('["a]', "a string has no end"),
        ("]", "`]` opens nothing"),
        ("[1}", "expected a comma, found `}`"),
    ],
)
def test_mistakes_are_problems(text: str, message: str) -> None:
    parsed = read(text)

    assert [problem.message for problem in parsed.problems] == [f"does not parse as JSON: {message}"]
    assert parsed.documents == []


def test_templates_are_skipped_quietly() -> None:
    assert [problem.skipped for problem in read('{"a": {{ b }}}').problems] == [True]


def test_deep_nesting_does_not_overflow() -> None:
    (root,) = read("[" * 50_000 + "]" * 50_000).documents

    assert sum(1 for _ in root.walk()) == DEEPEST + 1


def test_data_that_is_no_config_is_not_parsed() -> None:
    document = read_config("rows.json", b'[{"age": 1}, {"age": 2}', "json")

    assert (document.documents, document.problems, document.kind) == ([], [], "")


def test_long_files_are_skipped_with_a_notice() -> None:
    document = read_config("big.json", b'"' + b"x" * LARGEST + b'"', "json")

    assert [problem.skipped for problem in document.problems] == [True]
