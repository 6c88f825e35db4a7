from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import jsonschema
import pytest
from processes import environment, write
from processes import lint as run

RULE = """
from xops_lint.rule import Rule, Severity

RULE = Rule(
    code="ACM1{number:02}",
    name="{name}",
    summary="A word stands where it must not.",
    harm="Somebody reads it.",
    remedy="Take it out.",
    ops=("{ops}",),
    severity=Severity.{severity},
    tests=True,
    exploration=True,
)


@RULE.text
def check(file):
    start = file.text.find("{word}")
    if start >= 0:
        from xops_lint.text import Range

        yield RULE.at(Range(start, start + {length}), "is the word `{word}`")
"""

SETTINGS = 'rule-paths = ["lint"]\nselect = ["ACM"]\nexclude = ["lint", "venv", "*.toml"]\n'


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    """A repository whose own rules find the words ERROR_WORD and INFO_WORD."""
    subprocess.run(["git", "init", "-q", str(tmp_path)], check=True)
    write(tmp_path, "xops-lint.toml", SETTINGS)
    for number, severity in enumerate(("ERROR", "INFO"), start=1):
        word = f"{severity}_WORD"
        text = RULE.format(
            number=number,
            name=f"stray-{severity.lower()}",
            severity=severity,
            word=word,
            length=len(word),
            ops="mlops" if number == 1 else "devops",
        )
        write(tmp_path, f"lint/stray_{severity.lower()}.py", text)
    return tmp_path


def test_nothing_found_is_status_0(repository: Path):
    write(repository, "a.py", "x = 1\n")

    result = run(repository, "check", "--output-format", "concise")

    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.splitlines() == ["All checks passed: 1 file checked, 0 suppressed, 0 skipped"]


def test_findings_are_status_1_and_the_summary_goes_to_stderr(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")
    write(repository, "b/c.yaml", "y: INFO_WORD\n")

    result = run(repository, "check", "--output-format", "concise")

    assert result.returncode == 1
    assert result.stdout.splitlines() == [
        "a.py:1:6: ACM101 is the word `ERROR_WORD`",
        "b/c.yaml:1:4: ACM102 is the word `INFO_WORD`",
    ]
    assert result.stderr.splitlines() == ["2 findings, 0 suppressed, 0 skipped"]


def test_exit_zero_reports_and_exits_with_0(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")

    result = run(repository, "check", "--exit-zero")

    assert result.returncode == 0
    assert "ACM101" in result.stdout


def test_fail_on_leaves_lesser_findings_at_0(repository: Path):
    write(repository, "a.py", "x = 'INFO_WORD'\n")

    assert run(repository, "check", "--fail-on", "warning").returncode == 0
    assert run(repository, "check", "--fail-on", "info").returncode == 1


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("check", "nowhere.py"), "error: nowhere.py: no such file or directory"),
        (("check", "--select", "ACM9"), "error: --select: unknown rule selector `ACM9`"),
        (("check", "--selec", "ALL"), "Error: No such option"),
        (("chek",), "Error: no such command `chek`; did you mean `check`?"),
        (("check", "--config", "none.toml"), "error: none.toml: no such settings file"),
        (("check", "--config", "xops-lint.toml", "--isolated"), "`--config` and `--isolated` exclude each other"),
        (("check", "-"), "`-` stands alone and needs `--stdin-filename NAME`"),
        (("check", "--statistics", "--output-format", "sarif"), "error: `--statistics` has no format `sarif`"),
        (("check", "--output-file", "xops-lint.toml/x"), "error: xops-lint.toml/x: cannot be written"),
        (("explain", "XOP3O2"), "error: unknown rule `XOP3O2`"),
    ],
)
def test_what_cannot_be_done_is_status_2(repository: Path, arguments: tuple[str, ...], message: str):
    result = run(repository, *arguments)

    assert (result.returncode, result.stdout) == (2, "")
    assert message in result.stderr
    assert "Traceback" not in result.stderr


