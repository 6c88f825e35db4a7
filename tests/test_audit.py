"""The scorecard: what counts as holding, what moves the score, and the forms it comes in."""

from __future__ import annotations

import json
import shutil
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest
from processes import git, lint, write

from xops_lint import data_files
from xops_lint.registry import load
from xops_lint.rule import PRINCIPLES

ROOT = Path(__file__).parent.parent
SPLIT = "from sklearn.model_selection import train_test_split\na, b = train_test_split(rows{seed})\n"


def audit(root: Path, *options: str) -> dict[str, Any]:
    done = lint(root, "audit", "--output-format", "json", *options)
    assert done.returncode == 0, done.stderr
    record: dict[str, Any] = json.loads(done.stdout)
    return record


def checks(record: dict[str, Any]) -> dict[str, dict[str, Any]]:
    return {check["name"]: check for principle in record["principles"] for check in principle["checks"]}


def project(root: Path, seed: str, more: str = "") -> Path:
    root.mkdir(exist_ok=True)
    git(root, "init")
    write(root, "train.py", SPLIT.format(seed=seed) + more)
    return root


def test_a_check_holds_by_what_it_looked_at(tmp_path: Path) -> None:
    found = checks(audit(project(tmp_path, ", random_state=1")))

    assert found["unseeded-split"]["status"] == "holds"
    assert found["unseeded-split"]["evidence"] == [{"filename": "train.py", "cell": None, "row": 2}]
    assert found["alarm-without-action"]["status"] == "nothing to look at"


def test_a_check_is_broken_by_a_finding(tmp_path: Path) -> None:
    found = checks(audit(project(tmp_path, "")))["unseeded-split"]

    assert found["status"] == "broken"
    assert [(each["filename"], each["row"]) for each in found["findings"]] == [("train.py", 2)]


def test_a_suppression_counts_half_if_it_gives_a_reason(tmp_path: Path) -> None:
    reasoned = project(tmp_path / "a", "", "# xops: file-ignore[unseeded-split] the order is random by design\n")
    silent = project(tmp_path / "b", "", "# xops: file-ignore[unseeded-split]\n")

    accepted = checks(audit(reasoned))["unseeded-split"]
    assert accepted["status"] == "accepted"
    assert [each["reason"] for each in accepted["accepted"]] == ["the order is random by design"]
    assert checks(audit(silent))["unseeded-split"]["status"] == "broken"


def test_the_baseline_hides_nothing(tmp_path: Path) -> None:
    project(tmp_path, "")
    assert lint(tmp_path, "baseline", "create").returncode == 0

    assert checks(audit(tmp_path))["unseeded-split"]["status"] == "broken"


def test_deleting_what_shows_care_lowers_the_score(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "examples" / "after", tmp_path / "after")
    git(tmp_path / "after", "init")
    whole = audit(tmp_path / "after")
    shutil.rmtree(tmp_path / "after" / "tests")
    (tmp_path / "after" / "monitoring" / "alerts.yml").unlink()

    assert audit(tmp_path / "after")["score"] < whole["score"]


def test_an_empty_project_has_no_evidence_and_no_points(tmp_path: Path) -> None:
    git(tmp_path, "init")

    record = audit(tmp_path)

    assert record["score"] == 0
    assert [principle["score"] for principle in record["principles"]] == [None] * 7


def test_a_score_below_the_least_fails_the_job(tmp_path: Path) -> None:
    project(tmp_path, "")

    done = lint(tmp_path, "audit", "--min-score", "99")

    assert done.returncode == 1
    assert "below 99" in done.stderr


def test_the_page_shows_every_principle_and_the_trend(tmp_path: Path) -> None:
    project(tmp_path, "")
    assert lint(tmp_path, "audit", "--output-format", "json", "-o", "january.json").returncode == 0

    page = lint(tmp_path, "audit", "--output-format", "html", "--earlier", "january.json").stdout

    assert all(f'<section id="{name}">' in page for digit, name in PRINCIPLES.items() if digit != "0")
    assert "january: " in page
    assert "{{" not in page


def test_the_badge_is_an_image_of_the_score(tmp_path: Path) -> None:
    score = audit(project(tmp_path, ""))["score"]

    badge = ElementTree.fromstring(lint(tmp_path, "audit", "--output-format", "badge").stdout)

    assert badge.get("aria-label") == f"xops-lint: {score} of 100"


def test_another_file_is_no_earlier_audit(tmp_path: Path) -> None:
    project(tmp_path, "")

    done = lint(tmp_path, "audit", "--earlier", "train.py")

    assert done.returncode == 2
    assert "train.py is no saved audit" in done.stderr


@pytest.mark.parametrize("framework", data_files.load("audit.yaml")["frameworks"], ids=lambda each: str(each["name"]))
def test_frameworks_name_rules_that_exist(framework: dict[str, Any]) -> None:
    names = {name for item in framework["items"] for name in item.get("rules", ())}

    assert names - load().names.keys() == set()
    assert all(item.get("rules") or item.get("beyond") for item in framework["items"])
