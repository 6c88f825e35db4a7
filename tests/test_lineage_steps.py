"""What commands start by way of scripts, makefiles, notebooks, steps in Python, images and composed configs."""

from __future__ import annotations

import json
from pathlib import Path

from tests.test_lineage import edges, gaps, project, shown

COPYING = """\
import argparse

import pandas as pd

parser = argparse.ArgumentParser()
parser.add_argument("--rows")
parser.add_argument("--out")
args = parser.parse_args()
pd.read_csv(args.rows).to_csv(args.out)
"""


def spots(folder: Path, kind: str) -> set[str]:
    """Return where it is written that something does something to something else."""
    graph = json.loads(shown(folder, "--output-format", "json"))
    return {f"{edge['filename']}:{edge['row']}" for edge in graph["edges"] if edge["kind"] == kind}


def test_a_script_of_the_shell_does_its_commands_for_the_stage(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n  copy:\n    cmd: bash jobs/copy.sh data/raw.csv\n",
        "jobs/copy.sh": "#!/usr/bin/env bash\nset -e\nOUT=data/copy.csv\n"
        'cd "$(dirname "$0")/.."\npython src/copy_rows.py --rows "$1" --out "$OUT"\n',
        "src/copy_rows.py": COPYING,
    }

    folder = project(tmp_path, files)

    assert edges(folder) >= {
        "copy runs src/copy_rows.py",
        "copy reads data/raw.csv",
        "copy writes data/copy.csv",
    }
    assert spots(folder, "runs") == {"jobs/copy.sh:5"}


def test_scripts_start_scripts_and_never_without_end(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n  copy:\n    cmd: ./all.sh\n",
        "all.sh": "./all.sh\nfor part in 1 2; do\n  sh jobs/one.sh data/$part.csv ${1:-data/copy.csv}\ndone\n",
        "jobs/one.sh": 'HERE="$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)"\n'
        'python "$HERE"/copy_rows.py --rows $1 --out $2\n',
        "jobs/copy_rows.py": COPYING,
    }

    folder = project(tmp_path, files)

    assert edges(folder) >= {"copy runs jobs/copy_rows.py", "copy writes data/copy.csv"}
    assert not any("$part" in edge for edge in edges(folder))


def test_a_script_runs_what_it_is_given_and_nothing_if_it_is_given_nothing(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n  copy:\n    cmd: ./run.sh python copy_rows.py --rows data/raw.csv\n"
        "  rest:\n    cmd: ./run.sh\n",
        "run.sh": 'set -e\nexec "$@"\n',
        "copy_rows.py": COPYING,
    }

    assert edges(project(tmp_path, files)) >= {"copy runs copy_rows.py", "copy reads data/raw.csv"}


def test_a_target_of_a_makefile_is_made_after_what_it_needs(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n  train:\n    cmd: make -j 2 MODE=fast model\n  all:\n    cmd: make -C other\n",
        "Makefile": "PYTHON = python3\nCOPY := data/copy.csv\n.PHONY: model lint\n\nlint:\n\tpython lint.py\n\n"
        "model: $(COPY)\n\t@$(PYTHON) train.py --rows $< --out models/a.csv\n\n"
        "$(COPY): data/raw.csv \\\n\tsrc\n\t@$(PYTHON) copy_rows.py \\\n\t  --rows $< --out $@\n",
        "other/Makefile": "all: train\ntrain: ; python train.py --rows data/other.csv\nclean:\n\tpython clean.py\n",
        "other/train.py": COPYING,
        "copy_rows.py": COPYING,
        "train.py": COPYING,
        "lint.py": COPYING,
    }

    folder = project(tmp_path, files)
    found = edges(folder)

    assert found >= {
        "train runs copy_rows.py",
        "train runs train.py",
        "train reads data/raw.csv",
        "train writes data/copy.csv",
        "train reads data/copy.csv",
        "train writes models/a.csv",
        "all runs other/train.py",
        "all reads other/data/other.csv",
    }
    assert "train runs lint.py" not in found
    assert spots(folder, "runs") == {"Makefile:9", "Makefile:13", "other/Makefile:2"}


def test_a_script_that_is_not_there_is_a_gap(tmp_path: Path):
    files = {"dvc.yaml": "stages:\n  copy:\n    cmd: bash jobs/copy.sh\n", "jobs/other.sh": "true\n"}

    assert gaps(project(tmp_path, files)) == {"copy runs jobs/copy.sh"}


