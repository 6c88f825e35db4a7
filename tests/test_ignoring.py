"""``--add-ignores``: comments that silence what is found today, and change nothing else."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

from processes import lint, write

PYTHON = '''"""A module.
"""
import os
from sklearn.model_selection import train_test_split
SETTINGS = """
url = postgresql://admin:s3cr3tPa55@db.prod.acme.io/x
"""
a, b = train_test_split(
    X,  # rows
    y)
t = f("""x
""", train_test_split(X, y))
c, d = \\
    train_test_split(X, y)
e, f = train_test_split(X, y)  # xops: ignore[unsorted-listing] sorted elsewhere
'''

WORKFLOW = """on: push
jobs:
  a:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@main
      - run: |
          pip install pandas
          dvc repro || true
"""

DOCKERFILE = "FROM python:latest\nRUN pip install \\\n  scikit-learn\n"


def run(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xops_lint", "check", "--isolated", "--output-format", "concise", *options]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)


def test_nothing_is_found_afterwards_and_the_code_is_the_same(tmp_path: Path):
    (tmp_path / ".github" / "workflows").mkdir(parents=True)
    (tmp_path / ".github" / "workflows" / "ci.yml").write_text(WORKFLOW)
    (tmp_path / "a.py").write_text(PYTHON)
    (tmp_path / "Dockerfile").write_text(DOCKERFILE)
    found = run(tmp_path)

    done = run(tmp_path, "--add-ignores=not yet looked at")

    assert found.returncode == 1
    remaining = [line.partition(": ")[2].partition(" ")[0] for line in done.stdout.splitlines()]
    assert set(remaining) <= {"XOP003"}, done.stdout
    code = (tmp_path / "a.py").read_text()
    assert ast.dump(ast.parse(code)) == ast.dump(ast.parse(PYTHON))
    assert "ignore[unsorted-listing, unseeded-split] sorted elsewhere" in code
    assert "    X,  # rows\n" in code
    workflow = (tmp_path / ".github" / "workflows" / "ci.yml").read_text()
    assert "      - uses: actions/checkout@main  # xops: ignore[unpinned-action] not yet looked at\n" in workflow
    assert "      # xops: ignore[swallowed-failure] not yet looked at\n      - run: |\n" in workflow
    assert (tmp_path / "Dockerfile").read_text().startswith("# xops: ignore[unpinned-image] not yet looked at\nFROM")
    assert run(tmp_path).stdout == done.stdout


def test_a_notebook_gets_its_comment_in_the_cell(tmp_path: Path):
    source = ["from sklearn.model_selection import train_test_split\n", "a, b = train_test_split(X)"]
    cells = [{"cell_type": "code", "source": source, "metadata": {}, "outputs": [], "execution_count": None, "id": "a"}]
    before = json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)
    (tmp_path / "a.ipynb").write_text(before)

    run(tmp_path, "--add-ignores", "a.ipynb")

    assert (tmp_path / "a.ipynb").read_text() == before.replace(
        "(X)", "(X)  # xops: ignore[unseeded-split, hidden-state]"
    )
    assert "XOP302" not in run(tmp_path).stdout


def test_what_holds_no_comment_is_named_and_left_alone(tmp_path: Path):
    manifest = {
        "apiVersion": "serving.kserve.io/v1beta1",
        "kind": "InferenceService",
        "metadata": {"name": "a"},
        "spec": {"predictor": {"model": {"modelFormat": {"name": "sklearn"}, "storageUri": "s3://models/latest"}}},
    }
    before = json.dumps(manifest, indent=2)
    (tmp_path / "a.json").write_text(before)

    done = run(tmp_path, "--add-ignores")

    assert done.returncode == 1
    assert (tmp_path / "a.json").read_text() == before
    assert "cannot be silenced by a comment there" in done.stderr


def test_a_diff_shows_the_comments_and_writes_none(tmp_path: Path):
    (tmp_path / "a.py").write_text(PYTHON)

    shown = run(tmp_path, "--add-ignores", "--diff")

    assert (tmp_path / "a.py").read_text() == PYTHON
    assert "+# xops: ignore[hardcoded-credential]" in shown.stdout


def test_a_reason_is_given_for_chosen_rules_alone(tmp_path: Path):
    write(tmp_path, "a.py", PYTHON)

    lint(tmp_path, "check", "--isolated", "--fixable", "hardcoded-credential", "--add-ignores=a data base for tests")

    text = (tmp_path / "a.py").read_text()
    assert "ignore[hardcoded-credential] a data base for tests" in text
    assert "ignore[unseeded-split]" not in text


def test_what_silences_where_no_comment_can_is_told(tmp_path: Path):
    write(tmp_path, "a.py", "def f(:\n")
    pod = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "a"}, "spec": {"containers": [{"image": "train"}]}}
    write(tmp_path, "pod.json", json.dumps(pod))

    told = lint(tmp_path, "check", "--isolated", "--add-ignores=why").stderr

    assert "a.py: does not parse, so no comment silences it" in told
    assert "pod.json: XOP332 in row 1 cannot be silenced by a comment there: `[[overrides]]` with `routes` can" in told
