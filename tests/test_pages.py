from __future__ import annotations

import json
from pathlib import Path

import pytest

from xops_lint.page_tests import differences, lint_case
from xops_lint.pages import Case, Expected, Page, PageError, read_page
from xops_lint.registry import load

REGISTRY = load()


def page(tmp_path: Path, body: str, heading: str = "# unseeded-split (XOP302)") -> Page:
    path = tmp_path / "page.md"
    path.write_text(f"{heading}\n\nData is split\nat random.\n\n{body}", "utf-8")
    return read_page(path)


def cases(tmp_path: Path, body: str) -> tuple[Case, ...]:
    return page(tmp_path, body).cases


def block(text: str, information: str = "python") -> str:
    return f"```{information}\n{text}\n```\n\n"


def test_the_head_gives_name_code_and_summary(tmp_path: Path):
    read = page(tmp_path, "## Why\n\nSo.\n\n## Bad\n\n```text\n## No section\n```\n\n## Good\n")

    assert (read.name, read.code, read.summary) == ("unseeded-split", "XOP302", "Data is split at random.")
    assert read.sections == ("Why", "Bad", "Good")


def test_a_wrong_head_is_told(tmp_path: Path):
    with pytest.raises(PageError, match=r"page\.md:1: the first line is not"):
        page(tmp_path, "", "# Unseeded split")


def test_blocks_gather_until_a_title_comes_again(tmp_path: Path):
    body = block("a: 1", 'yaml title="params.yaml"') + block("x = 1") + "Another:\n\n" + block("x = 2")

    found = cases(tmp_path, f"## Bad\n\n{body}## Good\n\n{block('x = 3')}")

    assert [(case.id, [file.path for file in case.files]) for case in found] == [
        ("Bad-1", ["params.yaml", "train.py"]),
        ("Bad-2", ["train.py"]),
        ("Good-1", ["train.py"]),
    ]


def test_a_subsection_starts_a_new_case(tmp_path: Path):
    body = f"## Bad\n\n### In code\n\n{block('x = 1')}### In configs\n\n{block('a: 1', 'yaml')}"

    assert [len(case.files) for case in cases(tmp_path, body)] == [1, 1]


def test_blocks_that_only_illustrate_are_no_cases(tmp_path: Path):
    body = f"## Why\n\n{block('x = 1')}## Bad\n\n{block('$ python train.py', 'console')}"

    assert cases(tmp_path, body) == ()


def test_carets_mark_columns_and_are_taken_out(tmp_path: Path):
    text = "x = split(rows)\n#   ^^^^^^^^^^^ is drawn\n#         ^^^^ too\nsave(x)\n#^^^^^^ is saved\n# a comment"

    [case] = cases(tmp_path, f"## Bad\n\n{block(text)}")

    assert case.files[0].text == "x = split(rows)\nsave(x)\n# a comment\n"
    assert case.expected == [
        Expected("train.py", None, 1, 5, 16, "is drawn"),
        Expected("train.py", None, 1, 11, 15, "too"),
        Expected("train.py", None, 2, 1, 8, "is saved"),
    ]


def test_carets_may_be_indented_with_the_code(tmp_path: Path):
    [case] = cases(tmp_path, "## Bad\n\n" + block("if x:\n    y = 1\n    #   ^ here", 'yaml title="a.yaml"'))

    assert case.expected == [Expected("a.yaml", None, 2, 9, 10, "here")]


def test_findings_are_listed_for_files_without_comments(tmp_path: Path):
    body = block('{"a": 1}', "json") + block("config.json:1:2 is a key\nnb.ipynb:cell 2:3:4-7 is a name", "findings")

    [case] = cases(tmp_path, f"## Bad\n\n{body}")

    assert case.expected == [
        Expected("config.json", None, 1, 2, None, "is a key"),
        Expected("nb.ipynb", 2, 3, 4, 7, "is a name"),
    ]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (block("train.py:1:1 x", "findings"), "the findings follow no file"),
        (block("x = 1") + block("line 1: x", "findings"), "not `path:row:column message`"),
        ("```python\nx = 1\n", "the block is not closed"),
    ],
)
def test_what_cannot_be_read_is_told_with_its_line(tmp_path: Path, body: str, message: str):
    with pytest.raises(PageError, match=rf"page\.md:\d+: {message}"):
        page(tmp_path, f"## Bad\n\n{body}")


