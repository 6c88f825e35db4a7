from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date

import pytest

from xops_lint import languages
from xops_lint.diagnostic import Diagnostic, Finding
from xops_lint.document import Context, Document
from xops_lint.engine import lint_document
from xops_lint.registry import load
from xops_lint.rule import Rule, Severity
from xops_lint.suppressions import Policy
from xops_lint.text import Range

TODAY = date(2026, 6, 15)
TOOL = {code: rule for code, rule in load().rules.items() if rule.principle == "tool"}


def word_rule(code: str, name: str, word: str, more: int = 0) -> Rule:
    rule = Rule(code, name, "A word.", "Somebody reads it.", "Take it out.", ops=("mlops",))

    @rule.text
    def check(file: Document) -> Iterator[Finding]:
        start = file.text.find(word)
        while start >= 0:
            yield rule.at(Range(start, start + len(word) + more), word)
            start = file.text.find(word, start + 1)

    return rule


RULES = {
    **TOOL,
    "ACM101": word_rule("ACM101", "stray-foo", "foo("),
    "ACM102": word_rule("ACM102", "stray-bar", "bar("),
    "ACM103": word_rule("ACM103", "wide-call", "wide(", more=12),
}


def lint(
    text: str, path: str = "a.py", language: str = "python", *, without: str = "XOP005", locked: str = ""
) -> tuple[list[Diagnostic], list[Diagnostic]]:
    document = languages.read(path, text.encode(), language, context=Context())
    enabled = dict.fromkeys((code for code in RULES if code not in without.split()), Severity.WARNING)
    return lint_document(document, RULES, enabled, Policy(True, frozenset(locked.split()), TODAY))


def reported(text: str, path: str = "a.py", language: str = "python", **options: str) -> list[tuple[int, str]]:
    return [(entry.place.row, entry.code) for entry in lint(text, path, language, **options)[0]]


def notebook(*sources: str, tags: dict[int, list[str]] | None = None) -> str:
    cells = [
        {
            "id": f"c{number}",
            "cell_type": "code",
            "metadata": {"tags": (tags or {}).get(number, [])},
            "outputs": [],
            "execution_count": None,
            "source": source.splitlines(keepends=True),
        }
        for number, source in enumerate(sources, start=1)
    ]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5}, indent=1)


def test_a_trailing_comment_silences_its_line_and_keeps_the_reason():
    shown, suppressed = lint("foo()  # xops: ignore[ACM101] we need it\nfoo()\n")

    assert [(entry.code, entry.place.row) for entry in shown] == [("ACM101", 2)]
    assert [(entry.code, entry.suppressed) for entry in suppressed] == [("ACM101", "we need it")]


@pytest.mark.parametrize(
    "comment",
    [
        "# xops: ignore[ACM101]",
        "#xops:ignore[ACM101]",
        "## xops: Ignore[ACM101]: because",
        "# xops: ignore[stray-foo] because",
        "# xops: ignore[ stray-bar , ACM101 ]",
        "# noqa: E501  # xops: ignore[ACM101] see #12",
        "# xops: ignore[ACM101] until=2026-06-15",
    ],
)
def test_ways_to_write_a_suppression(comment: str):
    assert reported(f"foo(bar())  {comment}\n", without="XOP003 XOP005 ACM102") == []


def test_a_suppression_names_its_rules_and_silences_no_other():
    assert reported("foo(bar())  # xops: ignore[ACM101]\n") == [(1, "ACM102")]


def test_noqa_is_none_of_ours():
    assert reported("foo()  # noqa\nfoo()  # noqa: ACM101\n") == [(1, "ACM101"), (2, "ACM101")]


def test_a_trailing_comment_counts_anywhere_in_the_findings_lines():
    text = "wide(\n    1,  # xops: ignore[ACM103] two lines down\n    2,\n)\n"

    assert reported(text) == []


def test_a_comment_alone_covers_the_whole_statement_below():
    text = "# xops: ignore[ACM101] twice\n\n# what it does\nx = [\n    foo(),\n    foo(),\n]\nfoo()\n"

    assert reported(text) == [(8, "ACM101")]


def test_a_comment_alone_covers_a_decorated_header_and_no_body():
    text = "# xops: ignore[ACM101] registered\n@foo()\n@other\ndef run(a=foo()):\n    return foo()\n"

    assert reported(text) == [(5, "ACM101")]


def test_a_comment_alone_works_in_an_indented_block():
    assert reported("if 1:\n    # xops: ignore[ACM101] here\n    foo(\n    )\n    foo()\n") == [(5, "ACM101")]


def test_a_comment_alone_inside_a_call_covers_the_call():
    assert reported("wide(\n    # xops: ignore[ACM103] within\n    1,\n    2,\n)\n") == []


