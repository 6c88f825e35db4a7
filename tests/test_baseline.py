"""Baselines, by real processes in real repositories: what is known stays known, what is new is told."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from xops_lint import baseline_file
from xops_lint.baseline import Entry
from xops_lint.exceptions import BaselineError

NAME = ".xops-lint-baseline.json"
TRAIN = """import pandas as pd
from sklearn.model_selection import train_test_split


def first():
    rows = pd.read_csv("rows.csv")
    return train_test_split(rows, test_size=0.2)


class Second:
    def parts(self, rows):
        return train_test_split(rows, test_size=0.3)


rows = pd.read_csv("rows.csv")
parts = train_test_split(rows, shuffle=True, test_size=0.4)
"""
"""Three unseeded splits: in a function, in a method, and at the top."""

DEPLOYMENT = """apiVersion: apps/v1
kind: Deployment
metadata:
  name: model
spec:
  template:
    spec:
      containers:
      - name: model
        image: registry.example.com/model:latest
      - name: proxy
        image: registry.example.com/proxy:latest
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return start(tmp_path)


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = start(tmp_path_factory.mktemp("kept"))
    create(root)
    return root


@pytest.fixture
def known(kept: Path, tmp_path: Path) -> Path:
    """A copy of the repository with a baseline."""
    return shutil.copytree(kept, tmp_path / "known")


def start(root: Path) -> Path:
    """A repository with known findings in code, a notebook and a config."""
    write(root, "train.py", TRAIN)
    write(root, "deploy/deployment.yaml", DEPLOYMENT)
    write(root, "explore.ipynb", notebook(["import pandas as pd\n", split("rows"), split("others")]))
    write(root, "xops-lint.toml", "")
    git(root, "init", "-q", "-b", "main")
    git(root, "add", "-A")
    git(root, "commit", "-q", "-m", "Start")
    return root


def split(name: str) -> str:
    return f"from sklearn.model_selection import train_test_split\na, b = train_test_split({name}, test_size=0.2)\n"


def notebook(sources: list[str], first_id: int = 0) -> str:
    cells = [
        {
            "cell_type": "code",
            "id": f"c{number}",
            "metadata": {},
            "execution_count": None,
            "outputs": [],
            "source": source,
        }
        for number, source in enumerate(sources, start=first_id)
    ]
    metadata = {"kernelspec": {"name": "python3", "language": "python", "display_name": "Python 3"}}
    return json.dumps({"cells": cells, "metadata": metadata, "nbformat": 4, "nbformat_minor": 5}, indent=1) + "\n"


def write(root: Path, path: str, text: str) -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_text(text)
    return root / path


def git(root: Path, *arguments: str) -> str:
    identity = ["-c", "user.name=Test", "-c", "user.email=test@example.com", "-c", "commit.gpgsign=false"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("GIT_")}
    command = ["git", *identity, *arguments]
    return subprocess.run(command, cwd=root, env=environment, capture_output=True, text=True, check=True).stdout


