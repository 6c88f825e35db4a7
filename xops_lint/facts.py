"""The facts of one document: what the project keeps of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from xops_lint.call import Call
from xops_lint.chance import sounds_like_seeding
from xops_lint.code import Definition, Import, PythonFile
from xops_lint.config import ConfigFile, Value
from xops_lint.document import Context, Document
from xops_lint.drafts import Draft, digest_of, drafts
from xops_lint.expression import Expression
from xops_lint.gaps import filled
from xops_lint.helpers import Helper
from xops_lint.launches import mentioned
from xops_lint.locations import names_data
from xops_lint.matching import regex
from xops_lint.notebooks import Taken, taken
from xops_lint.operations import Assertion, Comparison, Gone
from xops_lint.playing import acting, calls_by_role, followed, playing
from xops_lint.queries import Query
from xops_lint.serving import asks_stored
from xops_lint.shell import Command, ShellCommand
from xops_lint.speaking import parts_in
from xops_lint.suites import check_words_in
from xops_lint.twins import Body, bodies
from xops_lint.words import words_in

if TYPE_CHECKING:
    from xops_lint.rule import Rule

_LARGEST_TREE = 200_000
"""Configs with more text than this keep their kind but not their tree."""

_LARGEST_OTHER = 20_000
"""The same for configs of no kind, which code may read its settings from."""


_PATH_METHODS = frozenset({"read_text", "read_bytes", "write_text", "write_bytes"})

_SPENT = regex(
    r"\b(?:usage|usage_metadata|token_usage|(?:total|prompt|input|completion|output)_tokens|token_?count\w*|count_tokens|num_tokens"
    r"|total_cost|prompt_(?:version|id|hash)|load_prompt|get_prompt)\b"
)
"""Words for what an answer of a language model cost and for the wording it was asked with."""

_FILE = regex(r"\S{1,200}\.\w{1,9}\Z")


@dataclass(slots=True)
class Facts:
    """What a project keeps of one document: plain data that pickles.

    Python files keep imports, definitions, references and the calls that play a
    role, are out of date, sound as if they seeded or optimised, or take what was drawn; configs keep kind and
    tree. ``traits`` tell of a config's runner, or of the decorators and bases of definitions. ``gone`` are the
    names that some versions of their libraries lack, ``guarded`` the functions that the file calls only under a
    condition, ``survived`` those whose failure it catches wherever it calls them, ``repeated`` those
    that it calls in some loop, ``filled`` the
    source, by route, of config values that something else fills in.
    ``assertions`` are those of tests that compare what calls give, ``mentions`` the
    Python files and modules that its texts and commands name, ``words`` all that its
    code consists of, each once, ``parts`` those of its dotted names, ``check_words`` the
    words of one that speaks of running checks on data, ``told`` the commands that a readme or a
    makefile tells people to type, or that a script of the shell holds, ``host`` is the path of
    the notebook that writes the file. ``every_call`` also holds those calls that functions
    of other modules make for this one, ``roles`` are all that any of these calls plays, so that nobody
    reads them in vain, ``acts`` tells that some of its own do as soon as the file is read, ``left`` are the texts
    given to those that leave a file behind, ``accounts`` marks files that speak of what answers
    of language models cost, or of versions of prompts. ``drafts`` is what a notebook's cells
    write to other files, ``digest`` tells the text of a file from others, ``taken`` are the
    parameters of a notebook, ``bodies`` what tells functions from others.
    """

    path: str
    language: str
    context: Context = Context()
    module: str = ""
    main: bool = False
    imports: tuple[Import, ...] = ()
    definitions: tuple[Definition, ...] = ()
    comparisons: tuple[Comparison, ...] = ()
    assertions: tuple[Assertion, ...] = ()
    gone: tuple[Gone, ...] = ()
    guarded: frozenset[str] = frozenset()
    survived: frozenset[str] = frozenset()
    repeated: frozenset[str] = frozenset()
    references: Mapping[str, frozenset[str]] = field(default_factory=dict)
    parts: str = ""
    returned: Mapping[str, frozenset[int]] = field(default_factory=dict)
    handed: Mapping[int, Sequence[frozenset[int]]] = field(default_factory=dict)
    made: Mapping[str, str] = field(default_factory=dict)
    helpers: Mapping[str, Helper] = field(default_factory=dict)
    every_call: tuple[Call, ...] = ()
    roles: frozenset[str] | None = None
    acts: bool = False
    left: tuple[str, ...] = ()
    mentions: frozenset[str] = frozenset()
    words: str = ""
    check_words: frozenset[str] = frozenset()
    shell: tuple[ShellCommand, ...] = ()
    names: Mapping[str, Expression] = field(default_factory=dict)
    kinds: tuple[str, ...] = ()
    documents: tuple[Value, ...] = ()
    traits: frozenset[str] = frozenset()
    filled: Mapping[str, str] = field(default_factory=dict)
    commands: tuple[Command, ...] = ()
    queries: tuple[Query, ...] = ()
    told: tuple[Command, ...] = ()
    routes: Mapping[str, Mapping[str, Sequence[str]]] = field(default_factory=dict)
    statements: int = 0
    options: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    host: str = ""
    digest: str = ""
    drafts: tuple[Draft, ...] = ()
    taken: Taken | None = None
    bodies: Mapping[str, Body] = field(default_factory=dict)
    accounts: bool = False
    by_role: Mapping[str, Sequence[Call]] | None = field(default=None, init=False, repr=False, compare=False)
    own_calls: tuple[Call, ...] | None = field(default=None, init=False, repr=False, compare=False)

    @property
    def calls(self) -> tuple[Call, ...]:
        """The calls that the file makes itself."""
        if self.own_calls is None:
            borrowed = any(call.home is not None for call in self.every_call)
            own = tuple(call for call in self.every_call if call.home is None) if borrowed else self.every_call
            self.own_calls = own
        return self.own_calls

    def option(self, rule: Rule, name: str) -> Any:
        """Return a rule's setting for this document, or its default."""
        return self.options.get(rule.name, {}).get(name, rule.options[name].default)

    @property
    def python(self) -> bool:
        """Whether this is a module or a notebook."""
        return self.language in ("python", "notebook")

    @property
    def notebook(self) -> bool:
        """Whether this is a notebook."""
        return self.language == "notebook"

    def playing(self, *roles: str) -> Iterator[Call]:
        """Yield the calls that play any of these roles, in order; all without one."""
        if not roles:
            return iter(self.calls)
        if self._lacks(roles):
            return iter(())
        if self.by_role is None:
            self.by_role = calls_by_role(self.calls)
        return playing(self.by_role, roles)

    def playing_anywhere(self, *roles: str) -> Iterator[Call]:
        """Yield the calls of these roles, in order, also those that functions of other modules make for this one."""
        if self._lacks(roles):
            return iter(())
        wanted = frozenset(roles)
        return (call for call in self.every_call if call.roles & wanted)

    def has(self, *fields: str) -> bool:
        """Say whether any of these fields holds more than nothing."""
        return any(getattr(self, name) for name in fields)

    def may_hold(self, text: str, *fields: str) -> bool:
        """Say whether a text may stand in some of these fields; False is certain."""
        return True

    def may_play(self, *roles: str) -> bool:
        """Say whether some call may play one of these roles; False is certain."""
        return not self._lacks(roles)

    def _lacks(self, roles: Sequence[str]) -> bool:
        return self.roles is not None and self.roles.isdisjoint(roles)

    def acting(self, *roles: str) -> Iterator[Call]:
        """Yield the calls that play any of these roles by themselves, as ``PythonFile.acting``."""
        return acting(self, self.playing(*roles), roles)

    def sources(self, expression: Expression, *roles: str) -> Iterator[Call]:
        """Yield the calls of these roles whose results flow into an expression."""
        if self._lacks(roles):
            return iter(())
        wanted = frozenset(roles)
        sources = followed(expression.sources, self.handed, callers=1)
        return (call for call in self.every_call if call.index in sources and call.roles & wanted)

    def inflow(self, call: Call) -> frozenset[int]:
        """Return the calls whose results flow into a call, be it from some caller of the function around it."""
        return followed(call.flowing, self.handed)

    def of_kind(self, *kinds: str) -> Iterator[Value]:
        """Yield the roots of the config documents of these kinds."""
        for kind, document in zip(self.kinds, self.documents):
            if kind in kinds:
                yield document

    def versions_beside(self, source: Value) -> list[Value]:
        """Return what pins a data source: the versions in the same declared data set."""
        around = [data_set.route for data_set in self.values("data_set") if source.route.startswith(data_set.route)]
        return [value for value in self.values("data_version") if value.text and value.route.startswith(tuple(around))]

    def values(self, role: str, inside: Value | None = None) -> Iterator[Value]:
        """Yield the config values that play a role, as ``ConfigFile.values``."""
        for kind, document in zip(self.kinds, self.documents):
            routes = self.routes.get(kind, {}).get(role)
            if routes and (inside is None or document.holds(inside)):
                for route in routes:
                    yield from (value for value in document.at(route) if inside is None or value.is_in(inside))


