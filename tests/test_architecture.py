"""Who may import whom, how long files may be, and what a start may load."""

from __future__ import annotations

import ast
import builtins
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "xops_lint"
RULES = ROOT / "rules"

PARSERS = frozenset({"libcst", "yaml", "nbformat", "tomli", "packaging"})

LAYERS: dict[int, frozenset[str]] = {
    0: frozenset(
        {"__init__", "columns", "file_names", "matching", "replacing", "stretches", "text", "exceptions", "nearest"}
    ),
    1: frozenset(
        {
            "assets",
            "baseline",
            "baseline_file",
            "chance",
            "ci",
            "call",
            "code",
            "commented",
            "composing",
            "config",
            "credentials",
            "personal_data",
            "playing",
            "cut",
            "dependencies",
            "diagnostic",
            "document",
            "drafts",
            "drawing",
            "edits",
            "elements",
            "entry",
            "environments",
            "expression",
            "facts",
            "gaps",
            "forgiven",
            "held_out",
            "helpers",
            "graph",
            "governance",
            "hosts",
            "infrastructure",
            "insertions",
            "keeping",
            "launches",
            "running",
            "searched",
            "shown",
            "speaking",
            "notebooks",
            "outcomes",
            "patterns",
            "kept",
            "picks",
            "pinning",
            "outdated",
            "schedules",
            "leakage",
            "locations",
            "metrics",
            "model",
            "model_files",
            "model_inputs",
            "modules",
            "naming",
            "names",
            "operations",
            "project",
            "queries",
            "references",
            "logs",
            "prediction_logs",
            "provenance",
            "questions",
            "results",
            "retries",
            "report",
            "rule",
            "scales",
            "selection",
            "serving",
            "shell",
            "suites",
            "supplying",
            "sql",
            "tasks",
            "testing",
            "twins",
            "undeclared",
            "versions",
            "words",
        }
    ),
    2: frozenset(
        {
            "api_versions",
            "catalog",
            "catalog_file",
            "data_files",
            "kinds",
            "schemas",
            "languages",
            "packages",
            "reporters",
            "rules",
        }
    ),
    3: frozenset({"directives", "enclosing", "engine", "fingerprints", "statements", "suppressions", "timing"}),
    4: frozenset(
        {
            "baseline_place",
            "contexts",
            "discovery",
            "git",
            "gitignore",
            "installed",
            "online",
            "reasons",
            "registry",
            "selectors",
            "settings",
            "settings_check",
            "settings_file",
            "settings_keys",
            "settings_loading",
        }
    ),
    5: frozenset(
        {
            "api",
            "audit",
            "audit_page",
            "audit_records",
            "auditing",
            "baselining",
            "cache",
            "charts",
            "collecting",
            "declaring",
            "examination",
            "examining",
            "filling",
            "fixing",
            "fleet",
            "fleet_report",
            "hooking",
            "ignoring",
            "ledger",
            "linking",
            "looking",
            "migrating",
            "page_tests",
            "pages",
            "pool",
            "project_checks",
            "runner",
            "since",
            "silencing",
            "starting",
            "steps",
            "suggesting",
            "surroundings",
            "trust",
            "witness",
        }
    ),
    6: frozenset(
        {
            "__main__",
            "asking",
            "cli",
            "commands",
            "comparing",
            "extras",
            "ledger_sarif",
            "markdown",
            "mending",
            "options",
            "presentation",
            "sharing",
            "tally",
            "terminal",
        }
    ),
}
"""Every module or package of ours, by layer: imports point to the same layer or below."""

LAYER = {name: layer for layer, names in LAYERS.items() for name in names}

MODULE_LINES = 400
RULE_LINES = 120
LONGER = {
    "xops_lint/languages/python/expressions.py": 430,
}
"""Modules that are longer than the rest may be, and how long they may get."""


def files() -> list[Path]:
    return sorted(path for folder in (PACKAGE, RULES) for path in folder.rglob("*.py"))


