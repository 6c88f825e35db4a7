"""Queries of metrics: trees, positions in the file, and what no server takes."""

from __future__ import annotations

import json

import pytest

from xops_lint.config import ConfigFile
from xops_lint.languages.config import read_config
from xops_lint.queries import Aggregation, Filled, Function, Operation, Query, Selector, Subquery, walk

RULES = "groups:\n  - name: churn\n    rules:\n      - alert: Churn\n        expr: {}\n"


def rules(expression: str) -> ConfigFile:
    return read_config("churn.rules.yml", RULES.format(expression).encode(), "yaml")


def query(expression: str) -> Query:
    (found,) = rules(json.dumps(expression)).queries
    return found


def dashboard(expression: str) -> Query:
    panels = {"schemaVersion": 39, "panels": [{"targets": [{"expr": expression}]}]}
    (found,) = read_config("churn.json", json.dumps(panels).encode(), "json").queries
    return found


@pytest.mark.parametrize(
    "written",
    [
        'sum(rate(churn_total{job="api"}[5m])) > 3',
        '"sum(rate(churn_total{job=\\"api\\"}[5m])) > 3"',
        "'sum(rate(churn_total{job=\"api\"}[5m])) > 3'",
        '|\n          sum(\n            rate(churn_total{job="api"}[5m])  # all\n          ) > 3',
        '>-\n          sum(\n            rate(churn_total{job="api"}[5m])\n          )\n          > 3',
        '|2  # two more\n            sum(rate(churn_total{job="api"}[5m])) > 3',
    ],
    ids=["plain", "double", "single", "block", "folded", "indented"],
)
def test_parts_stand_where_they_are_written(written: str) -> None:
    file = rules(written)
    nodes = list(walk(file.queries[0].root))

    (selector,) = [node for node in nodes if isinstance(node, Selector)]
    (call,) = [node for node in nodes if isinstance(node, Function)]

    assert file.source(call.callee) == "rate"
    assert file.source(selector.range).replace("\\", "") == 'churn_total{job="api"}[5m]'
    assert selector.window is not None
    assert (file.source(selector.window.range), selector.window.seconds) == ("5m", 300)


def test_a_part_of_json_stands_where_it_is_written() -> None:
    expression = 'histogram_quantile(0.9, sum by (le) (rate(churn_bucket{path="/\u00e4"}[1h30m])))'
    text = json.dumps({"schemaVersion": 39, "panels": [{"targets": [{"expr": expression}]}]})
    file = read_config("churn.json", text.encode(), "json")

    (selector,) = file.queries[0].selectors()

    assert json.loads(f'"{file.source(selector.range)}"') == 'churn_bucket{path="/\u00e4"}[1h30m]'
    assert selector.window is not None
    assert selector.window.seconds == 5400


def test_operators_bind_as_documented() -> None:
    root = query("a or b and c == bool 1 + d * -e ^ 2 ^ f").root

    assert isinstance(root, Operation)
    assert shape(root) == "(a or (b and (c == (1.0 + (d * (- (e ^ (2.0 ^ f))))))))"


def shape(node: object) -> str:
    if isinstance(node, Operation):
        left = f"{shape(node.left)} " if node.left else ""
        return f"({left}{node.operator} {shape(node.right)})"
    return getattr(node, "name", "") or str(getattr(node, "value", ""))


def test_an_aggregation_keeps_the_labels_it_names() -> None:
    kept, dropped, unsaid, filled = (
        query(text).root for text in ("sum by (le, job) (a)", "sum(a) without (le)", "sum(a)", "sum by ($group) (a)")
    )

    assert isinstance(kept, Aggregation)
    assert isinstance(dropped, Aggregation)
    assert isinstance(unsaid, Aggregation)
    assert isinstance(filled, Aggregation)
    assert [each.keeps("le") for each in (kept, dropped, unsaid, filled)] == [True, False, False, None]


