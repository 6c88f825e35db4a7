"""Notebooks: cells, magics, positions, and files that are no notebooks."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import libcst
import nbformat
import pytest

from xops_lint import languages
from xops_lint.code import PythonFile
from xops_lint.diagnostic import Problem
from xops_lint.document import Context
from xops_lint.languages.notebook import NotebookSource, neutralise_broken, read_cells
from xops_lint.text import LineIndex, Range


def cell(source: str | list[str], kind: str = "code", **fields: Any) -> dict[str, Any]:
    body: dict[str, Any] = {"cell_type": kind, "metadata": {}, "source": source, **fields}
    if kind == "code":
        body = {"execution_count": None, "outputs": [], **body}
    return body


def notebook(*cells: dict[str, Any] | str, metadata: dict[str, Any] | None = None, **style: Any) -> bytes:
    body = {
        "cells": [cell(it) if isinstance(it, str) else it for it in cells],
        "metadata": metadata or {},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(body, **{"indent": 1, **style}).encode()


def code_of(*cells: str) -> str:
    """Return the neutralised code of a notebook, after a check of its promises."""
    source = read_cells(notebook(*cells))

    assert source.problems == []
    assert source.python
    assert len(source.code) == len(source.text)
    assert LineIndex(source.code).starts == LineIndex(source.text).starts
    libcst.parse_module(source.code)
    return source.code


def shell_of(*cells: str) -> list[tuple[str, str, str]]:
    source = read_cells(notebook(*cells))
    return [(it.command, it.via, source.text[it.range.start : it.range.end]) for it in source.shell]


# Cells


def test_cells_are_joined_in_document_order() -> None:
    source = read_cells(notebook("a = 1\n", cell("# Title", "markdown"), "b = 2", "", "c = 3"))

    assert source.text == source.code == "a = 1\n\nb = 2\n\nc = 3\n"
    assert [it.number for it in source.cells] == [1, 2, 3, 4, 5]
    assert [it.kind for it in source.cells] == ["code", "markdown", "code", "code", "code"]
    assert [it.python for it in source.cells] == [True, False, True, True, True]
    assert [source.text[it.range.start : it.range.end] for it in source.cells] == ["a = 1\n", "", "b = 2", "", "c = 3"]


def test_a_cell_carries_what_was_saved_with_it() -> None:
    saved = cell(
        ["import os\n", "os.getcwd()"],
        id="a1b2",
        execution_count=7,
        metadata={"tags": ["parameters", "xops-ignore-XOP301"]},
    )
    (found,) = read_cells(notebook(saved)).cells

    assert found.id == "a1b2"
    assert found.source == "import os\nos.getcwd()"
    assert found.execution_count == 7
    assert found.tags == {"parameters", "xops-ignore-XOP301"}


def test_outputs_are_read_as_plain_text() -> None:
    outputs = [
        {"output_type": "stream", "name": "stdout", "text": ["epoch 1\n", "epoch 2\n"]},
        {"output_type": "error", "ename": "KeyError", "evalue": "'label'", "traceback": ["…"]},
        {"output_type": "execute_result", "data": {"text/plain": "0.93"}, "metadata": {}, "execution_count": 1},
        {"output_type": "display_data", "data": {"image/png": "iVBORw0KGgo="}, "metadata": {}},
    ]
    (found,) = read_cells(notebook(cell("train()", outputs=outputs), indent=None)).cells

    assert [(it.kind, it.text) for it in found.outputs] == [
        ("stream", "epoch 1\nepoch 2\n"),
        ("error", "KeyError: 'label'"),
        ("execute_result", "0.93"),
        ("display_data", ""),
    ]
    assert [it.size for it in found.outputs] == [len(json.dumps(it)) for it in outputs]


def test_empty_notebook_has_no_cells() -> None:
    assert read_cells(notebook()) == NotebookSource(python=True)


def test_cells_without_source_are_empty() -> None:
    source = read_cells(notebook({"cell_type": "code"}, cell("a = 1"), {}, {"cell_type": "code", "source": None}))

    assert source.problems == []
    assert [it.source for it in source.cells] == ["", "a = 1", "", ""]
    assert libcst.parse_module(source.code).code == source.code


# Magics


@pytest.mark.parametrize(
    ("source", "code"),
    [
        ("!pip install x", "0             "),
        ("!", "0"),
        ("?", "0"),
        ("?x", "0 "),
        ("%cd ..", "0     "),
        ("%%time\ny = f()", "      \ny = f()"),
        ("%%capture out\n%%timeit -n 1\ny = f()", "             \n             \ny = f()"),
        ("# note\n%%time\ny = 1", "# note\n      \ny = 1"),
        ("%time y = f()", "0;    y = f()"),
        ("%timeit -n 10 -r3 f(x)", "0;                f(x)"),
        ("%time", "0    "),
        ("%time !ls", "0        "),
        ("%time for x in y: f(x)", "0                     "),
        ("%prun -l 7 -s cumulative f()", "0;                       f()"),
        ("x = !ls", "x = 0  "),
        ("x = %sql select 1", "x = 0            "),
        ("x = %time f()", "x =       f()"),
        ("a, b = !ls; pwd", "a, b = 0       "),
        ("df?", "0  "),
        ("df.head??", "0        "),
        ("%timeit?", "0       "),
        ("if x:\n    !ls\n    %time f()", "if x:\n    0  \n    0;    f()"),
        ("for x in y:\n\t%memit f(x)", "for x in y:\n\t0;     f(x)"),
        ("!a \\\n  b \\\n  c\nx = 1", "0   \n     \n   \nx = 1"),
        ("pip install x", "0            "),
        ("rm -rf $OUT data*", "0                "),
        (",f a b", "0     "),
        ("plot(x);", "plot(x);"),
        ("await f()\nasync with g() as h:\n    await h", "await f()\nasync with g() as h:\n    await h"),
        (">>> for x in y:\n...     f(x)", "    for x in y:\n        f(x)"),
        ("    x = 1\n    y = 2", "    x = 1\n    y = 2"),
        ("!ls  # xops: ignore[XOP605] listing", "0    # xops: ignore[XOP605] listing"),
    ],
)
def test_magics_become_python_of_the_same_length(source: str, code: str) -> None:
    head, _, found = code_of("import os", source).partition("import os\n")

    assert head == ""
    assert found.removeprefix("if 1:\n") == code + "\n"


@pytest.mark.parametrize(
    "source",
    [
        'text = """\n!ls\n%time f()\nwhy?\n"""',
        "text = '''\n%%bash\n'''",
        "x = (a\n  % b\n  % c)",
        "x = a \\\n  % b",
        "print('%d'\n      % n)",
        "x = [\n    '!ls',\n    '%s' % y,\n]",
        "# !pip install x\n# what is this?",
        "assert a != b, 'equal?'",
        "x = f(a='!', b=\"=!\")\nx %= 3",
        "s = 'it\\\n%s' % x",
        "ls = 1\nls if ls else 2\nrun is None\ncat = ls\nenv - ls",
        "pip = {}\npip['install']",
        "d = {1: '\"', 2: \"'\"}\ne = '''it's \"fine\"'''\nf = r'\\''",
    ],
)
def test_python_is_not_touched(source: str) -> None:
    assert code_of(source) == source + "\n"


def test_offsets_of_code_and_text_agree_behind_magics() -> None:
    source = read_cells(notebook("!pip install 'naïve' \\\n  other\ntrain()\n%time y = fit()", "%%bash\nls", "score()"))

    for name in ("train", "fit", "score"):
        assert source.code.index(name) == source.text.index(name)


@pytest.mark.parametrize("ending", ["\r\n", "\r", "\n\n", "\f\n"])
def test_rows_of_code_and_text_agree_behind_any_line_ending(ending: str) -> None:
    source = read_cells(notebook(f"!ls{ending}a = 1{ending}", "b = 2"))

    assert LineIndex(source.code).position(source.code.index("b")) == LineIndex(source.text).position(
        source.text.index("b")
    )
    libcst.parse_module(source.code)


def test_indented_cell_is_a_block_of_its_own() -> None:
    source = read_cells(notebook("a = 1", "  b = 2\n  c = 3", "d = 4"))

    assert source.code == "a = 1\nif 1:\n  b = 2\n  c = 3\nd = 4\n"
    assert source.text == "a = 1\n     \n  b = 2\n  c = 3\nd = 4\n"
    assert source.text[slice(*source.cells[1].range)] == "  b = 2\n  c = 3"


# Shell commands and other languages


def test_shell_lines_are_commands_in_place() -> None:
    found = shell_of("!pip install pandas\n%pip install -U torch", "x = !git rev-parse HEAD\n%cd data\n!!ls", "%sx pwd")

    assert found == [
        ("pip install pandas", "magic", "!pip install pandas"),
        ("pip install -U torch", "magic", "%pip install -U torch"),
        ("git rev-parse HEAD", "magic", "!git rev-parse HEAD"),
        ("cd data", "magic", "%cd data"),
        ("ls", "magic", "!!ls"),
        ("pwd", "magic", "%sx pwd"),
    ]


def test_continued_shell_line_is_one_command() -> None:
    assert shell_of("!docker run \\\n    --rm image") == [
        ("docker run  --rm image", "magic", "!docker run \\\n    --rm image")
    ]


def test_a_magic_below_an_if_is_conditional() -> None:
    source = read_cells(
        notebook(
            "if hosted:\n    x = 1\n    !pip install a\n!pip install b",
            "try:\n    import c\nexcept ImportError:\n    !pip install c",
        )
    )

    assert [command.conditional for command in source.shell] == [True, False, False]


def test_bare_pip_is_a_command() -> None:
    assert shell_of("pip install pandas") == [("pip install pandas", "magic", "pip install pandas")]


@pytest.mark.parametrize("magic", ["%%bash", "%%sh", "%%bash --out log", "%%script bash", "%%shell", "%sh", "%%!"])
def test_shell_cell_is_commands_line_by_line(magic: str) -> None:
    lines = "# set up\n\ncd src\npip install \\\n  -e .\ncat > Dockerfile <<'END'\nRUN pip install x\nEND\nls"
    source = read_cells(notebook("a = 1", f"{magic}\n{lines}", "b = 2"))

    assert [(it.command, it.via) for it in source.shell] == [
        ("cd src", "cell"),
        ("pip install  -e .", "cell"),
        ("cat > Dockerfile <<'END'", "cell"),
        ("ls", "cell"),
    ]
    assert source.text[slice(*source.shell[1].range)] == "pip install \\\n  -e ."
    assert not source.cells[1].python
    assert source.text[slice(*source.cells[1].range)] == f"{magic}\n{lines}"
    assert source.code.split() == ["a", "=", "1", "#", "set", "up", "b", "=", "2"]


@pytest.mark.parametrize(
    "source",
    [
        "%%html\n<b>x</b>",
        "%%javascript\nalert(1)",
        "%%R -i df\nsummary(df)",
        "%%sql\nselect 1",
        "%%script perl\nprint 1",
        "%%unheard_of\nx = 1",
        "%md\n# Title",
        "%sql\nselect 1",
        "\n%%latex\nx^2",
    ],
)
def test_cells_of_other_languages_are_no_part_of_the_text(source: str) -> None:
    found = read_cells(notebook("a = 1", source, "b = 2"))

    assert found.text == found.code == "a = 1\nb = 2\n"
    assert not found.cells[1].python
    assert found.cells[1].range == Range(6, 6)
    assert found.cells[1].source == source
    assert found.shell == ()


def written_by(*cells: str, path: str = "nb/a.ipynb") -> dict[str, str]:
    """Return the files that a notebook writes, without the blanks that keep their positions."""
    file = languages.read(path, notebook(*cells), "notebook", context=Context())

    assert isinstance(file, PythonFile)
    for each in file.written:
        assert all(own in (whole, " ") for own, whole in zip(each.text, file.text))
    return {each.path: re.sub(r"^\s*\n", "", each.text) for each in file.written}


def test_files_that_cells_write_keep_their_positions() -> None:
    assert written_by("a = 1", "%%writefile train.py\nimport os\n", "b = 2") == {"nb/train.py": "import os\n"}
    assert written_by("%%file './params.yaml'\nseed: 1") == {"nb/params.yaml": "seed: 1"}
    assert written_by("%%writefile ../src/a.py\nx = 1") == {"src/a.py": "x = 1"}


def test_a_cell_that_appends_goes_on_and_one_that_writes_again_replaces() -> None:
    appended = written_by("%%writefile a.py\nx = 1\n", "y", "%%writefile -a a.py\nz = 3\n")

    assert re.sub(r"\s*\n\s*", "|", appended["nb/a.py"]) == "x = 1|z = 3|"
    assert written_by("%%writefile a.py\nx = 1\n", "%%writefile a.py\ny = 2\n") == {"nb/a.py": "y = 2\n"}


def test_a_path_outside_of_the_project_is_taken_as_one_beside_the_notebook() -> None:
    for path in ("/content/a.py", "$HOME/a.py", "{folder}/a.py", "~/a.py", "../../../a.py"):
        assert written_by(f"%%writefile {path}\nx = 1") == {"nb/a.py": "x = 1"}


@pytest.mark.parametrize("operands", ["", "{name}", "$NAME.py", "notes.md", "run.bat"])
def test_what_is_of_no_kind_or_has_no_known_name_is_left_alone(operands: str) -> None:
    assert written_by(f"%%writefile {operands}\nx = 1") == {}


def test_cell_that_names_its_language_is_believed() -> None:
    found = read_cells(notebook(cell("SELECT 1", metadata={"vscode": {"languageId": "sql"}}), "a = 1"))

    assert found.text == "a = 1\n"


# Positions


def raw(data: bytes, row: int, column: int) -> str:
    return data.decode().splitlines()[row - 1][column - 1 :]


def test_raw_rows_of_a_list_of_lines() -> None:
    data = notebook(cell("# Title", "markdown"), cell(["import os\n", "\n", "x = '\\\\é'\n", ""]))
    found = read_cells(data).cells[1]

    assert [raw(data, *place) for place in found.raw_rows] == [
        'import os\\n",',
        '\\n",',
        "x = '\\\\\\\\\\u00e9'\\n\",",
        '"',
    ]


def test_raw_rows_of_one_string_count_its_escapes() -> None:
    data = notebook('a = "\t\\n"\nb = 2\r\nc = 3\n\nd = 4')
    (found,) = read_cells(data).cells

    assert [raw(data, *place) for place in found.raw_rows] == [
        'a = \\"\\t\\\\n\\"\\nb = 2\\r\\nc = 3\\n\\nd = 4"',
        'b = 2\\r\\nc = 3\\n\\nd = 4"',
        'c = 3\\n\\nd = 4"',
        '\\nd = 4"',
        'd = 4"',
    ]


@pytest.mark.parametrize("indent", [None, 1, 4])
@pytest.mark.parametrize(
    "pieces", [["a = 1\n", "b = 2\n", "c = 3"], ["a = ", "1\nb = 2", "\nc = 3"], ["a = 1\nb = 2\nc = 3"]]
)
def test_raw_rows_in_any_layout(indent: int | None, pieces: Sequence[str]) -> None:
    data = notebook(cell("# Title", "markdown"), cell(list(pieces)), indent=indent)
    found = read_cells(data).cells[1]

    assert [raw(data, *place)[0] for place in found.raw_rows] == ["a", "b", "c"]


def test_a_finding_is_placed_in_its_cell_and_in_the_file() -> None:
    data = notebook(
        cell("# Title", "markdown"), cell(["import os\n", "x = load()"], id="first"), "%%bash\nls\npip install y"
    )
    source = read_cells(data)
    file = PythonFile("a.ipynb", "notebook", source.text, cells=source.cells)

    start = source.text.index("load")
    place = file.place(Range(start, start + 6))
    assert (place.cell, place.cell_id, place.row, place.column, place.end_column) == (2, "first", 2, 5, 11)
    assert raw(data, place.raw_row or 0, place.raw_column or 0).startswith("load()")

    command = file.place(source.shell[1].range)
    assert (command.cell, command.row, command.column) == (3, 3, 1)


# Cells that do not parse


def test_broken_cell_does_not_hide_the_others() -> None:
    source = read_cells(
        notebook("a = 1", cell("# Title", "markdown"), "b = 2\nprint 'x'\nc = 3", "!ls\nd = (4", "e = 5")
    )
    mended = neutralise_broken(source)

    assert libcst.parse_module(mended.code).code == mended.code
    assert mended.code.split() == ["a", "=", "1", "e", "=", "5"]
    assert len(mended.code) == len(source.code)
    assert mended.text == source.text
    assert [it.message for it in mended.problems] == [
        "cell 3 does not parse as Python (line 2 of the cell)",
        "cell 4 does not parse as Python (line 2 of the cell)",
    ]
    assert [source.text[slice(*it.range)] for it in mended.problems] == ["print 'x'", "d = (4"]
    assert source.problems == []


@pytest.mark.parametrize(
    ("broken", "line"),
    [
        ("x = 1\ny = 'open\nz = 3", 2),
        ("x = 1\nprice = 5€", 2),
        ("x = 1\ny = 'a", 2),
        ("for x in y:\n", 1),
        ("  x = 1\n  y = = 2", 2),
        ("x = 1\n" + "(" * 5000 + ")" * 5000, 2),
    ],
)
def test_broken_line_is_named(broken: str, line: int) -> None:
    mended = neutralise_broken(read_cells(notebook("a = 1", broken, "b = 2")))

    assert [it.message for it in mended.problems] == [f"cell 2 does not parse as Python (line {line} of the cell)"]
    assert mended.code.split() == ["a", "=", "1", "b", "=", "2"]
    libcst.parse_module(mended.code)


# Formats, kernels, and files that are no notebooks


def test_format_3_is_read() -> None:
    old = {
        "metadata": {"name": ""},
        "nbformat": 3,
        "nbformat_minor": 0,
        "worksheets": [
            {
                "cells": [
                    {"cell_type": "heading", "level": 1, "metadata": {}, "source": ["Title"]},
                    {
                        "cell_type": "code",
                        "collapsed": False,
                        "input": ["import os\n", "os.getcwd()"],
                        "language": "python",
                        "metadata": {},
                        "outputs": [
                            {"output_type": "pyout", "prompt_number": 3, "text": ["'/tmp'"], "metadata": {}},
                            {"output_type": "pyerr", "ename": "OSError", "evalue": "gone", "traceback": []},
                        ],
                        "prompt_number": 3,
                    },
                ],
                "metadata": {},
            }
        ],
    }
    data = json.dumps(old, indent=1).encode()
    source = read_cells(data)

    assert source.text == "import os\nos.getcwd()\n"
    assert source.cells[1].execution_count == 3
    assert [(it.kind, it.text) for it in source.cells[1].outputs] == [
        ("execute_result", "'/tmp'"),
        ("error", "OSError: gone"),
    ]
    assert raw(data, *source.cells[1].raw_rows[1]).startswith("os.getcwd()")


def test_format_3_agrees_with_nbformat() -> None:
    old = nbformat.v3.new_notebook(
        worksheets=[
            nbformat.v3.new_worksheet(cells=[nbformat.v3.new_code_cell("a = 1\nb = 2", prompt_number=1)]),
            nbformat.v3.new_worksheet(
                cells=[nbformat.v3.new_text_cell("markdown", "text"), nbformat.v3.new_code_cell("c = 3")]
            ),
        ]
    )
    upgraded = nbformat.convert(old, 4)

    assert [it.source for it in read_cells(json.dumps(old).encode()).cells] == [it.source for it in upgraded.cells]


@pytest.mark.parametrize(
    ("metadata", "name"),
    [
        ({"kernelspec": {"name": "ir", "display_name": "R", "language": "R"}}, "ir"),
        (
            {"kernelspec": {"name": "julia-1.9", "display_name": "Julia"}, "language_info": {"name": "julia"}},
            "julia-1.9",
        ),
        ({"language_info": {"name": "scala"}}, "scala"),
        ({"kernelspec": {"name": "ir"}}, "ir"),
        ({"kernelspec": {"name": ".net-csharp"}}, ".net-csharp"),
        ({"application/vnd.databricks.v1+notebook": {"language": "sql"}}, "sql"),
    ],
)
def test_foreign_kernels_are_skipped(metadata: dict[str, Any], name: str) -> None:
    source = read_cells(notebook("x <- 1", metadata=metadata))

    assert source.problems == [Problem(f"kernel {name} is not Python", skipped=True)]
    assert not source.python
    assert source.text == source.code == ""
    assert [(it.source, it.python) for it in source.cells] == [("x <- 1", False)]


@pytest.mark.parametrize(
    "metadata",
    [
        {},
        {"kernelspec": {"name": "python3", "language": "python"}},
        {"kernelspec": {"name": "conda_pytorch_p36"}},
        {"kernelspec": {"name": "irrigation"}},
        {"kernelspec": {"name": "pysparkkernel", "language": "python"}, "language_info": {"name": "pyspark"}},
        {"language_info": {"name": "ipython"}},
        {"kernelspec": None, "language_info": 3},
        {"kernelspec": {"name": 3, "language": ["python"]}},
    ],
)
def test_other_kernels_are_python(metadata: dict[str, Any]) -> None:
    assert read_cells(notebook("x = 1", metadata=metadata)).text == "x = 1\n"


@pytest.mark.parametrize(
    ("data", "message", "skipped"),
    [
        (b"", "is empty: no notebook", True),
        (b" \n", "is empty: no notebook", True),
        (b"x = 1\n", "is not valid JSON: Expecting value (line 1, column 1)", False),
        (
            b'{"cells": [\n  {"source": "a"} {}]}',
            "is not valid JSON: Expecting ',' delimiter (line 2, column 19)",
            False,
        ),
        (b'{"cells": [', "is not valid JSON: Expecting value (line 1, column 12)", False),
        (b'{"cells": []} x', "is not valid JSON: Extra data (line 1, column 15)", False),
        (
            b'{"cells": [{"source": ["a\nb"]}]}',
            "is not valid JSON: Invalid control character at (line 1, column 26)",
            False,
        ),
        (b"[1, 2]", "is JSON but no notebook: it has no `cells`", False),
        (b'{"cells": {"a": 1}}', "is JSON but no notebook: it has no `cells`", False),
        (b'{"name": "package"}', "is JSON but no notebook: it has no `cells`", False),
        (b'{"cells": [\n "\xff"]}', "is not utf-8 at line 2, so it is no JSON", False),
        (
            b"version https://git-lfs.github.com/spec/v1\noid sha256:0\n",
            "is a Git LFS pointer: fetch it with `git lfs pull`",
            True,
        ),
        (b'{\n<<<<<<< HEAD\n "a": 1\n=======\n "a": 2\n>>>>>>> b\n}', "holds merge conflict markers", False),
    ],
)
def test_files_that_are_no_notebooks_are_told_why(data: bytes, message: str, skipped: bool) -> None:
    assert read_cells(data) == NotebookSource(problems=[Problem(message, skipped=skipped)])


@pytest.mark.parametrize(
    "data",
    [
        b'{"cells": ' + b"[" * 100_000,
        b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b', "cells": []}',
        b'{"cells": [], "n": ' + b"9" * 10_000 + b"}",
    ],
)
def test_json_beyond_bounds_is_a_problem(data: bytes) -> None:
    (problem,) = read_cells(data).problems

    assert problem.message.startswith("is JSON beyond what can be read") or "Expecting" in problem.message


@pytest.mark.parametrize(
    "cells",
    [
        [1, "text", None, [], True],
        [{"cell_type": 3, "source": {"a": 1}, "outputs": 5, "metadata": []}],
        [
            {
                "cell_type": "code",
                "source": ["a = 1", 2, None],
                "outputs": [3, {"data": []}, {"text": 5}, {"output_type": []}],
            }
        ],
        [{"cell_type": "code", "source": "x", "metadata": {"tags": "a"}, "execution_count": True, "id": 5}],
    ],
)
def test_odd_cells_are_read_as_far_as_they_go(cells: list[Any]) -> None:
    source = read_cells(json.dumps({"cells": cells}).encode())

    assert source.problems == []
    assert len(source.cells) == len(cells)


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-16-le", "utf-32"])
def test_every_encoding_of_json_is_read(encoding: str) -> None:
    data = notebook("x = 'é'", ensure_ascii=False).decode().encode(encoding)

    assert read_cells(data).text == "x = 'é'\n"


def test_lone_surrogates_are_replaced() -> None:
    source = read_cells(notebook("x = '\ud83d'"))

    assert source.text == "x = '\N{REPLACEMENT CHARACTER}'\n"


def test_pairs_of_surrogates_are_one_character() -> None:
    source = read_cells(notebook("x = '\N{ROCKET}'; y = 1"))

    assert source.text.index("y") == 9


def test_written_notebook_of_nbformat_is_read(tmp_path: Path) -> None:
    path = tmp_path / "train.ipynb"
    written = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("%pip install x\nimport x")])
    nbformat.write(written, path)
    source = read_cells(path.read_bytes())

    assert source.cells[0].id == written.cells[0].id
    assert source.cells[0].raw_rows == ((10, 6), (11, 6))
    assert source.code == "0             \nimport x\n"
