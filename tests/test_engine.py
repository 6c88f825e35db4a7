from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from xops_lint import engine, languages
from xops_lint.code import PythonFile
from xops_lint.config import ConfigFile
from xops_lint.diagnostic import Edit, Finding, Fix, Related, Safety
from xops_lint.document import Context, Document
from xops_lint.engine import judge, lint_document
from xops_lint.exceptions import SettingsError
from xops_lint.registry import load
from xops_lint.rule import Rule, Severity
from xops_lint.text import Range

TOOL = {code: rule for code, rule in load().rules.items() if rule.principle == "tool"}


def made_rule(code: str = "ACM101", name: str = "stray-word") -> Rule:
    return Rule(code, name, "A word.", "Somebody reads it.", "Take it out.", ops=("mlops",))


def word_rule(word: str, code: str = "ACM101", name: str = "stray-word") -> Rule:
    """A rule that finds every occurrence of a word."""
    rule = made_rule(code, name)

    @rule.text
    def check(file: Document) -> Iterator[Finding]:
        start = file.text.find(word)
        while start >= 0:
            yield rule.at(Range(start, start + len(word)), f"is the word `{word}`")
            start = file.text.find(word, start + 1)

    return rule


def document(text: str, path: str = "a.py", language: str = "python") -> Document:
    return languages.read(path, text.encode(), language, context=Context())


def found(text: str | Document, *rules: Rule) -> list[tuple[str, int, int, str]]:
    book = {**TOOL, **{rule.code: rule for rule in rules}}
    enabled = {code: Severity(rule.severity) for code, rule in book.items() if code != "XOP005"}
    reported, _ = lint_document(document(text) if isinstance(text, str) else text, book, enabled)
    return [(entry.code, entry.place.row, entry.place.column, entry.message) for entry in reported]


def test_a_finding_becomes_plain_data_with_its_rules_words():
    rule = word_rule("train")
    book = {rule.code: rule}

    [diagnostic], suppressed = lint_document(document("x = 1\ny = 'train'\n"), book, {"ACM101": Severity.ERROR})

    assert suppressed == []
    assert (diagnostic.place.row, diagnostic.place.column, diagnostic.place.end_column) == (2, 6, 11)
    assert (diagnostic.severity, diagnostic.principle, diagnostic.ops) == ("error", "compliance", ("mlops",))
    assert (diagnostic.harm, diagnostic.help) == ("Somebody reads it.", "Take it out.")
    assert diagnostic.excerpt == ("y = 'train'",)
    assert diagnostic.url is None


def test_rules_that_are_off_do_not_run():
    on, off = word_rule("x"), word_rule("x", "ACM102", "other-word")

    reported, _ = lint_document(document("x"), {"ACM101": on, "ACM102": off}, {"ACM101": Severity.INFO})

    assert [entry.code for entry in reported] == ["ACM101"]


def test_findings_come_in_the_order_of_rows_columns_and_codes():
    last, first = word_rule("b"), word_rule("a", "ACM100", "first-word")

    assert [entry[:3] for entry in found("a,b\nb,a\n", last, first)] == [
        ("ACM100", 1, 1),
        ("ACM101", 1, 3),
        ("ACM101", 2, 1),
        ("ACM100", 2, 3),
    ]


def test_a_rule_that_raises_is_a_finding_and_the_others_go_on():
    broken, sound = made_rule("ACM199", "odd-word"), word_rule("x")

    @broken.python
    def check(file: PythonFile) -> Iterator[Finding]:
        yield broken.at(Range(0, 1), "is lost with the rest")
        raise IndexError("list index\nout of range")

    assert found("x = 1\n", broken, sound) == [
        ("ACM101", 1, 1, "is the word `x`"),
        ("XOP002", 1, 1, "the rule `odd-word` (ACM199) raised `IndexError: list index out of range`"),
    ]
    assert judge(document("x"), {"ACM199": broken}, {"ACM199": Severity.ERROR}).failed


def test_wrong_settings_are_no_finding():
    def work() -> list[int]:
        raise SettingsError("no such catalog")

    with pytest.raises(SettingsError):
        engine.guarded(work)


def test_a_file_that_does_not_parse_is_a_finding_and_text_is_still_checked():
    codes = [entry[0] for entry in found("x = (\n", word_rule("x"))]

    assert sorted(codes) == ["ACM101", "XOP001"]


def test_what_is_merely_skipped_is_no_finding():
    assert found(document("{{- if x }}\na: 1\n{{ end }}\n", "chart/templates/a.yaml", "yaml")) == []


def test_config_checks_see_their_kinds_alone():
    everywhere, somewhere = made_rule("ACM101", "any-key"), made_rule("ACM102", "dvc-key")

    @everywhere.config()
    def any_config(file: ConfigFile) -> Iterator[Finding]:
        yield everywhere.at(file.root, "is a config")

    @somewhere.config("dvc")
    def dvc_config(file: ConfigFile) -> Iterator[Finding]:
        yield somewhere.at(file.root, "is a pipeline")

    pipeline = document("stages:\n  train:\n    cmd: python train.py\n", "dvc.yaml", "yaml")
    other = document("a: 1\n", "other.yaml", "yaml")
    assert [entry[0] for entry in found(pipeline, everywhere, somewhere)] == ["ACM101", "ACM102"]
    assert [entry[0] for entry in found(other, everywhere, somewhere)] == ["ACM101"]