@pytest.mark.parametrize(
    "expression",
    [
        "rate(a[$__rate_interval])",
        "rate(a[[[interval]]])",
        "rate(a[${window:raw}])",
        "rate(a[{{ .Values.window }}m])",
        "rate(a[%(window)s])",
        "rate(a[5m + step()])",
    ],
)
def test_a_window_that_is_filled_in_or_computed_is_unknown(expression: str) -> None:
    (selector,) = dashboard(expression).selectors()

    assert selector.window is not None
    assert selector.window.seconds is None


def test_names_and_labels_that_are_filled_in_are_unknown() -> None:
    (first, second) = dashboard('{{ prefix }}_total{job="$job", {{ more }}} / b{%(selector)s}').selectors()

    assert (first.name, first.metric, first.matchers[0].value) == ("{}_total", "", None)
    assert (second.metric, second.matchers) == ("b", ())
    assert isinstance(dashboard("$query").root, Filled)


def test_a_name_may_be_a_label_or_quoted() -> None:
    (first, second) = query('{__name__="a.b"} + {"c.d", job="x"}').selectors()

    assert (first.metric, second.metric) == ("a.b", "c.d")


def test_a_subquery_has_a_window_and_a_step() -> None:
    root = query("max_over_time((a / b)[1h:5m])").root

    (subquery,) = [node for node in walk(root) if isinstance(node, Subquery)]
    assert subquery.step is not None
    assert (subquery.window.seconds, subquery.step.seconds) == (3600, 300)


@pytest.mark.parametrize(
    ("expression", "message"),
    [
        ("sum(rate(a[5m]) > 3", "ends before `)` closes `sum`"),
        ("a >> 3", "has `>` where a value belongs"),
        ('a{job="x} > 3', "has a text without an end"),
        ("a{job} > 3", "gives the label `job` no value"),
        ("rate(a[5 minutes])", "has `5 minutes` where a length of time belongs"),
        ("a > 3 for", "has `for` where an operator or the end belongs"),
        ("rate(a) > 3", "has no range, such as `[5m]`, for `rate`"),
        ("sum(a[5m]) > 3", "hands a range of time to `sum`, which takes one moment"),
        ("a and 1", "has a number beside `and`, which takes series"),
        ("1 > 2", "compares two numbers without `bool`"),
        ('{job=~".*"}', "selects every series there is"),
    ],
)
def test_what_no_server_takes_is_a_problem(expression: str, message: str) -> None:
    problem = query(expression).problem

    assert problem is not None
    assert problem[0] == message


@pytest.mark.parametrize(
    "expression",
    [
        '{app="churn"} |= "error"',
        "rate($metric) > 3",
        "sum({{ .Values.expression }} > 3",
        "quantiles_over_time(a) > 3",
        "foo offset -(5m) > 1",
        "time() - a > bool 5 unless on(job) group_left b",
    ],
)
def test_what_may_be_another_language_or_is_filled_in_is_no_problem(expression: str) -> None:
    assert query(expression).problem is None


def test_rules_for_servers_that_take_more_have_no_problems() -> None:
    text = "# for vmalert\n" + RULES.format("rate(churn_total) > 3")

    (found,) = read_config("churn.rules.yml", text.encode(), "yaml").queries

    assert found.problem is None


def test_a_query_knows_what_it_is_for() -> None:
    text = RULES.format("up == 0") + "      - record: job:up:sum\n        expr: sum by (job) (up)\n"

    found = read_config("churn.rules.yml", text.encode(), "yaml").queries

    assert [(each.use, each.name) for each in found] == [("alert", "Churn"), ("record", "job:up:sum")]


def test_queries_of_several_documents_are_kept_apart() -> None:
    text = "---\n".join(RULES.replace("Churn", name).format(f"up > {name[-1]}") for name in ("A1", "B2"))

    found = read_config("churn.rules.yml", text.encode(), "yaml").queries

    assert [(each.name, each.text) for each in found] == [("A1", "up > 1"), ("B2", "up > 2")]
