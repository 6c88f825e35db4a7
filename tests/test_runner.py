from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from xops_lint import discovery, examination, pool, registry, runner
from xops_lint.discovery import FoundFile
from xops_lint.file_names import language_of
from xops_lint.report import Report
from xops_lint.settings import Settings

PACK = """
from xops_lint.rule import Rule
from xops_lint.text import Range

RULE = Rule("{code}", "{name}", "A word.", "Somebody reads it.", "Take it out.", ops=("mlops",),
            tests=True, exploration=True)


{check}
"""

WORD = """
@RULE.text
def check(file):
    start = file.text.find("WORD")
    if start >= 0:
        yield RULE.at(Range(start, start + 4), "is the word")
"""

TWINS = '''
@RULE.project
def check(project):
    """Report every Python file but the first, and name the first."""
    from xops_lint.diagnostic import Related

    first, *others = sorted(project.python, key=lambda file: file.path)
    for file in others:
        related = (Related(Range(0, 1), "the first", first.path),)
        yield RULE.at(Range(2, 3), f"comes after {first.path}", path=file.path, related=related)
'''

SEEDS = """
@RULE.project
def check(project):
    for file in project.python:
        for call in file.playing("seed"):
            yield RULE.at(call, f"{call.name} of {file.path}", path=file.path)
"""

TRACKED = """
@RULE.project
def check(project):
    for file in project.python:
        state = "no git" if project.tracked is None else file.path in project.tracked
        yield RULE.at(Range(0, 1), f"{state}, {project.exists('data.csv')}", path=file.path)
"""


@pytest.fixture
def root(tmp_path: Path) -> Path:
    (tmp_path / "project").mkdir()
    return tmp_path / "project"


def write(root: Path, path: str, text: str | bytes = "x = 1\n") -> Path:
    (root / path).parent.mkdir(parents=True, exist_ok=True)
    (root / path).write_bytes(text if isinstance(text, bytes) else text.encode())
    return root / path


def settings_with(root: Path, check: str = WORD, **fields: object) -> Settings:
    """Return settings with one local rule, ACM101, besides the rules of the tool itself."""
    pack = root.parent / f"pack-{abs(hash(check))}"
    write(pack, "local_rule.py", PACK.format(code="ACM101", name="local-rule", check=check))
    return Settings(**{"root": root, "select": ("ACM", "XOP0"), "rule_paths": (pack,), "jobs": 1, **fields})


def lint(settings: Settings, *paths: str, progress: pool.Progress | None = None) -> Report:
    """Lint the whole root, or some paths of it, within the whole."""
    whole = discovery.find([settings.root], settings).files
    files = tuple(file for file in whole if not paths or file.path in paths)
    return runner.run(files, settings, registry.load(settings.rule_paths), project_files=whole, progress=progress)


def lines(report: Report) -> list[str]:
    return [
        f"{found.place.path}:{found.place.row}:{found.place.column} {found.code} {found.message}"
        for found in report.diagnostics
    ]


def test_files_are_read_judged_and_counted(root: Path):
    write(root, "b.py", "x = 'WORD'\n")
    write(root, "a/c.yaml", "y: WORD\n")

    report = lint(settings_with(root))

    assert lines(report) == ["a/c.yaml:1:4 ACM101 is the word", "b.py:1:6 ACM101 is the word"]
    assert (report.checked, report.skipped, report.failed, report.root) == (2, (), False, str(root))


def test_project_rules_see_all_files_and_are_shown_for_the_named_ones(root: Path):
    for name in ("a.py", "b.py", "c.py"):
        write(root, name)
    settings = settings_with(root, TWINS)

    assert lines(lint(settings)) == [
        "b.py:1:3 ACM101 comes after a.py",
        "c.py:1:3 ACM101 comes after a.py",
    ]
    report = lint(settings, "c.py")
    assert lines(report) == ["c.py:1:3 ACM101 comes after a.py"]
    assert report.checked == 1
    assert report.diagnostics[0].related[0].place.path == "a.py"


def test_a_project_finding_can_be_suppressed_where_it_stands(root: Path):
    write(root, "a.py")
    write(root, "b.py", "x = 1  # xops: ignore[ACM101] a twin\n")
    write(root, "c.py", "x = 1\ny = 2  # xops: ignore[ACM101] on the wrong line\n")

    report = lint(settings_with(root, TWINS))

    assert lines(report) == ["c.py:1:3 ACM101 comes after a.py", "c.py:2:8 XOP003 silences no `ACM101`"]
    assert [found.place.path for found in report.suppressed] == ["b.py"]


def test_a_project_finding_is_dropped_where_its_rule_is_off(root: Path):
    for name in ("a.py", "b.py", "c.py"):
        write(root, name)
    settings = settings_with(root, TWINS, per_file_ignores={"b.py": ("ACM101",)})

    assert lines(lint(settings)) == ["c.py:1:3 ACM101 comes after a.py"]


