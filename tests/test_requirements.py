from __future__ import annotations

import pytest

from xops_lint.config import Value
from xops_lint.languages.requirements import read

TEXT = """# top
-r base.txt   # more
--constraint=constraints.txt
--index-url https://example.com/simple
-e git+https://example.com/team/b.git@main#egg=b
numpy==1.26.4 ; python_version < "3.12"  # why
requests[security, socks] >=2, <3 \\
    --hash=sha256:aa \\
    --hash=sha256:bb
wheel @ https://example.com/wheel.whl
./local
https://example.com/torch-2.4.0-cp311-none-any.whl
"""


def requirements(text: str) -> list[dict[str, str]]:
    (root,) = read(text).documents
    return [{key: value.text for key, value in each.items.items()} for each in root.at("requirements[*]")]


def test_every_form_is_read() -> None:
    found = requirements(TEXT)

    assert [each.get("name") for each in found] == ["b", "numpy", "requests", "wheel", None, "torch"]
    assert [each.get("specifier") for each in found] == [None, "==1.26.4", ">=2, <3", None, None, "==2.4.0"]
    assert found[0]["editable"] == "true"
    assert found[0]["url"] == "git+https://example.com/team/b.git@main#egg=b"
    assert found[3]["url"] == "https://example.com/wheel.whl"


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_parts_have_exact_ranges(newline: str) -> None:
    text = TEXT.replace("\n", newline)

    (root,) = read(text).documents
    wanted = {
        "requirements[1].name": "numpy",
        "requirements[1].specifier": "==1.26.4",
        "requirements[2].specifier": ">=2, <3",
        "requirements[2].hashes[1]": "sha256:bb",
        "requirements[5].specifier": "2.4.0",
        "includes[0].file": "base.txt",
    }

    assert {route: written(text, root.get(route)) for route in wanted} == wanted


def written(text: str, value: Value | None) -> str:
    assert value is not None
    return text[slice(*value.range)]


def test_other_files_and_options_are_told_apart() -> None:
    (root,) = read(TEXT).documents

    assert [(each.items["kind"].text, each.items["file"].text) for each in root.at("includes[*]")] == [
        ("requirements", "base.txt"),
        ("constraints", "constraints.txt"),
    ]
    assert [each.items["option"].text for each in root.at("options[*]")] == ["--index-url"]


def test_comments_are_kept() -> None:
    assert [comment.text for comment in read(TEXT).comments] == ["# top", "# more", "# why"]


def test_the_first_mistake_is_a_problem() -> None:
    text = "numpy==1\n'pandas',\n'torch',\n"

    (problem,) = read(text).problems

    assert problem.message == "does not parse as a requirement: `'pandas',`"
    assert text[slice(*problem.range)] == "'pandas',"


def test_lines_of_a_template_are_left_out() -> None:
    parsed = read("kedro~={{ cookiecutter.version }}\npandas>=2\n")

    assert parsed.problems == ()
    assert [each["name"] for each in requirements("kedro~={{ cookiecutter.version }}\npandas>=2\n")] == ["pandas"]


def test_lists_of_conda_packages_are_skipped() -> None:
    parsed = read("numpy=1.26.4=py311h64a7726_0\n")

    assert [problem.skipped for problem in parsed.problems] == [True]
