"""Resolves every catalogued name against the packages themselves.

``python benchmarks/check_catalog.py [TOOL]…`` checks the tools whose distributions
the running interpreter has; ``--python PATH`` asks another interpreter, and
``--install`` makes a throw-away environment for every tool in turn. Packages are
imported in a process of their own; code of this repository is not.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import venv
from collections.abc import Iterable
from pathlib import Path

from xops_lint.catalog import Catalog
from xops_lint.entry import Entry

_RESOLVER = """
import builtins, importlib, importlib.util, json, os, sys, warnings

warnings.simplefilter("ignore")


def module(name):
    try:
        return importlib.import_module(name)
    except BaseException:
        return None


def listed(name):
    try:
        return importlib.util.find_spec(name) is not None
    except BaseException:
        return False


def resolve(name):
    parts = name.split(".")
    depth = next((depth for depth in range(len(parts), 0, -1) if module(".".join(parts[:depth]))), 0)
    found = module(".".join(parts[:depth])) if depth else builtins
    for index in range(depth, len(parts)):
        reached = ".".join(parts[: index + 1])
        if parts[index] == "*" or parts[index] in getattr(found, "__annotations__", {}):
            return ""
        try:
            found = getattr(found, parts[index])
        except BaseException:
            return "?" if listed(reached) else reached
    return ""


names = json.load(sys.stdin)
result = os.fdopen(os.dup(1), "w")
for stream in (1, 2):
    os.dup2(os.open(os.devnull, os.O_WRONLY), stream)
for switch in ("enable_iterative_imputer", "enable_halving_search_cv"):
    module("sklearn.experimental." + switch)
json.dump({name: resolve(name) for name in names}, result)
result.flush()
os._exit(0)
"""
"""Runs in the interpreter that has the packages; prints what of each name is missing.

``?`` stands for a module that is there and cannot be imported without another package.
"""


def main() -> int:
    """Check the tools that are asked for, or all, and print what does not resolve."""
    options = _options()
    catalog = Catalog()
    missing = 0
    for tool in options.tools or catalog.tools():
        if options.install:
            with tempfile.TemporaryDirectory() as folder:
                missing += _check(catalog, tool, _environment(Path(folder), catalog, tool))
        else:
            missing += _check(catalog, tool, options.python)
    return 1 if missing else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tools", nargs="*", help="tools to check; all that are installed if none is named")
    parser.add_argument("--python", default=sys.executable, help="the interpreter that has the packages")
    parser.add_argument(
        "--install", action="store_true", help="install each tool's distributions into a new environment"
    )
    return parser.parse_args()


def _environment(folder: Path, catalog: Catalog, tool: str) -> str:
    venv.create(folder, with_pip=True)
    python = str(folder / ("Scripts" if sys.platform == "win32" else "bin") / "python")
    for file in catalog.files(tool):
        for distribution in file.distributions:
            subprocess.run([python, "-m", "pip", "install", "--quiet", distribution], check=False)
    return python


def _check(catalog: Catalog, tool: str, python: str) -> int:
    """Print the entries of a tool that its packages do not have; return how many."""
    entries = [entry for entry in catalog.entries(tool) if not _of_another_version(entry)]
    roots = {entry.name.partition(".")[0] for entry in entries}
    installed = {root for root, problem in _resolved(python, roots).items() if not problem}
    checked = [entry for entry in entries if entry.name.partition(".")[0] in installed]
    if not checked:
        return 0
    candidates = {entry.name: _spellings(catalog, entry.name) for entry in checked}
    problems = _resolved(python, {name for names in candidates.values() for name in names})
    unresolved = [name for name, names in candidates.items() if all(problems[own] for own in names)]
    missing = [name for name in unresolved if problems[name] != "?"]
    print(f"{tool}: {len(checked) - len(unresolved)} of {len(checked)} names resolve")
    for name in missing:
        print(f"  {name}: {problems[name]}")
    return len(missing)


def _of_another_version(entry: Entry) -> bool:
    return bool(entry.generations) or (entry.deprecated is not None and entry.deprecated.state == "removed")


def _spellings(catalog: Catalog, name: str) -> list[str]:
    """Return a name and, for a method, its names in the classes that inherit it.

    A base of the catalog may be looser than the package's own: scikit-learn's
    mixins lack the `fit` that every one of their classes has.
    """
    owner, _, member = name.rpartition(".")
    heirs = [
        f"{entry.name}.{member}"
        for entry in catalog.entries(catalog.roots[name.partition(".")[0]][0])
        if owner and owner in catalog.bases(entry.name)
    ]
    return [name, *heirs]


def _resolved(python: str, names: Iterable[str]) -> dict[str, str]:
    command = [python, "-c", _RESOLVER]
    done = subprocess.run(command, input=json.dumps(sorted(names)), capture_output=True, text=True, check=True)
    resolved: dict[str, str] = json.loads(done.stdout)
    return resolved


if __name__ == "__main__":
    sys.exit(main())
