"""Fixes: what they change, what they leave, and when they stop."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from pathlib import Path
from typing import Any

import nbformat
import pytest

from xops_lint.diagnostic import PlacedEdit
from xops_lint.languages.splice import splice
from xops_lint.text import LineIndex, Place

LISTED = 'os.listdir("data")'
LISTING = """import os
from sklearn.model_selection import train_test_split
files = os.listdir("data")
train, test = train_test_split(files, random_state=1)
"""

SWAPPED = """from sklearn.linear_model import Ridge
from sklearn.metrics import r2_score
x_train, x_test, y_train, y_test = train_test_split(x, y, random_state=0)
predicted = Ridge().fit(x_train, y_train).predict(x_test)
print(r2_score(predicted, y_test))
"""

LOCAL_RULE = """
from xops_lint.diagnostic import Edit, Fix, Safety
from xops_lint.rule import Rule
from xops_lint.text import Range

RULE = Rule("ACM101", "word", "A word.", "Somebody reads it.", "Take it out.", ops=("mlops",),
            tests=True, exploration=True)


@RULE.text
def check(file):
    start = file.text.find({word!r})
    if start >= 0:
        where = Range(start, start + len({word!r}))
        yield RULE.at(where, "is the word", fix=Fix("Write another", (Edit(where, {text!r}),), Safety.SAFE))