def test_a_project_finding_in_a_notebook_names_its_cell(root: Path):
    cells = [{"cell_type": "code", "source": ["y = 1"], "metadata": {}, "outputs": []}]
    write(root, "a.py")
    write(root, "b.ipynb", json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}))

    [found] = lint(settings_with(root, TWINS), "b.ipynb").diagnostics

    assert (found.place.cell, found.place.row, found.place.column) == (1, 1, 3)


def notebook(*sources: str) -> str:
    cells = [{"cell_type": "code", "source": [source], "metadata": {}, "outputs": []} for source in sources]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def test_a_file_that_a_notebook_writes_is_judged_in_its_cell(root: Path):
    write(root, "a.ipynb", notebook("y = 1", "%%writefile sub/c.yaml\nx: 1\ny: WORD\n"))
    settings = settings_with(root, WORD.replace("RULE.text", "RULE.config()"))

    [found] = lint(settings).diagnostics

    assert (found.place.path, found.place.cell, found.place.row, found.place.column) == ("a.ipynb", 2, 3, 4)
    assert found.excerpt == ("y: WORD",)

    write(root, "sub/c.yaml", "y: 2\n")

    assert lines(lint(settings)) == []


def test_a_file_that_a_notebook_writes_is_one_of_the_project(root: Path):
    write(root, "a.py", "import random; random.seed(1)\n")
    write(root, "b.ipynb", notebook("import random; random.seed(1)", "%%writefile c.py\nimport random\nrandom.seed(2)"))
    settings = settings_with(root, SEEDS)

    found = lint(settings, "b.ipynb").diagnostics

    assert [(each.place.path, each.place.cell, each.place.row, each.message) for each in found] == [
        ("b.ipynb", 1, 1, "random.seed of b.ipynb"),
        ("b.ipynb", 2, 3, "random.seed of c.py"),
    ]
    assert lines(lint(settings, "a.py")) == ["a.py:1:16 ACM101 random.seed of a.py"]


def test_a_comment_in_a_file_that_a_notebook_writes_covers_no_other_cell(root: Path):
    source = "%%writefile c.yaml\n# xops: file-ignore[ACM101] an example\ny: WORD\n"
    other = source.replace("c.yaml", "d.yaml").replace("file-ignore", "cell-ignore")
    write(root, "a.ipynb", notebook("x = 'WORD'", source, other))
    check = WORD.replace("RULE.text", "RULE.config()\n@RULE.python")

    report = lint(settings_with(root, check))

    assert [found.place.cell for found in report.diagnostics] == [1]
    assert [found.place.cell for found in report.suppressed] == [2, 3]


def test_project_rules_know_what_git_tracks_and_what_exists(root: Path):
    write(root, "a.py")
    settings = settings_with(root, TRACKED)
    before = lines(lint(settings))

    subprocess.run(["git", "init", "-q", str(root)], check=True)
    subprocess.run(["git", "-C", str(root), "add", "a.py"], check=True)
    write(root, "b.py")
    write(root, "data.csv")

    assert before == ["a.py:1:1 ACM101 no git, False"]
    assert lines(lint(settings)) == ["a.py:1:1 ACM101 True, True", "b.py:1:1 ACM101 False, True"]


@pytest.mark.parametrize(
    ("check", "complaint"),
    [
        ("@RULE.project\ndef check(project):\n    raise KeyError('x')\n", "`KeyError: 'x'`"),
        (
            "@RULE.project\ndef check(project):\n    yield RULE.at(Range(0, 1), 'nowhere')\n",
            "`ValueError: a project rule's finding needs a path`",
        ),
    ],
)
def test_a_project_rule_that_raises_is_one_finding_and_fails_the_run(root: Path, check: str, complaint: str):
    write(root, "a.py", "x = 1  # xops: ignore[ACM101] not known to be unused\n")
    write(root, "b.py")

    report = lint(settings_with(root, check))

    assert lines(report) == [f"a.py:1:1 XOP002 the rule `local-rule` (ACM101) raised {complaint}"]
    assert report.failed


def test_what_is_no_text_is_skipped_with_a_notice(root: Path):
    write(root, "a.py", b"\x00\x01binary")
    write(root, "b.yaml", b"a: \x00")
    write(root, "playbooks/templates/c.yaml", "{% if x %}\na: 1\n{% endif %}\n")
    write(root, "{{ name }}/d.py", "from {{ name }} import x\n")

    report = lint(settings_with(root))

    assert [notice.path for notice in report.skipped] == [
        "a.py",
        "b.yaml",
        "playbooks/templates/c.yaml",
        "{{ name }}/d.py",
    ]
    assert (lines(report), report.checked) == ([], 0)


