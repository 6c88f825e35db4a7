"""Ways to write a Python module differently: each takes a draft and returns its text, changed where it can be."""

from __future__ import annotations

import ast
import builtins
import json
import random
import re
import textwrap
from collections.abc import Callable, Iterable, Sequence
from functools import partial
from types import MappingProxyType
from typing import Any, Final, NamedTuple

import libcst as cst
import libcst.matchers as m

from benchmarks.module_names import ModuleNames
from xops_lint.catalog import Catalog
from xops_lint.languages.python import read_module

_CATALOG: Final = Catalog()
_KEYWORD: Final = re.compile(r"\w+\s*=\s*\Z")
_IMPORT: Final = m.OneOf(m.Import(), m.ImportFrom())
_DELAYED: Final = m.OneOf(
    *(m.Lambda(), m.IfExp(), m.BooleanOperation(), m.ListComp(), m.GeneratorExp(), m.DictComp(), m.SetComp()),
    *(m.Await(), m.Yield(), m.NamedExpr()),
)
"""Expressions whose parts are evaluated later, or not once: nothing is taken out of them."""


class Draft(NamedTuple):
    """A module's text, the source of chance, and the words of the other files of its project."""

    text: str
    chance: random.Random
    foreign: frozenset[str]
    alone: bool


class _Import(NamedTuple):
    """One imported name; ``module`` is empty for ``import name``."""

    module: str
    name: str
    bound: str
    taken: frozenset[str]


class _Renaming(cst.CSTTransformer):
    """Puts expressions in the place of names, plain or dotted; import statements are left alone."""

    def __init__(self, names: dict[str, str]) -> None:
        super().__init__()
        self.names = {name: cst.parse_expression(text) for name, text in names.items()}

    def leave_Name(self, original_node: cst.Name, updated_node: cst.Name) -> cst.BaseExpression:
        return self.names.get(original_node.value, updated_node)

    def leave_Attribute(self, original_node: cst.Attribute, updated_node: cst.Attribute) -> cst.BaseExpression:
        base = original_node.value.value if isinstance(original_node.value, cst.Name) else ""
        whole = self.names.get(f"{base}.{original_node.attr.value}")
        return whole or updated_node.with_changes(attr=original_node.attr)

    def leave_Arg(self, original_node: cst.Arg, updated_node: cst.Arg) -> cst.Arg:
        return updated_node.with_changes(keyword=original_node.keyword)

    def visit_Import(self, node: cst.Import) -> bool:
        return False

    def visit_ImportFrom(self, node: cst.ImportFrom) -> bool:
        return False


def _imports(write: Callable[[_Import], tuple[str, dict[str, str]] | None], draft: Draft) -> str:
    """Write each import at the margin anew; ``write`` gives the statement, and what its uses become."""
    names = ModuleNames(draft.text)
    uses: dict[str, str] = {}
    lines = draft.text.splitlines(keepends=True)
    for node in ast.parse(draft.text).body:
        if not isinstance(node, (ast.Import, ast.ImportFrom)) or getattr(node, "level", None):
            continue
        module = node.module or "" if isinstance(node, ast.ImportFrom) else ""
        written = []
        for alias in node.names:
            bound = alias.asname or alias.name
            skipped = module == "__future__" or alias.name == "*" or bound in names.bound | draft.foreign
            new = None if skipped else write(_Import(module, alias.name, bound, frozenset(names.taken)))
            old = f"import {alias.name}{f' as {alias.asname}' if alias.asname else ''}"
            written.append(new[0] if new else f"from {module} {old}" if module else old)
            uses.update(new[1] if new else {})
        end = node.end_lineno or node.lineno
        lines[node.lineno - 1 : end] = ["".join(f"{line}\n" for line in written), *[""] * (end - node.lineno)]
    return cst.parse_module("".join(lines)).visit(_Renaming(uses)).code if uses else draft.text


def _aliased(given: _Import) -> tuple[str, dict[str, str]] | None:
    if "." in given.bound:
        return None
    new = f"own_{given.bound}"
    start = f"from {given.module} import" if given.module else "import"
    return f"{start} {given.name} as {new}", {given.bound: new}


def _full(given: _Import) -> tuple[str, dict[str, str]] | None:
    full = f"{given.module}.{given.name}" if given.module else given.name
    root = full.partition(".")[0]
    if full == given.bound or (root in given.taken and root in dir(builtins)):
        return None
    return f"import {given.module or given.name}", {given.bound: full}


