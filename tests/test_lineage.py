"""The graph of a project, and the command that shows it, on small projects of their own."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

EXAMPLE = Path(__file__).parent.parent / "examples" / "after"


def lineage(folder: Path, *words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xops_lint", "lineage", *words]
    environment = {key: value for key, value in os.environ.items() if not key.startswith("XOPS_LINT")}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, env=environment)


def shown(folder: Path, *words: str) -> str:
    result = lineage(folder, *words)
    assert (result.returncode, result.stderr) == (0, "")
    return result.stdout


def project(folder: Path, files: dict[str, str]) -> Path:
    subprocess.run(["git", "init", "-q", str(folder)], check=True)
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, "utf-8")
    return folder


def edges(folder: Path) -> set[str]:
    """Return the edges of a project's graph as sentences."""
    graph: dict[str, Any] = json.loads(shown(folder, "--output-format", "json"))
    names = {node["id"]: node["name"] for node in graph["nodes"]}
    return {f"{names[edge['source']]} {edge['kind']} {names[edge['target']]}" for edge in graph["edges"]}


def gaps(folder: Path) -> set[str]:
    """Return what is not known of a project's graph as sentences."""
    graph: dict[str, Any] = json.loads(shown(folder, "--output-format", "json"))
    names = {node["id"]: node["name"] for node in graph["nodes"]}
    return {f"{names[gap['node']]} {gap['kind']} {gap['text']}" for gap in graph["gaps"]}


PIPELINE = {
    "params.yaml": """\
root: data
models: [ridge, lasso]
sets:
  - {name: small, rows: 10}
  - {name: large, rows: 0.50}
regions:
  eu: {file: eu.csv}
  us: {file: us.csv}
flag: true
""",
    "dvc.yaml": """\
vars:
  - out: models
  - sub/vars.yaml:left
stages:
  fetch:
    foreach: ${regions}
    do:
      cmd: python fetch.py ${item.file}
      outs: ["${root}/raw/${item.file}"]
  join:
    cmd: python join.py
    deps: ["${root}/raw"]
    outs: ["${root}/all.csv"]
  cut:
    foreach: ${sets}
    do:
      cmd: python cut.py ${item.rows}
      deps: ["${root}/all.csv"]
      outs: ["${root}/${item.name}-${item.rows}.csv"]
  fit:
    matrix:
      model: ${models}
      set: ${sets}
    cmd: python fit.py ${item.model} ${item.set.name}
    deps: ["${root}/${item.set.name}-${item.set.rows}.csv"]
    outs: ["${out}/${item.model}-${key}.pkl"]
  score:
    foreach: [ridge-set0, lasso-set1]
    do:
      cmd: python score.py ${item}
      deps: ["${out}/ridge-${item}.pkl"]
      metrics: ["scores/${item}-${flag}-${left.a[1]}.json"]
  report:
    wdir: sub
    cmd: python report.py
    deps: [../scores, "${left.a[0]}.md"]
    outs: [report.html]
""",
    "sub/vars.yaml": "left: {a: [x, y]}\nright: 1\n",
    "sub/dvc.yaml": """\
stages:
  publish:
    cmd: python publish.py
    deps: [report.html, ../params.yaml]
    params:
      - ../params.yaml: [flag]
      - vars.yaml:
""",
}

PIPELINE_EDGES = {
    ("cut@0", "fit@lasso-set0"),
    ("cut@0", "fit@ridge-set0"),
    ("cut@1", "fit@lasso-set1"),
    ("cut@1", "fit@ridge-set1"),
    ("fetch@eu", "join"),
    ("fetch@us", "join"),
    ("fit@ridge-set0", "score@ridge-set0"),
    ("join", "cut@0"),
    ("join", "cut@1"),
    ("report", "sub/dvc.yaml:publish"),
    ("score@lasso-set1", "report"),
    ("score@ridge-set0", "report"),
}
"""What `dvc dag` of DVC 3 shows for this pipeline."""


def stage_edges(folder: Path) -> set[tuple[str, str]]:
    from xops_lint import collecting, discovery, registry, settings_loading
    from xops_lint.graph import stages
    from xops_lint.settings_loading import CommandLine

    settings = settings_loading.load((folder,), config=None, isolated=True, command_line=CommandLine({}, {}))
    collected = collecting.collect(discovery.find([folder], settings).files, settings, registry.load(()))
    found = stages.stages(collected.project)
    return {(leaving.address, taking.address) for leaving, taking in stages.joined(found)}


