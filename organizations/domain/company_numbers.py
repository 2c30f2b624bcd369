"""Company and VAT numbers, offline: one spelling, the checksum, and whether two name the same company.

A pure engine. Countries are ISO codes in any case. Source: public-api, section 2, POST /api/register,
and section 6, Joining by company number.
"""

import re
from typing import Any

from stdnum.be import vat as belgian
from stdnum.eu import vat as european
from stdnum.fr import siren, siret
from stdnum.ie import vat as irish

MAX_LENGTH = 32
_SEPARATORS = re.compile(r"[^0-9A-Z+*]")
_SIREN_LENGTH, _SIRET_LENGTH = 9, 14
_FRENCH_VAT = re.compile(r"FR[0-9A-Z]{2}[0-9]{9}")
_BELGIAN = re.compile(r"[01][0-9]{9}")
_IRISH_VAT = re.compile(r"[0-9][0-9A-Z+*][0-9]{5}[A-Z]{1,2}")
_OTHER_SPELLING = {"EL": "GR"}
"""VAT numbers of Greece begin with EL, its ISO code is GR."""


def normalise(*, country: str, number: str) -> str:
    """Return the spelling in which a company number is stored and compared.

    A SIRET or SIREN is its digits, a Belgian enterprise number has ten, a VAT number begins with its
    country; whatever is none of these keeps its letters and digits. At most `MAX_LENGTH` characters.
    """
    text = _SEPARATORS.sub("", number.upper())[:MAX_LENGTH]
    if country.upper() == "BE":
        return _ten_digits(text.removeprefix("BE"))
    if country.upper() == "IE" and _IRISH_VAT.fullmatch(text.removeprefix("IE")):
        return "IE" + text.removeprefix("IE")
    return text


def normalise_vat(*, country: str, number: str) -> str:
    """Return the spelling of a VAT number: its country's letters, then the number."""
    text = _SEPARATORS.sub("", number.upper())[:MAX_LENGTH]
    letters = vat_letters(country=country)
    if not text:
        return ""
    if letters == "BE":
        return "BE" + _ten_digits(text.removeprefix("BE"))
    return text if text.startswith(letters) else letters + text


def vat_letters(*, country: str) -> str:
    """Return the two letters with which a country's VAT numbers begin."""
    return "EL" if country.upper() == "GR" else country.upper()


def has_right_checksum(*, country: str, number: str) -> bool:
    """Say whether a company number can be one: its form, and its own check digits where it has any.

    La Poste's many SIRET follow a rule of their own. Elsewhere than in France and Belgium the number
    is a VAT number.
    """
    text = normalise(country=country, number=number)
    if country.upper() == "BE":
        return _is_valid(belgian, text)
    if country.upper() == "FR" and not text.startswith("FR"):
        return _is_valid(siret if len(text) == _SIRET_LENGTH else siren, text)
    return has_right_vat_checksum(country=country, number=text)


def has_right_vat_checksum(*, country: str, number: str) -> bool:
    """Say whether a VAT number can be one of that country, a member of the European Union."""
    text = normalise_vat(country=country, number=number)
    return _iso(text[:2]) == country.upper() and _is_valid(european, text)


def is_siren(number: str) -> bool:
    """Say whether a normalised French number has the form of a SIREN."""
    return len(number) == _SIREN_LENGTH and number.isdecimal()


def is_siret(number: str) -> bool:
    """Say whether a normalised French number has the form of a SIRET."""
    return len(number) == _SIRET_LENGTH and number.isdecimal()


def is_belgian(number: str) -> bool:
    """Say whether a normalised Belgian number has the form of an enterprise number."""
    return _BELGIAN.fullmatch(number) is not None


def is_vat_of_union(*, country: str, number: str) -> bool:
    """Say whether a normalised number has the form of a VAT number that the Union's system knows."""
    letters = vat_letters(country=country)
    form = _IRISH_VAT if letters == "IE" else re.compile(r"[0-9A-Z+*]{2,12}")
    return (
        _iso(letters).lower() in european.MEMBER_STATES
        and number.startswith(letters)
        and form.fullmatch(number.removeprefix(letters)) is not None
    )


def company_key(*, country: str, number: str) -> str:
    """Return what is equal for all numbers of one company, or "" when nothing is left of the number.

    SIREN, SIRET and VAT number of a French company give its SIREN; enterprise and VAT number of a
    Belgian one its ten digits; the old and new spelling of an Irish VAT number the new one.
    Source: public-api, section 6: "SIREN and SIRET are the same company when the first nine digits
    agree".
    """
    text = normalise(country=country, number=number)
    if country.upper() == "FR" and (is_siret(text) or _FRENCH_VAT.fullmatch(text)):
        return text[:_SIREN_LENGTH] if is_siret(text) else text[-_SIREN_LENGTH:]
    if text.startswith("IE") and _IRISH_VAT.fullmatch(text[2:]):
        return "IE" + str(irish.convert(text[2:]))
    return text


def siren_of_vat(number: str) -> str:
    """Return the SIREN inside a normalised French VAT number, "" when it is none."""
    return number[-_SIREN_LENGTH:] if _FRENCH_VAT.fullmatch(number) else ""


def _ten_digits(text: str) -> str:
    """Give an enterprise number its leading zero, which the old form of nine digits lacks."""
    return f"0{text}" if len(text) == 9 and text.isdecimal() else text


def _iso(letters: str) -> str:
    return _OTHER_SPELLING.get(letters, letters)


def _is_valid(rule: Any, text: str) -> bool:
    try:
        rule.validate(text)
    except (ValueError, IndexError):  # the rules slice before they measure
        return False
    return True