def test_a_comment_alone_on_the_first_line_covers_findings_about_the_file():
    rule = Rule("ACM104", "odd-file", "A file.", "It stands.", "Go.", ops=("mlops",))

    @rule.text
    def check(file: Document) -> Iterator[Finding]:
        yield rule.at(Range(0, 0), "is odd")

    document = languages.read("a.py", b"# xops: ignore[ACM104] it is\nx = 1\n", "python", context=Context())
    shown, suppressed = lint_document(
        document, {**TOOL, "ACM104": rule}, dict.fromkeys([*TOOL, "ACM104"], Severity.INFO)
    )

    assert (shown, len(suppressed)) == ([], 1)


def test_a_region_begins_and_ends():
    text = (
        "foo()\n# xops: disable[ACM101, ACM102] old code\nfoo()\nbar()\n# xops: enable[ACM101]\nfoo()\n"
        "bar()\n# xops: enable[ACM102]\nbar()\n"
    )

    assert reported(text) == [(1, "ACM101"), (6, "ACM101"), (9, "ACM102")]


def test_a_region_that_is_never_closed_ends_with_the_file():
    assert reported("foo()\n# xops: disable[ACM101] rest\nfoo()\nfoo()\n") == [(1, "ACM101")]


def test_a_file_can_be_ignored_from_anywhere_in_it():
    assert reported("foo()\nfoo()\n# xops: file-ignore[ACM101] generated\n") == []


def test_a_notebook_cell_can_be_ignored_by_comment_and_by_tag():
    text = notebook(
        "foo()\n# xops: cell-ignore[ACM101] a try\nfoo()", "foo()", "foo()", tags={3: ["xops-ignore-stray-foo"]}
    )

    shown, suppressed = lint(text, "a.ipynb", "notebook")

    assert [(entry.place.cell, entry.code) for entry in shown] == [(2, "ACM101")]
    assert [entry.place.cell for entry in suppressed] == [1, 1, 3]


def test_a_comment_in_a_cell_counts_rows_of_the_cell_and_ends_with_it():
    text = notebook("foo()  # xops: ignore[ACM101] one", "x = 1\n# xops: ignore[ACM101] two\nfoo(\n)\nfoo()", "foo()")

    assert [(entry.place.cell, entry.place.row) for entry in lint(text, "a.ipynb", "notebook")[0]] == [(2, 5), (3, 1)]


def test_a_comment_above_a_magic_covers_its_line():
    text = notebook("# xops: ignore[ACM101] a shell\n!foo() don't\nfoo()")

    assert [(entry.place.row, entry.code) for entry in lint(text, "a.ipynb", "notebook")[0]] == [(3, "ACM101")]


def test_a_tag_that_names_no_rule_is_told():
    [found], _ = lint(notebook("x = 1", tags={1: ["xops-ignore-ACM1O1", "other"]}), "a.ipynb", "notebook")

    assert found.message == "the tag `xops-ignore-ACM1O1` names no rule; did you mean `ACM101`?"


def test_a_cell_directive_outside_a_notebook_is_told():
    [found], _ = lint("x = 1  # xops: cell-ignore[ACM101]\n")

    assert (found.code, found.message) == ("XOP004", "`cell-ignore` works in notebooks alone; write `file-ignore`")


YAML = """\
# xops: ignore[ACM101] the whole stage
train:
  image: foo()
  args:
    - foo()
serve:
  # xops: ignore[ACM101] this key alone
  image: foo()
  command: foo()
  list:
    # xops: ignore[ACM101] this element
    - name: a
      image: foo()
    - name: foo()
  trailing: foo()  # xops: ignore[ACM101] this line
"""


def test_a_comment_in_yaml_covers_the_node_below():
    assert reported(YAML, "config.yaml", "yaml") == [(9, "ACM101"), (14, "ACM101")]


def test_comments_in_toml_cover_a_table_or_a_key():
    text = (
        "# xops: ignore[ACM101] a table\n[train]\na = 'foo()'\n\n[serve]\nb = 'foo()'\n"
        "# xops: ignore[ACM101] a key\nc = 'foo()'\nd = 'foo()' # xops: ignore[ACM101] a line\n"
    )

    assert reported(text, "config.toml", "toml") == [(6, "ACM101")]


def test_comments_in_requirements_and_dockerfiles_cover_a_line_with_its_continuations():
    requirements = "# xops: ignore[ACM101] local\nfoo() \\\n    --hash=foo()\nfoo()\n"
    dockerfile = (
        "FROM foo() # no comment: xops: ignore[ACM101]\n# xops: ignore[ACM101] x\nRUN a && \\\n  foo()\nRUN foo()\n"
    )

    rows = [row for row, code in reported(requirements, "requirements.txt", "requirements") if code == "ACM101"]
    assert rows == [4]
    assert [row for row, code in reported(dockerfile, "Dockerfile", "dockerfile") if code == "ACM101"] == [1, 5]


KUBERNETES = """\
apiVersion: v1
kind: Pod
metadata:
  annotations:
    xops-lint.io/ignore: {annotation}
spec:
  image: foo()
---
apiVersion: v1
kind: Pod
spec:
  image: foo()
"""


@pytest.mark.parametrize("annotation", ["ACM101", "stray-foo, ACM102 as agreed", "ACM101 until=2026-12-31 until moved"])
def test_an_annotation_covers_its_kubernetes_object(annotation: str):
    text = KUBERNETES.format(annotation=annotation)

    assert reported(text, "pod.yaml", "yaml", without="XOP003 XOP005") == [(12, "ACM101")]