def test_stages_are_joined_as_dvc_joins_them(tmp_path: Path):
    assert stage_edges(project(tmp_path, PIPELINE)) == PIPELINE_EDGES


def test_data_under_version_control_is_a_stage_as_in_dvc(tmp_path: Path):
    files = {
        "data/raw.csv.dvc": "outs:\n- md5: 5d41402abc4b2a76b9719d911017c592\n  path: raw.csv\n",
        "dvc.yaml": "stages:\n  fit:\n    cmd: python fit.py\n    deps: [data]\n    outs: [model.pkl]\n",
    }

    assert stage_edges(project(tmp_path, files)) == {("data/raw.csv.dvc", "fit")}


@pytest.mark.skipif(not os.environ.get("DVC_PYTHON"), reason="needs a Python with DVC, named by DVC_PYTHON")
def test_dvc_itself_joins_the_stages_so(tmp_path: Path):
    folder = project(tmp_path, PIPELINE)
    script = """\
import json
import os
from dvc.repo import Repo
graph = Repo.init(".").index.graph
def name(stage):
    path = os.path.relpath(stage.path)
    return stage.name if path == "dvc.yaml" else f"{path}:{stage.name}"
print(json.dumps([(name(start), name(end)) for end, start in graph.edges]))
"""
    python = os.environ["DVC_PYTHON"]
    result = subprocess.run([python, "-c", script], cwd=folder, capture_output=True, text=True, check=True)

    assert {(start, end) for start, end in json.loads(result.stdout.splitlines()[-1])} == PIPELINE_EDGES


def test_commands_bind_the_options_of_programs(tmp_path: Path):
    files = {
        "dvc.yaml": """\
stages:
  fit:
    cmd: python src/fit.py data/train.csv --out models/${name}.joblib --quiet
    vars: [{name: churn}]
""",
        "src/fit.py": """\
import argparse
from pathlib import Path

import joblib
import pandas as pd
from sklearn.linear_model import Ridge

parser = argparse.ArgumentParser()
parser.add_argument("--quiet", action="store_true")
parser.add_argument("data")
parser.add_argument("--out", default="models/default.joblib")
parser.add_argument("--old")
args = parser.parse_args()
rows = pd.read_csv(Path(args.data))
old = pd.read_csv(args.old)
model = Ridge().fit(rows[["a"]], rows["b"])
joblib.dump(model, str(args.out))
""",
    }
    folder = project(tmp_path, files)

    assert {"fit reads data/train.csv", "fit writes models/churn.joblib"} <= edges(folder)
    assert gaps(folder) == {"src/fit.py reads args.old"}


def test_a_query_is_the_tables_it_names_however_long(tmp_path: Path):
    columns = ",\n".join(f"  rows.column_{number}" for number in range(60))
    code = f'''\
import pandas as pd
from sklearn.linear_model import Ridge

rows = pd.read_sql("""
SELECT
{columns}
FROM customers AS rows
""", "sqlite:///shop.db")
'''

    assert "fit.py reads customers" in edges(project(tmp_path, {"fit.py": code}))


def test_paths_count_from_where_a_program_runs(tmp_path: Path):
    files = {
        "pipeline/dvc.yaml": "stages:\n  fit:\n    cmd: python code/fit.py\n    outs: [out/model.pkl]\n",
        "pipeline/code/fit.py": "import pandas as pd\n\npd.DataFrame({'a': [1]}).to_csv('out/rows.csv')\n",
        "notebooks/look.ipynb": json.dumps(
            {
                "cells": [
                    {
                        "cell_type": "code",
                        "execution_count": None,
                        "id": "a",
                        "metadata": {},
                        "outputs": [],
                        "source": "import pandas as pd\npd.read_csv('../pipeline/out/rows.csv')",
                    }
                ],
                "metadata": {},
                "nbformat": 4,
                "nbformat_minor": 5,
            }
        ),
    }

    found = edges(project(tmp_path, files))

    assert "pipeline/code/fit.py writes pipeline/out/rows.csv" in found
    assert "notebooks/look.ipynb reads pipeline/out/rows.csv" in found


