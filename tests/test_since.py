"""``check --since``, by real processes in real repositories: what a state had already is not told again."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

TRAIN = """import pandas as pd
from sklearn.model_selection import train_test_split

rows = pd.read_csv("rows.csv")
parts = train_test_split(rows, test_size=0.2)
"""
PIPELINE = """stages:
  fit:
    cmd: python fit.py --rounds 3
"""
FIT = """import argparse

parser = argparse.ArgumentParser()
parser.add_argument("--rounds")
arguments = parser.parse_args()
print(arguments.rounds)
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    files = {"train.py": TRAIN, "dvc.yaml": PIPELINE, "fit.py": FIT, "team/job.py": TRAIN}
    for path, text in files.items():
        (tmp_path / path).parent.mkdir(exist_ok=True)
        (tmp_path / path).write_text(text)
    git(tmp_path, "init", "-q", "-b", "main")
    commit(tmp_path)
    return tmp_path


def test_findings_that_were_there_stand_beside_the_new_ones(repository: Path) -> None:
    train = repository / "train.py"
    train.write_text(f"# one line more\n{TRAIN}again = train_test_split(rows, test_size=0.5)\n")
    told = check(repository, "--since", "main", "--select", "XOP302")
    assert "1 new finding" in told.stderr
    assert "2 at main" in told.stderr
    assert told.returncode == 1
    states = {
        (each["filename"], each["location"]["row"]): each["baseline_state"]
        for each in found(repository, "--since", "main")
    }
    assert states == {("team/job.py", 5): "unchanged", ("train.py", 6): "unchanged", ("train.py", 7): "new"}


def test_nothing_new_is_a_success(repository: Path) -> None:
    told = check(repository, "--since", "HEAD", "--select", "XOP302")
    assert (told.returncode, "All checks passed" in told.stderr) == (0, True), told.stderr


def test_a_finding_in_a_config_that_a_change_of_code_causes_is_new(repository: Path) -> None:
    (repository / "fit.py").write_text(FIT.replace("--rounds", "--turns"))
    told = found(repository, "--since", "main", select="XOP612")
    assert [(each["filename"], each["baseline_state"]) for each in told] == [("dvc.yaml", "new")]


def test_a_folder_below_the_top_is_compared_with_itself(repository: Path) -> None:
    (repository / "team" / "pyproject.toml").write_text('[tool.xops-lint]\nselect = ["XOP302"]\n')
    told = check(repository / "team", "--since", "main")
    assert (told.returncode, "1 at main" in told.stderr) == (0, True), told.stderr


def test_a_renamed_file_keeps_what_is_known_of_it(repository: Path) -> None:
    git(repository, "mv", "train.py", "learn.py")
    assert check(repository, "--since", "main", "--select", "XOP302").returncode == 0


def test_what_a_baseline_holds_is_not_new_either(repository: Path) -> None:
    (repository / "train.py").write_text(TRAIN + "again = train_test_split(rows, test_size=0.5)\n")
    check(repository, "--write-baseline", "--select", "XOP302")
    told = check(repository, "--since", "main", "--select", "XOP302")
    assert (told.returncode, "3 in the baseline or at main" in told.stderr) == (0, True), told.stderr


def test_the_rules_of_now_judge_both_states(repository: Path) -> None:
    """A rule that somebody switches on finds in old code what it always held: that is not new."""
    (repository / "pyproject.toml").write_text('[tool.xops-lint]\nselect = ["XOP302", "XOP330"]\n')
    assert check(repository, "--since", "main").returncode == 0


@pytest.mark.parametrize("revision", ["nowhere", "--output=x", "HEAD~40"])
def test_a_revision_that_git_lacks_is_an_error(repository: Path, revision: str) -> None:
    told = check(repository, f"--since={revision}")
    assert told.returncode == 2
    assert f"`{revision}`: git has no such revision here" in told.stderr
    assert sorted(path.name for path in repository.iterdir() if path.suffix == "") == [
        ".git",
        ".xops-lint-cache",
        "team",
    ]


def test_nothing_is_left_of_the_state(repository: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    elsewhere = tmp_path_factory.mktemp("temporary")
    check(repository, "--since", "main", TMPDIR=str(elsewhere))
    assert not list(elsewhere.iterdir())
    assert git(repository, "status", "--porcelain", "--", ":!.xops-lint-cache") == ""


def test_filters_of_the_repository_are_not_run(repository: Path) -> None:
    (repository / ".gitattributes").write_text("*.py filter=own\n")
    commit(repository)
    git(repository, "config", "filter.own.smudge", "touch smudged; cat")
    check(repository, "--since", "main")
    assert not (repository / "smudged").exists()


def test_it_mends_and_writes_nothing(repository: Path) -> None:
    for option in ("--fix", "--write-baseline"):
        told = check(repository, "--since", "main", option)
        assert (told.returncode, "--since" in told.stderr) == (2, True), option


def found(folder: Path, *options: str, select: str = "XOP302") -> list[dict[str, Any]]:
    listed: list[dict[str, Any]] = json.loads(
        check(folder, *options, "--select", select, "--output-format", "json").stdout
    )
    return listed


def check(folder: Path, *options: str, **environment: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xops_lint", "check", "-j", "1", *options, "."]
    return subprocess.run(
        command, cwd=folder, env={**os.environ, **environment}, capture_output=True, text=True, check=False
    )


def commit(folder: Path) -> None:
    git(folder, "add", "-A")
    git(folder, "-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "-q", "-m", "state")


def git(folder: Path, *words: str) -> str:
    return subprocess.run(["git", *words], cwd=folder, capture_output=True, text=True, check=True).stdout