"""


def run(root: Path, *options: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "xops_lint", "check", "--output-format", "concise", *options]
    return subprocess.run(command, cwd=root, capture_output=True, text=True, encoding="utf-8", check=False)


def with_local_rule(root: Path, word: str, text: str) -> None:
    (root / "lint").mkdir()
    (root / "lint" / "word.py").write_text(LOCAL_RULE.format(word=word, text=text))
    (root / "xops-lint.toml").write_text('rule-paths = ["lint"]\nselect = ["ACM"]\nexclude = ["lint", "*.toml"]\n')


# Files


def test_a_safe_fix_is_applied_and_what_is_left_is_reported(tmp_path: Path):
    (tmp_path / "a.py").write_text(LISTING + SWAPPED)

    done = run(tmp_path, "--isolated", "--fix", "--show-fixes", "--select", "XOP313,XOP426")

    assert (tmp_path / "a.py").read_text() == LISTING.replace(LISTED, f"sorted({LISTED})") + SWAPPED
    assert done.stdout.split(" ")[1] == "XOP426"
    assert "mended 1 finding in 1 file\n  a.py: 1 x XOP313" in done.stderr
    assert "1 can be mended with `--fix --unsafe-fixes`" in done.stderr
    assert done.returncode == 1

    assert run(tmp_path, "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP313,XOP426").returncode == 0
    assert "r2_score(y_test, predicted)" in (tmp_path / "a.py").read_text()


def test_a_diff_writes_nothing_and_can_be_applied(tmp_path: Path):
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub" / "a.py").write_text(LISTING.rstrip("\n"))
    subprocess.run(["git", "init", "-q", "."], cwd=tmp_path, check=True)

    shown = run(tmp_path, "--isolated", "--diff")

    assert (tmp_path / "sub" / "a.py").read_text() == LISTING.rstrip("\n")
    assert shown.returncode == 1
    subprocess.run(["git", "apply"], cwd=tmp_path, input=shown.stdout, text=True, check=True)
    assert 'sorted(os.listdir("data"))' in (tmp_path / "sub" / "a.py").read_text()
    assert run(tmp_path, "--isolated", "--diff").stdout == ""


def test_the_exit_status_tells_of_fixes_if_asked_to(tmp_path: Path):
    (tmp_path / "a.py").write_text(LISTING)
    options = ("--isolated", "--select", "XOP313", "--exit-non-zero-on-fix")

    assert run(tmp_path, *options, "--fix").returncode == 1
    assert run(tmp_path, *options, "--fix").returncode == 0


def test_fix_only_reports_nothing(tmp_path: Path):
    (tmp_path / "a.py").write_text(LISTING + SWAPPED)

    done = run(tmp_path, "--isolated", "--fix-only", "--select", "XOP313,XOP426")

    assert (done.returncode, done.stdout) == (0, "")
    assert "sorted(" in (tmp_path / "a.py").read_text()


@pytest.mark.skipif(os.name == "nt", reason="no such modes and links")
def test_mode_and_links_stay(tmp_path: Path):
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "b.py").write_text(LISTING)
    (tmp_path / "kept" / "b.py").chmod(0o750)
    (tmp_path / "a.py").symlink_to("kept/b.py")

    run(tmp_path, "--isolated", "--no-cache", "--fix", "a.py")

    assert (tmp_path / "a.py").is_symlink()
    assert "sorted(" in (tmp_path / "kept" / "b.py").read_text()
    assert (tmp_path / "kept" / "b.py").stat().st_mode & 0o777 == 0o750
    assert sorted(path.name for path in tmp_path.iterdir()) == ["a.py", "kept"]


def given(root: Path, name: str, data: bytes, *options: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "xops_lint", "check", "--output-format", "concise", *options]
    return subprocess.run(
        [*command, "-", "--stdin-filename", name], cwd=root, input=data, capture_output=True, check=False
    )


def test_what_the_standard_input_becomes_is_printed(tmp_path: Path):
    text = f"{LISTING}from sklearn.linear_model import SGDClassifier\nSGDClassifier().fit(train, test)\n".replace(
        "\n", "\r\n"
    )

    done = given(tmp_path, "a.py", text.encode(), "--isolated", "--fix")

    assert done.stdout.decode() == text.replace(LISTED, f"sorted({LISTED})")
    assert b"\na.py:6:1: XOP303" in done.stderr
    assert b"2 findings, 0 suppressed, 0 skipped" in done.stderr
    assert done.returncode == 1
    assert not (tmp_path / "a.py").exists()


@pytest.mark.parametrize(("name", "data"), [("a.py", b"x = 1\n"), ("a.bin", b"\x00"), ("a.py", b"\xff(")])
def test_what_cannot_be_mended_is_printed_as_it_is(tmp_path: Path, name: str, data: bytes):
    assert given(tmp_path, name, data, "--isolated", "--fix-only").stdout == data


def test_an_excluded_text_is_printed_as_it_is(tmp_path: Path):
    done = given(tmp_path, "venv/a.py", LISTING.encode(), "--isolated", "--fix", "--force-exclude")

    assert (done.returncode, done.stdout) == (0, LISTING.encode())
    assert b"skipped venv/a.py: is excluded" in done.stderr


def test_the_standard_input_has_a_diff(tmp_path: Path):
    done = given(tmp_path, "a.py", LISTING.encode(), "--isolated", "--diff", "--exit-zero")

    assert b"+files = sorted(os.listdir" in done.stdout


def test_no_comments_go_into_the_standard_input(tmp_path: Path):
    done = given(tmp_path, "a.py", LISTING.encode(), "--add-ignores=why")

    assert done.returncode == 2
    assert b"`--add-ignores` writes into files" in done.stderr


def test_a_fix_that_would_break_the_file_is_left_out(tmp_path: Path):
    with_local_rule(tmp_path, "WORD", "(")
    (tmp_path / "a.py").write_text("x = WORD\n")

    done = run(tmp_path, "--fix")

    assert (tmp_path / "a.py").read_text() == "x = WORD\n"
    assert "the fix of ACM101 would break the file" in done.stderr
    assert done.returncode == 1


@pytest.mark.parametrize("text", ["WORD_", "WORD"])
def test_a_fix_that_goes_on_for_ever_is_named_and_ends(tmp_path: Path, text: str):
    with_local_rule(tmp_path, "WORD", text)
    (tmp_path / "a.py").write_text("x = WORD\n")

    done = run(tmp_path, "--fix")

    assert "the fix of ACM101 goes on changing the file" in done.stderr
    assert done.returncode == 1


def test_fixes_that_touch_take_turns(tmp_path: Path):
    with_local_rule(tmp_path, "AB", "A")
    (tmp_path / "a.py").write_text("x = ABBB\n")

    assert run(tmp_path, "--fix").returncode == 0
    assert (tmp_path / "a.py").read_text() == "x = A\n"


ARGUMENTS = """import tarfile
import urllib.request

