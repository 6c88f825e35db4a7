"""What holds for every file: shown on examples of all rules, edited in ways that leave their findings alone."""

from __future__ import annotations

import ast
import json
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from functools import cache, partial
from pathlib import Path
from typing import NamedTuple

import nbformat
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from xops_lint import baseline, fixing, ignoring, runner
from xops_lint.baseline import Entry
from xops_lint.diagnostic import Diagnostic, Safety
from xops_lint.discovery import FoundFile
from xops_lint.engine import SYNTAX_ERROR
from xops_lint.file_names import language_of
from xops_lint.page_tests import write
from xops_lint.pages import Case, PageFile, read_page
from xops_lint.registry import Registry, load
from xops_lint.report import Report
from xops_lint.runner import World
from xops_lint.settings import Settings

ROOT = Path(__file__).parent.parent
UNUSED = "XOP003"
ALL_FIXES = frozenset({Safety.SAFE, Safety.UNSAFE})
COMMENTS = {
    "python": "# noted",
    "yaml": "# noted",
    "toml": "# noted",
    "requirements": "# noted",
    "dockerfile": "# noted",
    "hcl": "# noted",
    "pbtxt": "# noted",
}

properties = settings(
    max_examples=40, deadline=None, database=None, derandomize=True, suppress_health_check=list(HealthCheck)
)


class Project(NamedTuple):
    """Files of an example in a folder, and how they are linted."""

    folder: Path
    files: tuple[FoundFile, ...]

    @property
    def world(self) -> World:
        return World(self.files, lambda: frozenset(file.path for file in self.files))

    @property
    def settings(self) -> Settings:
        return Settings(self.folder, preview=True, jobs=1)

    def lint(self) -> Report:
        return runner.run_in(self.world, self.files, self.settings, registry())


@cache
def registry() -> Registry:
    return load()


@cache
def examples() -> Mapping[str, Sequence[Case]]:
    """Return the Bad examples of all pages: those with code alone, with a notebook, and with configs."""
    pages = (read_page(path) for path in sorted((ROOT / "rules").glob("*/*.md")) if path.parent.name != "tool")
    cases = [case for page in pages for case in page.cases if case.section == "Bad" and case.profile is None]
    found: dict[str, list[Case]] = {"python": [], "notebook": [], "config": []}
    for case in cases:
        languages = {language_of(file.path) or "" for file in case.files}
        kind = "notebook" if "notebook" in languages else "python" if languages <= {"python"} else "config"
        found[kind].append(case)
    return found


def example() -> st.SearchStrategy[Case]:
    """Draw an example; notebooks and configs have few and get the same share as code."""
    return st.sampled_from(sorted(examples())).flatmap(lambda kind: st.sampled_from(examples()[kind]))


@st.composite
def edited(draw: st.DrawFn) -> Case:
    """Draw an example with comments, empty lines and cells put where they change nothing."""
    case = draw(example())
    files = []
    for file in case.files:
        rows = sorted(draw(st.sets(st.sampled_from(range(1 + file.text.count("\n"))), max_size=3)))
        blank = draw(st.booleans())
        files.append(with_lines(file, rows, "" if blank else COMMENTS.get(language_of(file.path) or "", "")))
    return Case(**{**{name: getattr(case, name) for name in case.__dataclass_fields__}, "files": files})


def with_lines(file: PageFile, rows: Sequence[int], line: str) -> PageFile:
    """Return a file with a line put over these rows, where one may stand; a notebook with cells of text."""
    if language_of(file.path) == "notebook":
        return file._replace(text=with_cells(file.text, rows))
    allowed = between_statements(file)
    lines = file.text.split("\n")
    for row in reversed([row for row in rows if row in allowed]):
        lines.insert(row, line)
    return file._replace(text="\n".join(lines))


def with_cells(text: str, rows: Sequence[int]) -> str:
    """Return a notebook with cells of text put between its own."""
    notebook = json.loads(text)
    cells = notebook.get("cells", [])
    for number in reversed([row for row in rows if row < len(cells)]):
        added = {"cell_type": "markdown", "metadata": {}, "source": ["noted"]}
        # Only newer notebooks have ids.
        cells.insert(number, {"id": f"added-{number}", **added} if "id" in cells[number] else added)
    return json.dumps(notebook, indent=1, ensure_ascii=False) + "\n"


