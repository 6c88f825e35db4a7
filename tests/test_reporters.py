from __future__ import annotations

import importlib
import io
import json
import pkgutil
import re
import unicodedata
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest

from xops_lint import reporters
from xops_lint.diagnostic import Diagnostic, PlacedEdit, PlacedFix, RelatedPlace, Safety
from xops_lint.report import Notice, Report
from xops_lint.reporters._display import WIDEST, clean, underlined
from xops_lint.text import Place

GOLDENS = Path(__file__).parent / "reporters"
FORMATS = sorted(
    module.name.replace("_", "-")
    for module in pkgutil.iter_modules(reporters.__path__)
    if not module.name.startswith("_")
)
MACHINE_FORMATS = ("github", "json", "json-lines", "junit", "sarif")

SPLIT = Diagnostic(
    code="XOP302",
    name="unseeded-split",
    severity="warning",
    confidence="high",
    principle="reproducibility",
    ops=("mlops",),
    message="splits at random and no `random_state` pins it",
    harm="Two runs train and test on different rows.",
    help="Pass a seed: `random_state=SEED`.",
    url="https://xops-lint.readthedocs.io/rules/unseeded-split/",
    place=Place("src/train.py", 3, 15, 3, 39),
    profile="standard",
    fingerprint="0123456789ab",
    excerpt=("train, test = tts(rows, test_size=0.2)",),
    fix=PlacedFix(
        "Seed the split",
        (PlacedEdit(Place("src/train.py", 3, 38, 3, 38), ", random_state=0"),),
        Safety.UNSAFE,
    ),
    summary="Data is split at random and nothing seeds the split.",
)
LEAK = replace(
    SPLIT,
    code="XOP406",
    name="leaky-preprocessing",
    severity="error",
    principle="testing",
    message="is fitted on rows that are split into training and test later",
    harm="The model is tested on data that helped to make its own features.",
    help="Split first, and fit the step on the training part.",
    url="https://xops-lint.readthedocs.io/rules/leaky-preprocessing/",
    place=Place("notebooks/größe 1.ipynb", 2, 10, 4, 2, cell=3, cell_id="c3", raw_row=41, raw_column=16),
    fingerprint="ba9876543210",
    profile="exploration",
    excerpt=("scaled = scale(", "    rows,  # 日本語", ")"),
    related=(
        RelatedPlace(Place("notebooks/größe 1.ipynb", 1, 8, 1, 25, 2, "c2", 12, 14), "read here"),
        RelatedPlace(Place("src/train.py", 3, 15, 3, 39), "split here"),
    ),
    fix=None,
    summary="A preprocessing step is fitted on data that is split afterwards.",
    flow=True,
)
WHOLE_FILE = replace(
    SPLIT,
    code="XOP440",
    name="no-tests",
    severity="info",
    confidence="medium",
    principle="testing",
    ops=("mlops", "devops"),
    message="50% of the code, 100: lines,\nis untested",
    url=None,
    place=Place("setup.py", 1, 1, 1, 1),
    fingerprint="aaaa",
    excerpt=(),
    fix=None,
)
REPORT = Report((LEAK, WHOLE_FILE, SPLIT), checked=3, skipped=(Notice("a.bin", "is a binary"),), root="/repository")


def rendered(format: str, report: Report = REPORT, *, color: bool = False) -> str:
    out = io.StringIO()
    importlib.import_module(f"xops_lint.reporters.{format.replace('-', '_')}").render(report, out, color=color)
    return out.getvalue()


@pytest.mark.parametrize("format", FORMATS)
def test_a_report_looks_as_it_did(format: str, golden):
    golden.check(GOLDENS / f"{format}.txt", rendered(format))


def test_every_golden_belongs_to_a_format():
    assert sorted(path.stem for path in GOLDENS.glob("*.txt")) == FORMATS


@pytest.mark.parametrize("format", FORMATS)
def test_colours_come_only_when_asked_for_and_change_no_text(format: str):
    colored = rendered(format, color=True)

    assert "\033" not in rendered(format)
    assert ("\033" in colored) == (format not in MACHINE_FORMATS)
    assert re.sub(r"\033\[[\d;]*m", "", colored) == rendered(format)