def test_notebook_checks_see_notebooks_alone():
    rule = made_rule()

    @rule.notebook
    def check(file: PythonFile) -> Iterator[Finding]:
        yield rule.at(file.cells[0].range, "is the first cell")

    notebook = (
        '{"cells": [{"cell_type": "code", "source": ["a\\n", "b"], "outputs": [], "metadata": {}}], "metadata": {}}'
    )
    assert found("x = 1\n", rule) == []
    assert found(document(notebook, "a.ipynb", "notebook"), rule) == [("ACM101", 1, 1, "is the first cell")]


def test_related_places_and_fixes_are_placed():
    rule = made_rule()

    @rule.text
    def check(file: Document) -> Iterator[Finding]:
        fix = Fix("Write one", (Edit(Range(6, 7), "1"),), Safety.SAFE)
        yield rule.at(Range(2, 3), "is two", related=(Related(Range(6, 7), "here"),), fix=fix, help="Write `1`.")

    [diagnostic], _ = lint_document(document("a 2\nb 3\n"), {"ACM101": rule}, {"ACM101": Severity.INFO})

    assert [(entry.place.row, entry.place.column, entry.message) for entry in diagnostic.related] == [(2, 3, "here")]
    assert diagnostic.fix is not None
    assert [(edit.place.row, edit.place.column, edit.text) for edit in diagnostic.fix.edits] == [(2, 3, "1")]
    assert diagnostic.help == "Write `1`."


def test_an_excerpt_is_short_and_a_whole_file_has_none():
    rule = made_rule()

    @rule.text
    def check(file: Document) -> Iterator[Finding]:
        yield rule.at(Range(0, len(file.text)), "is long")
        yield rule.at(Range(0, 0), "is about the file")

    reported, _ = lint_document(document("a\n" * 50, "a.tf", "text"), {"ACM101": rule}, {"ACM101": Severity.INFO})

    assert sorted(len(entry.excerpt) for entry in reported) == [0, 6]


def fingerprints(text: str, path: str = "a.py", language: str = "python") -> list[str]:
    rule = word_rule("secret")
    reported, _ = lint_document(document(text, path, language), {"ACM101": rule}, {"ACM101": Severity.INFO})
    return [entry.fingerprint for entry in reported]


def test_a_fingerprint_survives_moved_lines_and_reformatting():
    one = fingerprints("def train():\n    x = secret\n")
    moved = fingerprints("import os\n\n\ndef load():\n    pass\n\n\ndef train():\n    # why\n    x  =  secret\n")

    assert one == moved


def test_a_fingerprint_survives_what_formatters_do():
    written = "fit({'a b': 'c', 'd': os.environ['e']}, \"it's\", g)"
    formatted = (
        'fit(\n    {\n        "a b": "c",  # why\n        "d": os.environ["e"],\n    },\n    "it\'s",\n    g,\n)'
    )
    other = written.replace("'c'", "'z'")

    one, two, three = (
        lint_document(document(f"x = {text}\n"), {"ACM101": word_rule(text)}, {"ACM101": Severity.INFO})[0][
            0
        ].fingerprint
        for text in (written, formatted, other)
    )

    assert one == two != three


def test_a_fingerprint_tells_scopes_files_and_repetitions_apart():
    in_train = fingerprints("def train():\n    x = secret\n")
    in_load = fingerprints("def load():\n    x = secret\n")
    elsewhere = fingerprints("def train():\n    x = secret\n", "b.py")
    twice = fingerprints("def train():\n    x = secret\n    x = secret\n")

    assert len({*in_train, *in_load, *elsewhere, *twice}) == 4
    assert twice[0] == in_train[0]


def test_a_fingerprint_tells_keys_of_a_config_apart():
    text = "train:\n  image: secret\nserve:\n  image: secret\n"

    assert len(set(fingerprints(text, "a.yaml", "yaml"))) == 2
    assert (
        fingerprints(text, "a.yaml", "yaml")[1] == fingerprints("a: 1\nserve:\n  image: secret\n", "a.yaml", "yaml")[0]
    )


def test_suppressions_can_be_switched_off():
    rule, policy = word_rule("x"), engine.Policy(active=False, today=date(2026, 1, 1))
    text = "x = 1  # xops: ignore[ACM101]\n# xops: ignore[none]\n"

    reported, suppressed = lint_document(
        document(text), {**TOOL, "ACM101": rule}, dict.fromkeys([*TOOL, "ACM101"], Severity.INFO), policy
    )

    assert {entry.code for entry in reported} == {"ACM101"}
    assert suppressed == []