def between_statements(file: PageFile) -> frozenset[int]:
    """Return the rows, counted from 0, over which a comment changes nothing: at the top level, or before all."""
    if language_of(file.path) == "python":
        try:
            return frozenset(first_row(statement) for statement in ast.parse(file.text).body[1:])
        except SyntaxError:
            return frozenset()
    return frozenset({0}) if language_of(file.path) in COMMENTS else frozenset()


def first_row(statement: ast.stmt) -> int:
    decorators: Sequence[ast.expr] = getattr(statement, "decorator_list", [])
    return min([statement.lineno, *(each.lineno for each in decorators)]) - 1


def project(case: Case, folder: Path) -> Project:
    write(case, folder)
    known = ((file.path, language_of(file.path)) for file in sorted(case.files) if file.tracked)
    return Project(
        folder, tuple(FoundFile(path, folder / path, language, explicit=False) for path, language in known if language)
    )


def read_anew(opened: Project, after: dict[str, bytes]) -> None:
    for path, content in after.items():
        (opened.folder / path).write_bytes(content)


def invalid(path: str, content: bytes) -> bool:
    """Say whether a file is a notebook that nobody else could open."""
    if language_of(path) != "notebook":
        return False
    try:
        nbformat.validate(nbformat.reads(content.decode(), as_version=nbformat.NO_CONVERT))  # type: ignore[no-untyped-call]
    except nbformat.ValidationError:
        return True
    return False


def broken(report: Report) -> list[tuple[str, str]]:
    return [(found.place.path, found.message) for found in report.diagnostics if found.code == SYNTAX_ERROR]


@properties
@given(edited())
def test_what_is_mended_parses_and_mending_again_changes_nothing(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        opened = project(case, Path(folder))
        before = broken(opened.lint())
        mended = fixing.fix(opened.world, opened.files, opened.settings, registry(), ALL_FIXES)
        read_anew(opened, dict(mended.after))

        again = fixing.fix(opened.world, opened.files, opened.settings, registry(), ALL_FIXES)

        assert broken(opened.lint()) == before
        assert [path for path, content in mended.after.items() if invalid(path, content)] == []
        assert dict(again.after) == {}
        assert again.applied == {}


@properties
@given(edited())
def test_what_is_silenced_stays_silent(case: Case) -> None:
    with tempfile.TemporaryDirectory() as folder:
        opened = project(case, Path(folder))
        silenced = ignoring.ignore(opened.world, opened.files, opened.settings, registry(), "looked at")
        out_of_reach = {notice.path for notice in silenced.left_alone}
        read_anew(opened, dict(silenced.after))

        left = [found for found in opened.lint().diagnostics if found.place.path not in out_of_reach]

        assert [found.code for found in left if found.code != UNUSED and can_be_silenced(found)] == []


def can_be_silenced(found: Diagnostic) -> bool:
    """Say whether a finding's file takes comments at all."""
    return language_of(found.place.path) in ("python", "notebook", "yaml", "toml", "requirements", "dockerfile")


@properties
@given(case=st.deferred(example), rows=st.sets(st.integers(0, 40), max_size=4))
def test_what_is_in_the_baseline_is_known_wherever_it_moves(case: Case, rows: set[int]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        opened = project(case, Path(folder))
        known = frozenset(Entry.of(found) for found in opened.lint().diagnostics)
        for file in case.files:
            line = COMMENTS.get(language_of(file.path) or "", "")
            moved = with_lines(file, sorted(rows), line)
            (opened.folder / file.path).write_text(moved.text, "utf-8")

        found = opened.lint().diagnostics
        compared = baseline.compare(found, known, judged=lambda entry: True, gone=partial(is_gone, opened))

        assert [(each.code, each.place.row) for each in compared.new] == []
        assert list(entries_of(compared.absent)) == []


def is_gone(opened: Project, path: str) -> bool:
    return not (opened.folder / path).exists()


def entries_of(absent: Sequence[Entry]) -> Iterator[str]:
    yield from (f"{entry.path} {entry.code} {entry.key}" for entry in absent)
