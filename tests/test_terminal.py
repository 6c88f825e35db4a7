from __future__ import annotations

import io
from collections.abc import Iterator

import pytest

from xops_lint import markdown
from xops_lint.terminal import Progress, colors


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def clock(*times: float) -> Iterator[float]:
    yield from times


@pytest.mark.parametrize(
    ("choice", "terminal", "environment", "expected"),
    [
        ("auto", True, {}, True),
        ("auto", False, {}, False),
        ("auto", True, {"TERM": "dumb"}, False),
        ("auto", True, {"NO_COLOR": "1"}, False),
        ("auto", True, {"NO_COLOR": ""}, True),
        ("auto", False, {"FORCE_COLOR": "1"}, True),
        ("auto", False, {"FORCE_COLOR": "0"}, False),
        ("auto", False, {"CLICOLOR_FORCE": "1"}, True),
        ("always", False, {"NO_COLOR": "1"}, True),
        ("never", True, {"FORCE_COLOR": "1"}, False),
    ],
)
def test_colours_follow_option_then_environment_then_terminal(
    choice: str, terminal: bool, environment: dict[str, str], expected: bool
):
    stream = Terminal() if terminal else io.StringIO()

    assert colors(choice, stream, environment) == expected


def test_a_bar_appears_after_a_second_and_goes_away():
    stream = Terminal()
    times = clock(0.0, 0.9, 1.1, 1.1, 1.15)
    progress = Progress(stream, shown=True, clock=lambda: next(times))

    progress(1, 4)
    assert stream.getvalue() == ""

    progress(2, 4)
    assert stream.getvalue() == "\rchecking [############............] 2/4 files"

    progress(3, 4)
    progress.clear()
    assert stream.getvalue().endswith("2/4 files\r" + " " * 45 + "\r")


def test_no_bar_without_a_terminal():
    stream = io.StringIO()
    progress = Progress(stream, shown=True, clock=lambda: 99.0)

    progress(1, 2)
    progress.clear()

    assert stream.getvalue() == ""


PAGE = """\
# stray-word (ACM101)

A **word** stands in
the [text](https://example.org/why), see `x`.

- first item that is so long that it has
  to be wrapped
- second

```python title="a.py"
x = 1  # this code is longer than the width, and is not wrapped
```
"""


def test_a_page_is_wrapped_but_its_code_is_not():
    assert markdown.render(PAGE, 40, color=False) == (
        "stray-word (ACM101)\n"
        "===================\n"
        "\n"
        "A word stands in the text\n"
        "(https://example.org/why), see `x`.\n"
        "\n"
        "- first item that is so long that it has\n"
        "  to be wrapped\n"
        "- second\n"
        "\n"
        "    a.py\n"
        "    x = 1  # this code is longer than the width, and is not wrapped\n"
    )


def test_colours_do_not_count_as_columns():
    plain = markdown.render(PAGE, 40, color=False).splitlines()
    colored = markdown.render(PAGE, 40, color=True).splitlines()

    assert "\033[36mx\033[0m" in "\n".join(colored)
    assert len(colored) == len(plain) - 1  # the heading is underlined by the terminal
