"""What is found in a file does not hang on how many files are shown beside it."""

from __future__ import annotations

import json
from collections import defaultdict
from pathlib import Path
from typing import Any

import pytest

from tests.processes import git, lint, write

FILES = {
    "pyproject.toml": "[project]\nname = 'shop'\n",
    "shop/__init__.py": "",
    "shop/data.py": (
        "import random\n\nimport pandas\n\n\n"
        "def load(address):\n    rows = pandas.read_csv(address)\n    random.shuffle(rows)\n    return rows\n"
    ),
    "shop/again.py": (
        "from shop.data import load as fetch\n\n\ndef rows():\n    return fetch('https://example.com/rows.csv')\n"
    ),
    "train.py": (
        "import joblib\nfrom sklearn.linear_model import SGDClassifier\n"
        "from sklearn.model_selection import train_test_split\n\n"
        "from shop.again import rows\n\n"
        "left, right = train_test_split(rows())\nmodel = SGDClassifier().fit(left, left.y)\n"
        "joblib.dump(model, 'model.joblib')\n"
    ),
    "tune.py": (
        "import random\n\nfrom sklearn.linear_model import SGDClassifier\n\nfrom shop.again import rows\n\n"
        "random.seed(1)\nmodel = SGDClassifier(random_state=1).fit(rows(), 1)\n"
    ),
    "serve.py": (
        "import joblib\nimport torch\n\n"
        "model = joblib.load('model.joblib')\nother = torch.load('other.pt', weights_only=False)\n"
    ),
    "hub.py": "from transformers import AutoModel\n\n\ndef make(name):\n    return AutoModel.from_pretrained(name)\n",
    "use.py": "import hub\n\nmodel = hub.make('owner/model')\n",
    "job/run.yaml": "name: x\n",
    "Dockerfile": 'FROM python:latest\nCOPY train.py .\nCMD ["python", "train.py"]\n',
    "tests/test_data.py": "from shop.data import load\n\n\ndef test_load():\n    assert load\n",
}
"""A project whose findings hang on files besides the one in which they are shown."""


def found(folder: Path, *arguments: str) -> dict[str, list[Any]]:
    """Return what is found by file, without how its path is spelled."""
    finished = lint(folder, "check", "--isolated", "--preview", "--output-format", "json", *arguments)
    by_file = defaultdict(list)
    for each in json.loads(finished.stdout):
        by_file[each["filename"]].append((each["code"], each["message"], each["location"]["row"], each["related"]))
    return {name: sorted(each, key=repr) for name, each in by_file.items()}


@pytest.mark.parametrize(
    ("cache", "names"),
    [((), ("shop/data.py", "train.py", "use.py", "serve.py", "Dockerfile")), (("--no-cache",), ("use.py",))],
    ids=["kept", "anew"],
)
def test_a_file_alone_shows_what_it_shows_among_all(
    tmp_path: Path, cache: tuple[str, ...], names: tuple[str, ...]
) -> None:
    git(tmp_path, "init", "--quiet")
    # So many that a single one is few.
    for name, text in (FILES | {f"other/part{number}.py": "import os\n" for number in range(12)}).items():
        write(tmp_path, name, text)
    everything = found(tmp_path, *cache, ".")
    assert len(everything) > 4
    for name in names:
        assert found(tmp_path, *cache, name).get(name, []) == everything.get(name, []), name
