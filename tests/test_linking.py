"""What files learn from other modules of their project: types, and functions that handle data."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from processes import git, lint, write

DATA = """
import pandas as pd
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler


def load():
    return pd.read_csv("rows.csv")


def scale(frame):
    return StandardScaler().fit_transform(frame)


def scale_with(step, frame):
    return step.fit_transform(frame)


def split(x, y):
    return train_test_split(x, y, random_state=1)


class Rows:
    def __init__(self, path):
        self.path = path

    def scaled(self, frame):
        return StandardScaler().fit_transform(frame)
"""

MODEL = """
from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score


def train(x, y):
    model = Ridge()
    model.fit(x, y)
    return model


def refit(model, x, y):
    model.fit(x, y)


def report(model, x, y):
    print(r2_score(y, model.predict(x)))
"""

START = """
import data
from data import Rows, scale, scale_with, split
from model import refit, report, train
from sklearn.linear_model import Lasso
from sklearn.preprocessing import MinMaxScaler

rows = data.load()
x, y = rows.drop(columns="y"), rows["y"]
"""

SCALED_FIRST = "a, b, c, d = split(scale(x), y)\nreport(train(a, c), b, d)\n"
BY_A_METHOD = "a, b, c, d = split(Rows('rows.csv').scaled(x), y)\nreport(train(a, c), b, d)\n"
BY_A_STEP = "a, b, c, d = split(scale_with(MinMaxScaler(), x), y)\nreport(train(a, c), b, d)\n"
HANDED_ON = "from steps import prepared\na, b, c, d = split(prepared(x), y)\nreport(train(a, c), b, d)\n"
SPLIT_FIRST = (
    "a, b, c, d = split(x, y)\nstep = MinMaxScaler().fit(a)\nmodel = train(step.transform(a), c)\nreport(model, b, d)\n"
)
SCALED_TWICE = "a, b, c, d = split(x, y)\nreport(train(scale(a), c), scale(b), d)\n"
SAME_ROWS = "report(train(x, y), x, y)\n"
REFITTED = "model = Lasso()\nrefit(model, x, y)\nreport(model, x, y)\n"
OTHER_ROWS = "a, b, c, d = split(x, y)\nmodel = train(a, c)\nreport(model, a, c)\nreport(model, b, d)\n"


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (SCALED_FIRST, ["XOP406 scale(x)"]),
        (BY_A_METHOD, ["XOP406 Rows('rows.csv').scaled(x)"]),
        (BY_A_STEP, ["XOP406 scale_with(MinMaxScaler(), x)"]),
        (HANDED_ON, ["XOP406 prepared(x)"]),
        (SPLIT_FIRST, []),
        (SCALED_TWICE, ["XOP407 scale(b)"]),
        (SAME_ROWS, ["XOP405 report(train(x, y), x, y)"]),
        (REFITTED, ["XOP405 report(model, x, y)"]),
        (OTHER_ROWS, []),
    ],
)
def test_what_imported_functions_do_with_data_is_known_to_their_callers(
    tmp_path: Path, code: str, expected: list[str]
) -> None:
    project(tmp_path, code)

    assert [f"{each['code']} {quoted(tmp_path, each)}" for each in found(tmp_path)] == expected


def test_a_finding_leads_to_where_the_other_module_does_it(tmp_path: Path) -> None:
    project(tmp_path, SCALED_FIRST)

    (finding,) = found(tmp_path)

    assert [(each["filename"], each["location"]["row"], each["message"]) for each in finding["related"]] == [
        ("data.py", 12, "learned here"),
        ("main.py", 10, "split here"),
    ]


def test_what_a_function_does_alone_is_told_in_its_own_file(tmp_path: Path) -> None:
    leaky = "\n\ndef parts(x, y):\n    return train_test_split(StandardScaler().fit_transform(x), y, random_state=1)\n"
    project(tmp_path, "from data import parts\na, b, c, d = parts(x, y)\nreport(train(a, c), b, d)\n", DATA + leaky)

    assert [(each["filename"], each["code"]) for each in found(tmp_path, ".")] == [("data.py", "XOP406")]


def project(root: Path, code: str, data: str = DATA) -> None:
    git(root, "init")
    write(root, "data.py", data)
    write(root, "model.py", MODEL)
    write(root, "steps.py", "import data\n\n\ndef prepared(frame):\n    return data.scale(frame.dropna())\n")
    write(root, "main.py", START + code)


def found(root: Path, *paths: str) -> list[dict[str, Any]]:
    names = "leaky-preprocessing,fit-on-test-data,evaluation-on-training-data"
    done = lint(root, "check", "--select", names, "--output-format", "json", *(paths or ["main.py"]))
    return list(json.loads(done.stdout))


def quoted(root: Path, finding: dict[str, Any]) -> str:
    line = (root / finding["filename"]).read_text("utf-8").splitlines()[finding["location"]["row"] - 1]
    return line[finding["location"]["column"] - 1 : finding["end_location"]["column"] - 1]