NOTEBOOK = {
    "cells": [
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {"tags": ["parameters"]},
            "outputs": [],
            "source": ["rows = 'data/sample.csv'\n", "rounds = 1"],
        },
        {
            "cell_type": "code",
            "execution_count": None,
            "metadata": {},
            "outputs": [],
            "source": ["import pandas as pd\n", "pd.read_csv(rows).to_parquet('features.parquet')"],
        },
    ],
    "metadata": {"kernelspec": {"display_name": "p", "language": "python", "name": "p"}},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def test_a_run_of_a_notebook_sets_its_parameters_and_leaves_another_notebook(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n  report:\n"
        "    cmd: papermill nb/report.ipynb out/report.ipynb -p rows data/raw.csv -p rounds 5\n",
        "nb/report.ipynb": json.dumps(NOTEBOOK),
    }

    assert edges(project(tmp_path, files)) >= {
        "report runs nb/report.ipynb",
        "report reads data/raw.csv",
        "report writes out/report.ipynb",
        "nb/report.ipynb reads data/sample.csv",
    }


def test_steps_in_python_and_programs_run_what_their_shell_commands_start(tmp_path: Path):
    files = {
        "dags/daily.py": "from airflow.decorators import dag, task\nfrom airflow.operators.bash import BashOperator\n\n"
        'SCRIPTS = "/opt/airflow/dags/scripts"\n\n'
        'clean = BashOperator(\n    task_id="clean",\n'
        '    bash_command=f"python {SCRIPTS}/copy_rows.py --rows data/raw.csv --out data/clean.csv",\n)\n\n\n'
        "@dag(schedule=None)\ndef retrain():\n    @task.bash\n    def train() -> str:\n"
        '        return "bash /opt/airflow/dags/scripts/train.sh data/clean.csv"\n\n    train()\n\n\nretrain()\n',
        "dags/scripts/copy_rows.py": COPYING,
        "dags/scripts/train.sh": 'cd "$(dirname "$0")" || exit 1\npython copy_rows.py --rows "../../$1"\n',
        "all.py": "import subprocess\nimport sys\n\n"
        'subprocess.run([sys.executable, "dags/scripts/copy_rows.py", "--rows", "data/all.csv"], check=True)\n',
    }

    found = edges(project(tmp_path, files))

    assert found >= {
        "dags/daily.py runs clean",
        "clean runs dags/scripts/copy_rows.py",
        "retrain runs train",
        "train runs dags/scripts/copy_rows.py",
        "train reads data/clean.csv",
        "all.py runs dags/scripts/copy_rows.py",
        "all.py reads data/all.csv",
    }
    assert any(edge.startswith("clean writes ") and edge.endswith("data/clean.csv") for edge in found)


def test_an_image_of_the_whole_project_holds_its_models_and_what_its_program_takes(tmp_path: Path):
    files = {
        "Dockerfile": 'FROM python:3.12-slim\nWORKDIR /app\nCOPY . .\nCMD ["python", "serve.py"]\n',
        ".dockerignore": "# too large\ndata\n/models/*\n!models/churn.skops\n",
        "serve.py": "import pandas as pd\nimport skops.io as sio\nfrom fastapi import FastAPI\n\napp = FastAPI()\n"
        'model = sio.load("models/churn.skops")\nrows = pd.read_csv("data/rows.csv")\n'
        'names = pd.read_csv("names.csv")\n\n\n'
        '@app.get("/predict")\ndef predict():\n    return model.predict(rows)\n',
        "dvc.yaml": "stages:\n  train:\n    cmd: python train.py\n    deps: [data/train.csv]\n"
        "    outs: [models/churn.skops, models/old.skops]\n",
        "train.py": "print(1)\n",
    }

    found = {edge for edge in edges(project(tmp_path, files)) if edge.startswith("Dockerfile reads")}

    assert found == {"Dockerfile reads python", "Dockerfile reads models/churn.skops", "Dockerfile reads names.csv"}


def test_a_folder_of_code_and_models_is_copied_with_the_models_in_it(tmp_path: Path):
    files = {
        "docker/Dockerfile": 'FROM python:3.12-slim\nCOPY src/ /app/\nCMD ["python", "/app/serve.py"]\n',
        "docker/Dockerfile.dockerignore": "**/*.old.skops\n",
        "src/serve.py": "import skops.io as sio\n\nprint(sio.load('/app/models/churn.skops'))\n",
        "dvc.yaml": "stages:\n  train:\n    cmd: python src/train.py\n"
        "    outs: [src/models/churn.skops, src/models/churn.old.skops, models/other.skops]\n",
        "src/train.py": "print(1)\n",
    }

    found = {edge for edge in edges(project(tmp_path, files)) if edge.startswith("docker/Dockerfile reads")}

    assert found == {"docker/Dockerfile reads python", "docker/Dockerfile reads src/models/churn.skops"}