def test_programs_that_import_programs_run_or_only_use_them(tmp_path: Path):
    files = {
        "fit.py": """\
import pandas as pd


def columns():
    return ["a"]


def main():
    pd.read_csv("rows.csv")[columns()].to_csv("part.csv")


if __name__ == "__main__":
    main()
""",
        "all.py": "import fit\n\nif __name__ == '__main__':\n    fit.main()\n",
        "names.py": "from fit import columns\n\nif __name__ == '__main__':\n    print(columns())\n",
    }

    found = edges(project(tmp_path, files))

    assert {"all.py runs fit.py", "names.py imports fit.py", "fit.py writes part.csv"} <= found
    assert "all.py writes part.csv" not in found


def test_an_mlflow_project_starts_its_own_entry_points(tmp_path: Path):
    files = {
        "MLproject": """\
name: churn
entry_points:
  main:
    command: "python main.py"
  fit:
    parameters:
      alpha: {type: float, default: 0.5}
    command: "python fit.py {alpha}"
  score:
    command: "python score.py"
""",
        "main.py": """\
import mlflow


def start(entry):
    return mlflow.run(".", entry)


if __name__ == "__main__":
    start("fit")
    start("score")
""",
        "fit.py": """\
import mlflow

with mlflow.start_run(run_name="fit"):
    mlflow.log_metric("rmse", 0.1)
    mlflow.sklearn.log_model(object(), "model", registered_model_name="churn")
""",
        "score.py": "import mlflow\n\nmodel = mlflow.pyfunc.load_model('models:/churn/3')\n",
    }

    found = edges(project(tmp_path, files))

    assert {"main runs main.py", "main.py runs fit", "main.py runs score", "fit runs fit.py", "fit uses alpha"} <= found
    assert {"fit.py logs rmse", "fit.py registers churn", "score.py loads churn"} <= found


def test_images_lead_from_programs_to_services_and_alerts(tmp_path: Path):
    files = {
        ".github/workflows/release.yml": """\
on: push
jobs:
  ship:
    runs-on: ubuntu-24.04
    steps:
      - run: docker build -t registry.example.org/churn:$GITHUB_SHA -f serving/Dockerfile .
      - run: kubectl apply -f deploy
""",
        "serving/Dockerfile": 'FROM python:3.12\nCOPY models models\nCMD ["uvicorn", "app:app"]\n',
        "serving/app.py": """\
import joblib
from fastapi import FastAPI
from prometheus_client import Counter

ASKED = Counter("churn_asked_total", "Requests")
model = joblib.load("models/churn.joblib")
app = FastAPI()


@app.post("/predict")
def predict(row: dict):
    return {"score": model.predict([row])[0]}
""",
        "deploy/churn.yaml": """\
apiVersion: apps/v1
kind: Deployment
metadata: {name: churn}
spec:
  template:
    metadata: {labels: {app: churn}}
    spec:
      containers:
        - {name: api, image: "registry.example.org/churn:1.4.0"}
---
apiVersion: v1
kind: Service
metadata: {name: churn-api}
spec: {selector: {app: churn}}
""",
        "alerts.yml": """\
groups:
  - name: churn
    rules:
      - {alert: NobodyAsks, expr: "rate(churn_asked_total[1h]) == 0"}
      - {alert: Elsewhere, expr: up == 0}
""",
    }
    folder = project(tmp_path, files)

    assert edges(folder) >= {
        "ship builds serving/Dockerfile",
        "ship deploys churn",
        "serving/Dockerfile runs serving/app.py",
        "serving/app.py serves POST /predict",
        "churn runs serving/Dockerfile",
        "churn serves churn-api",
        "NobodyAsks watches churn_asked_total",
    }
    assert "Elsewhere watches up == 0" in gaps(folder)
    assert "service churn-api" in shown(folder, "models/churn.joblib", "--downstream")


def test_upstream_of_the_example_service_is_the_way_from_its_data():
    tree = shown(EXAMPLE, "/predict", "--upstream")

    assert tree.splitlines()[:2] == ["service POST /predict  churn/serve.py:43", "upstream:"]
    for part in (
        "served by script churn/serve.py  churn/serve.py:43",
        "loads model models/churn.skops  churn/serve.py:29",
        "written by stage train  dvc.yaml:16",
        "uses parameter train  dvc.yaml:15",
        "written by stage generate  dvc.yaml:6",
        "run by job pipeline  .github/workflows/ci.yml:25",
    ):
        assert part in tree


def test_depth_cuts_a_tree_and_says_so():
    tree = shown(EXAMPLE, "models/churn.skops", "--upstream", "--depth", "1")

    assert [line.strip("│├└─ ").split("  ")[0] for line in tree.splitlines()[2:]] == [
        "written by script churn/train.py",
        "…",
        "written by stage train",
        "…",
    ]


