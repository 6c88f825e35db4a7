"""What settings silence at routes of configs that can hold no comment, by real processes."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import lint, write

JOB = '{"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "train"}, "spec": {"template": '
JOB += '{"spec": {"containers": '
JOB += '[{"name": "a", "image": "train:latest"}, {"name": "b", "image": "score:latest"}]}}}}\n'
ROUTED = """[[overrides]]
files = ["*.json"]
routes = ["spec.template.spec.containers[0]"]
ignore = ["unpinned-image"]
reason = "moved once a month"
"""


def images(folder: Path, *arguments: str) -> list[int]:
    shown = lint(folder, "check", "--select", "XOP332", "--output-format", "json", *arguments).stdout
    return [found["location"]["column"] for found in json.loads(shown)]


def test_settings_silence_what_lies_at_a_route(tmp_path: Path):
    write(tmp_path, "job.json", JOB)
    both = images(tmp_path)
    write(tmp_path, "xops-lint.toml", ROUTED)

    assert len(both) == 2
    assert images(tmp_path) == both[1:]
    assert images(tmp_path, "--no-suppressions") == both


def test_a_locked_rule_is_silenced_at_no_route(tmp_path: Path):
    write(tmp_path, "job.json", JOB)
    write(tmp_path, "xops-lint.toml", f'locked = ["XOP332"]\n{ROUTED}')

    assert len(images(tmp_path)) == 2


def test_the_ledger_knows_routes(tmp_path: Path):
    write(tmp_path, "job.json", JOB)
    write(tmp_path, "xops-lint.toml", ROUTED)
    told = json.loads(lint(tmp_path, "suppressions", "--output-format", "json").stdout)

    assert [(each["form"], each["reason"], each["state"]) for each in told] == [
        ("route", "moved once a month", "active")
    ]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (ROUTED + 'select = ["ALL"]\n', "xops-lint.toml:6: `select` does not go with `routes`"),
        ('[[overrides]]\nfiles = ["a"]\nreason = "b"\n', "xops-lint.toml:3: `reason` goes with `routes` alone"),
        (ROUTED.replace("unpinned-image", "unpinned-imag"), "xops-lint.toml:4: "),
    ],
)
def test_wrong_settings_of_routes_are_named(tmp_path: Path, text: str, message: str):
    write(tmp_path, "xops-lint.toml", text)
    result = lint(tmp_path, "check")

    assert result.returncode == 2
    assert message in result.stderr
