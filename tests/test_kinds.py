"""Every kind of config recognises its own example, and its routes lead somewhere."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import yaml

from xops_lint import kinds
from xops_lint.config import ConfigFile
from xops_lint.file_names import files_pattern, language_of
from xops_lint.kinds import Kind
from xops_lint.languages.config import read_config

FILES = sorted(Path(kinds.__file__).parent.joinpath("data", "kinds").glob("*.yaml"))
KINDS = kinds.all_kinds()


def example(kind: Kind) -> ConfigFile:
    return read_config(kind.path, kind.example.encode(), language_of(kind.path) or "")


def read(path: str, text: str) -> ConfigFile:
    return read_config(path, text.encode(), language_of(path) or "")


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_an_example_is_recognised(kind: Kind) -> None:
    document = example(kind)

    assert document.problems == []
    roots = {found for root, found in zip(document.documents, document.kinds) if not root.route}
    # Some kinds stand inside files of another alone.
    assert roots == {kind.name} or (len(roots) == 1 and kind.name in document.kinds)
    assert language_of(kind.path) in kind.languages


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_every_route_reaches_something_in_the_example(path: Path) -> None:
    data = yaml.safe_load(path.read_text("utf-8"))
    (kind,) = [kind for kind in KINDS if kind.name == path.stem]
    document = example(kind)

    routes = [*(route for routes in data.get("roles", {}).values() for route in routes), *data.get("parts", {})]
    lost = [route for route in routes if not any(next(root.at(route), None) for root in document.documents)]

    assert data["kind"] == path.stem
    assert lost == []


@pytest.mark.parametrize("kind", [kind for kind in KINDS if kind.keys], ids=lambda kind: kind.name)
def test_an_example_has_keys_that_its_kind_knows(kind: Kind) -> None:
    document = example(kind)

    roots = list(document.of_kind(kind.name))
    found = [(known, mapping) for known in kind.keys for root in roots for mapping in root.at(known.at)]

    assert {name for known, mapping in found for name in mapping.items if name not in known.names} == set()
    assert document.misspellings == ()


def test_a_key_that_is_misspelt_is_told_once_and_one_that_is_new_never() -> None:
    text = "services:\n  a: &a {imagee: b}\n  b: *a\n  c: {image: d, imagee: e, gpu_kind: f}\n"

    found = read("docker-compose.yml", text).misspellings

    assert [(each.name, each.meant, text[slice(*each.range)]) for each in found] == [("imagee", "image", "imagee")]


def test_traits_are_those_of_the_vocabulary() -> None:
    assert {trait for kind in KINDS for trait in kind.traits} == kinds.known_traits()


def test_no_word_of_the_vocabulary_is_defined_twice() -> None:
    text = (FILES[0].parent.parent / "kinds.yaml").read_text("utf-8").partition("\nparts:")[0]
    words = re.findall(r"^  ([a-z_]+):", text, re.MULTILINE)

    assert sorted(words) == sorted(set(words))


def test_roles_are_those_of_the_vocabulary() -> None:
    used = {role for kind in KINDS for role in kind.roles}

    assert used == set(kinds.roles())


@pytest.mark.parametrize(
    ("path", "language"),
    [
        ("src/train.py", "python"),
        ("a/b.ipynb", "notebook"),
        ("stubs/a.pyi", None),
        ("dvc.yaml", "yaml"),
        ("data/raw.csv.dvc", "yaml"),
        ("dvc.lock", "yaml"),
        ("MLproject", "yaml"),
        ("model/MLmodel", "yaml"),
        ("alerts.rules", "yaml"),
        ("requirements.txt", "requirements"),
        ("requirements-dev.in", "requirements"),
        ("requirements/base.txt", "requirements"),
        ("notes.txt", None),
        ("Dockerfile", "dockerfile"),
        ("docker/Dockerfile.gpu", "dockerfile"),
        ("train.dockerfile", "dockerfile"),
        ("Dockerfile.md", None),
        ("Dockerfile.dockerignore", "ignore"),
        ("pyproject.toml", "toml"),
        ("uv.lock", "toml"),
        ("Pipfile", "toml"),
        ("Pipfile.lock", "json"),
        ("Jenkinsfile", "text"),
        ("main.tf", "hcl"),
        ("prod.tfvars", "hcl"),
        (".dvc/config", "text"),
        ("serve/cpu_config.properties", "text"),
        ("image.png", None),
        ("notes.md", None),
        ("README.md", "markdown"),
        ("docs/Model-Card-churn.md", "markdown"),
        ("model_cards/churn.md", "markdown"),
        ("data/DATASHEET.md", "markdown"),
        ("docs/risk_register.md", "markdown"),
        ("docs/DPIA.md", "markdown"),
        ("LICENSE", "text"),
        ("data/LICENCE-DATA.txt", "text"),
        ("LICENSE.md", "markdown"),
        ("docs/licensing.md", None),
        ("Makefile", "makefile"),
    ],
)
def test_the_language_is_known_by_name(path: str, language: str | None) -> None:
    assert language_of(path) == language
    assert bool(re.search(files_pattern(), path)) == (language is not None)


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("a.yaml", "name: x\nvalue: 1\n", ""),
        ("environment.yml", "name: x\ndependencies: [python=3.11]\n", "conda-environment"),
        (
            "environment.yml",
            "$schema: https://azuremlschemas.azureedge.net/latest/environment.schema.json\n",
            "azureml-environment",
        ),
        ("a.yml", "type: pipeline\njobs: {fit: {type: command}}\n", "azureml-pipeline-job"),
        ("k.yaml", "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: x}\n", "kubernetes"),
        ("k.yaml", "apiVersion: rbac.authorization.k8s.io/v1\nkind: Role\nmetadata: {name: x}\n", "kubernetes-object"),
        ("deep/nested/.github/workflows/x.yml", "on: push\n", "github-workflow"),
        ("params.yaml", "varReference: []\n", "kustomize-configuration"),
        ("local_config.properties", "model_snapshot={}\n", "torchserve-config"),
        ("a.json", '{"apiVersion": "machinelearning.seldon.io/v1", "kind": "SeldonDeployment"}', "seldon-deployment"),
        ("infra/Dockerfile.gpu", "FROM a:1\n", "dockerfile"),
        ("llama/model-config.yaml", "responseTimeout: 1200\nhandler: {model_name: x}\n", "torchserve-model"),
        ("ui/model-config.yaml", "title: x\n", ""),
        ("cpu_config.properties", "inference_address=http://127.0.0.1:8080\n", "torchserve-config"),
        ("kafka_config.properties", "broker.id=1\n", ""),
        ("air.json", '{"database": {"host": "x"}, "site": {"endpoint_key_base": "x"}}', "aircloak-config"),
        ("rules.yml", "groups: [{rules: [{alert: A, expr: up == 0}]}]\n", "prometheus-rules"),
    ],
)
def test_kinds_are_known_by_name_and_content(path: str, text: str, kind: str) -> None:
    assert read(path, text).kind == kind


@pytest.mark.parametrize(
    ("path", "text", "kind"),
    [
        ("soda/checks/raw.yml", "checks for customers:\n  - row_count > 0\n", "soda-checks-language"),
        ("checks.yml", "for each dataset D:\n  datasets: [a]\n  checks: [row_count > 0]\n", "soda-checks-language"),
        ("recipe.yaml", "template: regression/v1\ntarget_col: fare\nsteps:\n  ingest: {{INGEST}}\n", "mlflow-recipe"),
        ("agent.yaml", "mlopsUrl: https://a.b\nchannelConfigs: [{type: FS_SPOOL}]\n", "datarobot-agent"),
    ],
)
def test_files_of_other_names_are_known_by_what_they_hold(path: str, text: str, kind: str) -> None:
    assert read(path, text).kind == kind


def test_every_document_has_its_own_kind() -> None:
    text = "apiVersion: v1\nkind: Service\n---\nx: 1\n---\napiVersion: apps/v1\nkind: Deployment\n"

    document = read("all.yaml", text)

    assert document.kinds == ["kubernetes-service", "", "kubernetes"]
    assert document.kind == "kubernetes-service"


def test_the_items_of_a_list_are_documents() -> None:
    text = """
