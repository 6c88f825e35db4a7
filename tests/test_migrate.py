"""``migrate``: what the settings of other linters are here, by real processes."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from processes import lint, write

from xops_lint import data_files
from xops_lint.registry import load


def migrated(folder: Path) -> dict[str, Any]:
    result = lint(folder, "migrate", "--output-format", "json")

    assert result.returncode == 0, result.stderr
    found: dict[str, Any] = json.loads(result.stdout)
    return found


def on(found: dict[str, Any]) -> dict[str, bool]:
    return {check["name"]: check["on"] for migration in found["found"] for check in migration["checks"]}


def test_every_rule_that_is_named_exists():
    names = load().names
    checks = [check for tool in data_files.load("migrations.yaml").values() for check in tool["checks"].values()]

    assert {rule for check in checks for rule in check.get("rules", ())} - set(names) == set()
    assert [check for check in checks if not check.get("rules") and not check.get("note")] == []


MLLINT = "rules:\n  disabled: [testing/has-tests, testing/coverage, code-quality]\ngit:\n  maxFileSize: 1000\n"


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".mllint.yml", MLLINT),
        (
            "pyproject.toml",
            '[tool.mllint.rules]\ndisabled = ["testing/has-tests", "testing/coverage", "code-quality"]\n'
            "[tool.mllint.git]\nmaxFileSize = 1000\n",
        ),
    ],
)
def test_what_mllint_leaves_out_is_left_out(tmp_path: Path, path: str, text: str):
    write(tmp_path, path, text)
    found = migrated(tmp_path)

    assert (found["found"][0]["tool"], found["found"][0]["file"]) == ("mllint", path)
    assert on(found)["testing/has-tests"] is False
    assert on(found)["code-quality/bandit/no-issues"] is False
    assert on(found)["ci/use"] is True
    assert {"no-tests", "untested-pipeline-code"} <= set(found["settings"]["ignore"])
    assert "ci-skips-tests" not in found["settings"]["ignore"]
    assert any("maxFileSize" in remark for remark in found["found"][0]["remarks"])


PYLINT = """[MASTER]
load-plugins=dslinter
ignore=CVS,legacy
[MESSAGES CONTROL]
disable=all
enable=nan-numpy,
       unnecessary-iteration-pandas,  # slow
       line-too-long
"""


@pytest.mark.parametrize(
    ("path", "text"),
    [
        (".pylintrc", PYLINT),
        (
            "pyproject.toml",
            '[tool.pylint.main]\nload-plugins = ["dslinter"]\nignore = ["legacy"]\n[tool.pylint."messages control"]\n'
            'disable = ["all"]\nenable = ["nan-numpy", "unnecessary-iteration-pandas", "line-too-long"]\n',
        ),
    ],
)
def test_what_dslinter_checks_is_checked(tmp_path: Path, path: str, text: str):
    write(tmp_path, path, text)
    found = migrated(tmp_path)

    assert [name for name, chosen in on(found).items() if chosen] == ["unnecessary-iteration-pandas", "nan-numpy"]
    assert found["settings"]["extend-select"] == ["row-loop"]
    assert "unseeded-split" in found["settings"]["ignore"]
    assert "nan-comparison" not in found["settings"]["ignore"]
    assert found["settings"]["extend-exclude"] == ["**/legacy"]


def test_pylint_without_the_plugin_is_nothing_to_migrate(tmp_path: Path):
    write(tmp_path, "pyproject.toml", '[tool.pylint.main]\nload-plugins = ["other"]\n')
    result = lint(tmp_path, "migrate")

    assert (result.returncode, result.stdout) == (0, "")
    assert "no settings of mllint" in result.stderr


def test_pynblint_and_nbqa(tmp_path: Path):
    write(tmp_path, ".pynblint", '# ours\nEXCLUDED_LINTS=\'["untitled-notebook","cell-too-long"]\'\nMAX_LINES=9\n')
    write(
        tmp_path,
        "pyproject.toml",
        '[tool.nbqa.exclude]\nblack = "^drafts/"\nisort = "(a|b)"\n[tool.nbqa.addopts]\nblack = ["-l", "99"]\n',
    )
    found = migrated(tmp_path)

    assert [migration["tool"] for migration in found["found"]] == ["pynblint", "nbQA"]
    # The other check that asks for a name of its own is on, so the rule stays on.
    assert found["settings"]["ignore"] == []
    assert found["settings"]["extend-select"] == ["partly-run-notebook"]
    assert found["settings"]["extend-exclude"] == ["drafts"]
    assert any("regular expression" in remark for remark in found["found"][1]["remarks"])


def test_what_the_text_shows_can_be_pasted(tmp_path: Path):
    write(tmp_path, ".pylintrc", PYLINT)
    shown = lint(tmp_path, "migrate").stdout

    write(tmp_path, "xops-lint.toml", shown.partition("pyproject.toml:\n\n")[2])

    assert lint(tmp_path, "config").returncode == 0
    assert "row-loop" in (tmp_path / "xops-lint.toml").read_text()


@pytest.mark.parametrize("text", ["rules: [", "- a\n", "rules:\n  disabled: 3\n", ""])
def test_settings_that_make_no_sense_break_nothing(tmp_path: Path, text: str):
    write(tmp_path, ".mllint.yml", text)

    assert migrated(tmp_path)["found"][0]["tool"] == "mllint"
