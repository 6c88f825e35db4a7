"""``config --why``: what it tells is what is in force, and names the place that decided."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from processes import git, lint, write

from xops_lint import reasons
from xops_lint.registry import load
from xops_lint.rule import Confidence, Severity
from xops_lint.selectors import Selection
from xops_lint.settings import Override, Settings

REGISTRY = load()
PATHS = ("src/train.py", "tests/test_train.py", "notebooks/look.ipynb", "conf/serve.yaml", "old/a.py")
OLD = ("old/**", "tests/**")
NARROW = Selection(("XOP3",), ("XOP203",), ("XOP302", "XOP002"))
CASES: dict[str, dict[str, Any]] = {
    "the defaults": {},
    "a prefix": {"select": ("XOP3",), "ignore": ("unseeded-split",)},
    "a name over a prefix": {"select": ("unseeded-split", "XOP0"), "ignore": ("XOP", "XOP302", "XOP001")},
    "a name over a principle": {"extend_select": ("unseeded-split",), "ignore": ("reproducibility",)},
    "everything": {"select": ("ALL",), "extend_ignore": ("@aiops",)},
    "production": {"profile": "production", "preview": True, "per_file_profiles": {"old/**": "exploration"}},
    "thresholds": {"min_severity": Severity.WARNING, "min_confidence": Confidence.HIGH, "severity": {"XOP3": "info"}},
    "ignores of files": {"per_file_ignores": {"src/**": ("XOP302", "testing"), "old/**": ("XOP001",)}},
    "an override": {"overrides": (Override(OLD, NARROW, "production"),)},
    "an override that adds": {
        "overrides": (
            Override(OLD, Selection(None, ("ALL",), ())),
            Override(("**/*.py",), Selection(None, (), ("XOP4", "tool")), severity={"XOP3": "error", "XOP302": "info"}),
        ),
        "min_severity": Severity.WARNING,
    },
    "the command line": {
        "ignore": ("XOP001",),
        "overrides": (Override(OLD, Selection(None, (), ("XOP302",))),),
        "command": Selection(("XOP3", "XOP203"), (), ("XOP340",)),
        "command_profile": "production",
    },
}


@pytest.mark.parametrize("case", CASES)
def test_a_rule_that_is_off_has_a_reason_and_one_that_is_on_has_none(case: str):
    settings = Settings(root=Path("/nowhere"), **CASES[case])
    wrong = []
    for path in PATHS:
        in_force = settings.enabled(path, settings.context(path), REGISTRY)
        for code, rule in REGISTRY.rules.items():
            told = reasons.why(rule, path, settings, REGISTRY)
            off = [reason.text for reason in told.reasons if reason.topic == reasons.OFF]
            if told.severity != in_force.get(code) or bool(off) == (code in in_force):
                wrong.append((path, code, told.severity, off))

    assert wrong == []


@pytest.mark.parametrize("case", CASES)
def test_the_severity_that_is_told_is_the_one_in_force(case: str):
    settings = Settings(root=Path("/nowhere"), **CASES[case])
    for path in PATHS:
        for rule in REGISTRY.rules.values():
            told = reasons.why(rule, path, settings, REGISTRY)
            words = [reason.text for reason in told.reasons if reason.topic == "severity"]

            assert [word.split(",")[0] for word in words] == ([told.severity.value] if told.severity else [])


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, "train.py", "x = 1\n")
    return tmp_path


def told(folder: Path, rule: str, file: str, *arguments: str) -> list[str]:
    result = lint(folder, "config", "--why", rule, file, *arguments)

    assert result.returncode == 0, result.stderr
    first, *lines = result.stdout.splitlines()
    return [first, *(" ".join(line.split()) for line in lines)]


def test_a_rule_is_on_by_default(repository: Path):
    assert told(repository, "XOP302", "train.py") == [
        "XOP302 unseeded-split is on, severity warning for train.py",
        "settings no file: the defaults",
        "profile standard",
        "chosen by `DEFAULT` # default",
        "severity warning, the rule's own",
    ]


def test_the_file_the_line_and_the_selector_are_named(repository: Path):
    write(
        repository,
        "pyproject.toml",
        '[tool.xops-lint]\nselect = ["DEFAULT"]\nignore = [\n  "XOP30",\n]\n'
        '\n[tool.xops-lint.severity]\nXOP3 = "error"\n',
    )
    found = told(repository, "unseeded-split", "train.py")

    assert found[0] == "XOP302 unseeded-split is off for train.py"
    assert "off it is ignored by `XOP30`, which wins over `DEFAULT` # pyproject.toml:3" in found
    assert "severity error, by `XOP3` # pyproject.toml:8" in told(repository, "XOP340", "train.py")


def test_the_command_line_goes_before_the_file(repository: Path):
    write(repository, "xops-lint.toml", 'ignore = ["XOP302"]\n')
    found = told(repository, "XOP302", "train.py", "--select", "XOP302")

    assert found[0] == "XOP302 unseeded-split is on, severity warning for train.py"
    assert "anew `select` starts anew: what was chosen before has no say # --select" in found
    assert "chosen by `XOP302` # --select" in found


def test_files_beside_the_one_in_use_are_named(repository: Path):
    write(repository, "xops-lint.toml", "")
    write(repository, "pyproject.toml", "[tool.xops-lint]\npreview = true\n")

    found = told(repository, "XOP302", "train.py")

    assert "unread pyproject.toml has settings too, and xops-lint.toml goes before it" in found


@pytest.mark.parametrize(
    ("settings", "rule", "file", "reason"),
    [
        ("", "XOP302", "tests/test_a.py", "off test code keeps errors and rules made for it"),
        ("", "XOP302", "tests/test_a.py", "place is test code: the folder `tests`"),
        ("", "XOP340", "scratch/a.py", "off the profile `exploration` keeps errors and rules made for it"),
        ("", "XOP340", "scratch/a.py", "profile exploration: the folder `scratch`"),
        ("", "XOP005", "a.py", "off it is optional, and nothing selects it"),
        ("", "XOP309", "a.py", "off it is in preview, and `preview` is not set"),
        ("preview = true", "XOP309", "a.py", "severity warning, the rule's own"),
        ('profile = "production"', "XOP302", "a.py", "profile production # xops-lint.toml:1"),
        ('per-file-profiles = { "a.py" = "production" }', "XOP302", "a.py", "profile production # xops-lint.toml:1"),
        (
            'min-severity = "error"',
            "XOP302",
            "a.py",
            "off its severity, warning, is below `min-severity` # xops-lint.toml:1",
        ),
        ('select = ["XOP4"]', "XOP302", "a.py", "off nothing selects it"),
        (
            '[[overrides]]\nfiles = ["a.py"]\nignore = ["XOP3"]',
            "XOP302",
            "a.py",
            "off it is ignored by `XOP3` for `a.py` # xops-lint.toml:3",
        ),
        (
            'per-file-ignores = { "a.py" = ["XOP3"] }',
            "XOP302",
            "a.py",
            "off `per-file-ignores` has `XOP3` for `a.py` # xops-lint.toml:1",
        ),
        (
            'extend-exclude = ["a.py"]',
            "XOP302",
            "a.py",
            "left out by `a.py` of `extend-exclude`, unless it is named # xops-lint.toml:1",
        ),
        (
            'include = ["src/**"]',
            "XOP302",
            "a.py",
            "left out no pattern of `include` matches, unless it is named # xops-lint.toml:1",
        ),
        ('locked = ["XOP302"]', "XOP302", "a.py", "locked no comment suppresses it # xops-lint.toml:1"),
        ("", "XOP113", "a.yaml", "unseen the rule reads Python and notebooks, and the file is yaml of no known kind"),
        ("", "XOP104", "a.py", "unseen the rule reads notebooks, and the file is Python"),
        ("", "XOP302", "a.txt", "unseen the file is of no kind that is linted"),
    ],
)
def test_each_thing_that_has_a_say_is_told(repository: Path, settings: str, rule: str, file: str, reason: str):
    write(repository, "xops-lint.toml", settings)
    write(repository, file, "x: 1\n")

    assert reason in told(repository, rule, file)


def test_what_git_ignores_is_told(repository: Path):
    write(repository, ".gitignore", "scores/\n")
    write(repository, "scores/a.py", "x = 1\n")
    found = told(repository, "XOP302", "scores/a.py")

    assert found[0].endswith("is on, severity warning for scores/a.py, but does not get to see it")
    assert "left out git ignores the file, unless it is named # default" in found


def test_suppressions_and_the_baseline_are_told(repository: Path):
    write(
        repository,
        "train.py",
        "from sklearn.model_selection import train_test_split\n\n"
        "train_test_split([1])\nx = 1  # xops: ignore[XOP302] because until=2099-01-01\n",
    )
    assert lint(repository, "baseline", "create").returncode == 0
    found = told(repository, "XOP302", "train.py")

    assert found[-2:] == [
        "comment it is suppressed until 2099-01-01 (line) # train.py:4",
        "baseline holds 1 of its findings here # .xops-lint-baseline.json",
    ]


def test_machines_get_the_same(repository: Path):
    result = lint(repository, "config", "--why", "unseeded-split", "train.py", "--output-format", "json")
    data = json.loads(result.stdout)

    assert (data["code"], data["severity"], data["filename"]) == ("XOP302", "warning", "train.py")
    assert {"topic": "chosen", "text": "by `DEFAULT`", "source": "default"} in data["reasons"]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("unseeded-splt", "train.py"), "unknown rule `unseeded-splt`; did you mean `unseeded-split`?"),
        (("XOP302",), "`--why RULE` needs a file"),
        (("XOP302", "."), "`--why RULE` needs a file"),
        (("XOP302", "none.py"), "'none.py' does not exist"),
    ],
)
def test_what_cannot_be_told_is_status_2(repository: Path, arguments: tuple[str, ...], message: str):
    result = lint(repository, "config", "--why", *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
