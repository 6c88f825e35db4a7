from __future__ import annotations

import re
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xops_lint.languages.config import read_config
from xops_lint.languages.hcl import read

TEXT = """\
# top
terraform {
  backend "s3" {}
}
provider "aws" { region = "eu-west-1" } // one line
provider "aws" {
  alias = "other"
}
/* several
   lines */
resource "aws_sagemaker_model" "churn" {
  count    = var.enabled ? 1 : 0
  name     = "é-${var.name}-${upper("a}\\"b")}"
  plain    = "a \\"b\\" \\u00e9 $${c} 100%"
  numbers  = [1, -2.5e3, true, null, # why
    "last"]
  tags = { Name = "x", "a.b/c": 1
    (var.key) = 2, format("%s", "d") = 3 }
  policy = jsonencode({
    Steps = [{ Name = "Fit" }]
  })
  each     = [for each in var.all : each.name]
  call     = merge({ a = 1 }, var.more)
  script   = <<-EOT
    one ${var.x}
      two
    EOT
  container {
    image = "a:1"
  }
  container {
    image = "b:1"
  }
  dynamic "vpc_config" {
    for_each = var.subnets
    content {
      subnets = vpc_config.value
    }
  }
}
"""

RESOURCE = "resource.aws_sagemaker_model.churn"

MEANT = {
    "provider.aws[0].region": "eu-west-1",
    "provider.aws[1].alias": "other",
    f"{RESOURCE}.count": "${var.enabled ? 1 : 0}",
    f"{RESOURCE}.name": 'é-${var.name}-${upper("a}\\"b")}',
    f"{RESOURCE}.plain": 'a "b" é ${c} 100%',
    f"{RESOURCE}.numbers[0]": "1",
    f"{RESOURCE}.numbers[1]": "-2.5e3",
    f"{RESOURCE}.numbers[2]": "true",
    f"{RESOURCE}.numbers[4]": "last",
    f"{RESOURCE}.tags.Name": "x",
    f"{RESOURCE}.tags.[a.b/c]": "1",
    f"{RESOURCE}.tags.[(var.key)]": "2",
    f"{RESOURCE}.policy.Steps[0].Name": "Fit",
    f"{RESOURCE}.each": "${[for each in var.all : each.name]}",
    f"{RESOURCE}.call": "${merge({ a = 1 }, var.more)}",
    f"{RESOURCE}.script": "one ${var.x}\n  two\n",
    f"{RESOURCE}.container[0].image": "a:1",
    f"{RESOURCE}.container[1].image": "b:1",
    f"{RESOURCE}.vpc_config.subnets": "${vpc_config.value}",
}

WRITTEN = {
    "provider.aws[1].alias": '"other"',
    f"{RESOURCE}.count": "var.enabled ? 1 : 0",
    f"{RESOURCE}.numbers[1]": "-2.5e3",
    f"{RESOURCE}.numbers[3]": "null",
    f"{RESOURCE}.tags.[a.b/c]": "1",
    f"{RESOURCE}.policy": '{\n    Steps = [{ Name = "Fit" }]\n  }',
    f"{RESOURCE}.container[1].image": '"b:1"',
    f"{RESOURCE}.script": "<<-EOT\n    one ${var.x}\n      two\n    EOT",
}

properties = settings(max_examples=200, deadline=None, database=None, derandomize=True)
PIECES = st.sampled_from(
    [
        *("resource", '"a"', "b", " = ", "{", "}", "[", "]", "(", ")", '"', "${", "%{", "#", "/*", "*/", "//", ","),
        *("\n", "\r\n", "<<EOT\n", "EOT", "1", "true", "for", ":", "=>", "\\", "$", "local.b", "é", "jsonencode("),
    ]
)


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_values_have_their_meaning_and_exact_ranges(newline: str) -> None:
    text = TEXT.replace("\n", newline)

    parsed = read(text)
    (root,) = parsed.documents
    meant = {value.route: value.text.replace("\r", "") for value in root.walk()}
    written = {value.route: text[slice(*value.range)].replace("\r", "") for value in root.walk()}

    assert parsed.problems == ()
    assert {route: meant.get(route) for route in MEANT} == MEANT
    assert {route: written.get(route) for route in WRITTEN} == WRITTEN


def test_labels_and_names_are_keys() -> None:
    (root,) = read(TEXT).documents
    keys = {value.route: TEXT[slice(*value.key)] for value in root.walk() if value.key}

    assert keys[RESOURCE] == '"churn"'
    assert keys["resource.aws_sagemaker_model"] == '"aws_sagemaker_model"'
    assert keys["terraform.backend.s3"] == '"s3"'
    assert keys[f"{RESOURCE}.count"] == "count"
    assert keys[f"{RESOURCE}.tags.[a.b/c]"] == '"a.b/c"'


def test_a_block_reaches_from_its_name_to_its_brace() -> None:
    (root,) = read(TEXT).documents
    resource = root.get(RESOURCE)

    assert resource is not None
    assert re.match(r"resource .*\}\Z", TEXT[slice(*resource.range)], re.DOTALL)