import torch
import yaml
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import RandomizedSearchCV, train_test_split

SEED = 7
config = yaml.load(open("c.yaml"), Loader=yaml.Loader)
urllib.request.urlretrieve("https://x.org/d.tar", "d.tar")
tarfile.open("d.tar").extractall()
model = torch.load("m.pt", weights_only=False)
X_train, X_test, y_train, y_test = train_test_split(
    X,
    y,
)
a = RandomForestClassifier().fit(X_train, y_train)
b = RandomForestClassifier(n_estimators=(100), random_state=None).fit(X_train, y_train)
c = RandomizedSearchCV(b, (params)  # a comment
).fit(X_train, y_train)
d = RandomizedSearchCV(b, (params)).fit(X_train, y_train)
"""

MENDED = """import tarfile
import urllib.request

import torch
import yaml
from sklearn.ensemble import RandomForestClassifier
from sklearn.model_selection import RandomizedSearchCV, train_test_split

SEED = 7
config = yaml.load(open("c.yaml"), Loader=yaml.SafeLoader)
urllib.request.urlretrieve("https://x.org/d.tar", "d.tar")
tarfile.open("d.tar").extractall(filter="data")
model = torch.load("m.pt", weights_only=True)
X_train, X_test, y_train, y_test = train_test_split(
    X,
    y,
    random_state=SEED,
)
a = RandomForestClassifier(random_state=SEED).fit(X_train, y_train)
b = RandomForestClassifier(n_estimators=(100), random_state=SEED).fit(X_train, y_train)
c = RandomizedSearchCV(b, (params)  # a comment
).fit(X_train, y_train)
d = RandomizedSearchCV(b, (params), random_state=SEED).fit(X_train, y_train)
"""


def test_arguments_are_passed_where_they_belong(tmp_path: Path):
    (tmp_path / "a.py").write_text(ARGUMENTS)

    run(tmp_path, "--isolated", "--fix", "--unsafe-fixes")

    assert (tmp_path / "a.py").read_text() == MENDED


@pytest.mark.parametrize(
    ("source", "seed"),
    [
        ("from config import RANDOM_STATE\n", "RANDOM_STATE"),
        ("import random\nrandom.seed(13)\n", "13"),
        ("", "42"),
    ],
)
def test_the_seed_is_the_one_the_file_uses(tmp_path: Path, source: str, seed: str):
    split = "from sklearn.model_selection import train_test_split\ntrain, test = train_test_split(rows"
    (tmp_path / "a.py").write_text(f"{source}{split})\n")

    run(tmp_path, "--isolated", "--fix", "--unsafe-fixes")

    assert (tmp_path / "a.py").read_text() == f"{source}{split}, random_state={seed})\n"


# Bytes


def edit(start: tuple[int, int], end: tuple[int, int], text: str, cell: int | None = None) -> PlacedEdit:
    return PlacedEdit(Place("a", *start, *end, cell), text)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (b"\xef\xbb\xbfa = 1\r\nb = 2\r\n", b"\xef\xbb\xbfa = 1\r\nxy\r\nz = 2\r\n"),
        (b"# coding: latin-1\nb = '\xe9'\n", b"# coding: latin-1\nxy\nz = '\xe9'\n"),
        ("# é\nb = 'é'".encode(), "# é\nxy\nz = 'é'".encode()),
        (b"\x0c\nb\t=\x0c2\n", b"\x0c\nxy\nz\t=\x0c2\n"),
    ],
)
def test_encoding_marks_and_line_ends_stay(before: bytes, after: bytes):
    assert splice("python", before, [edit((2, 1), (2, 2), "xy\nz")]) == after


def test_what_cannot_be_encoded_is_not_written():
    assert splice("python", b"# coding: latin-1\nb = 1\n", [edit((2, 1), (2, 2), "\u20ac")]) is None


def test_a_config_in_utf_16_stays_in_it():
    before = b"\xff\xfe" + "a: 1\nb: 2\n".encode("utf-16-le")

    assert splice("yaml", before, [edit((2, 1), (2, 2), "c")]) == b"\xff\xfe" + "a: 1\nc: 2\n".encode("utf-16-le")


STYLES: list[dict[str, Any]] = [
    {"indent": 1},
    {"indent": 4, "ensure_ascii": False},
    {"separators": (",", ":")},
    {"indent": None},
]


def notebook(sources: list[str | list[str]], **style: Any) -> bytes:
    kept = {"metadata": {"é": "\U0001f600 \\u00e9"}, "outputs": [], "execution_count": None}
    cells = [{"cell_type": "code", "id": f"c{number}", "source": it, **kept} for number, it in enumerate(sources)]
    body = {"cells": cells, "metadata": {"name": "\U0001f600"}, "nbformat": 4, "nbformat_minor": 5}
    return (json.dumps(body, **style) + "\n").encode()


def sources_of(data: bytes) -> list[str]:
    return ["".join(cell["source"]) for cell in json.loads(data)["cells"]]


@pytest.mark.parametrize("style", STYLES)
def test_a_notebook_changes_in_its_cell_alone(style: dict[str, Any]):
    """Edits at random places do to the JSON what they do to the text, and the bytes around it stay."""
    chance = random.Random(7)
    alphabet = ["a", "b", " ", "\n", '"', "\\", "é", "\U0001f600", "\t", "/"]
    for _ in range(300):
        text = "".join(chance.choices(alphabet, k=chance.randrange(1, 40)))
        source: str | list[str] = chance.choice([text, text.splitlines(keepends=True)])
        lines = LineIndex(text)
        start, end = sorted(chance.choices(range(len(text) + 1), k=2))
        new = "".join(chance.choices(alphabet, k=chance.randrange(4)))
        before = notebook(["first\n", source, ["last\n", "line"]], **style)

        after = splice("notebook", before, [edit(lines.position(start), lines.position(end), new, cell=2)])

        assert after is not None
        assert sources_of(after) == ["first\n", text[:start] + new + text[end:], "last\nline"]
        assert after.partition(b'"c1"')[0] == before.partition(b'"c1"')[0]
        assert after.rpartition(b'"c2"')[2] == before.rpartition(b'"c2"')[2]
        nbformat.validate(nbformat.reads(after.decode(), 4))


def test_lines_of_a_notebook_are_added_and_taken_out_in_its_style():
    before = notebook([["a = 1\n", "b = 2\n", "c = 3"]], indent=1)

    after = splice("notebook", before, [edit((2, 1), (3, 1), "", 1), edit((1, 1), (1, 1), "import os\n", 1)])

    assert after is not None
    source = after.partition(b'"source": ')[2].partition(b"]")[0]
    assert source == b'[\n    "import os\\n",\n    "a = 1\\n",\n    "c = 3"\n   '


def test_escapes_that_nobody_touches_stay_as_they_are():
    before = rb'{"cells": [{"cell_type": "code", "source": "\u00e9 = \"\/\"; \ud83d\ude00x = 1"}], "nbformat": 4}'

    after = splice("notebook", before, [edit((1, 11), (1, 12), "y", 1)])

    assert after == before.replace(rb"\ude00x", rb"\ude00y")


# Outputs


def with_results(outputs: list[Any], style: dict[str, Any]) -> bytes:
    """Return a notebook of three cells that ran, of which the second has these outputs."""
    cells = [
        {
            "cell_type": "code",
            "id": "c0",
            "execution_count": 1,
            "metadata": {},
            "outputs": [SHOWN],
            "source": ["a = 1\n", "a"],
        },
        {"cell_type": "code", "id": "c1", "execution_count": 2, "metadata": {}, "outputs": outputs, "source": ["b"]},
        {
            "cell_type": "code",
            "id": "c2",
            "execution_count": 3,
            "metadata": {},
            "outputs": [SHOWN],
            "source": ["c = 'é'"],
        },
    ]
    kernel = {"kernelspec": {"name": "python3", "display_name": "é"}}
    return (json.dumps({"cells": cells, "metadata": kernel, "nbformat": 4, "nbformat_minor": 5}, **style)).encode()


SHOWN = {"output_type": "stream", "name": "stdout", "text": ["\u00e9 [\\\n"]}
FAILED = {"output_type": "error", "ename": "KeyError", "evalue": "'b'", "traceback": ["\u001b[0m]"]}


@pytest.mark.parametrize("style", STYLES)
def test_outputs_are_cleared_in_their_cell_alone(style: dict[str, Any]):
    before = with_results([SHOWN, FAILED], style)
    cleared = PlacedEdit(Place("a", 1, 1, 1, 1, 2), "", outputs=True)
    after = splice("notebook", before, [edit((1, 1), (1, 2), "d", 2), cleared])

    expected = json.loads(before)
    expected["cells"][1] |= {"outputs": [], "source": ["d"]}
    assert after == json.dumps(expected, **style).encode()


@pytest.mark.parametrize(
    ("code", "output"),
    [
        ("XOP204", FAILED),
        ("XOP105", {**SHOWN, "text": "name: Ada Brook, e-mail: ada.brook@brook-and-sons.co.uk\n"}),
        ("XOP104", {**SHOWN, "text": "postgresql://admin:s3cr3tPa55@db.prod.acme.io/x\n"}),
        ("XOP206", {**SHOWN, "text": "x" * 1_000_001}),
    ],
)
def test_outputs_that_are_at_fault_are_cleared(tmp_path: Path, code: str, output: dict[str, Any]):
    before = with_results([output], {"indent": 1})
    (tmp_path / "a.ipynb").write_bytes(before)

    done = run(tmp_path, "--isolated", "--fix", "--show-fixes", "--select", code)

    after = (tmp_path / "a.ipynb").read_bytes()
    assert (done.returncode, done.stdout) == (0, "")
    assert f"a.ipynb: 1 x {code}" in done.stderr
    assert after == with_results([], {"indent": 1})
    assert run(tmp_path, "--isolated", "--diff", "--select", code).stdout == ""


def test_outputs_of_a_cell_in_another_language_are_its_own(tmp_path: Path):
    before = with_results([{**SHOWN, "text": "x" * 1_000_001}], {"indent": 1}).replace(b'"b"', b'"%%html\\n", "<b>"')
    (tmp_path / "a.ipynb").write_bytes(before)

    run(tmp_path, "--isolated", "--fix", "--select", "XOP206")

    cells = json.loads((tmp_path / "a.ipynb").read_bytes())["cells"]
    assert [len(cell["outputs"]) for cell in cells] == [1, 0, 1]


@pytest.mark.parametrize("style", STYLES)
@pytest.mark.parametrize("numbers", [(1,), (2,), (3,), (1, 2), (2, 3), (1, 2, 3)])
def test_deleted_cells_leave_the_others_as_they_are(style: dict[str, Any], numbers: tuple[int, ...]):
    before = with_results([SHOWN], style)
    deleted = [PlacedEdit(Place("a", 1, 1, 1, 1, number), "", deletes=True) for number in numbers]
    after = splice("notebook", before, deleted)

    expected = json.loads(before)
    expected["cells"] = [cell for number, cell in enumerate(expected["cells"], start=1) if number not in numbers]
    assert json.loads(after or b"") == expected
    if expected["cells"]:
        assert after == json.dumps(expected, **style).encode()


def test_a_cell_of_commented_out_code_is_deleted_with_its_outputs(tmp_path: Path):
    before = with_results([SHOWN], {"indent": 1}).replace(b'"b"', b'"# model.fit(rows)"')
    (tmp_path / "a.ipynb").write_bytes(before)

    run(tmp_path, "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP225")

    assert (tmp_path / "a.ipynb").read_bytes() == splice(
        "notebook", before, [PlacedEdit(Place("a", 1, 1, 1, 1, 2), "", deletes=True)]
    )


# Rules

COMPARED = """import math