def _from_parent(given: _Import) -> tuple[str, dict[str, str]] | None:
    parent, _, last = given.module.rpartition(".")
    if not parent or last in given.taken:
        return None
    return f"from {parent} import {last}", {given.bound: f"{last}.{given.name}"}


def _starred(given: _Import) -> tuple[str, dict[str, str]] | None:
    known = given.module and given.name == given.bound and _CATALOG.lookup(f"{given.module}.{given.name}")
    return (f"from {given.module} import *", {given.bound: given.bound}) if known else None


def _members(draft: Draft) -> str:
    nodes = list(ast.walk(ast.parse(draft.text)))
    owned = [node for node in nodes if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)]
    reads = [node for node in nodes if isinstance(node, ast.Name)]

    def write(given: _Import) -> tuple[str, dict[str, str]] | None:
        module = f"{given.module}.{given.name}" if given.module else given.name
        used = [node for node in owned if isinstance(node.value, ast.Name) and node.value.id == given.bound]
        whole = len(used) < sum(node.id == given.bound for node in reads)
        if not used or whole or any(not isinstance(node.ctx, ast.Load) for node in used):
            return None
        new = {node.attr: f"{given.bound}_{node.attr}" for node in used}
        line = f"from {module} import " + ", ".join(f"{name} as {own}" for name, own in new.items())
        return line, {f"{given.bound}.{name}": own for name, own in new.items()}

    return _imports(write, draft)


class _Replacing(cst.CSTTransformer):
    """Puts names in the place of the very nodes that are given."""

    def __init__(self, names: dict[cst.CSTNode, str]) -> None:
        super().__init__()
        self.names = names

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> Any:
        name = self.names.get(original_node)
        return cst.Name(name) if name else updated_node


class _Hoisting(cst.CSTTransformer):
    """Gives parts of simple statements a name on a line before; ``pick`` chooses which."""

    def __init__(self, draft: Draft, pick: _Pick) -> None:
        super().__init__()
        self.pick = pick
        self.taken = ModuleNames(draft.text).taken | draft.foreign

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine | cst.FlattenSentinel[cst.SimpleStatementLine]:
        simple = m.OneOf(m.Assign(), m.Expr(), m.AugAssign(), m.Return(), m.AnnAssign())
        if not m.matches(updated_node, m.SimpleStatementLine([simple])) or m.findall(updated_node, _DELAYED):
            return updated_node
        named: dict[cst.CSTNode, str] = {}
        before = []
        calls = [node for node in m.findall(updated_node, m.Call()) if isinstance(node, cst.Call)]
        for wish, part in next(filter(None, map(self.pick, calls)), ()):
            name = next(name for name in (wish, *(f"{wish}_{turn}" for turn in range(99))) if name not in self.taken)
            self.taken.add(name)
            named[part] = name
            before.append(cst.SimpleStatementLine([cst.Assign([cst.AssignTarget(cst.Name(name))], part)]))
        line = cst.ensure_type(updated_node.visit(_Replacing(named)), cst.SimpleStatementLine)
        return cst.FlattenSentinel([*before, line]) if before else updated_node


_Pick = Callable[[cst.Call], Sequence[tuple[str, cst.BaseExpression]]]


def _hoisted(pick: _Pick, draft: Draft) -> str:
    return cst.parse_module(draft.text).visit(_Hoisting(draft, pick)).code


def _function(draft: Draft) -> str:
    imported = ModuleNames(draft.text).imported

    def pick(call: cst.Call) -> Sequence[tuple[str, cst.BaseExpression]]:
        root: cst.BaseExpression = call.func
        while isinstance(root, cst.Attribute):
            root = root.value
        return [("function", call.func)] if isinstance(root, cst.Name) and root.value in imported else []

    return _hoisted(pick, draft)


def _instance(call: cst.Call) -> Sequence[tuple[str, cst.BaseExpression]]:
    receiver = call.func.value if isinstance(call.func, cst.Attribute) else None
    return [("instance", receiver)] if isinstance(receiver, cst.Call) else []


def _arguments(call: cst.Call) -> Sequence[tuple[str, cst.BaseExpression]]:
    plain = [each for each in call.args if not each.star and not isinstance(each.value, cst.Name)]
    return [(each.keyword.value if each.keyword else "value", each.value) for each in plain]


