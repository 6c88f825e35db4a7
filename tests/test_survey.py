"""The one walk: names, values, instances, helpers, parts."""

from __future__ import annotations

from xops_lint.call import Call
from xops_lint.catalog import Catalog
from xops_lint.code import PythonFile
from xops_lint.languages.python import read_module


def model(source: str, path: str = "train.py") -> PythonFile:
    file = read_module(path, source, Catalog())
    assert file.problems == []
    return file


def names(source: str, path: str = "train.py") -> list[str]:
    return [call.name for call in model(source, path).all_calls]


def last(source: str) -> tuple[PythonFile, Call]:
    file = model(source)
    return file, file.all_calls[-1]


def test_aliases_and_submodules_resolve_to_one_name() -> None:
    source = """
import numpy as np
import numpy.random as npr
from numpy import random as r
np.random.seed(1); npr.seed(1); r.seed(1)
"""

    assert names(source) == ["numpy.random.seed"] * 3


def test_relative_imports_resolve_within_the_package() -> None:
    assert names("from ..tools import f\nf()", "pkg/sub/train.py") == ["pkg.tools.f"]
    assert names("from . import g\ng.h()", "pkg/sub/__init__.py") == ["pkg.sub.g.h"]


def test_instances_keep_their_type_through_names_attributes_and_chains() -> None:
    source = """
from sklearn.ensemble import RandomForestClassifier as Forest

class Trainer:
    def __init__(self):
        self.model = Forest()
    def run(self, x, y):
        return self.model.fit(x, y).predict(x)

Trainer().run(1, 2)
"""
    found = names(source)

    assert "sklearn.ensemble.RandomForestClassifier.fit" in found
    assert "sklearn.ensemble.RandomForestClassifier.predict" in found


def test_a_branch_that_binds_none_does_not_hide_the_type() -> None:
    source = """
from sklearn.linear_model import Ridge
model = Ridge() if flag else None
if model is None:
    model = None
model.fit(x, y)
"""
    source = "flag = x = y = 1\n" + source

    assert names(source)[-1] == "sklearn.linear_model.Ridge.fit"


def test_constants_fold_through_names_paths_and_formats() -> None:
    source = """
import os
from pathlib import Path
SEED = 40 + 2
ROOT = Path("data") / "raw"
use(SEED, os.path.join(ROOT, f"{SEED}.csv"), f"s3://bucket/{unknown}/x", -1)
"""
    _, call = last("unknown = input()\nuse = print\n" + source)

    assert [argument.value.constant for argument in call.arguments[:2]] == [42, "data/raw/42.csv"]
    assert call.arguments[2].value.string == "s3://bucket/{}/x"
    assert call.arguments[3].value.constant == -1


def test_both_branches_are_joined_and_disagreement_is_unknown() -> None:
    _, call = last("flag = input()\nif flag:\n    a = 1; b = 2\nelse:\n    a = 1; b = 3\nprint(a, b)")

    assert call.arguments[0].value.constant == 1
    assert not call.arguments[1].value.known


def test_a_branch_that_leaves_does_not_count() -> None:
    _, call = last("flag = input()\na = 1\nif flag:\n    a = 2\n    raise SystemExit\nprint(a)")

    assert call.arguments[0].value.constant == 1


def test_parts_of_a_split_flow_through_helpers() -> None:
    file, call = last("""
import pandas as pd
from sklearn.model_selection import train_test_split

def halves(path):
    rows = pd.read_csv(path)
    return train_test_split(rows)

train, test = halves("a.csv")
print(test["x"])
""")
    split = next(file.calls("split_data"))

    assert call.data_parts == {(split.index, "test")}
    assert {source.name for source in file.sources(call.arguments[0].value, "load_data")} == {"pandas.read_csv"}


def test_fitting_marks_the_transformer_and_what_it_transforms() -> None:
    file, call = last("""
import pandas as pd
from sklearn.preprocessing import StandardScaler
rows = pd.read_csv("a.csv")
scaler = StandardScaler()
scaler.fit(rows)
scaled = scaler.transform(rows)
print(scaled)
""")

    assert [source.method for source in file.sources(call.arguments[0].value, "preprocess")] == ["fit"]


