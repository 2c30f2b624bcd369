"""CBE API: a mirror of the Belgian register, asked when the register itself is off or away."""

import httpx
from django.conf import settings

from organizations.registers import calls
from organizations.registers.answers import NOT_KNOWN, Answer, Unavailable, known, part

_CLOSED = {"st", "stopped", "ceased", "closed", "inactive", "arrêté", "arrêtée", "stopgezet"}


def ask(number: str, *, seconds: float) -> Answer:
    """Look up an enterprise by its ten digits.

    :raises Unavailable: when no clear answer comes in time.
    """
    options = settings.COMPANY_REGISTERS["cbeapi"]
    request = httpx.Request(
        "GET",
        f"{options['url']}/company/{number}",
        headers={"Authorization": f"Bearer {options['key']}", "Accept": "application/json"},
    )
    reply = calls.fetch(request, seconds=seconds, statuses=(200, 404))
    answer = reply.json()
    if not isinstance(answer, dict):
        raise Unavailable("malformed answer")
    if reply.status == 404:
        return NOT_KNOWN
    digits = "".join(filter(str.isdigit, str(part(answer, "data", "cbe_number"))))
    if digits != number:
        raise Unavailable("malformed answer")
    return known(
        name=part(answer, "data", "denomination"),
        number=number,
        is_closed=str(part(answer, "data", "status")).strip().lower() in _CLOSED,
    )