import numpy as np
import pandas as pd

rows = pd.read_csv("rows.csv")
missing = rows[rows["age"] == np.nan]
known = rows[(rows["age"] != np.nan) & (np.nan != (rows["a"] + rows["b"]))]
odd = 0 < rows["age"] == np.nan
"""

ASKED = """import math

import numpy as np
import pandas as pd

rows = pd.read_csv("rows.csv")
missing = rows[pd.isna(rows["age"])]
known = rows[(pd.notna(rows["age"])) & (pd.notna((rows["a"] + rows["b"])))]
odd = 0 < rows["age"] == np.nan
"""

SCORED = """from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score
from sklearn.model_selection import train_test_split
from sklearn.svm import LinearSVC
X_train, X_test, y_train, y_test = train_test_split(X, y, test_size=0.2, random_state=0)
pair = train_test_split(rows, random_state=0)
model = LogisticRegression().fit(X_train, y_train)
print(roc_auc_score(y_test, model.predict(X_test)))
predicted = model.predict(X_test)
print(roc_auc_score(y_test, predicted))
machine = LinearSVC(random_state=0).fit(X_train, y_train)
print(roc_auc_score(y_test, machine.predict(X_test)))
"""

OPTIONS = """import argparse
parser = argparse.ArgumentParser()
parser.add_argument("-s", "--shuffle", type=bool, default=True, help="mix")
parser.add_argument("--name", nargs="?", type=bool)
parser.add_argument("-v", type=bool)
parser.add_argument("--deep", type = bool, default="yes")
"""

SCHEDULED = """from datetime import datetime

