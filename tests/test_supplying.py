"""What the files of a module of infrastructure, and those of a chart, tell each other."""

from __future__ import annotations

from xops_lint.config import ConfigFile
from xops_lint.document import Context
from xops_lint.facts import facts_of
from xops_lint.file_names import language_of
from xops_lint.languages.config import read_config
from xops_lint.supplying import supplied

SERVER = 'resource "docker_image" "api" {\n  name = var.image\n}\n'
TEMPLATE = """
apiVersion: apps/v1
kind: Deployment
metadata:
  name: {{ .Release.Name }}
spec:
  template:
    spec:
      containers:
        - name: serve
          image: {{ .Values.server.container | quote }}
        - name: log
          image: "{{ .Values.logs.repository }}:{{ .Values.logs.tag | default .Chart.AppVersion }}"
"""


def read(path: str, text: str) -> ConfigFile:
    return read_config(path, text.encode(), language_of(path) or "", context=Context())


def linked(files: dict[str, str]) -> dict[str, ConfigFile]:
    """Return the documents of a project, read again with what they are supplied with."""
    known = supplied([facts_of(read(path, text)) for path, text in files.items()])
    return {
        path: read_config(path, text.encode(), language_of(path) or "", known.get(path)) for path, text in files.items()
    }


def images(files: dict[str, str], path: str) -> list[str]:
    return [value.text for value in linked(files)[path].values("image")]


def test_locals_of_another_file_of_the_same_folder_are_constants() -> None:
    files = {"a/main.tf": SERVER.replace("var.image", "local.image"), "a/locals.tf": 'locals {\n  image = "api:1"\n}\n'}

    assert images(files, "a/main.tf") == ["api:1"]
    assert images({"a/main.tf": files["a/main.tf"], "b/locals.tf": files["a/locals.tf"]}, "a/main.tf") == [
        "${local.image}"
    ]


def test_a_variable_is_its_default_unless_somebody_else_sets_it() -> None:
    files = {"a/main.tf": SERVER, "a/variables.tf": 'variable "image" {\n  default = "api:1"\n}\n'}

    assert images(files, "a/main.tf") == ["api:1"]
    assert images({**files, "a/production.tfvars": 'image = "api:2"\n'}, "a/main.tf") == ["${var.image}"]
    assert images({**files, "main.tf": 'module "a" {\n  source = "./a"\n}\n'}, "a/main.tf") == ["${var.image}"]
    above = {"main.tf": SERVER, "variables.tf": files["a/variables.tf"]}
    assert images({**above, "b/main.tf": 'module "a" {\n  source = "../"\n}\n'}, "main.tf") == ["${var.image}"]


def test_values_that_are_taken_without_being_named_are_in_force() -> None:
    files = {"a/main.tf": SERVER, "a/variables.tf": 'variable "image" {}\n', "a/terraform.tfvars": 'image = "api:3"\n'}

    assert images(files, "a/main.tf") == ["api:3"]


def test_constants_fill_texts() -> None:
    files = {
        "main.tf": 'resource "docker_image" "api" {\n  name = "api:${var.tag}"\n}\n',
        "variables.tf": 'variable "tag" {\n  default = "latest"\n}\n',
    }

    assert images(files, "main.tf") == ["api:latest"]


def test_values_of_a_chart_are_what_its_templates_make_of_them() -> None:
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: churn\nversion: 0.1.0\n",
        "chart/values.yaml": "server:\n  container: churn:latest\nlogs:\n  repository: logs\n  tag: main\n",
        "chart/templates/serve.yaml": TEMPLATE,
        "other/values.yaml": "server:\n  container: churn:latest\n",
    }

    assert images(files, "chart/values.yaml") == ["churn:latest"]
    assert [value.route for value in linked(files)["chart/values.yaml"].values("image_mapping")] == ["logs"]
    assert images(files, "other/values.yaml") == []


def test_what_a_template_writes_as_a_whole_means_what_stands_there() -> None:
    template = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: churn}
spec:
  template:
    spec:
      containers:
        - name: churn
          {{- with .Values.probe }}
          livenessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          securityContext:
            {{- toYaml .Values.rights | nindent 12 }}
      initContainers:
        {{- toYaml .Values.first | nindent 8 }}
"""
    values = "probe: {httpGet: {path: /}}\nrights: {privileged: true}\nfirst:\n  - {name: a, image: a:latest}\n"
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: churn\nversion: 0.1.0\n",
        "chart/values.yaml": values,
        "chart/templates/serve.yaml": template,
    }
    document = linked(files)["chart/values.yaml"]

    assert [value.route for value in document.values("probe")] == ["probe"]
    assert [value.route for value in document.values("privileged")] == ["rights.privileged"]
    assert images(files, "chart/values.yaml") == ["a:latest"]


def test_what_a_template_writes_in_a_loop_is_an_element_of_it() -> None:
    template = """
apiVersion: apps/v1
kind: Deployment
metadata: {name: churn}
spec:
  template:
    spec:
      containers:
        - name: churn
          {{- with .Values.server }}
          {{- range .rights }}
          securityContext:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- if .probed }}
          livenessProbe:
            {{- toYaml . | nindent 12 }}
          {{- end }}
          {{- end }}
"""
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: churn\nversion: 0.1.0\n",
        "chart/values.yaml": "server: {privileged: true, rights: [{privileged: true}]}\n",
        "chart/templates/serve.yaml": template,
    }
    document = linked(files)["chart/values.yaml"]

    assert [value.route for value in document.values("probe")] == ["server"]
    assert list(document.values("privileged")) == []


def test_a_chart_of_the_project_means_the_values_that_it_is_installed_with() -> None:
    release = """resource "helm_release" "churn" {
  chart = "${path.module}/../chart"
  set {
    name  = "server.container"
    value = "churn:latest"
  }
  values = [yamlencode({ server = { container = "churn:main" } })]
}
"""
    files = {
        "chart/Chart.yaml": "apiVersion: v2\nname: churn\nversion: 0.1.0\n",
        "chart/templates/serve.yaml": TEMPLATE,
        "infra/main.tf": release,
    }

    assert images(files, "infra/main.tf") == ["churn:main", "churn:latest"]
    assert (
        images({**files, "infra/main.tf": release.replace("${path.module}/../chart", "churn")}, "infra/main.tf") == []
    )
