"""An archive from outside is unpacked without a look at where its members go."""

from __future__ import annotations

from collections.abc import Iterator

from xops_lint.diagnostic import Finding, Fix, Related
from xops_lint.edits import passed
from xops_lint.locations import known_name
from xops_lint.model import Argument, Call, PythonFile, Range
from xops_lint.rule import Rule

RULE = Rule(
    code="XOP113",
    name="unsafe-archive-extract",
    summary="An archive from outside is unpacked without a look at where its members go.",
    harm="A member called `../../.ssh/authorized_keys` or a link overwrites files outside of the folder.",
    remedy='Pass `filter="data"`, which refuses such members.',
    ops=("dataops",),
    exploration=True,
)


@RULE.python
def check(file: PythonFile) -> Iterator[Finding]:
    """Report unpacking without a filter, where the archive was fetched or lies in production code."""
    for call in file.calls("extract"):
        if not call.takes("safe") or call.argument("safe") or call.keyword("members") or call.unpacks:
            continue
        if zipped(file, call) or looked_over(file, call):
            continue
        since = call.entry.safe_since if call.entry else None
        if since is None or file.may_use(since[0], f"<{since[1]}") is False:
            continue
        foreign = fetched(file, call)
        if foreign is not None:
            related = (Related(foreign, "it comes from here"),)
            message = "unpacks an archive from outside and lets its members go anywhere"
            yield RULE.at(call, message, related=related, fix=filtered(call))
        elif file.context.profile == "production":
            yield RULE.at(call, "unpacks an archive and lets its members go anywhere", fix=filtered(call))


def filtered(call: Call) -> Fix:
    """Return the fix: the filter for plain data."""
    return passed(call, "safe", '"data"', "Refuse members that leave the folder")


def zipped(file: PythonFile, call: Call) -> bool:
    """Say whether the archive is a zip file, by name or by format: of these Python leaves out members that lead out."""
    named = (archive.value.string or "" for archive in archives(file, call))
    return any(name.endswith(".zip") for name in named) or any(each.value.constant == "zip" for each in call.arguments)


def looked_over(file: PythonFile, call: Call) -> bool:
    """Say whether code goes on by what the archive holds before it is unpacked."""
    archive = call.receiver.sources if call.receiver is not None else frozenset[int]()
    listed = (each for each in file.calls("list_members") if each.index < call.index and each.index in file.asked)
    return any(each.receiver is not None and not archive.isdisjoint(each.receiver.sources) for each in listed)


def fetched(file: PythonFile, call: Call) -> Range | None:
    """Return where another machine gives the archive, by flow, by the same place or by the same name."""
    for archive in archives(file, call):
        source = next(filter(public, file.sources(archive.value, "download")), None)
        if source is not None:
            return source.range
        for download in filter(public, file.calls("download")):
            if any(same(archive, argument) for argument in download.arguments):
                return download.range
        name = known_name(archive.value.string)
        for shell in file.shell if name else ():
            if any(address.endswith(f"/{name}") for command in shell.commands for address in command.fetched):
                return shell.range
    return None


def public(download: Call) -> bool:
    """Say whether a download goes to the web; a bucket is as a rule the project's own."""
    address = download.argument("path") or download.argument("uri")
    text = address.value.string if address is not None else None
    if text is None or text.startswith("{}"):
        # Stores keep versions of what they hold; the web does not.
        return "load_data" not in download.roles and not download.takes("version")
    return text.lower().startswith(("http", "ftp"))


def archives(file: PythonFile, call: Call) -> Iterator[Argument]:
    """Yield the paths of the archive that is unpacked: those of the call that opened it, or its own."""
    opened = list(file.sources(call.receiver, "open_file")) if call.receiver is not None else []
    for source in opened or [call]:
        mode = source.argument("mode")
        written = mode is not None and isinstance(mode.value.constant, str) and mode.value.constant[:1] in ("w", "x")
        path = None if written else source.argument("path") or source.keyword("fileobj")
        if path is not None:
            yield path


def same(archive: Argument, argument: Argument) -> bool:
    """Say whether two arguments are one value of which something is known, or end in the same name."""
    known = bool(archive.value.sources or archive.value.string)
    name = known_name(archive.value.string)
    return (known and archive.value is argument.value) or (bool(name) and name == known_name(argument.value.string))