def test_cells_become_a_notebook(tmp_path: Path):
    text = "# %% [markdown]\n# Title\n# %% [3] tags=a,b\nx = 1\ny = split(x)\n#   ^^^^^ is drawn\n\n# %%\nz = 2"

    [case] = cases(tmp_path, "## Bad\n\n" + block(text, 'python title="a.ipynb"'))
    cells = json.loads(case.files[0].text)["cells"]

    assert [(cell["cell_type"], "".join(cell["source"])) for cell in cells] == [
        ("markdown", "# Title"),
        ("code", "x = 1\ny = split(x)"),
        ("code", "z = 2"),
    ]
    assert [cell.get("execution_count") for cell in cells] == [None, 3, None]
    assert cells[1]["metadata"] == {"tags": ["a", "b"]}
    assert case.expected == [Expected("a.ipynb", 2, 2, 5, 10, "is drawn")]


def test_words_after_the_language_set_profile_and_tracking(tmp_path: Path):
    body = block("x = 1", "python profile=production") + block("a,b", 'text title="data.csv" untracked')

    [case] = cases(tmp_path, f"## Good\n\n{body}")

    assert case.profile == "production"
    assert [(file.path, file.tracked) for file in case.files] == [("train.py", True), ("data.csv", False)]


SPLIT = "from sklearn.model_selection import train_test_split\n\ntrain, test = train_test_split(rows)"
MARK = "\n#             ^^^^^^^^^^^^^^^^^^^^^^ splits at random and no `random_state` pins it"


def difference(tmp_path: Path, text: str, information: str = "python") -> list[str]:
    [case] = cases(tmp_path, f"## Bad\n\n{block(text, information)}")
    folder = tmp_path / "case"
    folder.mkdir()
    report = lint_case(case, REGISTRY.rules["XOP302"], REGISTRY, folder)
    return [str(found) for found in differences(case.expected, report.diagnostics)]


def test_a_case_that_is_as_marked_has_no_difference(tmp_path: Path):
    assert difference(tmp_path, SPLIT + MARK) == []


def test_a_case_that_is_not_as_marked_tells_what_differs(tmp_path: Path):
    assert difference(tmp_path, SPLIT) == ["+ train.py:3:15-37 splits at random and no `random_state` pins it"]


def test_a_wrong_width_or_message_is_a_difference(tmp_path: Path):
    assert difference(tmp_path, f"{SPLIT}\n#             ^^^^^ splits") == [
        "+ train.py:3:15-37 splits at random and no `random_state` pins it",
        "- train.py:3:15-20 splits",
    ]


def test_a_finding_that_is_not_there_is_a_difference(tmp_path: Path):
    assert difference(tmp_path, "x = 1\n#   ^ is one") == ["- train.py:1:5-6 is one"]


def test_of_a_finding_over_several_lines_the_start_counts(tmp_path: Path):
    text = SPLIT.replace(
        "(rows)", "(\n#             ^^^^^^^^^ splits at random and no `random_state` pins it\n    rows,\n)"
    )

    assert difference(tmp_path, text) == []


def test_a_profile_brings_the_restrictions_to_paths_with_it(tmp_path: Path):
    assert difference(tmp_path, SPLIT, 'python title="tests/test_train.py" profile=standard') == []


def test_what_is_not_tracked_is_ignored_by_git_and_not_linted(tmp_path: Path):
    assert difference(tmp_path, SPLIT, "python untracked") == []
    assert (tmp_path / "case" / ".gitignore").read_text() == "/train.py\n"
