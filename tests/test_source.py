"""Python sources of every encoding, and of none."""

from __future__ import annotations

import libcst
import pytest

from xops_lint.languages.source import chain_problem, decode, nesting_problem, parseable, syntax_error_row
from xops_lint.text import Range


def test_line_endings_are_kept() -> None:
    assert decode(b"a = 1\r\nb = 2\rc = 3\n") == ("a = 1\r\nb = 2\rc = 3\n", None)


def test_byte_order_mark_is_dropped() -> None:
    assert decode(b"\xef\xbb\xbfx = '\xc3\xa9'\n") == ("x = 'é'\n", None)


@pytest.mark.parametrize(
    ("encoding", "prefix"),
    [
        ("latin-1", "# -*- coding: latin-1 -*-\n"),
        ("cp1252", "#!/usr/bin/env python\n# vim: set fileencoding=cp1252 :\n"),
        ("koi8-r", "# coding: koi8-r\r\n"),
        ("shift_jis", "# coding=shift_jis\r"),
    ],
)
def test_cookie_in_the_first_two_lines_names_the_encoding(encoding: str, prefix: str) -> None:
    text = prefix + {"koi8-r": "имя = 1", "shift_jis": "名 = 1"}.get(encoding, "naïve = 1")

    assert decode(text.encode(encoding)) == (text, None)


def test_cookie_in_the_third_line_is_a_comment() -> None:
    text = "import os\n\n# coding: latin-1\nname = 'é'\n"

    assert decode(text.encode()) == (text, None)


def test_undecodable_byte_is_told_with_its_line() -> None:
    text, problem = decode(b"import os\r\nname = 'caf\xe9'\r\n")

    assert problem is not None
    assert not problem.skipped
    assert problem.message == "line 2 holds the byte 0xe9, no utf-8: save the file as UTF-8 or declare its encoding"
    assert text[problem.range.start : problem.range.end] == "\N{REPLACEMENT CHARACTER}"


def test_undecodable_byte_after_a_byte_order_mark_is_in_its_place() -> None:
    text, problem = decode(b"\xef\xbb\xbf# caf\xc3\xa9\nname = '\xff'\n")

    assert problem is not None
    assert problem.message.startswith("line 2 holds the byte 0xff, no utf-8")
    assert problem.range == Range(15, 16)
    assert text.splitlines()[1] == "name = '\N{REPLACEMENT CHARACTER}'"


def test_undecodable_byte_in_a_declared_encoding_names_that_encoding() -> None:
    _, problem = decode(b"# coding: ascii\nname = '\xe9'\n")

    assert problem is not None
    assert problem.message.startswith("line 2 holds the byte 0xe9, no ascii")


@pytest.mark.parametrize("cookie", ["klingon", "rot13", "hex", "undefined", "utf-16", "cp500"])
def test_encodings_python_does_not_read_are_problems(cookie: str) -> None:
    text, problem = decode(f"# coding: {cookie}\nx = 1\n".encode())

    assert problem is not None
    assert problem.message.startswith("declares ")
    assert cookie in problem.message
    assert text[: problem.range.end].startswith("# coding")


def test_cookie_against_the_byte_order_mark_is_a_problem() -> None:
    _, problem = decode(b"\xef\xbb\xbf# coding: latin-1\n")

    assert problem is not None
    assert problem.message.startswith("declares ")


@pytest.mark.parametrize("encoding", ["utf-16", "utf-32"])
def test_wide_encodings_are_told_by_name(encoding: str) -> None:
    _, problem = decode("x = 1\n".encode(encoding))

    assert problem is not None
    assert problem.message == f"{encoding.upper()} is no encoding Python reads: save the file as UTF-8"


def test_binary_is_skipped() -> None:
    text, problem = decode(b"\x7fELF\x02\x01\x01\0\0\0")

    assert text == ""
    assert problem is not None
    assert problem.skipped
    assert "binary" in problem.message


def test_empty_file_is_no_problem() -> None:
    assert decode(b"") == ("", None)


def test_lone_surrogates_of_odd_encodings_are_replaced() -> None:
    text, problem = decode(b"# coding: utf-7\nname = '+2AA-'\n")

    assert problem is None
    assert text.endswith("name = '\N{REPLACEMENT CHARACTER}'\n")


@pytest.mark.parametrize(
    "text",
    [
        "\f\fimport os\n",
        "x = 1\n\fdef f():\n    return x\n",
        "class A:\r\n\f    x = 1\r\n  \f    y = 2\r\nz = 3\r\n",
        "a = 1\rb = 2\rc = 3\n",
        "a = 1\n\f\nb = 2\n",
    ],
)
def test_parseable_text_comes_back_from_the_parser_unchanged(text: str) -> None:
    code = parseable(text)

    assert libcst.parse_module(code).code == code
    assert len(code) == len(text)
    assert [(at, letter) for at, letter in enumerate(code) if letter.isalnum()] == [
        (at, letter) for at, letter in enumerate(text) if letter.isalnum()
    ]


def test_plain_text_is_parseable_as_it_is() -> None:
    text = "def f():\n    return 'a\\fb'\r\n"

    assert parseable(text) == text


def test_brackets_deeper_than_python_allows_are_a_problem() -> None:
    problem = nesting_problem("x = " + "(" * 3000 + ")" * 3000)

    assert problem is not None
    assert problem.message == "nests brackets more than 200 deep"
    assert problem.range == Range(204, 205)


@pytest.mark.parametrize(
    "text",
    [
        "(" * 200 + ")" * 200,
        "call()\n" * 500,
        "x = '" + "(" * 300 + "'\n",
        "# " + "(" * 300 + "\n",
        '"""' + "(" * 300 + '"""\n' + "f()\n" * 300,
        ")" * 300 + "(" * 200,
    ],
)
def test_brackets_in_strings_comments_and_rows_do_not_nest(text: str) -> None:
    assert nesting_problem(text) is None


@pytest.mark.parametrize(
    ("code", "row"),
    [
        ("x = 1\nprint 'x'\ny = 2\n", 2),
        ("x = 1\ny = (1,\nz = 'open\n", 3),
        ("x = 1\nif x:\n", 2),
        ("x = 1\n", None),
        ("x = '\\d'\n", None),
    ],
)
def test_syntax_error_is_found_in_its_row(code: str, row: int | None) -> None:
    assert syntax_error_row(code) == row


def test_chains_that_the_parser_cannot_take_are_refused() -> None:
    long = "x = " + " + ".join(["a"] * 5000)

    assert chain_problem(long) is not None
    assert chain_problem("x = a" + ".b" * 5000) is not None
    assert chain_problem("\n".join(["x = a.b + c"] * 5000)) is None
    assert chain_problem("x = [" + ", ".join(["-1.5"] * 5000) + "]") is None
    assert chain_problem(f"x = {'+' * 5000!r}") is None
