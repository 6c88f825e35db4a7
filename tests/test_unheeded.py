"""Commands whose failure nobody sees, by the shell that reads them."""

from __future__ import annotations

import pytest

from xops_lint.languages.config import read_config
from xops_lint.languages.shell import commands
from xops_lint.shell import NEXT, PIPE, Shell
from xops_lint.text import Range

PLAIN = Shell(stops=False, pipes=False)
STOPPING = Shell(stops=True, pipes=False)
STRICT = Shell(stops=True, pipes=True)


def forgiven(text: str, shell: Shell) -> dict[str, str]:
    found = commands(text, text, Range(0, len(text)), shell)
    return {
        command.words[0]: command.forgiven
        for command in found
        if command.forgiven and command.words[0] in ("pytest", "tee")
    }


@pytest.mark.parametrize(
    ("text", "shell", "expected"),
    [
        ("pytest\necho done", PLAIN, {"pytest": NEXT}),
        ("pytest\necho done", STOPPING, {}),
        ("pytest\necho done", Shell(), {}),
        ("pytest; true", PLAIN, {"pytest": NEXT}),
        ("pytest; true", STOPPING, {}),
        ("set -e\npytest\necho done", PLAIN, {}),
        ("set -o errexit\npytest\necho done", PLAIN, {}),
        ("set +e\npytest\necho done", STRICT, {"pytest": NEXT}),
        ("pytest\ncode=$?\nexit $code", PLAIN, {}),
        ("if pytest; then echo good; fi\necho done", PLAIN, {}),
        ("for each in a b; do\npytest $each\ndone\necho done", PLAIN, {}),
        ("trap stop ERR\npytest\necho done", PLAIN, {}),
        ("pytest &\necho done", PLAIN, {}),
        ("pytest || exit 1\necho done", PLAIN, {}),
        ("pytest | tee log", STOPPING, {"pytest": PIPE}),
        ("pytest 2>&1 | tee log | tail -5", STOPPING, {"pytest": PIPE, "tee": PIPE}),
        ("pytest | grep passed", STOPPING, {}),
        ("pytest | tee log", STRICT, {}),
        ("set -euo pipefail\npytest | tee log", STOPPING, {}),
        ("pytest | tee log\nexit ${PIPESTATUS[0]}", STOPPING, {}),
        ("pytest | tee log\ngrep -q passed log", STOPPING, {}),
        ("bash -c 'pytest; echo done'", STRICT, {"pytest": NEXT}),
        ("bash -ec 'pytest; echo done'", STRICT, {}),
        ("bash -o pipefail -c 'pytest | tee log'", STRICT, {}),
    ],
)
def test_a_failure_is_seen_or_not(text: str, shell: Shell, expected: dict[str, str]) -> None:
    assert forgiven(text, shell) == expected


def of_job(path: str, text: str) -> list[str]:
    return [
        command.forgiven for command in read_config(path, text.encode(), "yaml").commands if "pytest" in command.words
    ]


def test_lines_of_a_job_go_on_with_the_shell_of_those_before() -> None:
    lines = "unit:\n  script:\n    - set +e\n    - pytest\n    - set -e\n    - pytest\n    - echo done\n"

    assert of_job(".gitlab-ci.yml", lines) == [NEXT, ""]


@pytest.mark.parametrize(
    ("step", "expected"),
    [
        ("run: pytest | tee log", PIPE),
        ("{shell: bash, run: pytest | tee log}", ""),
        ("{shell: sh, run: pytest | tee log}", PIPE),
        ("{shell: 'bash -leo pipefail {0}', run: pytest | tee log}", ""),
        ("{shell: pwsh, run: pytest | tee log}", ""),
        ("{shell: '${{ matrix.shell }}', run: pytest | tee log}", ""),
    ],
)
def test_a_step_names_its_shell(step: str, expected: str) -> None:
    text = f"on: push\njobs:\n  test:\n    runs-on: ubuntu-latest\n    steps:\n      - {step}\n"

    assert of_job(".github/workflows/ci.yml", text) == [expected]


def test_runners_of_windows_start_another_shell() -> None:
    text = "on: push\njobs:\n  test:\n    runs-on: windows-2022\n    steps:\n      - run: pytest | tee log\n"

    assert of_job(".github/workflows/ci.yml", text) == [""]


def test_the_shell_of_a_job_is_nearer_than_that_of_all() -> None:
    text = (
        "on: push\ndefaults: {run: {shell: bash}}\njobs:\n"
        "  a:\n    defaults: {run: {shell: sh}}\n    runs-on: ubuntu-latest\n    steps: [run: pytest | tee log]\n"
        "  b:\n    runs-on: ubuntu-latest\n    steps: [run: pytest | tee log]\n"
    )

    assert of_job(".github/workflows/ci.yml", text) == [PIPE, ""]