def facts_of(document: Document) -> Facts:
    """Return the facts of a document: plain data that outlives it."""
    facts = _facts(document)
    if document.host is not None:
        facts.host = document.host.path
    elif document.language != "notebook":
        facts.digest = digest_of(document.text)
    facts.drafts = tuple(drafts(document))
    return facts


def _facts(document: Document) -> Facts:
    if isinstance(document, PythonFile):
        return _python_facts(document)
    if isinstance(document, ConfigFile):
        kept = len(document.text) <= (_LARGEST_TREE if document.kind else _LARGEST_OTHER)
        return Facts(
            document.path,
            document.language,
            document.context,
            kinds=tuple(document.kinds),
            documents=tuple(document.documents) if kept else (),
            filled=dict(filled(document)) if kept and document.kind else {},
            traits=document.traits,
            routes=document.routes,
            commands=tuple(document.commands),
            queries=tuple(document.queries),
            told=tuple(document.told),
            options=dict(document.options),
        )
    return Facts(document.path, document.language, document.context)


def _python_facts(file: PythonFile) -> Facts:
    called, kept = _called(file), tuple(_kept_calls(file))
    own = [call for call in kept if call.home is None]
    return Facts(
        file.path,
        file.language,
        file.context,
        module=file.module,
        main=file.main,
        imports=tuple(file.imports),
        definitions=tuple(file.definitions),
        traits=frozenset().union(*(definition.traits for definition in file.definitions)),
        comparisons=tuple(file.comparisons),
        assertions=tuple(each for each in file.assertions if file.context.test and each.sources and each.sides),
        gone=tuple(file.gone),
        guarded=_guarded(called),
        survived=_survived(called),
        repeated=_repeated(called),
        references=file.references,
        parts=parts_in(file),
        returned=file.returned,
        handed=file.handed,
        made=file.made,
        helpers=file.helpers,
        every_call=kept,
        roles=frozenset().union(*(call.roles for call in kept)),
        acts=any(call.scope == "" and call.roles for call in own),
        left=tuple(dict.fromkeys(text for call in own if call.writes for text in _texts(call))),
        mentions=mentioned(file),
        words=words_in(file.text),
        check_words=check_words_in(file.text),
        shell=tuple(file.shell),
        names={name: value for name, value in file.names.items() if _tells(value)},
        statements=len(file.all_calls),
        options=dict(file.options),
        taken=taken(file),
        bodies=bodies(file),
        accounts=_SPENT.search(file.text) is not None,
    )