def test_folds_bind_their_parts() -> None:
    file, call = last("""
from sklearn.model_selection import KFold
data = input()
for train, test in KFold().split(data):
    print(data[test])
""")
    split = next(call for call in file.calls("split_data") if call.name.endswith(".split"))

    assert (split.index, "test") in call.data_parts
    assert (split.index, "train") not in call.data_parts
    assert call.loop == 1


def test_own_classes_inherit_catalogued_methods() -> None:
    source = """
import torch.nn as nn

class Base(nn.Module):
    pass

class Net(Base):
    pass

net = Net()
net.load_state_dict({})
"""

    assert names(source)[-1] == "torch.nn.Module.load_state_dict"


def test_a_function_is_walked_where_it_is_first_called() -> None:
    source = """
import numpy as np

def draw():
    return np.random.rand(3)

np.random.seed(0)
draw()
"""

    assert names(source) == ["numpy.random.seed", "numpy.random.rand", "train.draw"]


def test_main_guard_and_scopes_are_recorded() -> None:
    file = model("def main():\n    print(1)\nif __name__ == '__main__':\n    main()\n")

    assert file.main
    assert [(call.name, call.scope) for call in file.all_calls] == [("print", "main"), ("train.main", "")]


def test_star_imports_of_known_tools_resolve() -> None:
    assert names("from sklearn.model_selection import *\ntrain_test_split([1])") == [
        "sklearn.model_selection.train_test_split"
    ]


def test_clients_are_named_by_their_service() -> None:
    source = 'import boto3\nboto3.Session().client("s3").download_file("b", "k", "f")'

    assert names(source)[-1] == "boto3.client.s3.download_file"


def test_values_from_options_and_configuration_say_so() -> None:
    _, call = last("""
import argparse, yaml
parser = argparse.ArgumentParser()
options = parser.parse_args()
settings = yaml.safe_load(open("params.yaml"))
print(options.seed, settings["train"]["seed"])
""")

    assert [argument.value.origin for argument in call.arguments] == ["cli", "config"]


def test_every_syntax_up_to_3_13_is_walked() -> None:
    source = """
import asyncio
type Pair[T] = tuple[T, T]
def generic[T: int](a, /, b: T = 1, *args, c=2, **kwargs) -> T: ...
async def work():
    async with a() as b, c():
        async for d in e():
            await f(d)
    return [x async for x in y() if (z := x)]
try:
    pass
except* ValueError as group:
    print(group)
match input():
    case {"a": [1, *rest], **other} if rest: print(rest, other)
    case Point(x=0) | [_, second]: pass
    case str() as text: print(text)
lambda q, *w, k=1, **v: q
print(f"{'nested' + f'{1:>{10}}'}", *[1], **{"sep": ""})
"""

    assert "print" in names(source)


def test_calls_of_what_an_attribute_holds_are_known() -> None:
    source = """
import torch.nn as nn

class Net(nn.Module):
    def __init__(self):
        self.last = nn.Linear(2, 3)

    def forward(self, x):
        return self.last(x)
"""

    assert "torch.nn.Linear.__call__" in names(source)


def test_a_model_gives_what_its_forward_returns() -> None:
    _, call = last("""
import torch
from torch import nn

class Net(nn.Module):
    def __init__(self):
        self.last = nn.Linear(2, 3)

    def forward(self, x):
        return torch.softmax(self.last(x), dim=1), self.last(x)

shares, scores = Net().to("cuda")(rows)
print(shares.view(-1), scores[0], shares + scores)
""")

    assert [argument.value.scale for argument in call.arguments] == ["probabilities", "scores", ""]


def test_a_file_knows_whose_results_decide_where_it_goes_on() -> None:
    file = model("""
import pandas as pd
decides = pd.read_csv("a.csv")
asserted = pd.read_csv("b.csv")
shown = pd.read_csv("c.csv")
if not decides.empty:
    print(shown)
assert len(asserted) > 0
print("some" if decides is not None else "none")
""")

    assert {file.call(index).arguments[0].value.constant for index in file.asked} == {"a.csv", "b.csv"}