def name_of(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def own_name(path: Path) -> str:
    """Return the module or package directly below ours that a file belongs to."""
    if path.is_relative_to(RULES):
        return "rules"
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def at_run_time(tree: ast.Module) -> Iterator[ast.AST]:
    """Yield all nodes but those that only type checkers read."""
    todo: list[ast.AST] = [tree]
    while todo:
        node = todo.pop()
        yield node
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
            todo.extend(node.orelse)
        else:
            todo.extend(ast.iter_child_nodes(node))


def imported(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names)
    elif isinstance(node, ast.ImportFrom):
        yield from (f"{node.module}.{alias.name}" for alias in node.names)


def our_imports(path: Path) -> set[str]:
    names = {name for node in at_run_time(ast.parse(path.read_text("utf-8"))) for name in imported(node)}
    return {
        name.split(".")[1] if name.split(".")[1] in LAYER else "__init__"
        for name in names
        if name.startswith("xops_lint.")
    }


def test_every_module_has_a_layer():
    modules = {own_name(path) for path in PACKAGE.rglob("*.py")} - {"data"}

    assert modules - LAYER.keys() == set()


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_imports_point_down(path: Path):
    layer = LAYER[own_name(path)]

    assert {name for name in our_imports(path) if LAYER[name] > layer} == set()


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_rules_and_reporters_know_the_two_lowest_layers_alone(path: Path):
    own = own_name(path)
    if own not in ("rules", "reporters"):
        return
    above = {name for name in our_imports(path) if LAYER[name] > 1}

    assert above - ({"reporters"} if own == "reporters" else set()) == set()


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_parsers_are_imported_inside_functions_of_languages_alone(path: Path):
    tree = ast.parse(path.read_text("utf-8"))
    at_start = {
        name.split(".")[0]
        for statement in tree.body
        if not isinstance(statement, ast.If)
        for name in imported(statement)
    }
    anywhere = {name.split(".")[0] for node in at_run_time(tree) for name in imported(node)}

    assert at_start & PARSERS - ({"libcst"} if "languages/python" in name_of(path) else set()) == set()
    if LAYER[own_name(path)] in (0, 1, 3, 5, 6):
        assert anywhere & (PARSERS - {"packaging"}) == set()


@pytest.mark.parametrize("path", files(), ids=name_of)
def test_files_are_short(path: Path):
    bound = RULE_LINES if own_name(path) == "rules" else LONGER.get(name_of(path), MODULE_LINES)

    assert len(path.read_text("utf-8").splitlines()) <= bound


def test_all_is_caught_in_one_place():
    catching = [
        name_of(path)
        for path in files()
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or (isinstance(node.type, ast.Name) and node.type.id == "Exception"))
    ]

    # The command line turns a bug into exit status 2; a local rule pack may raise anything on import.
    assert catching == ["xops_lint/cli.py", "xops_lint/engine.py", "xops_lint/registry.py"]


def test_nothing_below_the_commands_prints_or_exits():
    calls = [
        (name_of(path), node.func.id)
        for path in files()
        if LAYER[own_name(path)] < 6
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in ("print", "exit", "quit")
    ]

    assert calls == []


@cache
def catalogued_roots() -> set[str]:
    roots: set[str] = set()
    for path in (PACKAGE / "data" / "tools").glob("*.yaml"):
        tool = yaml.safe_load(path.read_text("utf-8"))
        roots.update(root.split(".")[0] for root in tool["roots"])
    return roots


@cache
def vocabulary() -> set[str]:
    words = yaml.safe_load((PACKAGE / "data" / "roles.yaml").read_text("utf-8"))
    return {word for section in ("roles", "parameters", "traits") for word in words[section]}


@pytest.mark.parametrize("path", sorted(RULES.glob("*/*.py")), ids=name_of)
def test_rules_name_no_tool(path: Path):
    tree = ast.parse(path.read_text("utf-8"))
    # A library may be called as one of our own words is, or as a module of Python's.
    roots = catalogued_roots() - vocabulary() - set(sys.stdlib_module_names) - set(dir(builtins))
    strings = {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}
    names = {name for node in ast.walk(tree) for name in imported(node)}

    assert {text for text in strings | names if text.split(".")[0] in roots} == set()


def test_catalogued_roots_are_found():
    assert {"sklearn", "mlflow", "torch"} <= catalogued_roots()


@pytest.mark.parametrize(
    "script",
    [
        "import xops_lint.cli",
        "import xops_lint.runner, xops_lint.commands.check",
        "from xops_lint import registry; registry.load()",
    ],
)
def test_no_parser_is_loaded_before_there_is_something_to_parse(script: str):
    watch = f"import sys; {script}; print(sorted({set(PARSERS - {'packaging'})!r} & set(sys.modules)))"

    loaded = subprocess.run([sys.executable, "-c", watch], capture_output=True, text=True, check=True)

    assert loaded.stdout == "[]\n"
