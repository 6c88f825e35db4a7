"""The examples: one with defects of every kind, one that runs and has none."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import venv
from pathlib import Path

import pytest
import yaml

from xops_lint.rule import PRINCIPLES

EXAMPLES = Path(__file__).parent.parent / "examples"


def check(folder: Path, *options: str) -> tuple[int, list[dict[str, object]]]:
    command = [sys.executable, "-m", "xops_lint", "check", str(folder), "--output-format", "json", *options]
    result = subprocess.run(command, capture_output=True, text=True, check=False)
    return result.returncode, json.loads(result.stdout)


def test_before_shows_findings_of_all_seven_principles() -> None:
    status, found = check(EXAMPLES / "before")

    assert status == 1
    assert {finding["principle"] for finding in found} == set(PRINCIPLES.values()) - {"tool"}


def test_after_has_no_finding_in_the_production_profile() -> None:
    assert check(EXAMPLES / "after", "--profile", "production") == (0, [])


def test_the_lock_of_the_mended_example_is_up_to_date() -> None:
    lock = yaml.safe_load((EXAMPLES / "after" / "dvc.lock").read_text("utf-8"))
    code = {
        dependency["path"]: dependency["md5"]
        for stage in lock["stages"].values()
        for dependency in stage["deps"]
        if dependency["path"].endswith(".py")
    }

    assert len(code) >= 5
    for path, recorded in code.items():
        assert hashlib.md5((EXAMPLES / "after" / path).read_bytes()).hexdigest() == recorded, path


@pytest.mark.skipif(sys.version_info < (3, 11), reason="the example pins versions for Python 3.11 and newer")
def test_the_mended_example_runs_and_passes_its_own_tests(tmp_path: Path) -> None:
    project = tmp_path / "churn"
    shutil.copytree(EXAMPLES / "after", project)
    venv.create(tmp_path / "env", with_pip=True)
    python = tmp_path / "env" / ("Scripts" if os.name == "nt" else "bin") / "python"
    environment = {key: value for key, value in os.environ.items() if not key.startswith(("PYTEST", "COV"))}

    def run(*words: str) -> None:
        subprocess.run([str(python), *words], cwd=project, env=environment, check=True, capture_output=True)

    run("-m", "pip", "install", "--quiet", "-r", "requirements.txt")
    run("-m", "churn")
    run("-m", "pytest", "-q")

    assert json.loads((project / "metrics.json").read_text())["roc_auc"] > 0.7
    assert (project / "models" / "churn.skops").is_file()