@pytest.mark.parametrize("format", FORMATS)
def test_nothing_found_is_an_empty_report(format: str):
    text = rendered(format, Report((), checked=1))

    if format == "json":
        assert json.loads(text) == []
    elif format == "sarif":
        assert json.loads(text)["runs"][0]["results"] == []
    elif format == "junit":
        assert [test.get("name") for test in ElementTree.fromstring(text).iter("testcase")] == ["no findings"]
    else:
        assert text == ""


@pytest.mark.parametrize("format", FORMATS)
def test_text_from_files_cannot_steer_a_terminal_or_break_lines(format: str):
    nasty = replace(SPLIT, message="a\033[2Jb\nc\u202ed", excerpt=("x = '\033]0;title\a\u202e'",))

    text = rendered(format, Report((nasty,)))

    if format not in MACHINE_FORMATS:
        assert {character for character in text if unicodedata.category(character) in ("Cc", "Cf")} <= {"\n"}
    assert "\033" not in text


def test_json_has_exactly_the_promised_fields():
    finding = json.loads(rendered("json"))[0]

    assert list(finding) == [
        "code",
        "name",
        "message",
        "help",
        "severity",
        "confidence",
        "principle",
        "ops",
        "filename",
        "cell",
        "cell_id",
        "location",
        "end_location",
        "raw_location",
        "related",
        "fix",
        "url",
        "fingerprint",
        "profile",
        "suppressed",
        "baseline_state",
    ]
    assert (finding["cell"], finding["location"], finding["raw_location"]) == (
        3,
        {"row": 2, "column": 10},
        {"row": 41, "column": 16},
    )


def test_json_lines_are_the_json_list_line_by_line():
    assert [json.loads(line) for line in rendered("json-lines").splitlines()] == json.loads(rendered("json"))


def test_concise_lines_name_the_cell_of_a_notebook():
    assert rendered("concise").splitlines() == [
        "notebooks/größe 1.ipynb:cell 3:2:10: XOP406 is fitted on rows that are split into training and test later",
        "setup.py:1:1: XOP440 50% of the code, 100: lines, is untested",
        "src/train.py:3:15: XOP302 splits at random and no `random_state` pins it",
    ]


def test_github_escapes_what_would_end_a_command():
    commands = rendered("github").splitlines()

    assert len(commands) == 3
    assert commands[1] == (
        "::notice title=xops-lint (XOP440),file=setup.py,line=1,col=1,endLine=1,endColumn=1"
        "::setup.py:1:1: XOP440 50%25 of the code, 100: lines, is untested"
        "%0A  help: Pass a seed: `random_state=SEED`."
    )


def test_github_points_into_the_notebook_file_itself():
    assert ",line=41,col=16,endLine=41,endColumn=16::" in rendered("github").splitlines()[0]


def test_github_leaves_columns_out_of_a_range_over_several_lines():
    wide = replace(SPLIT, place=Place("a.py", 1, 5, 3, 2))

    assert "line=1,endLine=3::" in rendered("github", Report((wide,)))


def sarif_results() -> list[dict]:
    return json.loads(rendered("sarif"))["runs"][0]["results"]


def test_sarif_has_no_empty_strings():
    def strings(value):
        if isinstance(value, dict):
            value = list(value.values())
        if isinstance(value, list):
            return [text for entry in value for text in strings(entry)]
        return [value] if isinstance(value, str) else []

    assert "" not in strings(json.loads(rendered("sarif")))


def test_sarif_rules_are_listed_once_and_found_by_their_index():
    twice = json.loads(rendered("sarif", Report((SPLIT, SPLIT, WHOLE_FILE))))["runs"][0]
    rules = twice["tool"]["driver"]["rules"]

    assert [rule["id"] for rule in rules] == ["XOP302", "XOP440"]
    assert [rules[result["ruleIndex"]]["id"] for result in twice["results"]] == ["XOP302", "XOP302", "XOP440"]


def test_sarif_locations_are_relative_and_have_four_coordinates():
    locations = [result["locations"][0]["physicalLocation"] for result in sarif_results()]

    assert [location["artifactLocation"]["uri"] for location in locations] == [
        "notebooks/gr%C3%B6%C3%9Fe%201.ipynb",
        "setup.py",
        "src/train.py",
    ]
    assert all(
        {"startLine", "startColumn", "endLine", "endColumn"} <= location["region"].keys() for location in locations
    )
    assert locations[0]["region"]["startLine"] == 41