def test_what_a_dynamic_block_makes_is_unknown() -> None:
    (root,) = read(TEXT).documents

    assert {value.route for value in root.walk() if value.tag == "unknown"} == {f"{RESOURCE}.vpc_config"}


def test_comments_are_read_once() -> None:
    comments = [(comment.text, comment.alone) for comment in read(TEXT).comments]

    assert comments == [("# top", True), ("// one line", False), ("/* several\n   lines */", True), ("# why", False)]


def test_constants_of_the_file_are_put_in_their_places() -> None:
    text = 'locals {\n  a = "1"\n  b = "x:${local.a}"\n  c = var.c\n}\nr "s" "t" {\n  u = local.b\n  v = local.c\n}\n'

    (root,) = read(text).documents

    assert [value.text for value in root.at("r.s.t.*")] == ["x:1", "${local.c}"]


def test_what_terraform_is_told_to_ignore_is_unknown() -> None:
    text = (
        'resource "a" "b" {\n  t {\n    image = "x:latest"\n  }\n'
        "  lifecycle {\n    ignore_changes = [t[0].image, all]\n  }\n}\n"
    )

    (root,) = read(text).documents

    assert [value.tag for value in root.at("resource.a.b.t.image")] == ["unknown"]


@pytest.mark.parametrize(
    ("text", "row", "message"),
    [
        ('a = 1\nresource "x" "y" {\n  b = 2\n', 2, "has no `}` for the block `resource`"),
        ('a = 1\nb = "open\n', 2, 'has a text without a `"` at its end'),
        ("a = [1,\n  2\n", 1, "has no `]` for this `[`"),
        ("a = f(1\n", 1, "has no `)` for this `(`"),
        ("a = \n", 1, "has the end of the line where a value belongs"),
        ("a = 1\n}\n", 2, "has a `}` that closes nothing"),
        ("a {} b = 1\n", 1, "has `b` where the line ends"),
        ("variable\n", 1, "has the end of the line where `=` or `{` belongs behind `variable`"),
        ("a = <<EOT\nb\n", 1, "has no line `EOT` that ends this text"),
        ("= 1\n", 1, "has `=` where a name belongs"),
    ],
)
def test_what_is_no_hcl_is_told_at_its_line(text: str, row: int, message: str) -> None:
    document = read_config("main.tf", text.encode(), "hcl")
    (problem,) = document.problems

    assert problem.range is not None
    assert document.lines.position(problem.range.start)[0] == row
    assert problem.message.endswith(message)
    assert not problem.skipped


def test_a_template_of_another_tool_is_left() -> None:
    (problem,) = read_config("main.tf", b'a = "{{ b }}"\n{% if c %}\nd = 1\n{% endif %}\n', "hcl").problems

    assert problem.skipped


@pytest.mark.parametrize("piece", ["[", "a {", '"${', "(", "{a=", "[1+", "<<E\n", "/*", "f(", "x"])
def test_deep_nests_and_long_lines_take_no_time(piece: str) -> None:
    start = time.perf_counter()
    read("a = " + piece * 20_000)

    assert time.perf_counter() - start < 2


@properties
@given(st.lists(PIECES, max_size=30).map("".join))
def test_anything_is_read_without_a_crash_and_ranges_lie_inside(text: str) -> None:
    parsed = read(text)

    assert parsed.documents or parsed.problems
    for value in (value for root in parsed.documents for value in root.walk()):
        assert 0 <= value.range.start <= value.range.end <= len(text)
        if value.tag == "int":
            assert text[slice(*value.range)] == value.text


def test_a_manifest_a_pipeline_and_a_workload_inside_are_documents() -> None:
    text = """
resource "kubernetes_manifest" "a" {
  manifest = { apiVersion = "batch/v1", kind = "Job", metadata = { name = "x" } }
}
resource "aws_sagemaker_pipeline" "a" {
  pipeline_definition = jsonencode({ Version = "2020-12-01", Steps = [] })
}
resource "kubernetes_job" "a" {
  metadata {}
  spec {}
}
resource "kubectl_manifest" "a" {
  yaml_body = <<-YAML
    apiVersion: batch/v1
    kind: Job
  YAML
}
"""

    document = read_config("main.tf", text.encode(), "hcl")
    (written,) = document.written

    assert document.kinds == ["terraform", "terraform-workload", "kubernetes", "sagemaker-pipeline"]
    assert (written.language, written.text) == ("yaml", "apiVersion: batch/v1\nkind: Job\n")


def test_single_settings_of_a_chart_are_values_of_it() -> None:
    text = (
        'resource "helm_release" "a" {\n  values = [yamlencode({ b = 1 })]\n'
        '  set {\n    name = "image.tag"\n    value = "latest"\n  }\n'
        '  set {\n    name = "hosts[0].name"\n    value = "a"\n  }\n'
        '  set {\n    name = "notes.a\\\\.b"\n    value = "c"\n  }\n}\n'
    )
    (root,) = read(text).documents

    assert [value.text for value in root.at("resource.helm_release.a.values[*].image.tag")] == ["latest"]
    assert [list(value.items) for value in root.at("resource.helm_release.a.values[*].notes")] == [["a.b"]]
    assert list(root.at("resource.helm_release.a.values[*].hosts")) == []
