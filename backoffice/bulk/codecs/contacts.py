"""How somebody is reached: countries, e-mail addresses, phone numbers, web addresses."""

import re
from typing import Any

import phonenumbers

from backoffice.bulk.codecs.base import Codec
from backoffice.bulk.problems import WrongValue
from organizations.domain import accounts
from sites_app.domain import countries


def country(*, required: bool) -> Codec:
    """A country's code or name in, its lower-case code out."""

    def read(value: Any) -> str:
        found = countries.resolve(value) if isinstance(value, str) else None
        if found is None:
            raise WrongValue("must be a country's code or name, for example fr or France")
        return found

    def nothing() -> str:
        return read(None) if required else ""

    return Codec(read=read, write=str.lower, empty=nothing, blank_is_empty=not required)


def email(*, required: bool = False) -> Codec:
    def read(value: Any) -> str:
        try:
            return accounts.normalise_email(value if isinstance(value, str) else "")
        except accounts.InvalidEmail:
            raise WrongValue("must be an e-mail address") from None

    return Codec(
        read=read, empty=lambda: read(None) if required else "", blank_is_empty=not required
    )


def phone() -> Codec:
    """A phone number with its country code (`+33…` or `0033…`), stored in E.164."""

    def read(value: Any) -> str:
        if not isinstance(value, str):
            raise WrongValue("must be a string")
        try:
            found = phonenumbers.parse(re.sub(r"^\s*00", "+", value))
        except phonenumbers.NumberParseException:
            found = None
        if found is None or not phonenumbers.is_possible_number(found):
            raise WrongValue("must be a phone number with country code, for example +33123456789")
        return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)

    return Codec(read=read, empty="", blank_is_empty=True)


def web_address() -> Codec:
    def read(value: Any) -> str:
        if not isinstance(value, str) or not re.fullmatch(r"https?://[^\s/]+(/\S*)?", value):
            raise WrongValue("must be an http or https address")
        if len(value) > 500:
            raise WrongValue("must be at most 500 characters")
        return value

    return Codec(read=read, empty="", blank_is_empty=True)
