"""What the published schemas of config kinds say about documents."""

from __future__ import annotations

import json

import pytest

from xops_lint import languages, schemas
from xops_lint.config import ConfigFile
from xops_lint.document import Context
from xops_lint.file_names import language_of
from xops_lint.kinds import all_kinds

WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
metadata: {generateName: train-}
spec:
  entrypoint: train
  templates:
    - name: train
      container:
        image: registry.example.com/train:1.4.2
"""


def read(path: str, text: str) -> ConfigFile:
    document = languages.read(path, text.encode(), language_of(path) or "", context=Context())
    assert isinstance(document, ConfigFile)
    return document


@pytest.mark.parametrize("kind", sorted(schemas.names()))
def test_a_schema_says_where_it_comes_from_and_under_which_licence(kind: str):
    of = schemas.schema(kind).of

    assert of.startswith("https://")
    assert of.endswith(("(Apache-2.0)", "(MIT)"))


@pytest.mark.parametrize("kind", sorted(schemas.names()))
def test_every_number_of_a_schema_is_that_of_a_node(kind: str):
    nodes = schemas.schema(kind).nodes
    numbers = [number for node in nodes for number in (*(node.keys or {}).values(), node.rest or 0, node.element)]

    assert all(schemas.ANY <= number < len(nodes) for number in numbers)
    assert all(schemas.ANY <= number < len(nodes) for number in schemas.schema(kind).roots.values())


@pytest.mark.parametrize("kind", sorted(schemas.names()))
def test_a_schema_is_small(kind: str):
    assert (schemas.FOLDER / f"{kind}.json").stat().st_size < 25_000


@pytest.mark.parametrize("kind", sorted(schemas.names()))
def test_a_kind_has_every_schema(kind: str):
    assert kind in {each.name for each in all_kinds()}


def test_nothing_is_said_of_a_document_that_is_right():
    document = read("workflows/train.yaml", WORKFLOW)

    assert not document.misspellings
    assert not document.misfits


def test_a_version_that_the_schema_does_not_have_is_not_judged():
    document = read("workflows/train.yaml", WORKFLOW.replace("v1alpha1", "v9").replace("entrypoint", "entrypoints"))

    assert not document.misspellings


def test_keys_of_former_versions_are_taken():
    document = read("workflows/train.yaml", f"{WORKFLOW}  synchronization: {{mutex: {{name: train}}}}\n")

    assert not document.misspellings


def test_numbers_do_for_parameters_of_a_workflow():
    arguments = "  arguments:\n    parameters:\n      - {name: rows, value: 200}\n"
    document = read("workflows/train.yaml", WORKFLOW + arguments)

    assert not document.misfits


def test_what_a_template_fills_in_may_have_any_type():
    document = read(
        "chart/templates/train.yaml", f"{WORKFLOW}  tolerations:\n    {{{{- toYaml .Values.t | nindent 4 }}}}\n"
    )

    assert not document.misfits


def test_a_text_for_a_number_is_refused_where_types_matter():
    document = read("workflows/train.yaml", f'{WORKFLOW}  parallelism: "2"\n')

    assert [found.message for found in document.misfits] == ["is a text, and this place takes a number alone"]


def test_the_files_are_plain_data():
    assert all(json.loads(path.read_text()) for path in schemas.FOLDER.glob("*.json"))


STAGES = "stages:\n  train:\n    cmd: python train.py\n    deps: [train.py]\n"
TRAINING = """\
apiVersion: kubeflow.org/v1
kind: PyTorchJob
metadata: {name: churn}
spec:
  pytorchReplicaSpecs:
    Worker:
      replicas: 2
      template:
        spec:
          containers: [{name: pytorch, image: "registry.example.com/churn:1.4.2"}]
"""
SERVING = """\
apiVersion: machinelearning.seldon.io/v1
kind: SeldonDeployment
metadata: {name: churn}
spec:
  predictors:
    - name: main
      replicas: 2
      graph: {name: churn, implementation: SKLEARN_SERVER, modelUri: "s3://models/churn/3"}
"""
CLUSTER = "cluster_name: churn\nprovider: {type: aws, region: eu-central-1}\nmax_workers: 2\n"


@pytest.mark.parametrize(
    ("path", "text", "wrong", "meant"),
    [
        ("dvc.yaml", STAGES, ("deps", "depss"), "deps"),
        ("jobs/train.yaml", TRAINING, ("replicas", "replica"), "replicas"),
        ("jobs/train.yaml", TRAINING, ("pytorchReplicaSpecs", "pytorchReplicaSpec"), "pytorchReplicaSpecs"),
        ("serve.yaml", SERVING, ("modelUri", "modelUrl"), "modelUri"),
        ("cluster.yaml", CLUSTER, ("max_workers", "max_worker"), "max_workers"),
    ],
)
def test_a_key_that_is_misspelt_is_told_with_the_one_that_is_meant(
    path: str, text: str, wrong: tuple[str, str], meant: str
):
    right, misspelt = read(path, text), read(path, text.replace(*wrong))

    assert not right.misspellings
    assert not right.misfits
    assert [(each.name, each.meant) for each in misspelt.misspellings] == [(wrong[1], meant)]


def test_an_object_of_a_cluster_is_no_config_of_a_tool_of_the_same_kind():
    text = (
        "apiVersion: ray.io/v1\nkind: RayCluster\nmetadata: {name: churn}\nspec: {rayVersion: 2.34.0, max_worker: 1}\n"
    )

    assert not read("cluster.yaml", text).misspellings