def test_gaps_stand_below_what_they_belong_to():
    tree = shown(EXAMPLE, "deployment:churn", "--upstream")

    assert "└─ runs image registry.example.org/churn  deploy/churn.yaml:21" in tree
    assert "   └─ builds ? unknown: which Dockerfile  deploy/churn.yaml:21" in tree


def test_a_target_is_found_from_the_folder_one_stands_in():
    tree = shown(EXAMPLE, "churn/train.py")

    assert shown(EXAMPLE / "churn", "train.py") == tree
    assert shown(EXAMPLE / "churn", str(EXAMPLE / "churn" / "train.py")) == tree


def test_an_unknown_target_is_an_error_that_names_near_ones():
    result = lineage(EXAMPLE, "model/churn.skop")

    assert (result.returncode, result.stdout) == (2, "")
    assert "`model/churn.skop` is no file, stage, model" in result.stderr
    assert "near it are `models/churn.skops`" in result.stderr


def test_directions_need_a_target():
    result = lineage(EXAMPLE, "--upstream")

    assert (result.returncode, result.stdout) == (2, "")
    assert "need a target" in result.stderr


def test_json_holds_nodes_edges_and_gaps_with_their_places():
    graph = json.loads(shown(EXAMPLE, "models/churn.skops", "--output-format", "json"))
    written = {"kind": "writes", "source": "stage:train", "target": "path:models/churn.skops"}

    assert graph["targets"] == ["path:models/churn.skops"]
    assert {**written, "filename": "dvc.yaml", "row": 16, "cell": None} in graph["edges"]
    ids = {node["id"] for node in graph["nodes"]}
    assert all({edge["source"], edge["target"]} <= ids for edge in graph["edges"])
    assert all(gap["node"] in ids for gap in graph["gaps"])


def test_drawings_have_arrows_along_the_flow():
    mermaid = shown(EXAMPLE, "data/train.csv", "--output-format", "mermaid").splitlines()
    dot = shown(EXAMPLE, "data/train.csv", "--output-format", "dot").splitlines()

    assert mermaid[0] == "flowchart LR"
    data = next(line.strip().partition("[")[0] for line in mermaid if '"data: data/train.csv"' in line)
    train = next(line.strip().partition("[")[0] for line in mermaid if '"stage: train"' in line)
    assert f"  {data} -->|read by| {train}" in mermaid
    assert dot[0] == "digraph lineage {" and dot[-1] == "}"


def test_the_whole_graph_is_the_same_every_time():
    assert shown(EXAMPLE) == shown(EXAMPLE)


def test_steps_of_a_pipeline_in_python_do_what_their_functions_do(tmp_path: Path):
    files = {
        "pipe.py": """\
from zenml import pipeline, step
import pandas as pd
import joblib
from sklearn.linear_model import Ridge


@step
def load():
    return pd.read_csv("rows.csv")


@step
def fit(rows):
    model = Ridge().fit(rows[["a"]], rows["b"])
    joblib.dump(model, "model.joblib")
    return model


@pipeline
def churn():
    fit(load())
""",
    }

    found = edges(project(tmp_path, files))

    assert {"pipe.py runs churn", "churn runs load", "churn runs fit", "fit reads load"} <= found
    assert {"load reads rows.csv", "fit writes model.joblib"} <= found


def console_blocks() -> list[tuple[str, str]]:
    page = (EXAMPLE.parent.parent / "docs" / "lineage.md").read_text("utf-8")
    blocks = (part.split("```")[0] for part in page.split("```console\n$ xops-lint lineage ")[1:])
    return [tuple(block.split("\n", 1)) for block in blocks]  # type: ignore[misc]


@pytest.mark.parametrize(("words", "output"), console_blocks())
def test_the_page_shows_what_the_command_prints(words: str, output: str):
    assert shown(EXAMPLE, *words.split()) == output


def test_the_html_page_needs_nothing_else_and_holds_the_graph():
    page = shown(EXAMPLE, "models/churn.skops", "--output-format", "html")
    graph = json.loads(page.partition('id="graph">')[2].partition("</script>")[0])

    assert graph["targets"] == ["path:models/churn.skops"]
    assert {"start": "stage:train", "end": "path:models/churn.skops", "phrase": "writes"}.items() <= next(
        edge.items() for edge in graph["edges"] if edge["source"] == "stage:train" and edge["kind"] == "writes"
    )
    assert not any(word in page.replace("http://www.w3.org/2000/svg", "") for word in ("http:", "https:", "src="))