def test_a_file_over_the_bound_is_skipped_unread(root: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(examination, "LARGEST", 1_000_000)
    write(root, "a.py", "x = 1\n" * 200_000)

    assert lint(settings_with(root)).skipped == (("a.py", "is larger than 1 MB"),)


def test_a_file_that_vanishes_is_skipped_and_one_that_cannot_be_read_is_a_finding(root: Path):
    files = [
        FoundFile("gone.py", root / "gone.py", "python", explicit=True),
        FoundFile("odd.py", root / ("x" * 300), "python", explicit=True),
    ]
    settings = settings_with(root)

    report = runner.run(files, settings, registry.load(settings.rule_paths), project_files=())

    assert report.skipped == (("gone.py", "went away while files were read"),)
    assert lines(report) == ["odd.py:1:1 XOP001 cannot be read: File name too long"]


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_a_finding(root: Path):
    write(root, "a.py").chmod(0)

    assert lines(lint(settings_with(root))) == ["a.py:1:1 XOP001 cannot be read: Permission denied"]


def test_a_pipe_is_not_waited_for(root: Path):
    os.mkfifo(root / "a.py")
    settings = settings_with(root)
    file = FoundFile("a.py", root / "a.py", "python", explicit=True)

    report = runner.run([file], settings, registry.load(settings.rule_paths), project_files=())

    assert report.skipped == (("a.py", "is no regular file"),)


def test_a_text_stands_in_for_its_file_among_the_others(root: Path):
    write(root, "a.py")
    write(root, "b.py", "old = 1\n")
    settings = settings_with(root, TWINS)

    report = runner.run_text("b.py", b"new = 1\n", settings, registry.load(settings.rule_paths))

    assert lines(report) == ["b.py:1:3 ACM101 comes after a.py"]
    assert report.diagnostics[0].excerpt == ("new = 1",)


def test_a_text_of_no_known_kind_is_skipped(root: Path):
    settings = settings_with(root)

    report = runner.run_text("a.png", b"", settings, registry.load(settings.rule_paths))

    assert (report.checked, report.skipped) == (0, (("a.png", "is of no kind that is linted"),))


def test_scanned_code_is_never_run(root: Path):
    write(root, "train.py", "open('was_run', 'w').write('x')\nraise SystemExit(3)\n")
    write(root, "setup.py", "open('was_run', 'w').write('x')\n")
    write(root, "sitecustomize.py", "open('was_run', 'w').write('x')\n")
    write(root, "conftest.py", "open('was_run', 'w').write('x')\n")

    subprocess.run([sys.executable, "-m", "xops_lint", "check", "."], cwd=root, capture_output=True, check=False)

    assert not list(root.rglob("was_run"))


def test_processes_change_nothing(root: Path):
    for number in range(70):
        write(root, f"src/m{number:02}.py", "x = 'WORD'  # xops: ignore[ACM101] y\n" if number % 3 else "x = 'WORD'\n")
    alone = lint(settings_with(root, jobs=1))
    seen: list[tuple[int, int]] = []

    together = lint(settings_with(root, jobs=2), progress=lambda done, total: seen.append((done, total)))

    assert alone.diagnostics == together.diagnostics
    assert alone.suppressed == together.suppressed
    assert len(alone.diagnostics) == 24
    assert seen[-1] == (70, 70)


def deadly(item: int) -> int:
    if item == 77:
        os._exit(1)
    return item * 2


def lost(item: int) -> int:
    return -item


def test_an_item_that_kills_its_process_costs_no_other():
    items = list(range(120))

    results = pool.spread(deadly, lost, items, 2, lambda done, total: None)

    assert results == [-77 if item == 77 else item * 2 for item in items]


def broken(item: int) -> int:
    raise KeyError(item)


def test_an_error_in_a_process_is_raised_here():
    with pytest.raises(KeyError):
        pool.spread(broken, lost, list(range(120)), 2, lambda done, total: None)


def test_every_run_gives_the_same_report(root: Path):
    for name in ("b.py", "a.py", "c.yaml", "d.toml"):
        write(root, name, "x = 'WORD'\n" if not name.endswith("yaml") else "x: WORD\n")
    settings = settings_with(root)

    first, second = lint(settings), lint(settings)

    assert first.diagnostics == second.diagnostics
    assert [language_of(found.place.path) for found in first.diagnostics] == ["python", "python", "yaml", "toml"]


def test_declared_dependencies_reach_every_document(root: Path):
    check = """
@RULE.text
def check(file):
    yield RULE.at(Range(0, 1), str(file.may_use("torch", "<2.6")))
"""
    write(root, "requirements.txt", "torch==2.7.0\n")
    write(root, "src/a.py")

    assert lines(lint(settings_with(root, check), "src/a.py")) == ["src/a.py:1:1 ACM101 False"]
