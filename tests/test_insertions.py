"""Edits that need the text: where lines go, what seed is at hand, which loop counts."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from processes import lint, write

from xops_lint.diagnostic import Later
from xops_lint.elements import NewList
from xops_lint.insertions import (
    AfterImports,
    AtEndOfBlock,
    NewStatement,
    Removed,
    Renamed,
    Rewritten,
    ToldInLoop,
    counter_at,
    seed_at,
)
from xops_lint.text import Range


def where(source: str, part: str) -> Range:
    return Range(source.index(part), source.index(part) + len(part))


def edited(source: str, edit: Later) -> str | None:
    """Return a source after an edit; None if it cannot be made."""
    plain = edit.edit(source)
    return None if plain is None else source[: plain.range.start] + plain.text + source[plain.range.end :]


@pytest.mark.parametrize(
    ("source", "before", "after"),
    [
        ("f(x)\n", "g()\nf(x)\n", "f(x)\ng()\n"),
        ("if a:\n    f(x)  # why\n", "if a:\n    g()\n    f(x)  # why\n", "if a:\n    f(x)  # why\n    g()\n"),
        ("norm = f(x)", "g()\nnorm = f(x)", "norm = f(x)\ng()"),
        ("f(x); h()\n", None, None),
        ("h(f(x))\n", None, None),
        ("if a: f(x)\n", None, None),
    ],
)
def test_a_statement_gets_a_line_of_its_own(source: str, before: str | None, after: str | None):
    call = where(source, "f(x)")

    assert edited(source, NewStatement(call, "g()")) == before
    assert edited(source, NewStatement(call, "g()", after=True)) == after


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("import a as np\n", "import a as np\n\nf()\n"),
        ("import a as np\nimport b\n\nx = 1\n", "import a as np\nimport b\n\nf()\n\nx = 1\n"),
        (
            "import a as np\nfrom b import (\n    c,\n)  # why\nx = 1\n",
            "import a as np\nfrom b import (\n    c,\n)  # why\n\nf()\nx = 1\n",
        ),
        ("import a as np\n\nseed(1)\nx = 1\n", "import a as np\n\nseed(1)\nf()\nx = 1\n"),
        ("try:\n    import a as np\nexcept E:\n    pass\n", None),
    ],
)
def test_a_line_goes_after_the_imports(source: str, expected: str | None):
    assert edited(source, AfterImports(where(source, "a"), "f()")) == expected


def test_what_a_line_needs_stands_above_it():
    source = "import a as np\n\nx = 1\nSEED = 3  # ours\ny = 2\n"

    after = edited(source, AfterImports(where(source, "a"), "f(SEED)", "SEED"))

    assert after == "import a as np\n\nx = 1\nSEED = 3  # ours\n\nf(SEED)\ny = 2\n"


def test_a_statement_moves_to_the_end_of_its_block():
    source = "for a in b:\n    s()\n    for c in d:\n        e(\n)\n    # end\nf()\n"

    assert edited(source, AtEndOfBlock(where(source, "s()"))) == source.replace("    # end", "    s()\n    # end")
    assert edited(source, Removed(where(source, "s()"))) == source.replace("    s()\n", "")
    assert edited("for a in b:\n    s()\nf()\n", AtEndOfBlock(Range(16, 19))) is None


LOOP = "s = S(d)\nl = L(s)\nfor epoch in range(3):\n    for x in l:\n        f()\n"


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        (LOOP, LOOP.replace("    for x", "    s.tell(epoch)\n    for x")),
        (LOOP.replace("s = S(d)\n", "if a:\n    s = S(d)\n"), None),
        (LOOP.replace("s = S(d)", "self.s = S(d)"), None),
        (LOOP.replace("epoch", "_"), None),
    ],
)
def test_a_loop_over_epochs_tells_which_it_is(source: str, expected: str | None):
    assert edited(source, ToldInLoop(where(source, "S(d)"), "tell")) == expected


@pytest.mark.parametrize("quote", ["", "'", '"'])
def test_a_value_keeps_its_quotes(quote: str):
    source = f"uses: {quote}a@b{quote}  # why\n"

    assert edited(source, Rewritten(where(source, f"{quote}a@b{quote}"), "c")) == source.replace("a@b", "c")


def test_only_an_attribute_is_renamed():
    assert edited("np.trapz(x)", Renamed(Range(0, 8), "trapezoid")) == "np.trapezoid(x)"
    assert edited("trapz(x)", Renamed(Range(0, 5), "trapezoid")) is None


@pytest.mark.parametrize(
    ("head", "counter"),
    [
        ("for epoch in range(9):\n", "epoch"),
        ("for i, x in enumerate(xs):\n", "i"),
        ("for step in trange(9):\n", "step"),
        ("for i in tqdm(range(9)):\n", "i"),
        ("for x in xs:\n", None),
        ("for x in enumerate(xs):\n", None),
        ("for a, b in range(xs):\n", None),
        ("while True:\n", None),
        ("for a in range(3):\n  for b in range(3):\n", None),
        ("for a in range(3):\n  def f():\n", None),
        ("for a in range(3):\n  if a:\n", "a"),
    ],
)
def test_a_loop_that_counts_tells_by_what(head: str, counter: str | None):
    assert counter_at(f"{head}    # why\n\n    log(1)\n", len(head) + 16) == counter


@pytest.mark.parametrize(
    ("source", "otherwise", "seed"),
    [
        ("split(x)", "7", "7"),
        ("SEED = 1\nsplit(x)", "SEED", "SEED"),
        ("split(x)\nSEED = 1\n", "SEED", "42"),
        ("def f():\n    split(x)\nSEED = 1\n", "SEED", "SEED"),
        ("args = read()\nseed(args.seed)\nsplit(x)", "7", "args.seed"),
        ("def f(cfg):\n    split(x)\ndef g(cfg):\n    seed(cfg.train.seed)\n", "7", "cfg.train.seed"),
        ('def f(config):\n    split(x)\ndef g(c):\n    seed(config["seed"])\n', "7", 'config["seed"]'),
        ("def f(rows):\n    split(x)\ndef g(args):\n    seed(args.seed)\n", "7", "7"),
        ('p.add_argument("--seed", type=int)\nargs = p.parse_args()\nsplit(x)', "7", "args.seed"),
        ('p.add_argument("--random-seed")\nopt, _ = p.parse_known_args()\nsplit(x)', "7", "opt.random_seed"),
        ("args.seed = 3\nsplit(x)", "7", "7"),
    ],
)
def test_the_seed_at_hand_is_passed(source: str, otherwise: str, seed: str):
    assert seed_at(source, source.index("split"), otherwise) == seed


NOTEBOOK = {
    "cells": [
        {"cell_type": "code", "source": ["import numpy as np\n", "from sklearn.linear_model import Ridge"]},
        {
            "cell_type": "code",
            "source": ["%matplotlib inline\n", "rows = np.random.rand(9, 2)\n", "Ridge().fit(rows, rows)"],
        },
    ],
    "metadata": {},
    "nbformat": 4,
    "nbformat_minor": 5,
}


def test_a_seed_goes_into_the_cell_of_the_imports(tmp_path: Path):
    for cell in NOTEBOOK["cells"]:  # type: ignore[attr-defined]
        cell.update(metadata={}, outputs=[], execution_count=None, id=str(id(cell)))
    write(tmp_path, "a.ipynb", json.dumps(NOTEBOOK, indent=1))

    lint(tmp_path, "check", "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP30")

    cells = json.loads((tmp_path / "a.ipynb").read_text())["cells"]
    assert cells[0]["source"][2:] == ["\n", "np.random.seed(42)"]
    assert cells[1]["source"] == NOTEBOOK["cells"][1]["source"]  # type: ignore[index]
    assert cells[0]["source"][1] == "from sklearn.linear_model import Ridge\n"


@pytest.mark.parametrize(("line", "seeded"), [("", True), ("sess = tf.Session()\n", False)])
def test_code_for_older_versions_gets_no_function_that_it_lacks(tmp_path: Path, line: str, seeded: bool):
    source = "import tensorflow as tf\nmodel = tf.keras.Sequential([tf.keras.layers.Dense(3)])\nmodel.fit(rows, 1)\n"
    write(tmp_path, "a.py", source + line)

    lint(tmp_path, "check", "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP301")

    assert ("tf.random.set_seed(42)" in (tmp_path / "a.py").read_text()) == seeded


def test_a_module_that_others_import_is_not_seeded(tmp_path: Path):
    source = "import numpy as np\nfrom sklearn.linear_model import Ridge\n"
    source += 'if __name__ == "__main__":\n    Ridge().fit(np.random.rand(9, 2), 1)\n'
    write(tmp_path, "a.py", source)
    write(tmp_path, "b.py", "import a\n")

    lint(tmp_path, "check", "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP301")

    assert (tmp_path / "a.py").read_text() == source


def test_a_value_is_passed_as_the_tool_takes_it(tmp_path: Path):
    source = "import google.generativeai as genai\nmodel = genai.GenerativeModel('gemini-1.5-pro-001')\n\n\n"
    source += "def label(rows):\n    for row in rows:\n        print(model.generate_content(row))\n"
    write(tmp_path, "a.py", source)

    lint(tmp_path, "check", "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP730")

    assert 'generate_content(row, request_options={"timeout": 60})' in (tmp_path / "a.py").read_text()


def test_line_ends_stay_when_lines_are_added(tmp_path: Path):
    source = (
        "import numpy as np\nfrom sklearn.linear_model import Ridge\nrows = np.random.rand(9)\nRidge().fit(rows, 1)\n"
    )
    (tmp_path / "a.py").write_bytes(source.replace("\n", "\r\n").encode())

    lint(tmp_path, "check", "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP30")

    expected = source.replace("Ridge\nrows", "Ridge\n\nnp.random.seed(42)\nrows")
    assert (tmp_path / "a.py").read_bytes() == expected.replace("\n", "\r\n").encode()


@pytest.mark.parametrize("inner", ["", "  "])
def test_a_new_list_is_indented_as_the_one_beside_it(inner: str):
    source = f"fetch:\n  cmd: ./fetch.sh  # from the web\n  outs:\n  {inner}- raw.csv  # large\n"
    edit = NewList(where(source, "outs"), source.index("  # large"), "deps", ("fetch.sh",))

    assert edited(source, edit) == f"{source.rstrip()}\n  deps:\n  {inner}- fetch.sh\n"
