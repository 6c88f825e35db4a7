"""What functions do for their callers: effects on arguments, return values, and what callers hand in."""

from __future__ import annotations

from xops_lint.catalog import Catalog
from xops_lint.code import PythonFile
from xops_lint.languages.python import read_module

IMPORTS = """
import pandas as pd
from sklearn.linear_model import LinearRegression, Ridge
from sklearn.model_selection import train_test_split
from sklearn.preprocessing import StandardScaler
rows = pd.read_csv("rows.csv")
"""


def model(source: str) -> PythonFile:
    file = read_module("train.py", IMPORTS + source, Catalog())
    assert file.problems == []
    return file


def fits(file: PythonFile, name: str) -> list[str]:
    return [call.name.rpartition(".")[2] for call in file.sources(file.names[name], "train", "preprocess")]


def test_a_function_that_fits_its_argument_leaves_it_fitted() -> None:
    file = model("def fit_it(model, x):\n    model.fit(x)\nmodel = Ridge()\nother = Ridge()\nfit_it(model, rows)\n")

    assert fits(file, "model") == ["fit"]
    assert fits(file, "other") == []


def test_an_argument_is_changed_through_several_functions_and_keywords() -> None:
    file = model("""
def inner(given):
    given.fit(rows)
def outer(step, unused):
    inner(given=step)
scaler = StandardScaler()
outer(unused=1, step=scaler)
""")

    assert fits(file, "scaler") == ["fit"]


def test_what_a_parameter_is_rebound_to_is_not_the_argument() -> None:
    file = model("""
def fit_another(model):
    model = Ridge()
    model.fit(rows)
    return model
first = Ridge()
second = fit_another(first)
""")

    assert fits(file, "first") == []
    assert fits(file, "second") == ["fit"]


def test_every_way_out_of_a_function_is_joined() -> None:
    file = model("""
def fit_somehow(model, scaler, fast):
    if fast:
        model.fit(rows)
        return None
    scaler.fit(rows)
model, scaler = Ridge(), StandardScaler()
fit_somehow(model, scaler, input())
""")

    assert (fits(file, "model"), fits(file, "scaler")) == (["fit"], ["fit"])


def test_a_function_that_returns_its_parameter_gives_the_argument_back() -> None:
    file = model("def check(table):\n    print(table)\n    return table\nchecked = check(rows)\n")

    assert file.names["checked"] is file.names["rows"]


def test_each_caller_gets_the_type_and_data_of_its_own_arguments() -> None:
    file = model("""
def fitted(model, x):
    model.fit(x)
    return model
train, test = train_test_split(rows)
first = fitted(Ridge(), train)
second = fitted(LinearRegression(), test)
""")

    assert file.names["first"].type == "sklearn.linear_model.Ridge"
    assert file.names["second"].type == "sklearn.linear_model.LinearRegression"


def test_functions_that_call_each_other_come_to_an_end() -> None:
    file = model("""
def first(table, count):
    return second(table, count - 1) if count else table
def second(table, count):
    table["x"] = 1
    return first(table, count)
result = first(rows, 3)
""")

    assert {call.name for call in file.sources(file.names["result"], "load_data")} == {"pandas.read_csv"}


def test_calls_in_a_function_see_what_its_only_caller_passes() -> None:
    file = model("""
def score(model, x, y):
    return model.score(x, y)
x_train, x_test, y_train, y_test = train_test_split(rows[["a"]], rows["b"])
model = Ridge().fit(x_train, y_train)
score(model, x_test, y_test)
""")
    scored = next(file.calls("evaluate"))

    assert scored.arguments[0].value is file.names["x_test"]
    assert [fit.method for fit in file.sources(scored.receiver, "train")] == ["fit"] if scored.receiver else False


def test_calls_in_a_function_see_nothing_where_callers_disagree() -> None:
    file = model("""
def score(model, x):
    return model.score(x)
train, test = train_test_split(rows)
model = Ridge().fit(train)
score(model, train)
score(model, test)
""")
    scored = next(file.calls("evaluate"))

    assert all(index < 0 for index, _ in scored.data_parts)
    assert scored.receiver is file.names["model"]


def test_columns_are_followed_into_functions_and_out_of_them() -> None:
    file = model("""
def features(table):
    return table.drop(columns=["price"])
def fit(table, x):
    return Ridge().fit(x, table["price"])
fit(rows, features(rows))
""")
    fit = next(file.calls("train"))
    data, target = fit.arguments[0].value.columns, fit.arguments[1].value.columns

    assert data is not None
    assert target is not None
    assert (data.table == target.table, data.hold("price"), target.single) == (True, False, "price")


def test_functions_that_nobody_calls_are_walked_before_those_that_they_call() -> None:
    file = model("""
def fit(model):
    model.fit(rows)
def main():
    fit(Ridge())
""")

    assert [call.name for call in file.calls("train")] == ["sklearn.linear_model.Ridge.fit"]


def test_a_text_that_a_caller_passes_is_not_judged_in_the_function() -> None:
    file = model("def load(path):\n    return pd.read_csv(path)\nload('data.csv')\n")
    read = [call for call in file.calls("load_data") if call.scope == "load"]

    assert [argument.value.string for argument in read[0].arguments] == [None]


def test_the_types_of_what_a_module_makes_to_be_fitted_are_told() -> None:
    file = model("""
model = Ridge()
def build():
    return LinearRegression()
def same(model):
    return model
same(model)
""")

    assert file.made == {
        "model": "sklearn.linear_model.Ridge",
        "build()": "sklearn.linear_model.LinearRegression",
    }


def test_an_argument_that_is_a_call_is_evaluated_once() -> None:
    file = model("""
def scale(table):
    table["x"] = StandardScaler().fit_transform(table["x"])
scale(pd.read_csv("a.csv"))
scale(pd.read_csv("b.csv")["x"])
scale(pd.read_csv("c.csv").values)
""")

    assert [call.value("path") for call in file.calls("load_data")] == ["rows.csv", "a.csv", "b.csv", "c.csv"]


def test_settings_that_a_caller_passes_stay_apart() -> None:
    file = model("""
import argparse
options = argparse.ArgumentParser().parse_args()
def convert(old, new):
    table = pd.read_csv(old)
    table.to_csv(new)
convert(options.old, options.new)
""")
    read, written = (call.arguments[0].value for call in file.all_calls if call.scope == "convert")

    assert read.sources != written.sources


def test_what_an_unknown_function_returns_is_taken_apart_into_different_things() -> None:
    file = model("import common\ntrain, test = common.load(rows)\n")

    assert file.names["train"].sources == file.names["test"].sources
    assert file.names["train"] is not file.names["test"]