from airflow import DAG

dag = DAG(
    "churn",
    start_date=datetime(2024, 1, 1),
    schedule_interval="@daily",
)
"""

LOSSES = """import torch
import torch.nn.functional as F
criterion = torch.nn.CrossEntropyLoss()
for images, labels in loader:
    out = model(images)
    first = criterion(torch.softmax(out, dim=1), labels)
    second = F.cross_entropy(F.softmax(out + 1, 1), labels)
    squashed = F.softmax(out, 1)
    third = F.cross_entropy(squashed, labels)
"""

COMPILED = """import keras
model = keras.Sequential([keras.layers.Dense(8), keras.layers.Dense(3, activation="softmax")])
model.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy(from_logits=True))
other = keras.Sequential([keras.layers.Dense(8), keras.layers.Dense(3)])
other.compile("adam", loss=keras.losses.SparseCategoricalCrossentropy())
last = keras.Sequential([keras.layers.Dense(8), keras.layers.Dense(3)])
last.compile("adam", loss="sparse_categorical_crossentropy")
"""


@pytest.mark.parametrize(
    ("code", "before", "after"),
    [
        (
            "XOP429",
            LOSSES,
            LOSSES.replace("torch.softmax(out, dim=1)", "out").replace("F.softmax(out + 1, 1)", "out + 1"),
        ),
        (
            "XOP430",
            COMPILED,
            COMPILED.replace("from_logits=True", "from_logits=False").replace("py())", "py(from_logits=True))"),
        ),
        ("XOP216", COMPARED, ASKED),
        (
            "XOP216",
            "import math\nfound = [x for x in xs if x != math.nan]\n",
            "import math\nfound = [x for x in xs if not math.isnan(x)]\n",
        ),
        ("XOP216", 'NONE = float("nan")\nfound = x == NONE\n', 'NONE = float("nan")\nfound = x == NONE\n'),
        (
            "XOP425",
            SCORED,
            SCORED.replace("y_test, model.predict(X_test))", "y_test, model.predict_proba(X_test)[:, 1])"),
        ),
        (
            "XOP413",
            SCORED,
            SCORED.replace("test_size=0.2, random_state=0", "test_size=0.2, random_state=0, stratify=y"),
        ),
        (
            "XOP229",
            OPTIONS,
            OPTIONS.replace("type=bool, default=True", "action=argparse.BooleanOptionalAction, default=True"),
        ),
        ("XOP610", SCHEDULED, SCHEDULED.replace('"@daily",', '"@daily",\n    catchup=False,')),
    ],
)
def test_what_a_rule_finds_is_mended(tmp_path: Path, code: str, before: str, after: str):
    (tmp_path / "a.py").write_text(before)
    options = ("--isolated", "--unsafe-fixes", "--select", code)

    run(tmp_path, "--fix", *options)

    assert (tmp_path / "a.py").read_text() == after
    assert run(tmp_path, "--diff", *options).stdout == ""


STAGES = """base: &base
  - data/clean.csv