def test_a_wrong_setting_is_status_2_with_its_line(repository: Path):
    write(repository, "xops-lint.toml", f"{SETTINGS}\nselct = []\n")

    result = run(repository, "check", "--exit-zero")

    assert result.returncode == 2
    assert result.stderr == "error: xops-lint.toml:5: unknown key `selct`; did you mean `select`?\n"


def test_named_files_alone_are_shown(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")
    write(repository, "b.py", "x = 'ERROR_WORD'\n")

    result = run(repository, "check", "b.py", "--output-format", "concise")

    assert result.stdout == "b.py:1:6: ACM101 is the word `ERROR_WORD`\n"


def test_select_and_ignore_take_lists(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD INFO_WORD'\n")

    def found(*arguments: str) -> list[str]:
        lines = run(repository, "check", "--output-format", "concise", *arguments).stdout.splitlines()
        return [line.split()[1] for line in lines]

    assert found() == ["ACM101", "ACM102"]
    assert found("--ignore", "stray-error") == ["ACM102"]
    assert found("--select", "ACM101,XOP3") == ["ACM101"]
    assert found("--select", "@devops") == ["ACM102"]
    assert found("--select", "ACM101", "--extend-select", "ACM102") == ["ACM101", "ACM102"]
    assert found("--min-severity", "error") == ["ACM101"]


def test_a_file_from_stdin_is_linted_under_its_name(repository: Path):
    (repository / "src").mkdir()

    result = run(
        repository, "check", "-", "--stdin-filename", "src/a.py", "--output-format", "concise", stdin="INFO_WORD = 1\n"
    )

    assert (result.returncode, result.stdout) == (1, "src/a.py:1:1: ACM102 is the word `INFO_WORD`\n")


def test_stdin_under_an_excluded_name_is_skipped_when_forced(repository: Path):
    arguments = ("check", "-", "--stdin-filename", "venv/a.py", "--force-exclude")

    result = run(repository, *arguments, stdin="INFO_WORD = 1\n")

    assert (result.returncode, result.stdout) == (0, "")
    assert result.stderr.splitlines() == ["skipped venv/a.py: is excluded", "No files were checked, 1 skipped"]


@pytest.mark.parametrize("format", ["json", "json-lines", "sarif"])
def test_machine_formats_stand_alone_on_stdout(repository: Path, format: str):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")
    write(repository, "picture.png", "")

    result = run(repository, "check", "--output-format", format, "a.py", "picture.png", "--color", "always")

    assert json.loads(result.stdout)
    assert "\033" not in result.stdout
    assert "1 finding, 0 suppressed, 1 skipped" in result.stderr


def test_quiet_says_nothing_beside_the_report(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")

    result = run(repository, "check", "--quiet", "--output-format", "concise")

    assert (result.stdout.count("\n"), result.stderr) == (1, "")


def test_verbose_names_the_settings_file(repository: Path):
    write(repository, "a.py", "x = 1\n")

    assert run(repository, "check", "--verbose").stderr.startswith("settings: xops-lint.toml; root: ")


def test_a_report_can_go_to_a_file(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")

    result = run(repository, "check", "--output-format", "json", "--output-file", "reports/lint.json")

    assert (result.returncode, result.stdout) == (1, "")
    assert [found["code"] for found in json.loads((repository / "reports/lint.json").read_text())] == ["ACM101"]


def test_statistics_count_by_rule(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")
    write(repository, "b.py", "x = 'INFO_WORD'\n")
    write(repository, "c.py", "x = 'INFO_WORD'\n")

    text = run(repository, "check", "--statistics")
    data = run(repository, "check", "--statistics", "--output-format", "json")

    assert (text.returncode, text.stdout) == (1, "2  ACM102  stray-info\n1  ACM101  stray-error\n")
    assert [(row["code"], row["count"]) for row in json.loads(data.stdout)] == [("ACM102", 2), ("ACM101", 1)]


def test_show_files_lists_and_checks_nothing(repository: Path):
    write(repository, "b.py", "x = 'ERROR_WORD'\n")
    write(repository, "a.ipynb", "not read at all")

    result = run(repository, "check", "--show-files")

    assert (result.returncode, result.stdout, result.stderr) == (0, "a.ipynb\nb.py\n", "")


def test_github_actions_get_annotations_unless_told_otherwise(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")
    in_actions = {"GITHUB_ACTIONS": "true"}

    assert run(repository, "check", variables=in_actions).stdout.startswith("::error ")
    concise = run(repository, "check", "--output-format", "concise", variables=in_actions)
    assert concise.stdout.startswith("a.py:1:6:")


def test_variables_stand_in_for_options(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")

    assert run(repository, "check", variables={"XOPS_LINT_OUTPUT_FORMAT": "json"}).stdout.startswith("[")
    elsewhere = run(repository, "check", variables={"XOPS_LINT_CONFIG": "elsewhere.toml"})
    assert (elsewhere.returncode, elsewhere.stderr) == (2, "error: elsewhere.toml: no such settings file\n")


def test_suppressions_can_be_switched_off(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'  # xops: ignore[ACM101] we need it\n")

    assert run(repository, "check").stderr == "All checks passed: 1 file checked, 1 suppressed, 0 skipped\n"
    assert run(repository, "check", "--no-suppressions").returncode == 1
    assert run(repository, "check", variables={"XOPS_LINT_NO_SUPPRESSIONS": "1"}).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "variables", "colored"),
    [
        ((), {}, False),
        ((), {"FORCE_COLOR": "1"}, True),
        ((), {"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        (("--color", "always"), {"NO_COLOR": "1"}, True),
        (("--color", "never"), {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_follow_option_and_environment(
    repository: Path, arguments: tuple[str, ...], variables: dict[str, str], colored: bool
):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")

    result = run(repository, "check", "--output-format", "full", *arguments, variables=variables)

    assert ("\033[" in result.stdout) == colored


def test_a_reader_who_leaves_early_is_no_error(repository: Path):
    for number in range(300):
        write(repository, f"src/file_{number:03}_{'x' * 150}.py", "ERROR_WORD = 'INFO_WORD'\n")
    command = [sys.executable, "-m", "xops_lint", "check", "--output-format", "concise", "--quiet"]

    with subprocess.Popen(
        command, cwd=repository, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=environment()
    ) as process:
        assert process.stdout is not None and process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""

    assert process.returncode == 1


def test_no_bar_is_drawn_where_nobody_watches_and_none_for_short_work(repository: Path):
    write(repository, "a.py", "x = 1\n")
    leader, follower = pty.openpty()
    subprocess.run(
        [sys.executable, "-m", "xops_lint", "check"], cwd=repository, stderr=follower, check=True, env=environment()
    )
    os.close(follower)

    assert b"checking [" not in os.read(leader, 4096)
    assert "checking [" not in run(repository, "check").stderr


def test_the_version_loads_no_parser():
    script = "import sys, xops_lint.cli; print(sorted({'libcst', 'yaml', 'nbformat', 'pathspec'} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)

    assert loaded.stdout == "[]\n"


def test_the_version_is_told(tmp_path: Path):
    from xops_lint import __version__

    assert run(tmp_path, "--version").stdout == f"xops-lint {__version__}\n"


def test_help_lists_every_command(tmp_path: Path):
    from xops_lint import commands

    text = run(tmp_path, "--help").stdout

    assert [path.stem for path in Path(commands.__path__[0]).glob("[a-z]*.py") if path.stem not in text] == []


def test_rules_are_listed_and_filtered(repository: Path):
    every = json.loads(run(repository, "rules", "--output-format", "json").stdout)
    compliance = run(repository, "rules", "--principle", "compliance", "--ops", "devops").stdout
    table = run(repository, "rules", "--output-format", "markdown").stdout

    assert {"ACM101", "ACM102"} <= {rule["code"] for rule in every}
    assert "ACM102  stray-info" in compliance and "ACM101" not in compliance
    assert table.count("\n") == len(every) + 2


def test_a_rule_is_explained_by_code_or_name(repository: Path):
    write(repository, "lint/stray_error.md", "# stray-error (ACM101)\n\nA word.\n\n## Why\n\n" + "long " * 60 + "\n")

    text = run(repository, "explain", "stray-error").stdout
    page = run(repository, "explain", "ACM101", "--output-format", "markdown").stdout
    data = json.loads(run(repository, "explain", "ACM101", "--output-format", "json").stdout)

    assert text.startswith("stray-error (ACM101)\n====")
    assert max(len(line) for line in text.splitlines()) <= 100
    assert page.startswith("# stray-error (ACM101)")
    assert (data["code"], data["page"]) == ("ACM101", page)


def test_a_rule_without_a_page_is_explained_by_its_own_words(repository: Path):
    text = run(repository, "explain", "ACM102").stdout

    assert "Somebody reads it." in text and "Take it out." in text


def test_config_tells_where_each_value_came_from(repository: Path):
    text = run(repository, "config", "--jobs", "2", variables={"XOPS_LINT_PROFILE": "production"}).stdout

    assert 'select = ["ACM"]  # xops-lint.toml:2\n' in text
    assert "jobs = 2  # --jobs\n" in text
    assert '--profile = "production"  # XOPS_LINT_PROFILE\n' in text
    assert "preview = false  # default\n" in text


def test_config_of_a_file_names_its_rules(repository: Path):
    write(repository, "tests/a.py", "")

    data = json.loads(run(repository, "config", "tests/a.py", "--output-format", "json").stdout)

    assert data["settings"]["select"] == {"value": ["ACM"], "source": "xops-lint.toml:2"}
    assert (data["file"]["path"], data["file"]["profile"], data["file"]["test"]) == ("tests/a.py", "standard", True)
    assert data["file"]["rules"]["ACM101"] == "error"


def test_config_prints_a_schema_that_the_settings_meet(repository: Path):
    schema = json.loads(run(repository, "config", "--schema").stdout)

    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate({"select": ["ACM"], "rule-paths": ["lint"]}, schema)
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate({"selct": []}, schema)


def test_tools_are_listed_with_their_roles(repository: Path):
    every = json.loads(run(repository, "tools", "--output-format", "json").stdout)
    learner = run(repository, "tools", "sklearn").stdout

    assert "sklearn" in {tool["tool"] for tool in every}
    assert "sklearn.model_selection.train_test_split  split_data" in learner


def test_an_unknown_tool_names_the_nearest(repository: Path):
    result = run(repository, "tools", "mlflo")

    assert (result.returncode, result.stderr) == (2, "error: unknown tool `mlflo`; did you mean `mlflow`?\n")


def test_kinds_tell_what_each_file_was_taken_for(repository: Path):
    write(repository, "dvc.yaml", "stages:\n  train:\n    cmd: python train.py\n")
    write(repository, "src/train.py", "")

    rows = json.loads(run(repository, "kinds", ".", "--output-format", "json").stdout)

    assert {row["path"]: row["kinds"] for row in rows} == {"dvc.yaml": ["dvc"], "src/train.py": []}
    assert "dvc\n" in run(repository, "kinds").stdout


def test_junit_skips_known_findings_and_goes_to_a_file(repository: Path):
    write(repository, "a.py", "x = 'ERROR_WORD'\n")
    run(repository, "baseline", "create")
    write(repository, "b.py", "x = 'ERROR_WORD'\n")

    result = run(repository, "check", "--output-format", "junit", "--output-file", "lint.xml")
    text = (repository / "lint.xml").read_text("utf-8")

    assert (result.returncode, result.stdout) == (1, "")
    assert [text.count(tag) for tag in ("<testcase ", "<failure ", "<skipped ")] == [2, 1, 1]