def _tells(value: Expression) -> bool:
    """Say whether other files may learn something from a module's name."""
    held = value.type and not value.sources
    return bool(value.known or value.name or value.pattern or value.entries or held)


def _hands_on(call: Call) -> bool:
    """Say whether a call passes an address, or what may be one, to a function that nobody catalogued."""
    if call.entry is not None or not call.name:
        return False
    values = [argument.value for argument in call.arguments]
    return any(
        "://" in (value.string or "")
        or (value.route and value.origin)
        or value.origin in ("cli", "config")
        or value.name.rpartition(".")[2].isupper()
        or names_data(value.string or "")
        for value in values
    )


def _opens(call: Call) -> bool:
    """Say whether a call reads or writes a file whose path another module may hold."""
    path = call.receiver is not None and call.receiver.name
    return bool(path) and call.entry is None and call.method in _PATH_METHODS


def _limits(call: Call) -> bool:
    """Say whether a call sets how long something may last."""
    return call.keyword("timeout") is not None or call.argument("timeout") is not None


def _texts(call: Call) -> Iterator[str]:
    """Yield the texts that a call is given, as far as they are known."""
    for argument in call.arguments:
        if argument.value.string:
            yield argument.value.string


def _leaves(call: Call) -> bool:
    """Say whether a call writes to what looks like the path of a file."""
    return call.writes and any(_FILE.match(argument.value.string or "") for argument in call.arguments)


