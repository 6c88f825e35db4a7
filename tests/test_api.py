from __future__ import annotations

from pathlib import Path

import pytest

from xops_lint.api import lint, lint_text
from xops_lint.exceptions import PathError
from xops_lint.report import Notice

SPLIT = "from sklearn.model_selection import train_test_split\n\na, b = train_test_split(rows)\n"


def test_a_folder_is_linted_with_the_settings_of_its_project(tmp_path: Path):
    (tmp_path / "xops-lint.toml").write_text('select = ["XOP302"]\nexclude = ["old"]\n')
    for folder in ("src", "old"):
        (tmp_path / folder).mkdir()
        (tmp_path / folder / "train.py").write_text(SPLIT)

    report = lint([tmp_path])

    assert [(found.code, found.place.path) for found in report.diagnostics] == [("XOP302", "src/train.py")]


def test_a_file_that_is_no_kind_of_ours_is_noted(tmp_path: Path):
    (tmp_path / "xops-lint.toml").write_text("")
    (tmp_path / "a.png").write_bytes(b"")

    assert lint([tmp_path / "a.png"]).skipped == (Notice("a.png", "is of no kind that is linted"),)


def test_a_text_is_linted_under_a_name(tmp_path: Path):
    (tmp_path / "xops-lint.toml").write_text('select = ["XOP302"]\n')

    report = lint_text(SPLIT, tmp_path / "train.py")

    assert [(found.code, found.place.row) for found in report.diagnostics] == [("XOP302", 3)]


def test_a_path_that_does_not_exist_is_an_error(tmp_path: Path):
    with pytest.raises(PathError):
        lint([tmp_path / "nowhere"])
