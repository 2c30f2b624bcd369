"""VIES: the European Union's exchange about VAT numbers, over REST.

It answers with HTTP 200 also when a country's own register is away.
"""

import httpx
from django.conf import settings

from organizations.registers import calls
from organizations.registers.answers import NOT_KNOWN, Answer, Unavailable, known, part

_OUR_FAULT = {"INVALID_INPUT", "INVALID_REQUESTER_INFO"}
_SETTLED = (None, "", "VALID", "INVALID")


def ask(number: str, *, seconds: float) -> Answer:
    """Check a VAT number that begins with its country's two letters.

    :raises Unavailable: when no clear answer comes in time; also when one comes beside an error.
    """
    letters, rest = number[:2], number[2:]
    url = f"{settings.COMPANY_REGISTERS['vies']['url']}/check-vat-number"
    question = {"countryCode": letters, "vatNumber": rest}
    reply = calls.fetch(
        httpx.Request("POST", url, json=question), seconds=seconds, statuses=(200, 400)
    )
    answer = reply.json()
    _refuse_errors(answer, status=reply.status)
    is_valid = part(answer, "valid")
    echo = (part(answer, "countryCode"), part(answer, "vatNumber"))
    if not isinstance(is_valid, bool) or echo != (letters, rest):
        raise Unavailable("malformed answer")
    if not is_valid:
        return NOT_KNOWN
    return known(name=part(answer, "name"), number=number, is_closed=False)


def _refuse_errors(answer: object, *, status: int) -> None:
    """Stop at whatever says that the number was not really checked."""
    errors = part(answer, "errorWrappers")
    codes = {str(part(each, "error")) for each in errors} if isinstance(errors, list) else set()
    if codes and codes <= _OUR_FAULT:
        raise Unavailable("question refused", is_fault=False)
    if errors or part(answer, "actionSucceed") is False:
        raise Unavailable("answer with errors")
    if part(answer, "userError") not in _SETTLED:
        raise Unavailable("answer with errors")
    if status != 200:
        raise Unavailable(f"HTTP {status}")