apiVersion: v1
kind: List
items:
  - apiVersion: batch/v1
    kind: Job
    spec: {template: {spec: {containers: [{image: "x:1"}]}}}
"""

    document = read("list.yaml", text)

    assert document.kinds == ["kubernetes-object", "kubernetes"]
    assert [value.route for value in document.values("image")] == ["items[0].spec.template.spec.containers[0].image"]


def test_values_keep_to_the_stage_they_are_asked_for() -> None:
    text = "stages:\n  a: {cmd: x, deps: [one, two: {cache: false}]}\n  ab: {cmd: y, deps: [three]}\n"

    document = read("dvc.yaml", text)
    first, second = document.values("stage")

    assert [value.text for value in document.values("input", first)] == ["one", "two"]
    assert [value.text for value in document.values("input", second)] == ["three"]


def test_intrinsic_functions_are_unknown() -> None:
    text = """
AWSTemplateFormatVersion: "2010-09-09"
Resources:
  Alarm:
    Type: AWS::CloudWatch::Alarm
    Properties: {Threshold: {Ref: Limit}, Period: 60}
"""

    (alarm,) = read("t.yml", text).values("alarm")

    assert {key: value.tag for key, value in alarm.items["Properties"].items.items()} == {
        "Threshold": "unknown",
        "Period": "int",
    }


@pytest.mark.parametrize(
    ("path", "skipped"),
    [("dvc.yaml", False), (".github/workflows/x.yml", False), ("notes.yaml", True), ("deploy.yaml", True)],
)
def test_mistakes_count_where_the_kind_is_known(path: str, skipped: bool) -> None:
    assert [problem.skipped for problem in read(path, "a: [1\n").problems] == [skipped]


def test_mistakes_count_where_the_first_lines_tell_the_kind() -> None:
    document = read("deploy.yaml", "apiVersion: serving.kserve.io/v1beta1\nkind: InferenceService\nspec: [\n")

    assert [problem.skipped for problem in document.problems] == [False]


@pytest.mark.parametrize(
    "path", ["a.yaml", "a.json", "a.toml", "Dockerfile", "requirements.txt", "setup.cfg", "uv.lock"]
)
@pytest.mark.parametrize("data", [b"", b"\0\1", b"\xff\xfe\xfa", b"\xef\xbb\xbf", b"- - -", b"{", b"[", b"\r\r", b"\\"])
def test_no_bytes_make_reading_fail(path: str, data: bytes) -> None:
    document = read_config(path, data, language_of(path) or "")

    assert document.path == path
    assert all(0 <= problem.range.start <= problem.range.end <= len(document.text) for problem in document.problems)


def test_what_may_be_lacking_is_of_the_vocabulary() -> None:
    assert kinds.lacking() <= set(kinds.roles())


CHART = """\
apiVersion: autoscaling/v2beta1
kind: Deployment
metadata:
  labels:
    {{- include "churn.labels" . | nindent 4 }}
spec:
  template:
    spec:
      containers:
        - image: registry.example.com/churn
"""


def test_of_a_template_with_gaps_only_what_stands_there_is_known() -> None:
    document = read("chart/templates/deployment.yaml", CHART)

    assert [value.text for value in document.values("image")] == ["registry.example.com/churn"]
    assert document.routes["kubernetes"].keys().isdisjoint(kinds.lacking())


def test_versions_that_a_chart_chooses_by_those_of_the_cluster_are_not_judged() -> None:
    asking = CHART.replace("spec:", '{{- if .Capabilities.APIVersions.Has "a/v1" }}\n{{- end }}\nspec:', 1)
    plain, chosen = (text.replace("Deployment", "HorizontalPodAutoscaler") for text in (CHART, asking))

    assert read("a.yaml", plain).removals
    assert not read("a.yaml", chosen).removals
