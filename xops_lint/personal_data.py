"""Recognising data of persons in text by its form: addresses, card and account numbers."""

from __future__ import annotations

import re
from collections.abc import Iterator

from xops_lint.matching import regex

_BETWEEN = regex(r"\x1b\[[0-9;]*m|\\[nrt]")
"""What terminals take for colours, and the ends of lines in a text that is shown in quotes, right before a word."""

_ADDRESS = regex(
    r"(?<![\w.+%/:@-])(?P<local>[A-Za-z0-9][\w.+-]*)@(?P<domain>(?:[A-Za-z0-9-]+\.)+[A-Za-z]{2,24})(?![\w@])"
)
_NOBODY = regex(
    r"(?:git|no-?reply|do-?not-?reply|info|support|admin|contact|hello|help|sales|security|team|office|service|root|webmaster|postmaster"
    r"|e?mail|marketing|press|media|legal|privacy|billing|accounts?|jobs|careers|feedback|newsletter|customers?|partners?|community"
    r"|mailer-daemon|someone|somebody|anyone|user(?:name)?|name|your?|me|foo|bar|baz|test|example|sample|demo|dev|ops|bot|x+|abc|random)"
    r"[\w.+-]{0,3}|your[\w.+-]*|.*(?:unsubscribe|subscribe|request|noreply|no-reply|bounce|example|first\.?last)[\w.+-]*"
    r"|(?:my|invalid)[_.-]?(?:e?mail|name|address)[\w.+-]*|[0-9a-f]{32}"
    r"|.+[_.+-](?:support|help|helpdesk|team|info|admin|sales|security|feedback|questions)",
    re.IGNORECASE,
)
"""The parts before the sign of addresses behind which no person stands."""

_NOWHERE = regex(
    r"(?:.*\.)?(?:example|test|invalid|localhost|local|internal)(?:\.[a-z]+)*|(?:.*\.)?(?:[a-z0-9]|foo|bar|acme|company|domain|email"
    r"|client|customer|work|some-?site|website|yourdomain|your-domain|mycompany|gotham|contoso)\.[a-z]+"
    r"|.*gserviceaccount\.com|.*\.noreply\.github\.com|.*amazonses\.com",
    re.IGNORECASE,
)
"""Domains that stand in for others, and those of programs."""

_CARD = regex(
    r"(?<![\w.,-])(?<!\d )(?:4\d{3}|5[1-5]\d\d|2[2-7]\d\d|6011|65\d\d)"
    r"(?P<gap>[ -])\d{4}(?P=gap)\d{4}(?P=gap)\d{4}(?![ -]?\w)"
)
_SECURITY = regex(r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\w-])")
_ACCOUNT = regex(r"(?<!\w)[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){3,7}(?: ?[A-Z0-9]{1,3})?(?!\w)")


_NAMES = regex(
    r"(?:\w+_)?e_?mails?(?:_addr(?:ess(?:es)?)?)?|(?:\w+_)?(?:phone|mobile|telephone)_?(?:number|no)s?|phone"
    r"|(?:\w+_)?ssns?|social_security(?:_(?:no|number))?|national_id(?:entifier)?|passport(?:_?(?:id|no|number))?|tax_?payer_id"
    r"|dob|date_of_birth|birth_?da(?:te|y)"
    r"|credit_?card(?:_?(?:no|number))?|(?:credit_?)?card_?number|iban|bank_?account(?:_?(?:no|number))?"
    r"|(?:first|last|middle|given|family|maiden)_?name|surname|(?:customer|patient|employee|applicant|person|guest|passenger)_name"
    r"|(?:home|street|postal|mailing)_?address"
)
"""Names of variables and columns that hold what belongs to a person, in small letters."""

_NO_PERSON = regex(
    r"(?:is|has|use|send|enable|num|n|valid|verify|check|test|dummy|fake|masked|hashed|service_account|bot|support|admin|notify|notification"
    r"|alert|sender|receiver|recipient|to|cc|bcc|from|smtp|author|maintainer|client|svc|gcp|sa)_.*|.*_(?:template|hash|enabled|id|key|type|field|column|col)"
)
"""Names with the same words that say how something is, or that belong to programs."""

_PROTECTED = regex(
    r"race|ethnic(?:ity|_group|_origin)?|skin_?colou?r|religion|caste|sexual_orientation|political_(?:party|opinion|affiliation)"
    r"|trade_union|nationality|country_of_birth|disability(?:_status)?",
    re.IGNORECASE,
)
"""Names of columns that hold what laws against discrimination name, whatever the trade."""

_HUMP = regex(r"(?<=[a-z0-9])(?=[A-Z])|[^A-Za-z0-9]+")


def names_personal(name: str) -> bool:
    """Say whether a variable, an attribute or a column is called as what belongs to a person is; constants are not."""
    plain = _HUMP.sub("_", name).lower().strip("_")
    return not (name.isupper() and "_" in name) and bool(_NAMES.fullmatch(plain)) and not _NO_PERSON.fullmatch(plain)


def names_protected(name: str) -> bool:
    """Say whether a column is called as what laws against discrimination name."""
    return _PROTECTED.fullmatch(name) is not None


def personal_data_in(text: str) -> Iterator[str]:
    """Yield in words what a text holds that belongs to a person."""
    text = _BETWEEN.sub(" ", text)
    if any(
        not _NOBODY.fullmatch(found["local"]) and not _NOWHERE.fullmatch(found["domain"]) for found in _addresses(text)
    ):
        yield "an e-mail address"
    if any(_adds_up(found.group()) for found in _CARD.finditer(text)):
        yield "the number of a payment card"
    if _SECURITY.search(text):
        yield "a social security number"
    if any(_is_account(found.group()) for found in _ACCOUNT.finditer(text)):
        yield "the number of a bank account"


def _addresses(text: str) -> Iterator[re.Match[str]]:
    return _ADDRESS.finditer(text) if "@" in text else iter(())


def _adds_up(number: str) -> bool:
    """Say whether the check digit of a card's number is right."""
    digits = [int(digit) for digit in number if digit.isdigit()]
    doubled = [digit * 2 - (9 if digit > 4 else 0) for digit in digits[-2::-2]]
    return len(set(digits)) > 2 and (sum(doubled) + sum(digits[-1::-2])) % 10 == 0


def _is_account(number: str) -> bool:
    """Say whether the check digits of an international account number are right."""
    compact = number.replace(" ", "")
    rotated = compact[4:] + compact[:4]
    return sum(character.isdigit() for character in compact) >= 10 and (
        int("".join(str(int(character, 36)) for character in rotated)) % 97 == 1
    )