def _keywords(draft: Draft) -> str:
    """Name the last positional arguments, as far back as the catalog knows them."""
    edits = []
    for call in read_module("train.py", draft.text, _CATALOG).all_calls:
        parameters = call.entry.parameters.values() if call.entry and not call.unpacks else ()
        known = {each.position: each.names[0] for each in parameters if each.names}
        for argument in reversed(call.arguments if call.method != "=" else ()):
            start = argument.range.start
            if argument.position is not None:
                if argument.position not in known or draft.text[start - 1] not in "( \n":
                    break
                edits.append((start, start, f"{known[argument.position]}="))
    return _with_edits(draft.text, edits)


def _positions(draft: Draft) -> str:
    """Leave out the keywords of arguments that stand where their positions are."""
    edits = []
    for call in read_module("train.py", draft.text, _CATALOG).all_calls:
        parameters = call.entry.parameters.values() if call.entry and not call.unpacks else ()
        known = {name: each.position for each in parameters for name in each.names}
        for place, argument in enumerate(call.arguments):
            if argument.name is not None:
                written = _KEYWORD.search(draft.text, 0, argument.range.start)
                if known.get(argument.name) != place or written is None:
                    break
                edits.append((written.start(), argument.range.start, ""))
    return _with_edits(draft.text, edits)


def _with_edits(text: str, edits: Iterable[tuple[int, int, str]]) -> str:
    for start, end, new in sorted(set(edits), reverse=True):
        text = text[:start] + new + text[end:]
    return text


class _Breaking(cst.CSTTransformer):
    """Puts every argument on a line of its own, and calls that are assigned into parentheses."""

    def visit_FormattedString(self, node: cst.FormattedString) -> bool:
        return False

    def leave_Call(self, original_node: cst.Call, updated_node: cst.Call) -> cst.Call:
        line = cst.ParenthesizedWhitespace(indent=True, last_line=cst.SimpleWhitespace("    "))
        arguments = [each.with_changes(comma=cst.Comma(whitespace_after=line)) for each in updated_node.args[:-1]]
        return updated_node.with_changes(whitespace_before_args=line, args=[*arguments, *updated_node.args[-1:]])

    def leave_Assign(self, original_node: cst.Assign, updated_node: cst.Assign) -> cst.Assign:
        value = updated_node.value
        if not isinstance(value, cst.Call):
            return updated_node
        return updated_node.with_changes(value=value.with_changes(lpar=[cst.LeftParen()], rpar=[cst.RightParen()]))


class _Commenting(cst.CSTTransformer):
    """Adds a blank line and a comment before every simple statement."""

    def leave_SimpleStatementLine(
        self, original_node: cst.SimpleStatementLine, updated_node: cst.SimpleStatementLine
    ) -> cst.SimpleStatementLine:
        lines = (cst.EmptyLine(), cst.EmptyLine(comment=cst.Comment("# A note.")), *updated_node.leading_lines)
        return updated_node.with_changes(leading_lines=lines)


class _Trying(cst.CSTTransformer):
    """Puts the body of every function into a ``try`` that hides nothing."""

    def leave_FunctionDef(self, original_node: cst.FunctionDef, updated_node: cst.FunctionDef) -> cst.FunctionDef:
        ending = cst.Finally(cst.IndentedBlock([cst.parse_statement("print('done')")]))
        guarded = cst.Try(body=updated_node.body, finalbody=ending)
        return updated_node.with_changes(body=cst.IndentedBlock([guarded]))


def _visited(visitor: type[cst.CSTTransformer], draft: Draft) -> str:
    return cst.parse_module(draft.text).visit(visitor()).code


def _renamed(draft: Draft) -> str:
    names = ModuleNames(draft.text)
    kept = draft.foreign | names.imported | names.attributes | names.fields | names.parameters
    own = {name: f"OWN_{name}" if name.isupper() else f"own_{name}" for name in names.stored - kept if name.strip("_")}
    return cst.parse_module(draft.text).visit(_Renaming(own)).code