def _kept_calls(file: PythonFile) -> Iterator[Call]:
    """Yield the calls that project rules may ask for; most calls mean nothing to any."""
    pipelines = {definition.name for definition in file.definitions if "orchestrate" in definition.roles}
    starting = frozenset(call.scope for call in file.calls("orchestrate"))
    drawn = frozenset(call.index for call in file.calls("clock", "draw", "generator", "data_loader"))
    for call in file.every_call:
        # There are many that write logs, and most tell something to their own file alone.
        catalogued = call.roles - {"write_log"} or (
            call.entry is not None and (call.entry.traits or call.entry.seeds or call.entry.deprecated)
        )
        known = (
            call.home is not None
            or catalogued
            or call.optimises
            or sounds_like_seeding(call)
            or _hands_on(call)
            or _leaves(call)
            or _opens(call)
            or _limits(call)
            or (call.entry is None and asks_stored(file, call) is not None)
            or call.scope in pipelines
            or call.name.removeprefix(f"{file.module}.") in starting
        )
        if known or (drawn and not drawn.isdisjoint(call.flowing)):
            yield call


def _guarded(called: Mapping[str, Sequence[Call]]) -> frozenset[str]:
    """Return the functions that a file calls, but only under a condition, be it one further up."""
    found, before = set[str](), -1
    while len(found) > before:
        before = len(found)
        found |= {
            scope for scope, calls in called.items() if all(call.conditional or call.scope in found for call in calls)
        }
    return frozenset(found)


def _survived(called: Mapping[str, Sequence[Call]]) -> frozenset[str]:
    """Return the functions whose failure a file catches, to go on, wherever it calls them."""
    return frozenset(scope for scope, calls in called.items() if all(call.swallowed for call in calls))


def _repeated(called: Mapping[str, Sequence[Call]]) -> frozenset[str]:
    """Return the functions that a file calls in a loop, be it one further up."""
    found, before = set[str](), -1
    while len(found) > before:
        before = len(found)
        found |= {scope for scope, calls in called.items() if any(call.loop or call.scope in found for call in calls)}
    return frozenset(found)


def _called(file: PythonFile) -> dict[str, list[Call]]:
    """Return the calls of the file's own functions, by their names within it."""
    prefix = f"{file.module}."
    called: dict[str, list[Call]] = {}
    for call in file.all_calls:
        if call.name.startswith(prefix):
            called.setdefault(call.name[len(prefix) :], []).append(call)
    return called
