"""What a config holds as texts and mappings is linted like files, in its place."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from xops_lint import api
from xops_lint.diagnostic import Diagnostic
from xops_lint.file_names import language_of
from xops_lint.languages.config import read_config
from xops_lint.languages.held import stretches_of
from xops_lint.languages.json import read as read_json
from xops_lint.languages.yaml import read as read_yaml
from xops_lint.text import Range

SCALARS = {
    "literal": 'a:\n  b: |\n    x = 1\n\n      y = "ü"\n    z\n',
    "literal with a comment, kept breaks and an indentation": "a: |2+ # note\n   x\n  y\n\n\n",
    "literal of Windows": "a: |\r\n  x = 1\r\n  y = 2\r\n",
    "folded": "a: >-\n  one\n  two\n\n  three\n    four\n  five\n",
    "plain over two lines": "a: one\n  two\n",
    "single quotes": "a: 'it''s\n\n  here'\n",
    "double quotes": 'a: "x\\n\\ty = \\"1\\" \\\n    and \\u00e9 \\x41"\n',
    "JSON": json.dumps({"a": 'x\n\ty = "1"\n\\d 😀'}),
}


@pytest.mark.parametrize("text", SCALARS.values(), ids=SCALARS)
def test_every_character_of_a_scalar_has_its_place(text: str) -> None:
    (root,) = (read_json if text.startswith("{") else read_yaml)(text).documents
    value = next(value for value in root.walk() if value.text)

    found = stretches_of(value.text, text, value.range)

    assert found is not None
    assert len(found.starts) == len(value.text)
    for position, character in enumerate(value.text):
        where = found.outer(Range(position, position + 1))
        if not character.isspace() and character not in "\"'é\\😀A":
            assert text[where.start : where.end] == character
    assert list(found.starts) == sorted(found.starts)


def test_escapes_are_ranges_of_their_own() -> None:
    text = r'"a\"b\n\ud83d\ude00"'

    found = stretches_of('a"b\n😀', text, Range(0, len(text)))

    assert found is not None
    written = [text[slice(*found.outer(Range(at, at + 1)))] for at in range(5)]
    assert written == ["a", r"\"", "b", r"\n", r"\ud83d\ude00"]


def test_a_text_that_is_not_the_source_has_no_places() -> None:
    assert stretches_of("abc", "'abd'", Range(0, 5)) is None
    assert stretches_of("a\nb", "|\n  a\n  c\n", Range(0, 10)) is None


WORKFLOW = """\
apiVersion: argoproj.io/v1alpha1
kind: Workflow
spec:
  templates:
    - name: fit
      script:
        image: python:3.11.4
        command: [python]
        source: |
          from sklearn.model_selection import train_test_split
          train, test = train_test_split(rows)
