"""``init`` by real processes, in real repositories, with a real terminal where it asks."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
import yaml
from processes import converse, environment, git, lint, write

from xops_lint import __version__, hooking, steps

HOOKS = """\
# what guards our commits
default_stages: [pre-commit]
repos:
-   repo: https://github.com/psf/black  # formats
    rev: '24.1.0'
    hooks:
    -   id: black
        args: ["--line-length", "100"]
    # -   id: black-jupyter
# later:
# -   repo: local
"""
PYPROJECT = '[project]\nname = "churn"  # ours\nversion = "1"\n'
SPLIT = "from sklearn.model_selection import train_test_split\n\ntrain, test = train_test_split([1, 2, 3])\n"
WORKFLOW = """\
name: tests
on: [push]
permissions:
  contents: read
jobs:
  tests:
    runs-on: ubuntu-latest
    timeout-minutes: 5
    steps:
      - uses: actions/checkout@v4
      - run: pytest
"""


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    git(tmp_path, "init", "--quiet")
    write(tmp_path, "src/train.py", SPLIT)
    write(
        tmp_path,
        "tests/test_train.py",
        "from src import train\n\n\ndef test_split():\n    assert len(train.test) == 1\n",
    )
    write(tmp_path, "pyproject.toml", PYPROJECT)
    write(tmp_path, ".pre-commit-config.yaml", HOOKS)
    write(tmp_path, ".github/workflows/tests.yml", WORKFLOW)
    git(tmp_path, "add", "--all")
    git(tmp_path, "commit", "--quiet", "--message", "Begin")
    return tmp_path


def asked(folder: Path, *answers: str) -> tuple[int, str]:
    return converse(folder, ["init"], "".join(answers))


def changed(folder: Path) -> list[str]:
    return sorted(line[3:] for line in git(folder, "status", "--short", "--untracked-files=all").splitlines())


def test_yes_writes_all_that_is_proposed_and_leaves_nothing_to_report(repository: Path):
    result = lint(repository, "init", "--yes")

    assert (result.returncode, result.stdout) == (0, "")
    assert changed(repository) == [
        ".github/workflows/xops-lint.yml",
        ".pre-commit-config.yaml",
        ".xops-lint-baseline.json",
        "pyproject.toml",
    ]
    assert "which holds 1 finding\n" in result.stderr
    assert lint(repository, "check").stderr.splitlines()[0].startswith("All checks passed")
    assert lint(repository, "check", "--no-baseline", "--output-format", "concise").stdout.count("\n") == 1


def test_what_is_found_is_told(repository: Path):
    told = lint(repository, "init", "--yes").stderr.splitlines()

    assert told[0] == f"{repository}: 2 Python files of 8 lines, 0 notebooks, 3 known configs"
    assert told[1:4] == [
        "libraries: sklearn",
        "configs: github-workflow, pre-commit-config, pyproject",
        "CI: GitHub Actions",
    ]


def test_files_that_are_there_keep_every_byte(repository: Path):
    lint(repository, "init", "--yes")
    hooks = (repository / ".pre-commit-config.yaml").read_text()
    added = f"""\
-   repo: https://github.com/xops-lint/xops-lint
    rev: 'v{__version__}'
    hooks:
    -   id: xops-lint