stages:
  clean:  # first
    cmd: python src/clean.py
    deps:
    - data/raw.csv  # from the shop

    outs: [data/clean.csv]
  fit:
    wdir: src
    cmd: python -m fit
    deps: ["../data/clean.csv"]
    outs:
      - ../model.joblib
  score:
    cmd: python src/score.py
    deps: *base
    outs:
      - scores.json
"""


def test_code_becomes_a_dependency_in_the_style_of_the_list(tmp_path: Path):
    (tmp_path / "src").mkdir()
    for name in ("clean", "fit", "score"):
        (tmp_path / "src" / f"{name}.py").write_text("print('done')\n")
    (tmp_path / "src" / "clean.py").write_text("from tools.tables import strip\nstrip('data/raw.csv')\n")
    (tmp_path / "src" / "tools").mkdir()
    (tmp_path / "src" / "tools" / "tables.py").write_text("def strip(path):\n    print(path)\n")
    (tmp_path / "dvc.yaml").write_text(STAGES)

    run(tmp_path, "--isolated", "--fix", "--select", "XOP362")

    expected = STAGES.replace("shop\n", "shop\n    - src/clean.py\n    - src/tools/tables.py\n")
    assert (tmp_path / "dvc.yaml").read_text() == expected.replace('clean.csv"]', 'clean.csv", fit.py]')


def test_the_nearest_rule_is_shown_and_not_written(tmp_path: Path):
    source = "x = 1  # xops: ignore[unseeded-splits] it is a try\n"
    (tmp_path / "a.py").write_text(source)
    command = [sys.executable, "-m", "xops_lint", "check", "--isolated", "--output-format", "json", "a.py"]

    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    run(tmp_path, "--isolated", "--fix", "--unsafe-fixes")

    fixes = [found["fix"] for found in json.loads(shown.stdout) if found["code"] == "XOP004"]
    assert [(fix["applicability"], fix["edits"][0]["content"]) for fix in fixes] == [("display-only", "unseeded-split")]
    assert (tmp_path / "a.py").read_text() == source


@pytest.mark.parametrize(
    ("path", "source", "code", "content"),
    [
        (
            "a.py",
            "from transformers import AutoModel, Trainer\nmodel = AutoModel.from_pretrained('acme/churn')\n"
            "Trainer(model).train()\n",
            "XOP321",
            ', revision="<commit>"',
        ),
        (
            ".github/workflows/a.yml",
            "on: push\njobs:\n  a:\n    runs-on: ubuntu-latest\n    steps:\n      - uses: 'acme/deploy@main'\n",
            "XOP604",
            "'acme/deploy@<commit>'",
        ),
    ],
)
def test_a_commit_that_nobody_here_knows_is_left_to_a_person(
    tmp_path: Path, path: str, source: str, code: str, content: str
):
    (tmp_path / path).parent.mkdir(parents=True, exist_ok=True)
    (tmp_path / path).write_text(source)
    command = [sys.executable, "-m", "xops_lint", "check", "--isolated", "--output-format", "json"]

    shown = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
    run(tmp_path, "--isolated", "--fix", "--unsafe-fixes", "--select", code)

    fixes = [found["fix"] for found in json.loads(shown.stdout) if found["code"] == code]
    assert [(fix["applicability"], fix["edits"][0]["content"]) for fix in fixes] == [("display-only", content)]
    assert (tmp_path / path).read_text() == source


def test_a_switch_that_older_versions_lack_is_not_passed(tmp_path: Path):
    source = "import keras\nmodel = keras.models.load_model('old.h5')\n"
    (tmp_path / "a.py").write_text(source)
    (tmp_path / "requirements.txt").write_text("keras==2.1.2\n")

    done = run(tmp_path, "--isolated", "--fix", "--unsafe-fixes", "--select", "XOP101")

    assert "a.py:2:9: XOP101" in done.stdout
    assert (tmp_path / "a.py").read_text() == source