"""


def lint(root: Path, files: dict[str, str], *codes: str) -> list[Diagnostic]:
    root.joinpath("xops-lint.toml").write_text(f"select = {json.dumps(codes)}\n")
    for name, text in files.items():
        root.joinpath(name).write_bytes(text.encode())
    return [found for found in api.lint([root]).diagnostics if found.suppressed is None]


def read(path: str, text: str) -> list[tuple[str, str]]:
    document = read_config(path, text.encode(), language_of(path) or "")
    return [(file.path, file.language) for file in document.written]


def test_a_script_is_judged_where_it_stands(tmp_path: Path) -> None:
    (found,) = lint(tmp_path, {"fit.yaml": WORKFLOW}, "XOP302")

    place = found.place
    assert (place.path, place.row, place.column, place.end_row, place.end_column) == ("fit.yaml", 11, 25, 11, 47)
    assert found.excerpt == ("          train, test = train_test_split(rows)",)


def test_a_fix_is_written_into_the_block(tmp_path: Path) -> None:
    (found,) = lint(tmp_path, {"fit.yaml": WORKFLOW}, "XOP302")

    assert found.fix is not None
    (edit,) = found.fix.edits
    assert (edit.place.row, edit.place.column) == (11, 46)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("split(rows)", "split(rows)  # xops: ignore[XOP302] drawn anew on purpose"),
        ("          train, test", "          # xops: ignore[XOP302] drawn anew on purpose\n          train, test"),
        ("        source", "        # xops: ignore[XOP302] drawn anew on purpose\n        source"),
        ("apiVersion", "# xops: file-ignore[XOP302] drawn anew on purpose\napiVersion"),
    ],
)
def test_suppressions_of_the_text_and_of_the_config_around_count(tmp_path: Path, old: str, new: str) -> None:
    text = WORKFLOW.replace(old, new, 1)

    assert lint(tmp_path, {"fit.yaml": text}, "XOP302", "XOP003") == []


def test_a_suppression_that_silences_nothing_in_a_text_is_told(tmp_path: Path) -> None:
    text = WORKFLOW.replace("(rows)", "(rows, random_state=0)  # xops: ignore[XOP302] drawn anew")

    (found,) = lint(tmp_path, {"fit.yaml": text}, "XOP302", "XOP003")

    assert (found.code, found.place.row) == ("XOP003", 11)


def test_a_secret_in_a_text_is_told_once(tmp_path: Path) -> None:
    key = "AKIA" + "Q3EGRWPL5XKZ7NVT"
    text = WORKFLOW.replace("(rows)", f"(rows, random_state=0)\n          key = '{key}'")

    found = lint(tmp_path, {"fit.yaml": text}, "XOP1")

    assert len({(each.code, each.place.row) for each in found}) == len(found)


def test_settings_for_the_config_hold_for_what_it_holds(tmp_path: Path) -> None:
    tmp_path.joinpath("fit.yaml").write_text(WORKFLOW)
    tmp_path.joinpath("xops-lint.toml").write_text('select = ["XOP302"]\n[per-file-ignores]\n"fit.yaml" = ["XOP302"]\n')

    assert list(api.lint([tmp_path]).diagnostics) == []


def test_files_of_a_config_map_have_their_names() -> None:
    text = (
        "apiVersion: v1\nkind: ConfigMap\ndata:\n  prometheus.yml: |\n    scrape_configs: []\n    rule_files: []\n"
        "  run.py: |\n    import os\n    os.getcwd()\n  STAGE: |\n    x: 1\n    y: 2\n  one.yaml: x\n"
    )

    assert read("k8s/a.yaml", text) == [
        ("k8s/a.yaml/prometheus.yml", "yaml"),
        ("k8s/a.yaml/run.py", "python"),
    ]


def test_scripts_for_other_programs_are_left_alone() -> None:
    assert read("fit.yaml", WORKFLOW.replace("[python]", "[bash]")) == []


def test_a_program_among_arguments_is_a_file() -> None:
    text = (
        "name: fit\nimplementation:\n  container:\n    image: python:3.11.4\n    command:\n      - python3\n"
        "      - -u\n      - -c\n      - |\n        import os\n        os.getcwd()\n"
    )

    assert read("component.yaml", text) == [("component.yaml/implementation.container.command[3].py", "python")]


def test_a_workflow_that_a_program_wrote_is_not_opened() -> None:
    annotated = WORKFLOW.replace(
        "spec:", 'metadata: {annotations: {pipelines.kubeflow.org/kfp_sdk_version: "1.8.22"}}\nspec:', 1
    )

    assert read("fit.yaml", annotated) == []


def test_the_template_of_a_trial_is_a_document_of_its_own() -> None:
    text = """
apiVersion: kubeflow.org/v1beta1
kind: Experiment
spec:
  trialTemplate:
    trialSpec:
      apiVersion: batch/v1
      kind: Job
      spec: {template: {spec: {containers: [{image: "x:1"}]}}}
