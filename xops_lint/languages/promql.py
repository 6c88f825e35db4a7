"""PromQL: the text of a query to its tree, variables and templates of others included."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Final, NoReturn

from xops_lint.languages.promql_words import (
    IN_WINDOW,
    NotAQuery,
    Token,
    content_of,
    is_filled_in,
    length,
    place,
    without_filling,
    words_of,
)
from xops_lint.queries import (
    Aggregation,
    Duration,
    Filled,
    Function,
    Literal,
    Matcher,
    Node,
    Operation,
    Selector,
    Subquery,
)
from xops_lint.text import Range

AGGREGATIONS: Final = frozenset(
    {
        *("sum", "avg", "count", "min", "max", "group", "stddev", "stdvar", "topk", "bottomk", "count_values"),
        *("quantile", "limitk", "limit_ratio"),
    }
)

_BINDING: Final = {
    **dict.fromkeys(("or",), 1),
    **dict.fromkeys(("and", "unless"), 2),
    **dict.fromkeys(("==", "!=", "<", ">", "<=", ">="), 3),
    **dict.fromkeys(("+", "-"), 4),
    **dict.fromkeys(("*", "/", "%", "atan2"), 5),
    **dict.fromkeys(("^",), 6),
}
_TIGHTEST: Final = 6
_DEEPEST: Final = 200
"""Queries nested deeper than this are given up: no person wrote them."""


def parse(text: str, places: Sequence[Range]) -> Node:
    """Return the tree of a query; raise NotAQuery if it is none.

    ``places`` tells where every character of the text stands in the file: ranges are those of the file.
    """
    parser = _Parser(words_of(text, places), places)
    tree = parser.expression(1)
    if parser.token.kind != "end":
        parser.fail(f"has `{parser.token.text}` where an operator or the end belongs")
    return tree


@dataclass(slots=True)
class _Parser:
    """Reads tokens by descent, binary operators by how tightly they bind."""

    tokens: list[Token]
    places: Sequence[Range]
    position: int = 0
    depth: int = 0

    @property
    def token(self) -> Token:
        """The token that is read next."""
        return self.tokens[self.position]

    @property
    def end(self) -> int:
        """Where the last token that was read ends."""
        return self.tokens[self.position - 1].range.end

    def fail(self, message: str) -> NoReturn:
        """Give up at the next token."""
        raise NotAQuery(message, self.token.range)

    def take(self, *texts: str) -> Token | None:
        """Take the next token if it is one of these, whatever its case."""
        token = self.token
        if token.kind in ("operator", "name") and token.text.lower() in texts:
            self.position += 1
            return token
        return None

    def expect(self, text: str, inside: str) -> Token:
        """Take a token that has to stand here."""
        token = self.take(text)
        if token is None:
            self.fail(f"ends before `{text}` closes {inside}" if self.token.kind == "end" else self._unexpected(inside))
        return token

    def _unexpected(self, inside: str) -> str:
        return f"has `{self.token.text}` where {inside} goes on or ends"

    def expression(self, binding: int) -> Node:
        """Read operands and the operators between them that bind at least so tightly."""
        self.depth += 1
        if self.depth > _DEEPEST:
            self.fail("nests too deep")
        start = self.token.range.start
        left = self.signed()
        while (operator := self.token.text.lower()) in _BINDING and self.token.kind in ("operator", "name"):
            strength = _BINDING[operator]
            if strength < binding:
                break
            self.position += 1
            boolean = self.matching()
            right = self.expression(strength if operator == "^" else strength + 1)
            left = Operation(operator, left, right, Range(start, self.end), boolean)
        self.depth -= 1
        return left

    def matching(self) -> bool:
        """Read how the sides of an operator are matched; say whether it gives 0 and 1."""
        boolean = self.take("bool") is not None
        if self.take("on", "ignoring"):
            self.labels()
            if self.take("group_left", "group_right") and self.token.text == "(" and self._is_list():
                self.labels()
        return boolean

    def _is_list(self) -> bool:
        """Say whether the brackets that follow hold labels alone, as a right side hardly does."""
        position = self.position + 1
        while self.tokens[position].kind in ("name", "text") or self.tokens[position].text == ",":
            position += 1
        return self.tokens[position].text == ")"

    def signed(self) -> Node:
        """Read an operand with its signs."""
        start = self.token.range.start
        sign = self.take("-", "+")
        if sign is None:
            return self.postfix(self.operand(), start)
        operand = self.expression(_TIGHTEST)
        return Operation(sign.text, None, operand, Range(start, self.end))

    def postfix(self, node: Node, start: int) -> Node:
        """Read what may follow an operand: a window, and from when on to look back."""
        while True:
            if self.take("["):
                node = self.windowed(node, start)
            elif self.take("offset"):
                self.take("-", "+")
                self.amount("an offset")
            elif self.take("@"):
                self.take("-", "+")
                if self.take("start", "end"):
                    self.expect("(", "a time")
                    self.expect(")", "a time")
                else:
                    self.amount("a time")
            elif not self.take("anchored", "smoothed"):
                return node

    def amount(self, what: str) -> None:
        """Read a duration, a number, or what computes or stands for one."""
        if self.token.kind not in ("duration", "number", "mixed", "name") and self.token.text != "(":
            self.fail(self._unexpected(what))
        self.operand()

    def windowed(self, node: Node, start: int) -> Node:
        """Read the rest of a window, whose bracket has been read."""
        token = self.token
        match = IN_WINDOW.match(token.text) if token.kind == "window" else None
        if match is None:
            self.fail("has a window without an end")
        window = self.duration(match["length"], token.start)
        self.position += 1
        if match["colon"] is not None:
            written = match["step"].strip()
            step = self.duration(match["step"], token.start + match.start("step")) if written else None
            return Subquery(node, window, step, Range(start, self.end))
        if isinstance(node, Selector) and node.window is None:
            return Selector(node.name, Range(start, self.end), node.matchers, window)
        if isinstance(node, Filled):
            return Filled(Range(start, self.end))
        raise NotAQuery("gives a window to what is not a plain selection of series", window.range)

    def duration(self, text: str, start: int) -> Duration:
        """Return a length of time; one with parts that are filled in, or computed, is unknown."""
        plain = text.strip()
        start += len(text) - len(text.lstrip())
        where = place(self.places, start, start + len(plain))
        try:
            return Duration(length(plain), where)
        except ValueError:
            raise NotAQuery(f"has `{plain}` where a length of time belongs", where) from None

    def operand(self) -> Node:
        """Read a number, a text, brackets, a call, or a selection of series."""
        token = self.token
        reader = self._readers().get(token.kind)
        if token.text == "(":
            self.position += 1
            inner = self.expression(1)
            self.expect(")", "the brackets")
            return inner
        if token.text == "{":
            return self.selector("", token.range.start)
        if reader is None:
            self.fail(
                "ends where a value belongs" if token.kind == "end" else f"has `{token.text}` where a value belongs"
            )
        self.position += 1
        return reader(token)

    def _readers(self) -> dict[str, Callable[[Token], Node]]:
        return {
            "number": self.number,
            "duration": lambda token: Literal(self.duration(token.text, token.start).seconds or 0.0, token.range),
            "text": lambda token: Literal(content_of(token.text), token.range),
            "mixed": lambda token: Filled(token.range),
            "name": self.named,
        }

    def number(self, token: Token) -> Node:
        """Return a number."""
        plain = token.text.replace("_", "")
        return Literal(float(int(plain, 16)) if plain[:2].lower() == "0x" else float(plain), token.range)

    def named(self, token: Token) -> Node:
        """Read what begins with a name: a call, an aggregation, a selection, a number."""
        lower = token.text.lower()
        following = self.token.text.lower()
        if lower in AGGREGATIONS and following in ("(", "by", "without"):
            return self.aggregation(token)
        if following == "(":
            return self.call(token)
        if lower in ("inf", "nan"):
            return Literal(float(lower), token.range)
        if is_filled_in(token.text) and following != "{":
            name = without_filling(token.text)
            return Filled(token.range) if name == "{}" and following != "[" else Selector(name, token.range)
        return self.selector(without_filling(token.text), token.range.start)

    def call(self, token: Token) -> Node:
        """Read the arguments of a call."""
        arguments = self.arguments(f"the call of `{token.text}`")
        where = Range(token.range.start, self.end)
        return Filled(where) if is_filled_in(token.text) else Function(token.text, arguments, where, token.range)

    def arguments(self, inside: str) -> tuple[Node, ...]:
        """Read arguments in brackets."""
        self.expect("(", inside)
        found: list[Node] = []
        if self.take(")"):
            return ()
        found.append(self.expression(1))
        while self.take(","):
            if self.token.text == ")":
                break
            found.append(self.expression(1))
        self.expect(")", inside)
        return tuple(found)

    def aggregation(self, token: Token) -> Node:
        """Read an aggregation, whose labels may stand before or behind its argument."""
        grouping = self.grouping()
        arguments = self.arguments(f"`{token.text}`")
        labels, without = grouping or self.grouping() or (None, False)
        return Aggregation(token.text.lower(), arguments, Range(token.range.start, self.end), labels, without)

    def grouping(self) -> tuple[tuple[str, ...], bool] | None:
        """Read ``by (…)`` or ``without (…)``, if it stands here."""
        word = self.take("by", "without")
        return (self.labels(), word.text.lower() == "without") if word else None

    def labels(self) -> tuple[str, ...]:
        """Read names of labels in brackets."""
        self.expect("(", "the labels")
        found: list[str] = []
        while self.token.kind in ("name", "text", "mixed"):
            plain = content_of(self.token.text) if self.token.kind == "text" else self.token.text
            found.append(without_filling(plain))
            self.position += 1
            if not self.take(",") and not is_filled_in(self.tokens[self.position - 1].text):
                break
        self.expect(")", "the labels")
        return tuple(found)

    def selector(self, name: str, start: int) -> Node:
        """Read the conditions on labels that may follow a metric's name."""
        found: list[Matcher] = []
        if self.take("{"):
            while self.token.text != "}":
                matcher = self.matcher()
                if matcher is not None:
                    found.append(matcher)
                if not self.take(",", "or") and not is_filled_in(self.tokens[self.position - 1].text):
                    break
            self.expect("}", "the labels")
        return Selector(name, Range(start, self.end), tuple(found))

    def matcher(self) -> Matcher | None:
        """Read one condition on a label; None for one that something else fills in."""
        token = self.token
        if token.kind not in ("name", "text", "mixed"):
            self.fail(f"has `{token.text}` where a label belongs" if token.text else "ends within the labels")
        self.position += 1
        label = without_filling(content_of(token.text) if token.kind == "text" else token.text)
        operator = self.take("=", "!=", "=~", "!~")
        if operator is None:
            quoted = Matcher("__name__", "=", label, token.range) if token.kind == "text" else None
            if quoted is None and "{" not in label:
                self.fail(f"gives the label `{label}` no value")
            return quoted
        value = self.token
        if value.kind not in ("text", "name", "mixed") or (value.kind == "name" and not is_filled_in(value.text)):
            self.fail(f"gives the label `{label}` no text")
        self.position += 1
        known = value.kind == "text" and not is_filled_in(value.text)
        content = content_of(value.text) if known else None
        return Matcher(label, operator.text, content, Range(token.range.start, value.range.end))
