from __future__ import annotations

import pytest

from xops_lint.config import Value
from xops_lint.languages.dockerfile import read

TEXT = """# syntax=docker/dockerfile:1
ARG TAG=3.11.4
ARG CUDA
FROM --platform=linux/amd64 python:${TAG}-slim AS Build
FROM example/cuda:$CUDA
RUN apt-get update && \\
    # a remark
    pip install \\
      numpy==1.26.4

COPY --from=build /a /b
COPY --from=redis:7.2 ["a b", "c", "/d"]
ENV A=1 B="two words" \\
  C=3
ENV OLD the rest
HEALTHCHECK --interval=5s CMD curl localhost
CMD ["python", "serve.py"]
ENTRYPOINT exec serve
USER root
FROM build
FROM scratch
"""


def texts(text: str, route: str) -> list[str]:
    (root,) = read(text).documents
    return [value.text for value in root.at(route)]


def get(root: Value, route: str) -> Value:
    found = root.get(route)
    assert found is not None
    return found


def test_images_are_told_from_stages_and_arguments_put_in() -> None:
    assert texts(TEXT, "from[*].image") == ["python:3.11.4-slim", "example/cuda:$CUDA"]
    assert texts(TEXT, "from[*].stage") == ["build", "scratch"]
    assert texts(TEXT, "copy[*].image") == ["redis:7.2"]
    assert texts(TEXT, "copy[*].stage") == ["build"]


@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_words_have_exact_ranges(newline: str) -> None:
    text = TEXT.replace("\n", newline)

    (root,) = read(text).documents
    wanted = {
        "from[0].image": "python:${TAG}-slim",
        "from[0].alias": "Build",
        "copy[1].destination": '"/d"',
        "env[1].value": '"two words"',
        "env[3].name": "OLD",
        "env[3].value": "the rest",
        "cmd[0].command[1]": '"serve.py"',
        "healthcheck[0].interval": "5s",
        "user[0].value": "root",
    }

    assert {route: text[slice(*get(root, route).range)] for route in wanted} == wanted


def test_commands_are_one_line_or_a_list() -> None:
    (root,) = read(TEXT).documents

    assert get(root, "run[0].command").text == "apt-get update && pip install numpy==1.26.4"
    assert [word.text for word in get(root, "cmd[0].command").list] == ["python", "serve.py"]
    assert get(root, "healthcheck[0].command").text == "curl localhost"


def test_environment_has_names_and_values() -> None:
    pairs = list(zip(texts(TEXT, "env[*].name"), texts(TEXT, "env[*].value")))

    assert pairs == [("A", "1"), ("B", "two words"), ("C", "3"), ("OLD", "the rest")]


def test_here_documents_are_read_whole() -> None:
    text = "FROM a:1\nRUN <<EOF\npip install x\nFROM nothing\nEOF\nUSER me\n"

    assert texts(text, "run[*].command") == ["pip install x\nFROM nothing\n"]
    assert texts(text, "from[*].image") == ["a:1"]
    assert texts(text, "user[*].value") == ["me"]


def test_another_escape_character_is_heeded() -> None:
    text = "# escape=`\nFROM a:1\nRUN dir C:\\ `\n  && next\n"

    assert texts(text, "run[*].command") == ["dir C:\\ && next"]


def test_comments_are_found_inside_instructions() -> None:
    assert [comment.text for comment in read(TEXT).comments] == ["# syntax=docker/dockerfile:1", "# a remark"]


def test_an_unknown_instruction_is_a_problem() -> None:
    text = "FROM a:1\nINSTALL numpy\n"

    (problem,) = read(text).problems

    assert problem.message == "does not parse as a Dockerfile: no instruction `install`"
    assert text[slice(*problem.range)] == "INSTALL numpy"


def test_templates_are_skipped_quietly() -> None:
    assert [problem.skipped for problem in read("{% if x %}\nFROM a:1\n").problems] == [True]


@pytest.mark.parametrize(
    "text", ["", "\n\n", "FROM", "RUN", "COPY a", "FROM a:1\nRUN \\", "ENV", "HEALTHCHECK", "CMD [1]"]
)
def test_halves_of_instructions_do_no_harm(text: str) -> None:
    assert read(text).problems == ()
