"""``suggest``: rules that are kept already, and fixes that buy most; and how far fixes are trusted."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import git, lint, write

TRAIN = """import numpy as np
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

rows = rows[rows["age"] == np.nan]
train, test = train_test_split(rows)
more, rest = train_test_split(test)
model = RandomForestClassifier(n_estimators=100).fit(train, target)
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, "xops-lint.toml", "")
    write(tmp_path, "train.py", TRAIN)
    return tmp_path


def suggested(folder: Path, *arguments: str) -> dict[str, list[dict[str, object]]]:
    result = lint(folder, "suggest", "--output-format", "json", *arguments)

    assert result.returncode == 0, result.stderr
    found: dict[str, list[dict[str, object]]] = json.loads(result.stdout)
    return found


def codes(folder: Path, *arguments: str) -> list[str]:
    return [found["code"] for found in json.loads(lint(folder, "check", "--output-format", "json", *arguments).stdout)]


def test_rules_that_are_kept_can_be_turned_on_without_a_finding(repository: Path):
    passing = [str(each["name"]) for each in suggested(repository)["passing"]]
    before = codes(repository)
    write(repository, "xops-lint.toml", f"extend-select = {json.dumps(passing)}\n")

    assert "implicit-hyperparameters" in passing
    assert codes(repository) == before
    assert suggested(repository)["passing"] == []


def test_what_the_text_shows_can_be_pasted(repository: Path):
    shown = lint(repository, "suggest").stdout
    settings = shown.partition("    extend-select = [")[2].partition("]")[0]

    write(repository, "xops-lint.toml", f"extend-select = [{settings}]\n")

    assert lint(repository, "config").returncode == 0
    assert "No rule that is off had something to look at" in lint(repository, "suggest").stdout


def test_rules_with_nothing_to_look_at_are_not_listed(repository: Path):
    assert "missing-probe" not in [each["name"] for each in suggested(repository)["passing"]]


def test_the_fixes_that_buy_most_come_first(repository: Path):
    fixes = suggested(repository)["fixes"]

    assert [(fix["code"], fix["findings"], fix["safe"]) for fix in fixes[:1]] == [("XOP302", 2, 0)]
    assert fixes[0]["command"] == "xops-lint check --fix --unsafe-fixes --fixable XOP302"


def test_the_command_that_is_shown_mends_what_it_counts(repository: Path):
    command = str(suggested(repository)["fixes"][0]["command"]).split()

    lint(repository, *command[1:])

    assert "XOP302" not in codes(repository)
    assert "XOP303" in codes(repository)


def test_nothing_to_mend_is_said(tmp_path: Path):
    write(tmp_path, "a.py", "x = 1\n")

    assert "0 findings, none of which a fix mends." in lint(tmp_path, "suggest", "--isolated").stdout


def mended(folder: Path, *arguments: str) -> list[str]:
    """Return the seeds that a safe run passes."""
    lint(folder, "check", "--fix", *arguments)
    return [line for line in (folder / "train.py").read_text().splitlines() if "random_state" in line]


def test_unsafe_fixes_of_a_rule_may_count_as_safe(repository: Path):
    write(repository, "xops-lint.toml", 'extend-safe-fixes = ["XOP302"]\n')

    assert len(mended(repository)) == 2
    assert "XOP303" in codes(repository)


@pytest.mark.parametrize(
    "settings", ['unfixable = ["XOP302"]', 'extend-unsafe-fixes = ["XOP302"]', 'fixable = ["XOP1"]']
)
def test_fixes_of_a_rule_may_be_withheld(repository: Path, settings: str):
    write(repository, "xops-lint.toml", f'extend-safe-fixes = ["XOP302"]\n{settings}\n')

    assert mended(repository) == []


def test_a_rule_that_does_not_exist_is_named(repository: Path):
    write(repository, "xops-lint.toml", 'unfixable = ["XOP999"]\n')

    result = lint(repository, "check")

    assert result.returncode == 2
    assert "xops-lint.toml:1" in result.stderr
