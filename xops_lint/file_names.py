"""The language of a file by its name: which files are read at all."""

from __future__ import annotations

from xops_lint.matching import regex

_LANGUAGES = {
    "py": "python",
    "pyw": "python",
    "ipynb": "notebook",
    "yaml": "yaml",
    "yml": "yaml",
    "dvc": "yaml",
    "rules": "yaml",
    "json": "json",
    "toml": "toml",
    "dockerfile": "dockerfile",
    "containerfile": "dockerfile",
    "tf": "hcl",
    "tofu": "hcl",
    "tfvars": "hcl",
    "pbtxt": "pbtxt",
    "sh": "shell",
    "bash": "shell",
}
"""The languages by the end of a name, in lower case."""

_NAMES = {
    "yaml": r"mlproject|MLproject|MLmodel|dvc\.lock|pixi\.lock|Kustomization",
    "json": r"Pipfile\.lock",
    "toml": r"Pipfile|poetry\.lock|uv\.lock|pdm\.lock",
    "requirements": r"[^/]*(?:requirements|constraints)[^/]*\.(?:txt|in)|requirements/[^/]+\.(?:txt|in)",
    "dockerfile": (
        r"[Dd]ockerfile|[Cc]ontainerfile"
        r"|(?:Dockerfile|Containerfile)(?![^/]*\.(?:md|txt|sh|j2|jinja2?|tmpl|tpl|bak|dockerignore)$)[._-][^/]+"
    ),
    "ignore": r"[^/]*\.dockerignore",
    "makefile": r"[Mm]akefile|GNUmakefile",
    "markdown": (
        r"(?:README|readme|Readme|LICEN[SC]E|COPYING)\.md"
        r"|(?i:[^/]*(?:model|data|dataset)[-_ ]?card[^/]*\.md|[^/]*data[-_ ]?sheet[^/]*\.md"
        r"|(?:model[-_]?cards|data[-_]?cards|datasheets)/[^/]+\.md"
        r"|[^/]*(?:risk[-_ ](?:assessment|register|record|analysis|management)|impact[-_ ]assessment)[^/]*\.md"
        r"|(?:dpia|fria)[^/]*\.md)"
    ),
    "text": (
        r"(?:LICEN[SC]E|COPYING)(?:[-_][\w-]+)?(?:\.txt)?|UNLICENSE|[Ll]icen[sc]e(?:\.txt)?|"
        r"Jenkinsfile(?:\.[^/]+)?|[^/]+\.jenkinsfile|(?:[^/]+[-_])?config\.properties|setup\.cfg|airflow\.cfg"
        r"|\.dvc/config(?:\.local)?"
    ),
}
"""The languages of names whose end does not tell."""

_BY_NAME = regex("(?:^|.*/)(?:" + "|".join(f"(?P<{language}>{names})" for language, names in _NAMES.items()) + r")\Z")


def language_of(path: str) -> str | None:
    """Return the language of a path by its name alone, or None if it is not read."""
    end = path.rpartition("/")[2].rpartition(".")[2].lower()
    if end in _LANGUAGES:
        return _LANGUAGES[end]
    found = _BY_NAME.match(path)
    return found.lastgroup if found else None


def files_pattern() -> str:
    """Return one regular expression for the paths that have a language."""
    ends = "|".join(sorted(end for end in _LANGUAGES))
    names = "|".join(_NAMES[language] for language in sorted(_NAMES))
    return rf"(?:\.(?i:{ends})|(?:^|/)(?:{names}))$"