def test_names_cannot_end_the_script_of_the_html_page(tmp_path: Path):
    files = {"read.py": "import pandas as pd\n\npd.read_csv('</script><script>alert(1)//.csv')\n"}
    page = shown(project(tmp_path, files), "--output-format", "html")

    assert "alert(1)" in page
    assert "<script>alert(1)" not in page


def test_a_project_without_pipelines_and_data_says_so(tmp_path: Path):
    result = lineage(project(tmp_path, {"a.py": "print(1)\n"}))

    assert (result.returncode, result.stdout) == (0, "")
    assert "the graph is empty" in result.stderr


PREPARE = """\
import argparse
import sys

import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("-i", "--in", dest="source", default="data/none.csv")
parser.add_argument("-o", "--out")
options = parser.parse_args()
pd.read_csv(options.source).to_csv(options.out)
"""


def test_commands_bind_short_options_those_kept_elsewhere_and_words_by_their_place(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n"
        "  clean:\n    cmd: python prepare.py -i data/raw.csv -o data/clean.csv\n"
        "  copy:\n    cmd: python copy_rows.py data/clean.csv data/copy.csv\n",
        "prepare.py": PREPARE,
        "copy_rows.py": "import sys\n\nimport pandas as pd\n\npd.read_csv(sys.argv[1]).to_csv(sys.argv[2])\n",
    }

    assert edges(project(tmp_path, files)) >= {
        "clean reads data/raw.csv",
        "clean writes data/clean.csv",
        "copy reads data/clean.csv",
        "copy writes data/copy.csv",
    }


def test_commands_override_the_settings_that_a_decorator_hands_over(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n  copy:\n    cmd: python copy_rows.py data.path=data/march.csv\n",
        "conf/config.yaml": "defaults:\n  - _self_\ndata:\n  path: data/sample.csv\nout: data/copy.csv\n",
        "copy_rows.py": "import hydra\nimport pandas as pd\n\n\n"
        '@hydra.main(config_path="conf", config_name="config")\n'
        "def main(cfg):\n    pd.read_csv(cfg.data.path).to_csv(cfg.out)\n\n\nmain()\n",
    }

    found = edges(project(tmp_path, files))

    assert found >= {
        "copy reads data/march.csv",
        "copy_rows.py reads data/sample.csv",
        "copy_rows.py writes data/copy.csv",
    }


def test_programs_do_what_the_modules_they_import_enter_into_registries(tmp_path: Path):
    files = {
        "registry.py": "LOADERS = {}\n\n\ndef register(name):\n    def enter(function):\n"
        "        LOADERS[name] = function\n        return function\n\n    return enter\n",
        "loaders.py": "import pandas as pd\n\nfrom registry import register\n\n\n"
        '@register("sales")\ndef sales():\n    return pd.read_csv("data/sales.csv")\n\n\n'
        'def unused():\n    return pd.read_csv("data/unused.csv")\n',
        "train.py": "import sys\n\nimport loaders\nfrom registry import LOADERS\n\n"
        'if __name__ == "__main__":\n    LOADERS[sys.argv[1]]().to_csv("data/out.csv")\n',
    }

    found = edges(project(tmp_path, files))

    assert "train.py reads data/sales.csv" in found
    assert "train.py reads data/unused.csv" not in found


def test_a_path_below_a_folder_that_a_config_names_is_a_gap(tmp_path: Path):
    files = {
        "params.yaml": "folder: data\n",
        "train.py": "import os\n\nimport pandas as pd\nimport yaml\n\n"
        'params = yaml.safe_load(open("params.yaml"))\npath = os.path.join(params["folder"], "x.csv")\n'
        "pd.read_csv(path)\n",
    }

    assert gaps(project(tmp_path, files)) == {"train.py reads path"}


def test_a_variable_of_the_environment_is_its_default_as_far_as_code_tells(tmp_path: Path):
    files = {
        "app.py": "import os\n\nimport joblib\nfrom flask import Flask\n\napp = Flask(__name__)\n"
        'PATH = os.environ.get("MODEL_PATH", "models/churn.joblib")\n\n\n'
        "def load(path):\n    return joblib.load(path)\n\n\nmodel = load(PATH)\n",
    }
    found = project(tmp_path, files)

    assert "app.py loads models/churn.joblib" in edges(found)
    assert gaps(found) == set()