"""

    document = read_config("a.yaml", text.encode(), "yaml")

    assert document.kinds == ["katib-experiment", "kubernetes"]
    assert [value.text for value in document.values("image")] == ["x:1"]


def test_a_pipeline_in_a_template_is_found_as_a_mapping_and_as_a_text(tmp_path: Path) -> None:
    pipeline = {"Version": "2020-12-01", "Steps": [{"Name": "Fit"}]}
    body = {"PipelineDefinitionBody": json.dumps(pipeline)}
    resource = {"Type": "AWS::SageMaker::Pipeline", "Properties": {"PipelineDefinition": body}}
    text = json.dumps({"AWSTemplateFormatVersion": "2010-09-09", "Resources": {"Fit": resource}})
    tree = text.replace(json.dumps(json.dumps(pipeline)), json.dumps({"Fn::ToJsonString": pipeline}))

    assert [language for _, language in read("a.json", text)] == ["json"]
    assert read_config("a.json", tree.encode(), "json").kinds == ["cloudformation", "sagemaker-pipeline"]


def test_a_program_with_holes_that_does_not_parse_is_left_alone(tmp_path: Path) -> None:
    broken = WORKFLOW.replace("split(rows)", "split({{= rows }})")

    assert lint(tmp_path, {"fit.yaml": broken}, "XOP001", "XOP302") == []
    assert [each.code for each in lint(tmp_path, {"fit.yaml": WORKFLOW.replace("(rows)", "(rows")}, "XOP001")] == [
        "XOP001"
    ]


def workflow(*lines: str) -> str:
    """Return a workflow with one step that runs these lines."""
    return "jobs:\n  fit:\n    steps:\n      - run: |\n" + "".join(f"          {line}\n" for line in lines)


RUN = "jobs.fit.steps[0].run.1.py"


@pytest.mark.parametrize(
    ("path", "text", "written"),
    [
        (
            ".github/workflows/ci.yml",
            workflow("uv run python - <<'EOF'", "import x", "x.y()", "EOF", "echo"),
            [(RUN, "import x\nx.y()\n")],
        ),
        (
            ".github/workflows/ci.yml",
            workflow("cat > k8s/dvc.yaml << EOF", "stages:", "  a: {cmd: b}", "EOF", "cat <<EOF", "c", "d", "EOF"),
            [("dvc.yaml", "stages:\n  a: {cmd: b}\n")],
        ),
        (".github/workflows/ci.yml", workflow("python fit.py <<EOF", "a", "b", "EOF"), []),
        (
            "Dockerfile",
            "FROM a:1\nRUN python <<EOF\nimport x\nx.y()\nEOF\n",
            [("run[0].command.1.py", "import x\nx.y()\n")],
        ),
        ("Dockerfile", "FROM a:1\nRUN <<EOF\npip install x\nEOF\n", []),
    ],
)
def test_here_documents_are_files(path: str, text: str, written: list[tuple[str, str]]) -> None:
    document = read_config(path, text.encode(), language_of(path) or "")

    found = [(file.path.removeprefix(f"{path}/"), file.text) for file in document.written]
    outer = [file.stretches.outer(Range(0, 5)) for file in document.written if file.stretches]

    assert found == written
    assert [text[slice(*where)] for where in outer] == [content[:5] for _, content in written]


def test_a_text_with_variables_of_a_template_is_read_behind_its_tag() -> None:
    text = """\
Resources:
  Train:
    Type: AWS::SageMaker::Pipeline
    Properties:
      PipelineDefinition:
        PipelineDefinitionBody: !Sub |
          {"Version": "2020-12-01", "Steps": [{"Name": "Fit", "Type": "Training"}]}
  Ask:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: python3.12
      Code:
        ZipFile: |
          import json
          def handler(event, context): ...
  Other:
    Type: AWS::Lambda::Function
    Properties:
      Runtime: nodejs20.x
      Code:
        ZipFile: |
          const a = 1
          const b = 2
"""

    pipeline, function = read_config("template.yml", text.encode(), "yaml").written

    assert (pipeline.language, function.language) == ("json", "python")
    assert pipeline.stretches is not None
    assert text[slice(*pipeline.stretches.outer(Range(2, 9)))] == "Version"


def test_the_values_of_a_chart_stand_in_a_text_of_terraform() -> None:
    text = 'resource "helm_release" "a" {\n  values = [<<EOT\nimage:\n  repository: a\n  tag: latest\nEOT\n  ]\n}\n'
    (written,) = read_config("main.tf", text.encode(), "hcl").written

    assert written.path == "main.tf/resource.helm_release.a.values[0]/values.yaml"
    assert read_config(written.path, written.text.encode(), "yaml").kind == "helm-values"
