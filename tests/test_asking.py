"""``check --fix --interactive``, in a real terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import converse, git, lint, write

HEAD = "from sklearn.model_selection import train_test_split\n\n"
FIRST = "one = train_test_split(a)\n"
SECOND = "two = train_test_split(b)\n"
SEEDED = ", random_state=42)"
ARGUMENTS = ("check", "--fix", "--unsafe-fixes", "--select", "XOP302", "--interactive")


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, "a.py", HEAD + FIRST + SECOND)
    write(tmp_path, "b.py", HEAD + FIRST)
    return tmp_path


def seeded(line: str) -> str:
    return line.replace(")", SEEDED)


def mended(folder: Path) -> list[str]:
    """Return the lines that pass a seed, each with the file's name."""
    return [
        f"{path.stem}:{number}"
        for path in sorted(folder.glob("*.py"))
        for number, line in enumerate(path.read_text().splitlines(), start=1)
        if "random_state" in line
    ]


@pytest.mark.parametrize(
    ("answers", "lines", "left"),
    [
        ("y\ny\ny\n", ["a:3", "a:4", "b:3"], 0),
        ("n\ny\nn\n", ["a:4"], 2),
        ("n\nn\nn\n", [], 3),
        ("a\nn\n", ["a:3", "a:4"], 1),
        ("n\na\ny\n", ["a:4", "b:3"], 1),
        ("y\nq\n", ["a:3"], 2),
        ("q\n", [], 3),
        ("Yes\nNo\nno\n", ["a:3"], 2),
        ("what\n\n?\ny\nn\nn\n", ["a:3"], 2),
    ],
)
def test_what_is_agreed_to_is_mended_and_the_rest_is_reported(
    repository: Path, answers: str, lines: list[str], left: int
):
    status, shown = converse(repository, [*ARGUMENTS, "--output-format", "concise"], answers)

    assert mended(repository) == lines, shown
    assert status == int(bool(left))
    assert shown.count(": XOP302 is") + shown.count(": XOP302 ") >= left


def test_each_fix_is_shown_with_its_place_its_change_and_its_title(repository: Path):
    _, shown = converse(repository, [*ARGUMENTS, "--quiet", "a.py"], "n\nn\n")

    assert "\na.py:3:7: XOP302 unseeded-split: " in f"\n{shown}"
    assert "\n-one = train_test_split(a)\n+one = train_test_split(a, random_state=42)\n two = " in shown
    assert "(1/2) Pass a seed as `random_state` [y,n,a,q,e,?]: " in shown
    assert "(2/2) " in shown


def test_the_meaning_of_the_answers_is_told(repository: Path):
    _, shown = converse(repository, [*ARGUMENTS, "a.py"], "?\nq\n")

    assert "y - apply this fix\nn - leave this as it is\n" in shown


def test_a_fix_can_be_edited(repository: Path, tmp_path_factory: pytest.TempPathFactory):
    editor = write(tmp_path_factory.mktemp("bin"), "editor", '#!/bin/sh\nsed -i "s/42/SEED/" "$1"\n')
    editor.chmod(0o755)
    _, shown = converse(repository, [*ARGUMENTS, "a.py"], "e\nn\n", {"EDITOR": str(editor)})

    assert (repository / "a.py").read_text() == HEAD + FIRST.replace(")", ", random_state=SEED)") + SECOND, shown


def test_an_edit_to_nothing_applies_nothing_and_asks_again(repository: Path, tmp_path_factory):
    editor = write(tmp_path_factory.mktemp("bin"), "editor", '#!/bin/sh\n: > "$1"\n')
    editor.chmod(0o755)
    _, shown = converse(repository, [*ARGUMENTS, "b.py"], "e\nn\n", {"EDITOR": str(editor)})

    assert "nothing was written, so the fix is not applied" in shown
    assert mended(repository) == []


def test_an_edit_that_breaks_the_file_is_left_out(repository: Path, tmp_path_factory):
    editor = write(tmp_path_factory.mktemp("bin"), "editor", '#!/bin/sh\necho "one = (" > "$1"\n')
    editor.chmod(0o755)
    status, shown = converse(repository, [*ARGUMENTS, "b.py"], "e\n", {"EDITOR": str(editor)})

    assert status == 1
    assert "would break the file" in shown
    assert (repository / "b.py").read_text() == HEAD + FIRST


def test_an_editor_keeps_line_ends(repository: Path):
    write(repository, "b.py", (HEAD + FIRST).replace("\n", "\r\n"))
    converse(repository, [*ARGUMENTS, "b.py"], "e\n", {"EDITOR": "true"})

    assert (repository / "b.py").read_bytes().decode() == (HEAD + seeded(FIRST)).replace("\n", "\r\n")


def test_a_cell_is_shown_and_edited_as_source(repository: Path):
    cell = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": []}
    sources = [HEAD, FIRST + SECOND]
    cells = [{**cell, "id": f"c{index}", "source": text.splitlines(True)} for index, text in enumerate(sources)]
    text = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"
    write(repository, "c.ipynb", text)
    _, shown = converse(repository, [*ARGUMENTS, "c.ipynb"], "n\ne\n", {"EDITOR": "true"})

    assert "c.ipynb:cell 2:2:7: XOP302" in shown
    assert "-two = train_test_split(b)\n+two = train_test_split(b, random_state=42)\n" in shown
    assert (repository / "c.ipynb").read_text() == text.replace("split(b)", "split(b, random_state=42)")


def test_who_leaves_with_the_end_of_input_leaves_nothing_behind(repository: Path):
    status, _ = converse(repository, ARGUMENTS, "y\n\x04")

    assert (status, mended(repository)) == (130, [])


def test_what_nothing_is_asked_about_is_as_without(repository: Path):
    arguments = ["check", "--fix", "--select", "XOP302", "--interactive", "--output-format", "concise"]
    status, shown = converse(repository, arguments, "")

    assert (status, mended(repository)) == (1, [])
    assert "[y,n,a,q,e,?]" not in shown


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--fix", "--interactive"), "`--interactive` asks questions: run it in a terminal"),
        (("--interactive",), "`--interactive` goes with `--fix` alone"),
        (("--fix", "--diff", "--interactive"), "`--interactive` goes with `--fix` alone"),
    ],
)
def test_without_a_terminal_or_a_fix_it_is_refused(repository: Path, arguments: tuple[str, ...], message: str):
    result = lint(repository, "check", *arguments, stdin="y\n")

    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
