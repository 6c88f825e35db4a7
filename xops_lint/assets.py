"""Images, models, data and environments by the texts that name them, as the platforms document it."""

from __future__ import annotations

import re
from typing import Final, NamedTuple

from xops_lint.matching import regex

_NO_IMAGE: Final = regex(r"[${}<>*\s]|^scratch$|^\.|^/|://|^$")
"""Templates, stages, paths and what is built from source: nothing is known of the image."""

_DIGEST: Final = regex(r"[a-z0-9]+(?:[.+_-][a-z0-9]+)*:[0-9a-fA-F]{32,}|sha\d+:.*", re.IGNORECASE)
_REGISTRY: Final = regex(r"[^/]*[.:][^/]*|localhost")
"""The first part of an image's name if it is a host: it has a dot or a port."""

_ASSETS: Final = tuple(
    re.compile(pattern, re.IGNORECASE)
    for pattern in (
        # MLflow: a registered model by version, stage or alias; a logged model by its id; what a run has logged.
        r"(?P<scheme>models):/+(?P<name>[^/@]+)(?:/(?:(?P<version>\d+)|(?P<stage>[^/@]+))|@(?P<label>[^/]+))",
        r"(?P<scheme>models):/+(?P<version>m-[0-9a-f]{8,})",
        r"(?P<scheme>runs):/+(?P<version>[^/]+)/(?P<name>.+)",
        # AzureML: an asset of a workspace or a registry, by its long or its short name.
        r"(?P<scheme>azureml):/+.*/(?P<name>[^/]+)/(?:versions/(?P<version>[^/]+)|labels/(?P<label>[^/]+))",
        r"(?P<scheme>azureml):(?P<name>[^/:@]+)(?::(?P<version>[^/:@]+)|@(?P<label>[^/:@]+))?",
        # Hubs: a repository by its revision, with or without a path in it; model servers write a colon.
        r"(?P<scheme>hf)://(?:(?:models|datasets|spaces)/)?(?P<name>[^/:@]+/[^/:@]+)(?:[:@](?P<version>[^/]+))?(?:/.*)?",
        # Anything else that ends in a label or a version.
        r"(?P<name>.*)/(?:labels/(?P<label>[^/\s]+)|versions/(?P<version>[^/\s]+))",
        r"(?P<name>[^\s@:]+(?::[^\s@:/]+)?)@(?P<label>[\w.-]+)",
        r"(?:(?P<scheme>[\w.-]+):)?(?P<name>[\w./-]+):(?P<version>[\w.-]+)",
    )
)


class Image(NamedTuple):
    """A container image; ``repository`` begins with the registry's host and port, if one is written."""

    repository: str
    tag: str = ""
    digest: str = ""

    @property
    def registry(self) -> str:
        """The host and port of the registry, or nothing for the runner's own."""
        first, slash, _ = self.repository.partition("/")
        return first if slash and _REGISTRY.fullmatch(first) else ""

    @property
    def name(self) -> str:
        """The last part of the repository, which stays the same from registry to registry."""
        return self.repository.rpartition("/")[2]


class Asset(NamedTuple):
    """A model, data set or environment of a registry or hub.

    ``scheme`` is what stands before the first colon, in lower case. ``version`` pins it unless it is a
    word such as ``latest``; ``label`` is an alias that somebody moves, ``stage`` a stage of its life.
    """

    scheme: str
    name: str
    version: str = ""
    label: str = ""
    stage: str = ""

    @property
    def is_in_hub(self) -> bool:
        """Whether the asset lies in a repository of a hub, whose versions are revisions."""
        return self.scheme == "hf"

    @property
    def lacks_version(self) -> bool:
        """Whether nothing says which version is meant, where the platform keeps versions."""
        return self.scheme in ("azureml", "hf") and not self.version and not self.label


def image(text: str) -> Image | None:
    """Return the image that a text names; None where a part is filled in, or the text names no image of a registry."""
    if _NO_IMAGE.search(text):
        return None
    found = split_image(text)
    return found if not found.digest or _DIGEST.fullmatch(found.digest) else None


def split_image(text: str) -> Image:
    """Return the parts of an image's name, whatever they are filled in with."""
    rest, _, digest = text.partition("@")
    folder, slash, last = rest.rpartition("/")
    name, _, tag = last.partition(":")
    return Image(f"{folder}{slash}{name}", tag, digest)


def asset(text: str) -> Asset | None:
    """Return the asset that a text names; None for paths, addresses of stores and what else has no version."""
    for pattern in _ASSETS:
        match = pattern.fullmatch(text)
        if match is not None:
            found = {key: value or "" for key, value in match.groupdict().items()}
            return Asset(
                found.get("scheme", "").lower(),
                found.get("name", ""),
                found.get("version", ""),
                found.get("label", ""),
                found.get("stage", ""),
            )
    return None


def is_latest(text: str) -> bool:
    """Say whether a text names an asset by whichever of its versions is newest."""
    found = asset(text)
    return found is not None and "latest" in (found.version, found.label)