def _enclosed(before: str, after: str, draft: Draft, depth: int = 1) -> str:
    """Put what a script does between lines, below its imports and definitions, which need none of its names."""
    lines = draft.text.splitlines(keepends=True)
    kept, moved, row = "", "", 0
    for node in ast.parse(draft.text).body:
        text = "".join(lines[row : node.end_lineno])
        row = node.end_lineno or row
        defines = isinstance(node, (ast.Import, ast.ImportFrom, ast.FunctionDef, ast.ClassDef, ast.AsyncFunctionDef))
        if defines or ast.get_docstring(ast.Module([node], [])):
            kept += text
        else:
            moved += text
    if not moved or '"""' in moved or "__name__" in moved or {"main", "Job"} & ModuleNames(draft.text).bound:
        return draft.text
    if ModuleNames(moved).stored & (ModuleNames(kept).loaded | draft.foreign):
        return draft.text
    return f"{kept}\n\n{before}\n{textwrap.indent(moved.strip(), '    ' * depth)}\n{after}\n"


def _in_helper(draft: Draft) -> str:
    """Move one call of no variable, drawn by lot, into a function that takes the variables it uses."""
    tree, names = cst.parse_module(draft.text), ModuleNames(draft.text)
    statements = m.findall(tree, m.OneOf(m.Assign(value=m.Call()), m.Expr(value=m.Call()), m.Return(value=m.Call())))
    variables = names.stored | names.parameters
    unfit = m.Call(func=m.Name(m.MatchIfTrue(variables.__contains__)))
    movable = [each for each in statements if not m.findall(each, _DELAYED | unfit)]
    if not movable or "helper" in names.taken:
        return draft.text
    statement = draft.chance.choice(movable)
    call = cst.ensure_type(statement.value, cst.Call)  # type: ignore[attr-defined]  # all of them have one
    code = tree.code_for_node(call)
    needed = ", ".join(sorted(ModuleNames(code).loaded & variables))
    changed = cst.ensure_type(tree.deep_replace(call, cst.parse_expression(f"helper({needed})")), cst.Module)
    imports = m.SimpleStatementLine([_IMPORT])
    after = max((row for row, each in enumerate(tree.body, 1) if m.matches(each, imports)), default=0)
    word = "" if isinstance(statement, cst.Expr) else "return "
    helper = cst.parse_statement(f"def helper({needed}):\n    {word}{code}\n")
    return changed.with_changes(body=[*changed.body[:after], helper, *changed.body[after:]]).code


def _notebook(draft: Draft) -> str:
    """Cut the module into the cells of a notebook that was run once from top to bottom."""
    tree = cst.parse_module(draft.text)
    if not draft.alone or "__name__" in draft.text or "__file__" in draft.text:
        return draft.text
    cells: list[str] = []
    for statement in tree.body:
        code = tree.code_for_node(statement).strip("\n")
        if cells and (m.findall(statement, _IMPORT) or draft.chance.random() < 0.4):
            cells[-1] += f"\n{code}"
        else:
            cells.append(code)
    written = [
        {
            "id": f"cell-{count}",
            "cell_type": "code",
            "execution_count": count,
            "metadata": {},
            "outputs": [],
            "source": code,
        }
        for count, code in enumerate(cells, start=1)
    ]
    return json.dumps({"cells": written, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def _tabs(draft: Draft) -> str:
    return cst.parse_module(draft.text).with_changes(default_indent="\t").code


def _windows(draft: Draft) -> str:
    return draft.text.replace("\n", "\r\n")


NOTEBOOK: Final = "notebook"
_MAIN: Final = 'if __name__ == "__main__":\n    '

MUTATIONS: Final = MappingProxyType[str, Callable[[Draft], str]](
    {
        "aliased import": partial(_imports, _aliased),
        "full name": partial(_imports, _full),
        "module from parent": partial(_imports, _from_parent),
        "member import": _members,
        "star import": partial(_imports, _starred),
        "keywords": _keywords,
        "positions": _positions,
        "named function": _function,
        "named instance": partial(_hoisted, _instance),
        "named arguments": partial(_hoisted, _arguments),
        "helper": _in_helper,
        "renamed": _renamed,
        "try in functions": partial(_visited, _Trying),
        "with": partial(_enclosed, "import contextlib\n\nwith contextlib.nullcontext():", ""),
        "try": partial(_enclosed, "try:", "finally:\n    print('done')"),
        "main": partial(_enclosed, "def main():", f"\n\n{_MAIN}main()"),
        "method": partial(_enclosed, "class Job:\n    def run(self):", f"\n\n{_MAIN}Job().run()", depth=2),
        "line breaks": partial(_visited, _Breaking),
        "comments": partial(_visited, _Commenting),
        "tabs": _tabs,
        "windows lines": _windows,
        NOTEBOOK: _notebook,
    }
)
"""Every mutation by its name, in the order in which a chain applies them: a notebook comes last."""