def test_sarif_tells_a_path_only_where_the_related_places_are_one():
    assert [len(result.get("codeFlows", ())) for result in sarif_results()] == [1, 0, 0]
    steps = sarif_results()[0]["codeFlows"][0]["threadFlows"][0]["locations"]
    assert [step["location"]["message"]["text"] for step in steps] == ["read here", "split here", LEAK.message]


def test_sarif_says_when_the_run_failed():
    invocation = json.loads(rendered("sarif", Report((), failed=True)))["runs"][0]["invocations"][0]

    assert invocation["executionSuccessful"] is False


@pytest.mark.parametrize(
    ("line", "start", "end", "shown", "marks"),
    [
        ("x = foo()", 4, 9, "x = foo()", "    ^^^^^"),
        ("\tx = 1", 1, 2, "    x = 1", "    ^"),
        ("日本 = foo()", 5, 10, "日本 = foo()", "       ^^^^^"),
        ("x = '日本'", 4, 8, "x = '日本'", "    ^^^^^^"),
        ("e\u0301 = y", 5, 6, "e\u0301 = y", "    ^"),
        ("x = ", 4, 4, "x = ", "    ^"),
        ("", 0, 0, "", "^"),
    ],
)
def test_marks_stand_below_what_they_mark(line: str, start: int, end: int, shown: str, marks: str):
    assert underlined(line, start, end) == (shown, marks)


def test_long_lines_are_cut_around_the_marks():
    line = "a" * 300 + "TARGET" + "b" * 300

    shown = underlined(line, 300, 306)

    assert len(shown.text) <= WIDEST
    assert shown.text[shown.marks.index("^") : len(shown.marks)] == "TARGET"
    assert shown.text.startswith("…") and shown.text.endswith("…")


def test_marks_wider_than_the_screen_are_cut():
    shown = underlined("x = [" + "日本, " * 200 + "]", 4, 800)

    assert len(shown.marks) <= WIDEST


def test_messages_are_one_clean_line():
    assert clean("a\n  b\x07\u202e") == "a b��"


def junit(report: Report = REPORT) -> ElementTree.Element:
    return ElementTree.fromstring(rendered("junit", report).encode("utf-8", "backslashreplace"))


def test_junit_has_a_suite_a_file_and_a_test_a_finding():
    suites = [(suite.get("name"), [test.get("name") for test in suite]) for suite in junit()]

    assert suites == [
        ("notebooks/größe 1.ipynb", ["XOP406 leaky-preprocessing at cell 3:2:10"]),
        ("setup.py", ["XOP440 no-tests at 1:1"]),
        ("src/train.py", ["XOP302 unseeded-split at 3:15"]),
    ]
    assert {test.get("line") for test in junit().iter("testcase")} == {"41", "1", "3"}


def test_junit_skips_what_a_baseline_holds_and_leaves_out_what_is_gone():
    known = replace(SPLIT, baseline_state="unchanged", place=SPLIT.place._replace(row=9))
    gone = replace(SPLIT, baseline_state="absent", place=SPLIT.place._replace(row=0))
    new = replace(LEAK, baseline_state="new")
    root = junit(Report((new,), compared=True, baselined=(known,), absent=(gone,)))

    assert {key: root.get(key) for key in ("tests", "failures", "errors", "skipped")} == {
        "tests": "2",
        "failures": "1",
        "errors": "0",
        "skipped": "1",
    }
    assert [outcome.tag for test in root.iter("testcase") for outcome in test] == ["failure", "skipped"]


def test_junit_is_xml_whatever_is_in_a_file():
    odd = replace(
        SPLIT, message='<a> & "b" ]]> \x00\x1b\ufffe\udc80', place=SPLIT.place._replace(path='a"&<\x07\udcff>.py')
    )
    test = next(junit(Report((odd,))).iter("testcase"))

    assert test[0].get("message").startswith('<a> & "b" ]]> ')
    assert test.get("classname").startswith('a"&<')
