"""Everything xops-lint raises on purpose; the command line turns each into exit status 2.

XopsError
├── SettingsError    a settings file or a setting is wrong
├── SelectorError    a selector names no rule
├── RegistryError    a rule or a rule pack breaks the rule book's contract
├── CatalogError     a tool file breaks the catalog's schema
├── BaselineError    a baseline cannot be read or written
├── TargetError      a target names nothing in the project's graph
├── RevisionError    a git revision cannot be looked at
├── ShardError       shards do not make up one run
├── ExtraError       what was asked for needs a library that is not installed
└── PathError        a named path cannot be linted
"""

from __future__ import annotations


class XopsError(Exception):
    """What was asked for cannot be done, and the message says why."""


class SettingsError(XopsError):
    """A settings file or a setting is wrong."""


class SelectorError(XopsError):
    """A selector names no rule."""


class RegistryError(XopsError):
    """A rule or a rule pack breaks the rule book's contract."""


class CatalogError(XopsError):
    """A tool file breaks the catalog's schema."""


class BaselineError(XopsError):
    """A baseline cannot be read or written."""


class TargetError(XopsError):
    """A target names nothing in the project's graph."""


class RevisionError(XopsError):
    """A git revision cannot be looked at."""


class ShardError(XopsError):
    """Shards do not make up one run."""


class ExtraError(XopsError):
    """What was asked for needs a library that is not installed."""


class PathError(XopsError):
    """A named path cannot be linted."""
