from __future__ import annotations

import pytest

from xops_lint.config import Value
from xops_lint.languages.config import LARGEST, read_config
from xops_lint.languages.tree import DEEPEST
from xops_lint.languages.yaml import read


def written(text: str, value: Value | None) -> str:
    assert value is not None
    return text[slice(*value.range)]


def only(text: str) -> Value:
    parsed = read(text)
    assert parsed.problems == ()
    assert len(parsed.documents) == 1
    return parsed.documents[0]


def bomb(levels: int) -> str:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{level}: &a{level} [{', '.join([f'*a{level - 1}'] * 9)}]" for level in range(1, levels)]
    return "\n".join(lines)


def test_values_and_keys_have_exact_ranges() -> None:
    text = 'stages:\n  fit:\n    cmd: python fit.py\n    deps: [data.csv, "src/fit.py"]\n'

    root = only(text)

    assert written(text, root.get("stages.fit.cmd")) == "python fit.py"
    assert written(text, root.get("stages.fit.deps[1]")) == '"src/fit.py"'
    command = root.get("stages.fit.cmd")
    assert command is not None and command.key is not None
    assert text[slice(*command.key)] == "cmd"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_ranges_count_characters_after_emoji_and_keep_line_endings(newline: str) -> None:
    text = newline.join(["title: 😀 é churn", "image: python:3.11", "note: >", "  two", "  lines", ""])

    root = only(text)

    assert written(text, root.get("image")) == "python:3.11"
    assert written(text, root.get("title")) == "😀 é churn"
    assert written(text, root.get("note")) == newline.join([">", "  two", "  lines"])


def test_a_block_ends_with_its_last_entry() -> None:
    text = "jobs:\n  fit:\n    run: x\n\n\n# later\nname: y\n"

    assert written(text, only(text).get("jobs.fit")) == "run: x"


def test_tags_follow_quotes_and_yaml_1_1() -> None:
    root = only("a: 1\nb: '1'\nc: yes\nd: 1.5\ne:\nf: 2024-01-31\ng: !!str 7\non: push\n")

    tags = {key: value.tag for key, value in root.items.items()}
    expected = {"a": "int", "b": "str", "c": "bool", "d": "float", "e": "null", "f": "str", "g": "str", "on": "str"}
    assert tags == expected


def test_custom_tags_are_unknown_and_keep_what_they_hold() -> None:
    root = only("a: !Ref Bucket\nb: !Join ['', [x, y]]\n")

    assert [(value.tag, value.text) for value in root.items.values()] == [("unknown", ""), ("unknown", "")]
    assert [value.text for value in root.at("b[1][*]")] == ["x", "y"]


def test_an_alias_is_a_copy_with_its_own_route_and_the_range_of_its_anchor() -> None:
    text = "a: &image python:3.11\nb: {c: *image}\n"

    root = only(text)
    value = root.get("b.c")

    assert value is not None
    assert (value.text, value.route, written(text, value)) == ("python:3.11", "b.c", "python:3.11")
    assert value.key is not None and text[slice(*value.key)] == "c"


def test_merges_fill_in_what_is_not_written() -> None:
    root = only("base: &b {image: x, cpu: 1}\nother: &o {cpu: 2, memory: 3}\njob:\n  <<: [*b, *o]\n  image: y\n")

    assert {key: value.text for key, value in root.items["job"].items.items()} == {
        "image": "y",
        "cpu": "1",
        "memory": "3",
    }


def test_an_alias_bomb_stays_small() -> None:
    root = only(bomb(40))

    assert sum(1 for _ in root.walk()) < 30_000


def test_an_alias_within_its_own_anchor_is_unknown() -> None:
    assert [value.tag for value in only("a: &a [1, *a]").at("a[*]")] == ["int", "unknown"]


def test_an_alias_without_anchor_is_a_problem() -> None:
    parsed = read("a: *nothing\n")

    assert [problem.message for problem in parsed.problems] == [
        "does not parse as YAML: no anchor `nothing` above this alias"
    ]


def test_several_documents_are_several_roots() -> None:
    parsed = read("kind: A\n---\nkind: B\n---\n# nothing\n...\n")

    assert [root.text or root.items["kind"].text for root in parsed.documents[:2]] == ["A", "B"]


def test_documents_before_a_mistake_stay() -> None:
    parsed = read("kind: A\n---\nkind: [B\n")

    assert [root.items["kind"].text for root in parsed.documents] == ["A"]
    assert len(parsed.problems) == 1


