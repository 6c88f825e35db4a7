"""The ledger of suppressions, by real processes in real repositories."""

from __future__ import annotations

import csv
import io
import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from processes import git, lint, write

SPLIT = "rows = train_test_split(rows)"
TRAIN = f"""from sklearn.model_selection import train_test_split

{SPLIT}  # xops: ignore[unseeded-split] the spread is what we study
# xops: ignore[XOP302, XOP101] twice until=2099-03-01
{SPLIT}
{SPLIT}  # xops: ignore[XOP302] was for the old data until=2020-01-01
x = 1  # xops: ignore[XOP302]
# xops: disable[XOP302] a study of seeds
{SPLIT}
{SPLIT}
# xops: enable[XOP302]
"""
SETTINGS = """select = ["XOP3", "XOP4"]
ignore = ["untracked-training"]  # we log "elsewhere" # really
# old code
# goes in March
per-file-ignores = { "legacy/**" = ["XOP302"] }
locked = ["leaky-preprocessing"]

[[overrides]]
files = ["old/**"]
extend-ignore = [
  "XOP303",
  "XOP302",  # random on purpose
]
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, "train.py", TRAIN)
    write(tmp_path, "xops-lint.toml", SETTINGS)
    for folder in ("legacy", "old"):
        write(tmp_path, f"{folder}/split.py", f"{TRAIN.splitlines()[0]}\n{SPLIT}\n")
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def listed(folder: Path, *arguments: str) -> list[dict[str, Any]]:
    result = lint(folder, "suppressions", "--output-format", "json", *arguments)

    assert result.returncode == 0, result.stderr
    return json.loads(result.stdout)  # type: ignore[no-any-return]


def rows(folder: Path, *arguments: str) -> list[tuple[str, int, str, str, int]]:
    return [
        (each["filename"], each["location"]["row"], each["form"], each["state"], len(each["silences"]))
        for each in listed(folder, *arguments)
    ]


def test_every_suppression_of_files_and_settings_is_listed_with_what_it_does(repository: Path):
    assert rows(repository) == [
        ("train.py", 3, "line", "active", 1),
        ("train.py", 4, "next", "active", 1),
        ("train.py", 6, "line", "expired", 0),
        ("train.py", 7, "line", "unused", 0),
        ("train.py", 8, "range", "active", 2),
        ("xops-lint.toml", 2, "settings", "unused", 0),
        ("xops-lint.toml", 5, "settings", "active", 1),
        ("xops-lint.toml", 11, "settings", "unused", 0),
        ("xops-lint.toml", 12, "settings", "active", 1),
    ]


def test_rules_reasons_and_dates_are_told(repository: Path):
    twice, expired = listed(repository, "train.py")[1:3]

    assert [(rule["rule"], rule["name"], rule["idle"]) for rule in twice["rules"]] == [
        ("XOP302", "unseeded-split", False),
        ("XOP101", "unsafe-model-load", False),
    ]
    assert (twice["reason"], twice["until"]) == ("twice", "2099-03-01")
    assert (expired["reason"], expired["until"]) == ("was for the old data", "2020-01-01")


def test_comments_beside_settings_are_their_reasons(repository: Path):
    found = [(each["reason"], each["key"]) for each in listed(repository) if each["form"] == "settings"]

    assert found == [
        ('we log "elsewhere" # really', "ignore"),
        ("old code goes in March", "per-file-ignores: legacy/**"),
        ("", "overrides: old/**"),
        ("random on purpose", "overrides: old/**"),
    ]


def test_a_rule_that_is_needed_no_more_is_idle(repository: Path):
    write(repository, "xops-lint.toml", 'select = ["XOP302", "XOP101"]\n')

    assert [rule["idle"] for rule in listed(repository)[1]["rules"]] == [False, True]


def test_what_stands_at_named_paths_alone_is_listed(repository: Path):
    assert rows(repository, "old") == []
    assert {path for path, *_ in rows(repository, "train.py", "old")} == {"train.py"}


def test_what_a_named_settings_file_silences_is_looked_for_everywhere(repository: Path):
    assert [row[3:] for row in rows(repository, "xops-lint.toml")] == [row[3:] for row in rows(repository)[5:]]


def test_owner_and_age_are_those_of_the_line(repository: Path):
    write(repository, "train.py", TRAIN.replace("x = 1  # xops: ignore[XOP302]", "x = 1  # xops: ignore[XOP302] why"))
    git(repository, "commit", "--quiet", "--all", "--message", "Say why", author="Bo Ray", day="2026-03-01")
    write(repository, "train.py", "import os\n" + (repository / "train.py").read_text())
    found = {each["location"]["row"]: each for each in listed(repository, "train.py")}

    assert (found[8]["owner"], found[8]["since"]) == ("Bo Ray", "2026-03-01")
    assert (found[4]["owner"], found[4]["since"]) == ("Ann Lee", "2026-01-05")
    assert found[4]["age_days"] == (date.today() - date(2026, 1, 5)).days
    assert found[4]["commit"] == git(repository, "rev-list", "--max-parents=0", "HEAD").strip()


def test_what_is_not_committed_has_no_owner(repository: Path):
    write(repository, "train.py", TRAIN + f"{SPLIT}  # xops: ignore[XOP302] new\n")
    write(repository, "new.py", TRAIN)
    found = listed(repository)

    assert [each["owner"] for each in found if each["reason"] == "new"] == [None]
    assert {each["owner"] for each in found if each["filename"] == "new.py"} == {None}


def test_outside_of_git_there_are_no_owners(tmp_path: Path):
    write(tmp_path, "xops-lint.toml", "")
    write(tmp_path, "train.py", TRAIN)

    assert {each["owner"] for each in listed(tmp_path)} == {None}


def test_a_shallow_clone_blames_nobody_for_what_it_does_not_know(repository: Path, tmp_path_factory):
    write(repository, "train.py", TRAIN + "x = 2  # xops: ignore[XOP302] late\n")
    git(repository, "commit", "--quiet", "--all", "--message", "Go on", author="Bo Ray")
    clone = tmp_path_factory.mktemp("clone") / "shallow"
    git(repository, "clone", "--quiet", "--depth", "1", repository.as_uri(), str(clone))
    write(clone, "train.py", (clone / "train.py").read_text() + "x = 3\n")

    assert {each["owner"] for each in listed(clone, "train.py") if each["form"] != "settings"} == {None}


def test_a_commit_of_a_day_that_never_was_has_no_owner(repository: Path):
    commit = git(repository, "cat-file", "commit", "HEAD").replace("+0000", "+995900")
    command = ["git", "hash-object", "-t", "commit", "-w", "--literally", "--stdin"]
    made = subprocess.run(command, cwd=repository, input=commit, capture_output=True, text=True, check=True)
    git(repository, "update-ref", "HEAD", made.stdout.strip())

    assert {each["owner"] for each in listed(repository)} == {None}


def test_nothing_is_fetched_for_a_partial_clone(repository: Path, tmp_path_factory):
    write(repository, "train.py", TRAIN.replace("the spread", "the wide spread"))
    git(repository, "commit", "--quiet", "--all", "--message", "Widen")
    git(repository, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path_factory.mktemp("clone") / "partial"
    git(repository, "clone", "--quiet", "--filter=blob:none", repository.as_uri(), str(clone))
    missing = git(clone, "rev-list", "--objects", "--all", "--missing=print")

    assert len(listed(clone)) == 9
    assert git(clone, "rev-list", "--objects", "--all", "--missing=print") == missing
    assert "\n?" in missing


def test_git_is_asked_once_a_file(repository: Path, tmp_path_factory):
    folder = tmp_path_factory.mktemp("bin")
    real = subprocess.run(["which", "git"], capture_output=True, text=True, check=True).stdout.strip()
    wrapper = write(folder, "git", f'#!/bin/sh\necho "$@" >> {folder}/calls\nexec {real} "$@"\n')
    wrapper.chmod(0o755)
    lint(repository, "suppressions", variables={"PATH": f"{folder}:/usr/bin:/bin"})
    calls = [line for line in (folder / "calls").read_text().splitlines() if " blame " in line]

    assert sorted(line.rpartition(" ")[2] for line in calls) == ["train.py", "xops-lint.toml"]


def test_cells_tags_and_annotations_are_listed(repository: Path):
    cells = [
        {
            "cell_type": "code",
            "execution_count": None,
            "id": f"c{number}",
            "metadata": {"tags": tags},
            "outputs": [],
            "source": source,
        }
        for number, (source, tags) in enumerate(
            [
                ["# xops: cell-ignore[XOP302] a look\n" + SPLIT, []],
                [SPLIT, ["xops-ignore-XOP302"]],
                ["# xops: file-ignore[XOP101] trusted", []],
            ],
            start=1,
        )
    ]
    notebook = {"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}
    write(repository, "a.ipynb", json.dumps(notebook, indent=1))
    write(
        repository,
        "pod.yaml",
        "apiVersion: v1\nkind: Pod\nmetadata:\n  annotations:\n    xops-lint.io/ignore: XOP330 mirrored\n",
    )
    git(repository, "add", "--all")
    git(repository, "commit", "--quiet", "--message", "Look", author="Bo Ray")
    found = listed(repository, "a.ipynb", "pod.yaml")

    assert [(each["filename"], each["cell"], each["form"], each["owner"]) for each in found][:4] == [
        ("a.ipynb", 1, "cell", "Bo Ray"),
        ("a.ipynb", 2, "tag", "Bo Ray"),
        ("a.ipynb", 3, "file", "Bo Ray"),
        ("pod.yaml", None, "annotation", "Bo Ray"),
    ]


def test_locked_rules_and_rules_that_are_off_are_told_apart(repository: Path):
    write(repository, "xops-lint.toml", 'select = ["XOP3"]\nlocked = ["XOP302"]\n')
    write(repository, "b.py", "x = 1  # xops: ignore[XOP101] trusted\n")

    assert [(row[1], row[3]) for row in rows(repository, "train.py")] == [
        (3, "locked"),
        (4, "locked"),
        (6, "expired"),
        (7, "locked"),
        (8, "locked"),
    ]
    assert [row[3] for row in rows(repository, "b.py")] == ["off"]


def test_the_text_reads_well_and_ends_with_a_count(repository: Path):
    result = lint(repository, "suppressions")
    days = (date.today() - date(2026, 1, 5)).days

    assert result.stdout.splitlines()[:4] == [
        "train.py:3: XOP302 unseeded-split: the spread is what we study",
        f"    line; silences 1 finding; Ann Lee, {days} days ago",
        "train.py:4: XOP302 unseeded-split, XOP101 unsafe-model-load: twice",
        f"    next; silences 1 finding; until 2099-03-01; Ann Lee, {days} days ago",
    ]
    assert result.stderr == "9 suppressions: 5 active, 1 expired, 3 unused; 6 findings silenced\n"


def test_where_there_is_none_the_command_says_so(tmp_path: Path):
    write(tmp_path, "xops-lint.toml", "")
    write(tmp_path, "a.py", "x = 1\n")
    empty = {"text": "", "json": "[]\n"}
    for form, text in empty.items():
        result = lint(tmp_path, "suppressions", "a.py", "--output-format", form)

        assert (result.returncode, result.stdout, result.stderr) == (0, text, "No suppressions in 1 file\n")


def test_tables_hold_a_row_each(repository: Path):
    write(repository, "train.py", TRAIN.replace("the spread", "a|b, the spread"))
    comma = lint(repository, "suppressions", "--output-format", "csv").stdout
    bars = lint(repository, "suppressions", "--output-format", "markdown").stdout.splitlines()
    table = list(csv.DictReader(io.StringIO(comma)))

    assert [(row["rules"], row["state"], row["silences"]) for row in table][:2] == [
        ("XOP302", "active", "1"),
        ("XOP302 XOP101", "active", "1"),
    ]
    assert table[0]["reason"] == "a|b, the spread is what we study"
    assert len(bars) == len(table) + 2
    assert "| a\\|b, the spread is what we study |" in bars[2]


def test_sarif_has_suppressed_results_and_a_note_for_the_rest(repository: Path):
    result = lint(repository, "suppressions", "--output-format", "sarif")
    found = json.loads(result.stdout)["runs"][0]["results"]
    suppressed = [each for each in found if each["suppressions"]]
    idle = [each for each in found if not each["suppressions"]]

    assert {each["ruleId"] for each in suppressed} == {"XOP302"}
    assert {each["suppressions"][0]["kind"] for each in suppressed} == {"inSource", "external"}
    assert [(each["ruleId"], each["properties"]["state"]) for each in idle] == [
        ("XOP003", state) for state in ("expired", "unused", "unused", "unused")
    ]
    line = next(each for each in suppressed if each["locations"][0]["physicalLocation"]["region"]["startLine"] == 3)
    assert line["suppressions"][0]["justification"] == "the spread is what we study"
    assert line["suppressions"][0]["properties"]["owner"] == "Ann Lee"


def test_suppressions_that_are_switched_off_are_listed_and_the_switch_is_named(repository: Path):
    write(repository, "xops-lint.toml", 'select = ["XOP302"]\nsuppressions = false\n')
    result = lint(repository, "suppressions", "train.py")

    assert "silences 1 finding" in result.stdout
    assert "comments silence nothing: xops-lint.toml:2 switches them off" in result.stderr


def test_paths_are_those_of_the_working_folder(repository: Path):
    (repository / "sub").mkdir()

    assert rows(repository / "sub", "../train.py")[0][0] == "../train.py"


def test_what_cannot_be_done_is_status_2(repository: Path):
    result = lint(repository, "suppressions", "nowhere.py")

    assert (result.returncode, result.stdout) == (2, "")
    assert "nowhere.py: no such file or directory" in result.stderr