def test_an_annotation_that_names_no_rule_is_told():
    found = reported(KUBERNETES.format(annotation='"*"'), "pod.yaml", "yaml")

    assert found == [(5, "XOP004"), (7, "ACM101"), (12, "ACM101")]


def test_a_suppression_lasts_until_its_day_and_then_the_finding_comes_back():
    last_day = lint("foo()  # xops: ignore[ACM101] until=2026-06-15 soon\n")[0]
    day_after = lint("foo()  # xops: ignore[ACM101] until=2026-06-14 soon\n")[0]

    assert last_day == []
    assert [(entry.code, entry.message) for entry in day_after] == [
        ("ACM101", "foo("),
        ("XOP003", "silences no `ACM101`: it expired on 2026-06-14"),
    ]


def test_locked_rules_are_never_silenced():
    found, _ = lint("foo()  # xops: ignore[ACM101] please\n", locked="ACM101")

    assert [(entry.code, entry.message) for entry in found] == [
        ("ACM101", "foo("),
        ("XOP003", "silences no `ACM101`: the settings lock it"),
    ]


def test_an_unused_suppression_comes_with_its_removal():
    [trailing], _ = lint("x = 1  # xops: ignore[ACM101]\n")
    [alone], _ = lint("if 1:\n    # xops: ignore[ACM101]\n    x = 1\n")

    assert trailing.fix is not None and alone.fix is not None
    assert [(edit.place.column, edit.place.end_column) for edit in trailing.fix.edits] == [(6, 30)]
    edits = [(edit.place.row, edit.place.column, edit.place.end_row, edit.place.end_column) for edit in alone.fix.edits]
    assert edits == [(2, 1, 3, 1)]


def test_a_suppression_used_in_part_names_the_rest():
    [found], _ = lint("foo()  # xops: ignore[ACM101, ACM102, ACM103]\n")

    assert (found.message, found.fix) == ("silences no `ACM102` and no `ACM103`", None)


def test_a_suppression_of_a_rule_that_did_not_run_is_not_called_unused():
    assert reported("x = 1  # xops: ignore[ACM101]\n", without="ACM101 XOP005") == []


def test_a_suppression_in_a_file_that_does_not_parse_is_not_called_unused():
    assert reported("x = (  # xops: ignore[ACM101]\n") == [(1, "XOP001")]


def test_the_remark_on_an_unused_suppression_can_be_silenced():
    assert reported("# xops: file-ignore[XOP003] generated\nx = 1  # xops: ignore[ACM101]\n") == []
    assert reported("# xops: file-ignore[XOP003] generated\nx = 1\n") == [(1, "XOP003")]


def test_two_suppressions_of_one_finding_are_both_used():
    assert reported("# xops: file-ignore[ACM101] all\nfoo()  # xops: ignore[ACM101] this\n") == []


@pytest.mark.parametrize(
    ("comment", "message"),
    [
        ("# xops: ignore", "`ignore` names no rule: write `ignore[RULE]`; there is no blanket form"),
        ("# xops: ignore[]", "`ignore` names no rule: write `ignore[RULE]`; there is no blanket form"),
        ("# xops: ignore[ACM101", "`ignore[` is not closed by `]`"),
        ("# xops: ignroe[ACM101]", "`ignroe` is no directive; did you mean `ignore`?"),
        ("# xops:", "says nothing to do: write `# xops: ignore[RULE] reason`"),
        ("# xops: ignore[ACM]", "`ACM` is no rule"),
        ("# xops: ignore[ACM101 ACM102]", "`ACM101 ACM102` is no rule: put a comma between two rules"),
        ("# xops: ignore[stray-fo]", "`stray-fo` is no rule; did you mean `stray-foo`?"),
        ("# xops: ignore[ACM101] until=soon", "`until=soon` is no date: write `until=YYYY-MM-DD`"),
        ("# xops: enable[ACM101]", "enables `ACM101`, which no line above disables"),
    ],
)
def test_a_malformed_directive_silences_nothing_and_is_told(comment: str, message: str):
    found, suppressed = lint(f"foo()  {comment}\n")

    assert suppressed == []
    assert [entry.code for entry in found] == ["ACM101", "XOP004"]
    assert found[1].message.startswith(message)


def test_a_known_rule_beside_an_unknown_one_still_counts():
    assert reported("foo()  # xops: ignore[ACM101, ACM1O1] x\n") == [(1, "XOP004")]


def test_a_missing_reason_is_told_where_asked_for():
    directive = "foo()  # xops: ignore[ACM101]"
    text = f"{directive}\n{directive} until=2027-01-01\n{directive} why\n"

    assert reported(text, without="") == [(1, "XOP005"), (2, "XOP005")]


def test_a_string_or_a_quoted_directive_is_none():
    assert reported('x = "# xops: ignore[ACM101]"; foo()\n# say `# xops: ignore[ACM101]`\n') == [(1, "ACM101")]