def test_a_mistake_is_shown_at_its_line() -> None:
    text = "a: 1\nb: c: d\ne: 2\n"

    (problem,) = read(text).problems

    assert text[slice(*problem.range)] == "b: c: d"
    assert problem.message == "does not parse as YAML: mapping values are not allowed in this context"


def test_comments_are_found_outside_scalars_only() -> None:
    text = "# top\na: 'x # no'  # why\nrun: | # header\n  echo # no\nb: x#no\n# end\n"

    comments = read(text).comments

    assert [(comment.text, comment.alone) for comment in comments] == [
        ("# top", True),
        ("# why", False),
        ("# header", False),
        ("# end", True),
    ]
    assert [text[slice(*comment.range)] for comment in comments] == [comment.text for comment in comments]


def test_duplicate_keys_keep_the_last() -> None:
    assert only("a: 1\na: 2\n").items["a"].text == "2"


def test_expressions_of_workflows_and_pipelines_are_plain_yaml() -> None:
    root = only("run: echo ${{ github.sha }}\ncmd: python ${item}\n")

    assert [value.text for value in root.items.values()] == ["echo ${{ github.sha }}", "python ${item}"]
    assert all(value.templated for value in root.items.values())


def test_expressions_of_templates_are_unknown_values() -> None:
    text = "image: {{ registry }}/churn:1\nname: {{ name }}\nuser: me\n"

    root = only(text)

    assert [(value.tag, value.text) for value in root.items.values()] == [
        ("unknown", ""),
        ("unknown", ""),
        ("str", "me"),
    ]
    assert written(text, root.get("image")) == "{{ registry }}/churn:1"
    assert written(text, root.get("user")) == "me"


def test_templates_with_statements_are_skipped_quietly() -> None:
    parsed = read("{% if on %}\nkind: Deployment\n{% endif %}\n")

    assert parsed.documents == []
    assert [problem.skipped for problem in parsed.problems] == [True]


CHART = """\
{{- if .Values.on }}
{{- /* why
     not */}}
kind: Deployment
metadata:
  labels:
    {{- include "churn.labels" . | nindent 4 }}
spec:
  {{- if .Values.old }}
  a: one
  {{- else }}
  a: two
  {{- end }}
  replicas: {{ .Values.replicas | default 1 }}
  args:
    - fit
    {{- toYaml .Values.args | nindent 4 }}
{{ toYaml .Values.more | indent 2 }}
  image: "{{ .Values.repository }}:1.4.2"
{{- end }}
"""


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_actions_of_go_are_unknown_and_leave_all_else_in_its_place(newline: str) -> None:
    text = CHART.replace("\n", newline)
    parsed = read(text)
    (root,) = parsed.documents
    known = {value.route: text[slice(*value.range)] for value in root.walk() if value.tag == "str"}
    unknown = [value.route for value in root.walk() if value.tag == "unknown"]

    assert parsed.problems == ()
    assert parsed.gaps
    assert known == {"kind": "Deployment", "spec.args[0]": "fit"}
    assert {"spec.a", "spec.replicas", "spec.args[1]", "spec.image"} <= set(unknown)


def test_a_template_that_only_fills_in_values_has_no_gaps() -> None:
    assert not read("{{- if .Values.on }}\na: {{ .Values.a }}\n{{- end }}\n").gaps


@pytest.mark.parametrize("depth", [500, 100_000])
def test_deep_nesting_neither_overflows_nor_hangs(depth: int) -> None:
    parsed = read("[" * depth + "]" * depth)

    assert sum(1 for root in parsed.documents for _ in root.walk()) <= DEEPEST + 1


def test_long_files_are_skipped_with_a_notice() -> None:
    document = read_config("big.yaml", b"a: 1\n" * (LARGEST // 5 + 1), "yaml")

    assert document.documents == []
    assert [problem.skipped for problem in document.problems] == [True]


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_marked_encodings_are_read(encoding: str) -> None:
    document = read_config("a.yaml", "name: é\n".encode(encoding), "yaml")

    assert document.root.items["name"].text == "é"


def test_undecodable_bytes_are_a_problem() -> None:
    document = read_config("a.yaml", b"a: 1\nb: \xff\n", "yaml")

    assert [problem.message for problem in document.problems] == ["holds the byte 0xff, which is not UTF-8"]
    assert document.place(document.problems[0].range).row == 2