def run(root: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    left_out = ("XOPS_LINT_", "GITHUB_ACTIONS", "CI", "NO_COLOR", "FORCE_COLOR", "CLICOLOR")
    environment = {key: value for key, value in os.environ.items() if not key.startswith(left_out)}
    return subprocess.run(
        [sys.executable, "-m", "xops_lint", *arguments],
        cwd=root,
        capture_output=True,
        text=True,
        check=False,
        env={**environment, **variables},
    )


def check(root: Path, *arguments: str, **variables: str) -> list[str]:
    """Return the lines of findings; the status must fit them."""
    result = run(root, "check", "--output-format", "concise", *arguments, **variables)

    assert result.returncode == int(bool(result.stdout)), result.stderr
    return result.stdout.splitlines()


def entries(root: Path) -> list[dict[str, str | None]]:
    return json.loads((root / NAME).read_text())[1:]


def create(root: Path) -> int:
    """Write a baseline; return how many findings it holds."""
    result = run(root, "baseline", "create")

    assert result.returncode == 0, result.stderr
    return len(entries(root))


def test_after_create_nothing_is_reported(repository: Path):
    found = check(repository)

    assert {line.split(":")[0] for line in found} == {"train.py", "deploy/deployment.yaml", "explore.ipynb"}
    assert create(repository) == len(found)
    result = run(repository, "check")
    assert (result.returncode, result.stdout) == (0, "")
    assert (
        result.stderr == f"All checks passed: 4 files checked, 0 suppressed, 0 skipped, {len(found)} in the baseline\n"
    )


def test_the_file_has_one_entry_a_line_sorted_without_numbers_of_lines(repository: Path):
    number = create(repository)
    lines = (repository / NAME).read_text().splitlines()

    assert len(lines) == number + 2
    assert lines[0] == '[{"xops-lint-baseline": 1}'
    assert lines[-1] == "]"
    assert all(list(json.loads(line[1:])) == ["path", "rule", "scope", "key"] for line in lines[1:-1])
    assert [entry["path"] for entry in entries(repository)] == sorted(
        entry["path"] or "" for entry in entries(repository)
    )
    first = (repository / NAME).read_bytes()
    assert run(repository, "baseline", "create", "--force").returncode == 0
    assert (repository / NAME).read_bytes() == first


def edits() -> Iterator[object]:
    def lines_above(root: Path) -> None:
        write(root, "train.py", "# A word.\n\nimport os\n\n\n" + TRAIN.replace("class Second", "# Why.\nclass Second"))

    def functions_in_another_order(root: Path) -> None:
        head, first, second = TRAIN.split("\n\n\n")[:3]
        write(root, "train.py", "\n\n\n".join([head, second, first, TRAIN.split("\n\n\n")[3]]))

    def formatted(root: Path) -> None:
        text = TRAIN.replace('"', "'").replace(
            "(rows, test_size=0.3)", "(\n            rows,\n            test_size=0.3,\n        )"
        )
        text = text.replace(
            "(rows, shuffle=True, test_size=0.4)", "(\n    rows,\n    shuffle=True,  # mixed\n    test_size=0.4,\n)"
        )
        text = text.replace("def parts(self, rows):", "def parts(\n        self,\n        rows,\n    ):")
        write(root, "train.py", text)

    def cells_inserted(root: Path) -> None:
        sources = [
            "%matplotlib inline\n",
            "import pandas as pd\n",
            "x = 1\n",
            split("rows"),
            "print(x)\n",
            split("others"),
        ]
        write(root, "explore.ipynb", notebook(sources))

    def cells_without_ids(root: Path) -> None:
        older = json.loads((root / "explore.ipynb").read_text())
        for cell in older["cells"]:
            del cell["id"]
        write(root, "explore.ipynb", json.dumps({**older, "nbformat_minor": 2}))

    def config_indented_and_grown(root: Path) -> None:
        more = "      - name: first\n        image: registry.example.com/first@sha256:" + "a" * 64 + "\n"
        text = DEPLOYMENT.replace("      containers:\n", f"      # All of them.\n      containers:\n{more}")
        head, _, rest = text.partition("containers:\n")
        indented = "".join(f"  {line}\n" for line in rest.splitlines())
        write(root, "deploy/deployment.yaml", f"{head}containers:\n{indented}")

    def file_renamed(root: Path) -> None:
        (root / "src" / "model").mkdir(parents=True)
        git(root, "mv", "train.py", "src/model/training.py")
        git(root, "mv", "deploy", "manifests")
        git(root, "mv", "explore.ipynb", "first look.ipynb")

    def file_renamed_and_changed(root: Path) -> None:
        git(root, "mv", "train.py", "fit.py")
        write(root, "fit.py", "import os\n" + TRAIN.replace("test_size=0.3", "test_size=0.3, random_state=1"))

    for edit in list(locals().values()):
        yield pytest.param(edit, id=edit.__name__)


@pytest.mark.parametrize("edit", list(edits()))
def test_edits_that_touch_no_finding_bring_none_back(known: Path, edit):
    edit(known)

    assert check(known, CI="true") == []


def test_a_new_finding_alone_is_reported(known: Path):
    write(known, "train.py", TRAIN + "\n\ndef third():\n    return train_test_split(rows, test_size=0.5)\n")

    assert [line.split(" ")[0:2] for line in check(known)] == [["train.py:20:12:", "XOP302"]]
    assert "1 new finding, 0 suppressed" in run(known, "check").stderr


def test_one_more_of_the_same_in_the_same_place_is_new(known: Path):
    write(known, "train.py", f"{TRAIN}parts = train_test_split(rows, shuffle=True, test_size=0.4)\n")

    assert len(check(known)) == 1


def test_a_swap_is_one_gone_and_one_new(known: Path):
    number = len(entries(known))
    write(known, "train.py", TRAIN.replace("test_size=0.2", "test_size=0.2, random_state=1").replace("=0.3", "=0.35"))

    assert [line.split(":")[1] for line in check(known)] == ["12"]
    assert len(entries(known)) == number - 2


def test_what_is_mended_leaves_the_baseline_by_itself(known: Path):
    number = len(entries(known))
    write(known, "train.py", TRAIN.replace("test_size=0.2", "test_size=0.2, random_state=1"))
    result = run(known, "check")

    assert result.returncode == 0
    assert f"{NAME}: took out 1 finding no longer found" in result.stderr
    assert len(entries(known)) == number - 1
    write(known, "train.py", TRAIN)
    assert len(check(known)) == 1


def test_in_ci_no_file_is_changed_and_what_is_gone_is_told(known: Path):
    before = (known / NAME).read_bytes()
    write(known, "train.py", TRAIN.replace("test_size=0.2", "test_size=0.2, random_state=1"))
    result = run(known, "check", CI="true")

    assert result.returncode == 0
    assert f"1 finding of {NAME} is no longer found; `xops-lint baseline prune` takes it out" in result.stderr
    assert (known / NAME).read_bytes() == before
    assert run(known, "baseline", "prune", "--check").returncode == 1
    assert (known / NAME).read_bytes() == before


@pytest.mark.parametrize(
    "arguments",
    [("deploy",), ("--select", "XOP1"), ("--exclude", "train.py"), ("--profile", "exploration"), ("--diff",)],
)
def test_a_run_over_a_part_takes_nothing_out(known: Path, arguments: tuple[str, ...]):
    before = (known / NAME).read_bytes()
    write(known, "train.py", "x = 1\n")
    run(known, "check", *arguments)

    assert (known / NAME).read_bytes() == before


def test_a_file_that_does_not_parse_loses_nothing(known: Path):
    before = (known / NAME).read_bytes()
    write(known, "train.py", TRAIN + "def (\n")

    assert [line.split(" ")[1] for line in check(known)] == ["XOP001"]
    assert (known / NAME).read_bytes() == before
    write(known, "train.py", TRAIN)
    assert check(known) == []


def test_named_files_are_compared_too(known: Path):
    git(known, "mv", "train.py", "fit.py")

    assert check(known, "fit.py", "deploy/deployment.yaml") == []
    assert check(known) == []
    assert {entry["path"] for entry in entries(known)} == {"fit.py", "deploy/deployment.yaml", "explore.ipynb"}


def test_update_adds_and_takes_out_and_prune_adds_nothing(known: Path):
    number = len(entries(known))
    write(known, "train.py", TRAIN.replace("test_size=0.2", "test_size=0.25"))

    assert run(known, "baseline", "prune").stderr.splitlines() == [
        "train.py: XOP302 in first: no longer found",
        f"{NAME}: took out 1 finding no longer found",
    ]
    assert len(entries(known)) == number - 1
    assert run(known, "baseline", "update").stderr == f"{NAME}: added 1 finding\n"
    assert len(entries(known)) == number
    assert check(known) == []
    assert run(known, "baseline", "update").stderr == f"{NAME}: nothing to change\n"


def test_create_replaces_no_baseline_without_force(known: Path):
    result = run(known, "baseline", "create")

    assert (result.returncode, result.stdout) == (2, "")
    assert f"{NAME} is there; `xops-lint baseline update` renews it" in result.stderr


def test_show_lists_what_the_baseline_holds(known: Path):
    number = len(entries(known))
    shown = run(known, "baseline", "show")
    rows = json.loads(run(known, "baseline", "show", "--output-format", "json").stdout)

    assert "train.py: XOP302 in Second.parts" in shown.stdout.splitlines()
    assert f"{NAME} holds {number} findings" in shown.stdout.splitlines()
    assert len(rows) == number
    assert list(rows[0]) == ["filename", "code", "name", "scope", "key"]


def test_check_writes_and_reads_a_baseline_by_another_name(repository: Path):
    result = run(repository, "check", "--baseline", "known.json", "--write-baseline")

    assert (result.returncode, result.stdout) == (0, "")
    assert not (repository / NAME).exists()
    assert check(repository, "--baseline", "known.json") == []
    assert check(repository) != []
    write(repository, "xops-lint.toml", 'baseline = "known.json"\n')
    assert check(repository) == []
    assert check(repository / "deploy", "..") == []
    assert check(repository, "--no-baseline") != []


def test_known_findings_are_mended_too_and_leave_the_baseline(known: Path):
    number = len(entries(known))
    result = run(known, "check", "--fix", "--unsafe-fixes")

    assert (result.returncode, result.stdout) == (0, "")
    assert "random_state=" in (known / "train.py").read_text()
    assert len(entries(known)) < number


def test_the_standard_input_is_compared_too(known: Path):
    command = [
        sys.executable,
        "-m",
        "xops_lint",
        "check",
        "-",
        "--stdin-filename",
        "train.py",
        "--output-format",
        "concise",
    ]
    text = f"{TRAIN}more = train_test_split(rows, test_size=0.5)\n"
    result = subprocess.run(command, cwd=known, input=text, capture_output=True, text=True, check=False)

    assert [line.split(":")[1] for line in result.stdout.splitlines()] == ["17"]


def test_machine_formats_tell_new_unchanged_and_absent(known: Path):
    write(known, "train.py", TRAIN.replace("=0.2)", "=0.25)").replace("=0.3)", "=0.3, random_state=1)"))
    found = json.loads(run(known, "check", "--output-format", "json", CI="1").stdout)
    log = json.loads(run(known, "check", "--output-format", "sarif", CI="1").stdout)
    states = [finding["baseline_state"] for finding in found if finding["filename"] == "train.py"]

    assert sorted(states) == ["absent", "absent", "new", "unchanged"]
    assert [each["location"] for each in found if each["baseline_state"] == "absent"] == [None, None]
    there = [each["baseline_state"] for each in found if each["baseline_state"] != "absent"]
    assert [each["baselineState"] for each in log["runs"][0]["results"]] == there
    without = json.loads(run(known, "check", "--output-format", "json", "--no-baseline").stdout)
    assert {finding["baseline_state"] for finding in without} == {None}


def test_what_two_branches_mend_and_add_merges(repository: Path):
    write(repository, "other.py", TRAIN)
    create(repository)
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "Add a baseline")
    git(repository, "checkout", "-q", "-b", "branch")
    write(repository, "train.py", TRAIN.replace("test_size=0.3", "test_size=0.3, random_state=1"))
    check(repository)
    git(repository, "commit", "-q", "-a", "-m", "Seed a split")
    git(repository, "checkout", "-q", "main")
    write(repository, "aside.py", TRAIN)
    assert run(repository, "baseline", "update").returncode == 0
    git(repository, "add", "-A")
    git(repository, "commit", "-q", "-m", "Add a file")
    git(repository, "merge", "-q", "branch", "-m", "Merge")

    assert check(repository, CI="true") == []
    assert run(repository, "baseline", "prune", "--check").returncode == 0


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{}", f"error: {NAME}:1: is no baseline of xops-lint"),
        ('[{"xops-lint-baseline": 1}\n,{"path": "a"\n]\n', f"error: {NAME}:3: is not JSON: "),
        ('[{"xops-lint-baseline": 1}\n,{"path": "a"}\n]\n', f"error: {NAME}:2: the entry lacks `rule`"),
        ('[{"xops-lint-baseline": 1}\n,3]\n', f"error: {NAME}:2: an entry must be an object"),
        ('[{"xops-lint-baseline": 9}]\n', f"error: {NAME}:1: is a baseline of another version of xops-lint"),
        ('[{"xops-lint-baseline": 1}\n<<<<<<< HEAD\n]\n', f"error: {NAME}:2: holds a merge conflict"),
    ],
)
def test_a_broken_baseline_is_status_2_with_its_line(repository: Path, text: str, message: str):
    write(repository, NAME, text)
    result = run(repository, "check")

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr.startswith(message)