def test_a_decorator_names_the_config_whose_values_it_hands_over(tmp_path: Path):
    code = "import hydra\nimport pandas as pd\n\n\n"
    code += "@hydra.main(config_path='../conf', config_name='{name}')\ndef main(cfg):\n"
    files = {
        "conf/plain.yaml": "rows: data/plain.csv\nout: data/copy.csv\n",
        "conf/picking.yaml": "defaults:\n  - source: web\n  - _self_\nout: data/web.csv\n",
        "conf/source/web.yaml": "rows: data/web_raw.csv\n",
        "conf/source/local.yaml": "rows: data/local_raw.csv\n",
        "src/plain.py": code.format(name="plain") + "    pd.read_csv(cfg.rows).to_csv(cfg.out)\n\n\nmain()\n",
        "src/picking.py": code.format(name="picking")
        + "    pd.read_csv(cfg.source.rows).to_csv(cfg.out)\n\n\nmain()\n",
    }

    found = edges(project(tmp_path, files))

    assert {edge for edge in found if " reads " in edge or " writes " in edge} == {
        "src/plain.py reads data/plain.csv",
        "src/plain.py writes data/copy.csv",
        "src/picking.py reads data/web_raw.csv",
        "src/picking.py writes data/web.csv",
    }


def test_jobs_of_a_pipeline_hand_on_what_they_leave_under_names(tmp_path: Path):
    files = {
        "data.yml": "$schema: https://azuremlschemas.azureedge.net/latest/data.schema.json\n"
        "type: uri_file\nname: fares\npath: data/fares.csv\n",
        "jobs/pipeline.yml": "$schema: https://azuremlschemas.azureedge.net/latest/pipelineJob.schema.json\n"
        "type: pipeline\ninputs:\n  raw:\n    type: uri_file\n    path: azureml:fares@latest\njobs:\n"
        "  prepare:\n    code: ../src\n"
        "    command: python prepare.py --rows ${{inputs.rows}} --out ${{outputs.clean}}\n"
        "    inputs:\n      rows: ${{parent.inputs.raw}}\n    outputs:\n      clean:\n        type: uri_folder\n"
        "  register:\n    code: ../src\n    command: python register.py --name ${{inputs.name}}\n"
        "    inputs:\n      name: fare-model\n      clean: ${{parent.jobs.prepare.outputs.clean}}\n",
        "deploy.yml": "$schema: https://azuremlschemas.azureedge.net/latest/managedOnlineDeployment.schema.json\n"
        "name: blue\nendpoint_name: fares\nmodel: azureml:fare-model@latest\n",
        "src/prepare.py": COPYING + "print('done')\n",
        "src/register.py": "import argparse\n\nimport mlflow\n\n\ndef parse():\n"
        "    parser = argparse.ArgumentParser()\n    parser.add_argument('--name')\n"
        "    args, _ = parser.parse_known_args()\n"
        "    return args\n\n\n"
        "def main(args):\n    mlflow.register_model('runs:/1/model', args.name)\n\n\nmain(parse())\n",
    }

    found = edges(project(tmp_path, files))

    assert found >= {
        "prepare runs src/prepare.py",
        "prepare reads data/fares.csv",
        "prepare writes prepare.clean",
        "register reads prepare.clean",
        "register registers fare-model",
        "deploy.yml loads fare-model",
    }


def test_options_that_a_function_parses_are_followed_to_the_function_that_takes_them_all(tmp_path: Path):
    files = {
        "dvc.yaml": "stages:\n  copy:\n    cmd: python copy_rows.py --rows data/raw.csv --out data/copy.csv\n",
        "copy_rows.py": "import argparse\nfrom pathlib import Path\n\nimport pandas as pd\n\n\ndef parse():\n"
        "    parser = argparse.ArgumentParser()\n    parser.add_argument('--rows')\n    parser.add_argument('--out')\n"
        "    return parser.parse_args()\n\n\ndef main(args):\n    pd.read_csv(Path(args.rows)).to_csv(args.out)\n\n\n"
        "if __name__ == '__main__':\n    args = parse()\n    main(args)\n",
    }

    assert edges(project(tmp_path, files)) >= {"copy reads data/raw.csv", "copy writes data/copy.csv"}
