"""``promote``: what the next profile asks for, by real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import git, lint, write

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: model
  namespace: serving
spec:
  replicas: 2
  selector:
    matchLabels: {app: model}
  template:
    metadata:
      labels: {app: model}
    spec:
      containers:
      - name: churn-predictor
        image: registry.example.com/churn:1.4.2
        ports:
        - containerPort: 8080
"""
TRAIN = """import mlflow
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import train_test_split

train, test = train_test_split(rows)
model = RandomForestClassifier(random_state=0).fit(train, target)
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, "xops-lint.toml", 'select = ["DEFAULT"]\n')
    write(tmp_path, "notebooks/train.py", TRAIN)
    write(tmp_path, "deploy/model.yaml", DEPLOYMENT)
    return tmp_path


def codes(folder: Path, *arguments: str) -> list[str]:
    result = lint(folder, "promote", "--output-format", "json", *arguments)

    assert result.returncode in (0, 1), result.stderr
    return sorted({found["code"] for found in json.loads(result.stdout or "[]")})


def checked(folder: Path, *arguments: str) -> list[str]:
    result = lint(folder, "check", "--output-format", "json", *arguments)
    return sorted({found["code"] for found in json.loads(result.stdout)})


def test_what_the_next_profile_asks_for_is_reported(repository: Path):
    assert codes(repository, "notebooks") == checked(repository, "notebooks", "--profile", "standard")
    assert codes(repository, "deploy") == checked(repository, "deploy", "--profile", "production")
    assert set(codes(repository, "deploy")) > set(checked(repository, "deploy"))
    assert set(codes(repository, "notebooks")) > set(checked(repository, "notebooks"))


def test_the_profile_can_be_named(repository: Path):
    found = codes(repository, "notebooks", "--to", "production")

    assert found == checked(repository, "notebooks", "--profile", "production")


def test_what_is_reported_now_already_is_counted(repository: Path):
    result = lint(repository, "promote", "notebooks")
    lines = result.stderr.splitlines()

    assert result.returncode == 1
    assert lines[-1].startswith("2 findings stand between notebooks and `standard`; 1 of them is reported now already")


def test_the_lowest_profile_of_a_folder_counts_and_others_are_left_out(repository: Path):
    result = lint(repository, "promote", ".", "--output-format", "json")

    assert {found["filename"] for found in json.loads(result.stdout)} == {"notebooks/train.py"}
    assert {found["profile"] for found in json.loads(result.stdout)} == {"standard"}


@pytest.mark.parametrize(
    ("path", "pattern"), [("notebooks/b.py", "notebooks/b.py"), ("scratch", "scratch/**"), ("./scratch/", "scratch/**")]
)
def test_where_nothing_is_left_the_setting_is_told(repository: Path, path: str, pattern: str):
    write(repository, "notebooks/b.py", "x = 1\n")
    write(repository, "scratch/c.py", "x = 1\n")
    result = lint(repository, "promote", path)
    setting = f'per-file-profiles = {{ "{pattern}" = "standard" }}'
    write(repository, "xops-lint.toml", f"{setting}\n")
    again = lint(repository, "promote", path, "--to", "standard")

    assert (result.returncode, result.stdout) == (0, "")
    assert f"`{setting}` in xops-lint.toml" in result.stderr.splitlines()[-1]
    assert (again.returncode, again.stderr) == (0, f"{Path(path)} is `standard` or more already\n")


def test_suppressions_count_and_the_baseline_does_not(repository: Path):
    lint(repository, "baseline", "create", "--profile", "standard")
    before = codes(repository, "notebooks")
    lint(repository, "check", "notebooks", "--profile", "standard", "--add-ignores=known", "--no-baseline")

    assert "XOP302" in before
    assert "XOP302" not in codes(repository, "notebooks")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((), "Missing argument 'PATHS...'"),
        (("nowhere",), "nowhere: no such file or directory"),
        (("notebooks", "--to", "exploration"), "'exploration' is not one of 'standard', 'production'"),
    ],
)
def test_what_cannot_be_done_is_status_2(repository: Path, arguments: tuple[str, ...], message: str):
    result = lint(repository, "promote", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
