from __future__ import annotations

import pytest

from xops_lint.languages.toml import read

TEXT = '''# top
title = "a # b" # why
[project]
name = 'é😀'
dependencies = [
  "a>=1", # first
  "b",
]
tool.x.y = 1
[[package]]
name = "one"
extra = {x = 1, y = [1, 2]}
[[package]]
name = "two"
[package.more]
long = """several
 ] lines"""
[[package.files]]
file = "z"
[tool."x y".z]
when = 1979-05-27 07:32:00
on = true
'''

WRITTEN = {
    "title": '"a # b"',
    "project.name": "'é😀'",
    "project.dependencies[0]": '"a>=1"',
    "project.dependencies[1]": '"b"',
    "project.tool.x.y": "1",
    "package[0].name": '"one"',
    "package[0].extra.x": "1",
    "package[0].extra.y[1]": "2",
    "package[1].name": '"two"',
    "package[1].more.long": '"""several\n ] lines"""',
    "package[1].files[0].file": '"z"',
    "tool.x y.z.when": "1979-05-27 07:32:00",
}


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_values_have_exact_ranges(newline: str) -> None:
    text = TEXT.replace("\n", newline)

    parsed = read(text)
    (root,) = parsed.documents
    written = {value.route: text[slice(*value.range)].replace("\r", "") for value in root.walk()}

    assert parsed.problems == ()
    assert {route: written[route] for route in WRITTEN} == WRITTEN


def test_keys_have_ranges() -> None:
    (root,) = read(TEXT).documents

    keys = {value.route: TEXT[slice(*value.key)] for value in root.walk() if value.key}
    assert (keys["project.name"], keys["project.tool.x.y"], keys["tool.x y"]) == ("name", "y", '"x y"')


def test_a_table_reaches_to_its_last_entry() -> None:
    text = "[a]\nb = 1\nc = 2\n\n# about d\n[d]\ne = 1\n"

    (root,) = read(text).documents

    assert text[slice(*root.items["a"].range)].startswith("[a]\nb = 1\nc = 2")


def test_scalars_have_tags() -> None:
    (root,) = read("a = 1\nb = 1.5\nc = true\nd = 'x'\n").documents

    assert [(value.tag, value.text) for value in root.items.values()] == [
        ("int", "1"),
        ("float", "1.5"),
        ("bool", "true"),
        ("str", "x"),
    ]


def test_comments_are_not_found_in_strings() -> None:
    assert [comment.text for comment in read(TEXT).comments] == ["# top", "# why", "# first"]


def test_a_mistake_is_shown_at_its_line() -> None:
    text = "a = 1\nb =\nc = 2\n"

    (problem,) = read(text).problems

    assert text[slice(*problem.range)] == "b ="
    assert problem.message == "does not parse as TOML: invalid value"


def test_templates_are_skipped_quietly() -> None:
    assert [problem.skipped for problem in read("a = {{ b }}\n").problems] == [True]


def test_deep_nesting_does_not_overflow() -> None:
    assert len(read("a = " + "[" * 5_000).problems) == 1
