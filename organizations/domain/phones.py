"""Phone numbers: read in any usual spelling, stored in E.164."""

import re

import phonenumbers

from config.errors import DomainError


class InvalidPhone(DomainError):
    """Nobody can be called by this number. Source: public-api, section 6, Joining by company number."""

    code = "INVALID_PHONE"
    message = "Invalid phone"


def normalise(text: str, *, country: str) -> str:
    """Return the number as `+33612345678`; one without country code is read in that country (ISO).

    :raises InvalidPhone: when it cannot be read.
    """
    try:
        found = phonenumbers.parse(re.sub(r"^\s*00", "+", text), country.upper() or None)
    except phonenumbers.NumberParseException as error:
        raise InvalidPhone from error
    if not phonenumbers.is_possible_number(found):
        raise InvalidPhone
    return phonenumbers.format_number(found, phonenumbers.PhoneNumberFormat.E164)