"""

    assert hooks == HOOKS.replace("# later", f"{added}# later")
    assert (repository / "pyproject.toml").read_text().startswith(f"{PYPROJECT}\n[tool.xops-lint]\n")


def test_a_second_run_has_nothing_to_do(repository: Path):
    lint(repository, "init", "--yes")
    before = {path: (repository / path).read_bytes() for path in changed(repository)}
    again = lint(repository, "init", "--yes")

    assert again.returncode == 0
    assert again.stderr.splitlines()[-5:] == [
        "pyproject.toml has settings already",
        ".pre-commit-config.yaml has the hook already",
        "CI runs xops-lint already",
        ".xops-lint-baseline.json is there already",
        "nothing to write",
    ]
    assert {path: (repository / path).read_bytes() for path in changed(repository)} == before


def test_the_diff_is_what_yes_writes_and_writes_nothing(repository: Path, tmp_path_factory):
    shown = lint(repository, "init", "--diff")
    untouched = changed(repository)
    lint(repository, "init", "--yes")
    written = {path: (repository / path).read_bytes() for path in changed(repository) if "baseline" not in path}
    git(repository, "checkout", "--quiet", "--", ".")
    git(repository, "clean", "--quiet", "--force", "-d")
    patch = write(tmp_path_factory.mktemp("patch"), "it.diff", shown.stdout)
    git(repository, "apply", str(patch))

    assert (shown.returncode, untouched) == (0, [])
    assert "would write .xops-lint-baseline.json, which holds 1 finding" in shown.stderr
    assert {path: (repository / path).read_bytes() for path in changed(repository)} == written


def test_without_a_terminal_and_without_yes_it_is_refused(repository: Path):
    result = lint(repository, "init", stdin="y\ny\ny\ny\n")

    assert (result.returncode, result.stdout) == (2, "")
    assert "`init` asks questions: run it in a terminal, or with `--yes`" in result.stderr
    assert changed(repository) == []


def test_four_questions_are_asked_and_the_answers_count(repository: Path):
    status, shown = asked(repository, "production\n", "n\n", "y\n", "n\n")

    assert status == 0, shown
    assert shown.count("[Y/n]") == 3 and "[standard]" in shown
    assert changed(repository) == [".github/workflows/xops-lint.yml", "pyproject.toml"]
    assert 'profile = "production"\n' in (repository / "pyproject.toml").read_text()


def test_enter_takes_the_defaults(repository: Path):
    status, shown = asked(repository, "\n", "\n", "\n", "\n")
    by_hand = {path: (repository / path).read_bytes() for path in changed(repository)}
    git(repository, "checkout", "--quiet", "--", ".")
    git(repository, "clean", "--quiet", "--force", "-d")
    lint(repository, "init", "--yes")

    assert status == 0, shown
    assert {path: (repository / path).read_bytes() for path in changed(repository)} == by_hand


def test_who_leaves_before_the_end_leaves_nothing_behind(repository: Path):
    status, _ = asked(repository, "standard\n", "y\n", "\x04")

    assert status == 130
    assert changed(repository) == []


def test_settings_go_to_their_own_file_without_a_pyproject(tmp_path: Path):
    write(tmp_path, "serving/app.py", "x = 1\n")
    result = lint(tmp_path, "init", "--yes")
    written = (tmp_path / "xops-lint.toml").read_text()

    assert [path.name for path in tmp_path.iterdir() if path.is_file()] == ["xops-lint.toml"]
    assert '# per-file-profiles = { "serving/**" = "production" }\n' in written
    assert "next: look at the change" in result.stderr
    assert lint(tmp_path, "config", "serving/app.py").returncode == 0


@pytest.mark.parametrize(
    ("before", "file"),
    [
        ("[project\n", "xops-lint.toml"),
        ('tool = { black = { line-length = 100 } }\n', "xops-lint.toml"),
        ("", "pyproject.toml"),
        ("[tool.black]\nline-length = 100", "pyproject.toml"),
        ("[project]\r\nname = 'a'\r\n", "pyproject.toml"),
        ("\ufeff[project]\nname = 'a'\n", "pyproject.toml"),
    ],
)  # fmt: skip
def test_a_pyproject_that_takes_no_table_is_left_alone(tmp_path: Path, before: str, file: str):
    write(tmp_path, "pyproject.toml", before)
    write(tmp_path, "a.py", "x = 1\n")
    result = lint(tmp_path, "init", "--yes")
    after = (tmp_path / "pyproject.toml").read_bytes().decode()

    assert result.returncode == 0, result.stderr
    assert after.startswith(before)
    assert (after == before) == (file == "xops-lint.toml")
    assert ("\r\n" in after) == ("\r\n" in before) and "\r\r" not in after
    assert after.count("\n") == after.count("\r\n") or "\r\n" not in before
    assert (tmp_path / file).is_file()
    assert f"settings file = {file}" in lint(tmp_path, "config").stdout


def test_what_can_be_mended_safely_is_told(repository: Path):
    write(repository, "src/clean.py", "x = 1  # xops: ignore[XOP302] once\n")
    told = lint(repository, "init", "--yes").stderr

    assert "1 finding can be mended safely: `xops-lint check --fix`" in told


def test_from_a_folder_below_the_whole_repository_is_set_up(repository: Path):
    lint(repository / "src", "init", "--yes")

    assert "pyproject.toml" in changed(repository)


@pytest.mark.parametrize(
    ("path", "text", "service", "step"),
    [
        (".gitlab-ci.yml", "test:\n  script:\n    - pytest\n", "GitLab CI", "  script:\n        - pip install"),
        ("azure-pipelines.yml", "trigger: [main]\nsteps:\n- script: pytest\n", "Azure Pipelines", "- script: |\n"),
        (
            ".circleci/config.yml",
            "version: 2.1\njobs:\n  a: {docker: [{image: b}], steps: [checkout]}\n",
            "CircleCI",
            "- run: ",
        ),
        ("Jenkinsfile", "pipeline {\n  agent any\n  stages { }\n}\n", "Jenkins", "sh 'xops-lint check'"),
    ],
)
def test_other_services_get_a_step_to_paste(tmp_path: Path, path: str, text: str, service: str, step: str):
    git(tmp_path, "init", "--quiet")
    write(tmp_path, path, text)
    result = lint(tmp_path, "init", "--yes")

    assert f"{service}: add this to {path}, or what does the same\n" in result.stderr
    assert step in result.stderr
    assert f"pip install xops-lint=={__version__}" in result.stderr
    assert {path, ".pre-commit-config.yaml", "xops-lint.toml"} <= set(changed(tmp_path))
    assert (tmp_path / path).read_text() == text


@pytest.mark.parametrize("service", ["GitLab CI", "Azure Pipelines", "CircleCI", "Bitbucket Pipelines", "Travis CI"])
def test_a_step_is_yaml_that_runs_the_commands(service: str):
    text = "\n".join(steps.step(service))

    assert yaml.safe_load(text)
    assert all(command in text for command in steps.COMMANDS)


def test_wrong_settings_are_status_2(repository: Path):
    write(repository, "xops-lint.toml", "selct = []\n")
    result = lint(repository, "init", "--yes")

    assert (result.returncode, result.stderr.splitlines()) == (
        2,
        ["error: xops-lint.toml:1: unknown key `selct`; did you mean `select`?"],
    )


def test_a_file_that_appears_meanwhile_is_not_replaced(repository: Path):
    from xops_lint import starting
    from xops_lint.starting import Change

    changes = [Change("new.txt", None, b"ours"), Change("pyproject.toml", b"old", b"ours")]
    write(repository, "new.txt", "theirs")
    notices = starting.write(changes, repository)

    assert [notice.path for notice in notices] == ["new.txt", "pyproject.toml"]
    assert (repository / "new.txt").read_text() == "theirs"
    assert (repository / "pyproject.toml").read_text() == PYPROJECT


ENTRY = "  - repo: https://github.com/psf/black\n    rev: 24.1.0\n    hooks:\n      - id: black\n"
OTHER = ENTRY.replace("black", "isort")
FORMS = {
    "two spaces": f"repos:\n{ENTRY}",
    "no indentation": "repos:\n" + "".join(line[2:] for line in ENTRY.splitlines(keepends=True)),
    "blank lines between": f"repos:\n\n{ENTRY}\n{OTHER}\n\nci:\n  autofix_prs: false\n",
    "no line end": f"repos:\n{ENTRY}".rstrip("\n"),
    "windows": f"repos:\n{ENTRY}".replace("\n", "\r\n"),
    "a mark": f"\ufeffrepos:\n{ENTRY}",
    "double quotes": f"repos:\n{ENTRY}".replace("24.1.0", '"24.1.0"').replace("id: black", 'id: "black"'),
    "keys behind": f"repos:\n{ENTRY}exclude: |\n  # not a comment\n  ^data/\n",
    "text at the end": f"repos:\n{ENTRY}        exclude: >-\n          ^data/\n          # not a comment\n\n# end\n",
    "brackets": "repos: [{repo: local, hooks: [{id: a}]}, {repo: meta, hooks: [{id: b}]}]\n",
    "rows in brackets": 'repos: [\n  {"repo": "local", "hooks": [{"id": "a"}]},\n  {"repo": "meta", "hooks": []}\n]\n',
    "json": '{"repos": [{"repo": "local", "hooks": [{"id": "a"}]}]}\n',
    "an empty list": "repos: []\n",
    "nothing yet": "# our hooks\nrepos:\n",
    "anchors": f"repos:\n{ENTRY}        args: &wide [--line-length, '100']\n{OTHER}        args: *wide\n",
    "a local hook last": f"repos:\n{ENTRY}  - repo: local\n    hooks:\n      - id: x\n        entry: 'x # y'  # y\n",
}  # fmt: skip


@pytest.mark.parametrize("form", FORMS)
def test_the_hook_joins_the_others_in_their_style(form: str):
    before = FORMS[form].encode()
    after = hooking.with_hook(before)

    assert after is not None
    old, new = yaml.safe_load(before), yaml.safe_load(after)
    assert new.pop("repos")[:-1] == (old.pop("repos") or [])
    assert new == old
    start = next(index for index in range(len(after)) if after[index : index + 1] != before[index : index + 1])
    assert after[start + len(after) - len(before) :] == before[start:]
    assert (b"\r\n" in after) == (b"\r\n" in before) and (
        b"\r\n" not in before or b"\n" not in after.replace(b"\r\n", b"")
    )
    assert hooking.has_hook(after) and not hooking.has_hook(before)


LEFT = {
    "no list": "repos: black\n",
    "no repos": "exclude: ^data/\n",
    "nothing": "",
    "no yaml": "repos: [\n",
    "two documents": f"repos:\n{ENTRY}---\nrepos:\n{OTHER}",
    "the form of old": "- repo: https://github.com/psf/black\n  hooks:\n  - id: black\n",
    "an alias": f"x: &all\n{ENTRY}repos: *all\n",
}


@pytest.mark.parametrize("form", LEFT)
def test_a_config_of_another_form_is_left_alone(form: str):
    assert hooking.with_hook(LEFT[form].encode()) is None


def test_where_the_hook_cannot_be_added_its_lines_are_shown(repository: Path):
    write(repository, ".pre-commit-config.yaml", LEFT["two documents"])
    result = lint(repository, "init", "--yes")

    assert result.returncode == 0
    assert "add the hook by hand:\n      - repo: https://github.com/xops-lint/xops-lint\n" in result.stderr
    assert (repository / ".pre-commit-config.yaml").read_text() == LEFT["two documents"]


def test_pre_commit_takes_the_files(repository: Path):
    lint(repository, "init", "--yes")
    command = [sys.executable, "-m", "pre_commit", "validate-config"]
    result = subprocess.run(command, cwd=repository, capture_output=True, text=True, check=False, env=environment())

    assert (result.returncode, result.stdout) == (0, "")