def test_a_named_baseline_that_is_not_there_is_status_2(repository: Path):
    result = run(repository, "check", "--baseline", "none.json")

    assert (result.returncode, result.stdout) == (2, "")
    assert result.stderr == "error: --baseline: none.json: no such baseline; `xops-lint baseline create` writes one\n"


def test_a_baseline_that_a_formatter_laid_out_is_read(tmp_path: Path):
    kept = {Entry("a.py", "XOP302", None, "k"), Entry("größe\udc80.py", "XOP001", "a.b", "l")}
    baseline_file.write(tmp_path / "b.json", kept, "b.json")
    laid_out = json.dumps(json.loads((tmp_path / "b.json").read_text()), indent=4)
    write(tmp_path, "c.json", laid_out)

    assert baseline_file.read(tmp_path / "b.json", "b.json") == kept
    assert baseline_file.read(tmp_path / "c.json", "c.json") == kept
    write(tmp_path, "c.json", laid_out.replace('"rule"', '"role"', 1))
    with pytest.raises(BaselineError, match=r"c\.json:5: the entry lacks `rule`"):
        baseline_file.read(tmp_path / "c.json", "c.json")


def test_a_new_file_is_not_taken_for_one_that_shares_little(known: Path):
    text = TRAIN.split("\n\n\n")
    (known / "train.py").unlink()
    write(known, "other.py", "\n\n\n".join(text[:2]))

    assert [line.split(":")[0] for line in check(known)] == ["other.py"]
