"""Python source from bytes, decoded as PEP 263 tells."""

from __future__ import annotations

import ast
import re
import tokenize
import warnings
from codecs import BOM_UTF16_BE, BOM_UTF16_LE, BOM_UTF32_BE, BOM_UTF32_LE
from collections.abc import Iterator, Sequence

from xops_lint.diagnostic import Problem
from xops_lint.matching import regex
from xops_lint.text import LineIndex, Range

_NEWLINE = re.compile(rb"\r\n|\r|\n")
_SURROGATE = regex("[\ud800-\udfff]")
_FORM_FEED = regex(r"(\r\n|\r|\n|\A)([ \t]*)\f[ \t\f]*(?=[^ \t\f\r\n])")
_LONE_RETURN = regex(r"\r(?!\n)")
_BRACKET = regex(
    r"""(?P<opened>[(\[{])|[)\]}]|\#[^\r\n]*
    |\"{3}(?:[^"\\]+|\\(?:.|\Z)|"(?!""))*(?:\"{3}|\Z)|'{3}(?:[^'\\]+|\\(?:.|\Z)|'(?!''))*(?:'{3}|\Z)
    |"(?:[^"\\\r\n]+|\\.)*"?|'(?:[^'\\\r\n]+|\\.)*'?""",
    re.DOTALL | re.VERBOSE,
)

# CPython allows 200; libcst overflows the C stack (no exception) at a few thousand.
_DEEPEST_NESTING = 200

# A chain of operators nests as deep as it is long: libcst takes seconds for 3,000 and overflows the stack at 10,000.
_LONGEST_CHAIN = 1_000
_LINK = regex(r"[-+*/%|&^@<>]+|\.(?=[A-Za-z_])|\b(?:and|or)\b")
_LINK_PIECES = (*"-+*/%|&^@<>.", "and", "or")

# Lines that begin a statement: no expression goes on beyond them, but for texts nobody writes.
_STATEMENT = regex(r"[\r\n][ \t]*(?:@|(?:async|class|def|del|from|import|raise|return|try|while|with)\b)")
_ASSIGNMENT = regex(rf"{_STATEMENT.pattern}|[\r\n][ \t]*[A-Za-z_][\w.]*[ \t]*=")
_CHAIN_TOKEN = regex(rf"{_BRACKET.pattern}|(?P<end>[;:,=])|(?P<link>{_LINK.pattern})|\n", re.DOTALL | re.VERBOSE)

_WIDE_MARKS = (
    (BOM_UTF32_LE, "UTF-32"),
    (BOM_UTF32_BE, "UTF-32"),
    (BOM_UTF16_LE, "UTF-16"),
    (BOM_UTF16_BE, "UTF-16"),
)


def decode(data: bytes) -> tuple[str, Problem | None]:
    """Return a Python file's text, line endings kept, and what is wrong with it.

    A byte order mark is dropped. With a problem the text is for display alone.
    """
    for mark, name in _WIDE_MARKS:
        if data.startswith(mark):
            return "", Problem(f"{name} is no encoding Python reads: save the file as UTF-8")
    if b"\0" in data:
        return "", Problem("holds NUL bytes, so it is a binary: exclude it", skipped=True)
    encoding, complaint = _declared_encoding(data)
    if encoding is None:
        return _display(data), Problem(complaint, _first_lines(data))
    try:
        return replace_surrogates(data.decode(encoding)), None
    except UnicodeDecodeError as error:
        return _undecodable(encoding, error)
    except (LookupError, ValueError) as error:
        return _display(data), Problem(f"does not decode as `{encoding}`: {error}", _first_lines(data))


def declared_encoding(data: bytes) -> str | None:
    """Return the encoding that a Python file declares, or has by default; None for one that cannot be read."""
    return _declared_encoding(data)[0]


def parseable(text: str) -> str:
    """Return a text of the same length that libcst gives back as it took it.

    libcst drops form feeds at the start of a line and reads a lone carriage
    return as a line feed, which would shift every later offset.
    """
    if "\f" in text:
        text = _FORM_FEED.sub(_before_newline, text)
    return _LONE_RETURN.sub("\n", text) if "\r" in text else text


