"""What stands around a finding, and what it is about: the parts of a fingerprint."""

from __future__ import annotations

import pytest

from xops_lint.document import Document
from xops_lint.enclosing import scope_of, subject_of
from xops_lint.text import Range

CODE = '''import a

# Why.
@task
def load(
    path,
):
    """def no():"""
    query = """
def neither():
"""
    return read(
  path,
    )


fitted = fit(
    rows,
)


class Model:
    async def score(self): return sum(it)
!echo "(
def last():
    return None
'''

STEPS = """jobs:
  build:
    steps:
    - name: "Check out"  # first
      uses: actions/checkout@v1
    - uses: actions/setup@v2
      with:
        version: 3
"""


@pytest.mark.parametrize(
    ("language", "text", "word", "scope"),
    [
        ("python", CODE, "@task", ""),
        ("python", CODE, "query", "load"),
        ("python", CODE, "path,\n    )", "load"),
        ("python", CODE, "rows", ""),
        ("python", CODE, "sum(", "Model"),
        ("python", CODE, "None", "last"),
        ("yaml", STEPS, "actions/checkout", "jobs/build/steps/name=Check out/uses"),
        ("yaml", STEPS, "actions/setup", "jobs/build/steps/uses"),
        ("yaml", STEPS, "3", "jobs/build/steps/uses/with/version"),
        (
            "yaml",
            STEPS.replace("    -", "      -").replace("      uses", "        uses"),
            "actions/setup",
            "jobs/build/steps/uses",
        ),
        ("json", '{\n  "a": {\n    "b": [\n      "x"\n    ]\n  }\n}', '"x"', "a/b"),
        ("toml", '[tool.a]\none = 1\ndeps = [\n  "x",\n]\n', '"x"', "tool.a/deps"),
        ("dockerfile", "FROM python AS build\nRUN pip \\\n  install x\n", "install", "build"),
        ("requirements", "a\nb\n", "b", ""),
    ],
)
def test_what_stands_around_a_place_has_no_numbers_of_lines(language: str, text: str, word: str, scope: str):
    assert scope_of(Document("file", language, text), text.index(word)) == scope


@pytest.mark.parametrize(
    ("language", "text", "word", "subject"),
    [
        ("python", CODE, "# Why.", "# Why.\n@task\ndef load(\n    path,\n):\n"),
        ("python", CODE, "fitted", "fitted = fit(\n    rows,\n)\n\n\n"),
        ("yaml", STEPS, "name:", "name=Check out"),
        ("yaml", STEPS, "3", "3\n"),
    ],
)
def test_a_range_of_many_lines_is_about_its_first_statement_or_its_key(
    language: str, text: str, word: str, subject: str
):
    assert subject_of(Document("file", language, text), Range(text.index(word), len(text))) == subject