def nesting_problem(text: str) -> Problem | None:
    """Return a problem if brackets nest deeper than Python itself allows."""
    if not _holds(text, _STATEMENT, "([{", _DEEPEST_NESTING):
        return None
    depth = 0
    for match in _BRACKET.finditer(text):
        if match["opened"]:
            depth += 1
        elif match.group() in ")]}":
            depth = max(0, depth - 1)
        if depth > _DEEPEST_NESTING:
            return Problem(f"nests brackets more than {_DEEPEST_NESTING} deep", Range(*match.span()))
    return None


def chain_problem(text: str) -> Problem | None:
    """Return a problem if operators or attributes are chained beyond what can be read."""
    if not _holds(text, _ASSIGNMENT, _LINK_PIECES, _LONGEST_CHAIN) or len(_LINK.findall(text)) <= _LONGEST_CHAIN:
        return None
    depth = links = 0
    for match in _CHAIN_TOKEN.finditer(text):
        token = match[0]
        if match["link"]:
            links += 1
            if links > _LONGEST_CHAIN:
                return Problem(f"chains more than {_LONGEST_CHAIN} operators", Range(*match.span()), skipped=True)
        elif match["opened"]:
            depth += 1
        elif token in (")", "]", "}"):
            depth = max(depth - 1, 0)
        elif match["end"] or (token == "\n" and depth == 0):
            links = 0
    return None


def _holds(text: str, breaks: re.Pattern[str], pieces: Sequence[str], limit: int) -> bool:
    """Say whether more pieces than the limit stand between two breaks; counting is cheap, reading tokens is not."""
    if sum(map(text.count, pieces)) <= limit:
        return False
    start = 0
    for end in (*(match.start() for match in breaks.finditer(text)), len(text)):
        if end - start > limit and sum(text.count(piece, start, end) for piece in pieces) > limit:
            return True
        start = end
    return False


def syntax_error_row(code: str) -> int | None:
    """Return the row of the first syntax error as Python tells it, if it sees one.

    libcst names the row after it, or the first row for an unclosed string.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            ast.parse(code)
        except SyntaxError as error:
            # An unexpected end is told of the line after the last.
            return max(1, min(error.lineno or 1, len(LineIndex(code).starts)))
        except (MemoryError, RecursionError, ValueError):
            return None
    return None


def replace_surrogates(text: str) -> str:
    """Return the text with lone surrogates, which no encoding can write, replaced."""
    return text if text.isascii() else _SURROGATE.sub("\ufffd", text)


def _before_newline(match: re.Match[str]) -> str:
    """Move the form feed and the blanks around it, as spaces, before the newline.

    At the start of the text there is no newline to move: empty lines do.
    """
    newline, indentation = match.group(1), match.group(0)[len(match.group(1)) :]
    tail = indentation[indentation.rindex("\f") + 1 :]
    count = len(indentation) - len(tail)
    return " " * count + newline + tail if newline else "\n" * count + tail


def _declared_encoding(data: bytes) -> tuple[str | None, str]:
    try:
        encoding, _ = tokenize.detect_encoding(_lines(data).__next__)
        writes_ascii = "#".encode(encoding) == b"#"
    except SyntaxError as error:
        # An undecodable byte in the first two lines is better told with its line.
        if "encoding declaration" in str(error):
            return "utf-8-sig", ""
        return None, f"declares an encoding Python does not know: {error.msg}"
    except (LookupError, ValueError) as error:
        return None, f"declares an encoding Python does not read: {error}"
    if writes_ascii or encoding == "utf-8-sig":
        return encoding, ""
    return None, f"declares `{encoding}`, which does not hold ASCII"


def _lines(data: bytes) -> Iterator[bytes]:
    for line in _NEWLINE.split(data, 2)[:2]:
        yield line + b"\n"


def _undecodable(encoding: str, error: UnicodeDecodeError) -> tuple[str, Problem]:
    body = error.object  # the data without its byte order mark
    line = len(_NEWLINE.findall(body, 0, error.start)) + 1
    offset = len(body[: error.start].decode(encoding, "replace"))
    value = body[error.start]
    name = encoding.removesuffix("-sig")
    message = f"line {line} holds the byte 0x{value:02x}, no {name}: save the file as UTF-8 or declare its encoding"
    return body.decode(encoding, "replace"), Problem(message, Range(offset, offset + 1))


def _display(data: bytes) -> str:
    return data.decode("utf-8", "replace")


def _first_lines(data: bytes) -> Range:
    return Range(0, len(b"\n".join(_NEWLINE.split(data, 2)[:2]).decode("utf-8", "replace")))
