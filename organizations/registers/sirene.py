"""INSEE Sirene 3.11: the French register of companies and their establishments."""

from typing import Any

import httpx
from django.conf import settings

from organizations.registers import calls
from organizations.registers.answers import NOT_KNOWN, Answer, Unavailable, known, part, readable

_COMPANY_CLOSED, _ESTABLISHMENT_CLOSED = "C", "F"
_SIRET_LENGTH = 14


def ask(number: str, *, seconds: float) -> Answer:
    """Look up a SIREN (nine digits) or SIRET (fourteen).

    :raises Unavailable: when no clear answer comes in time.
    """
    options = settings.COMPANY_REGISTERS["sirene"]
    kind = "siret" if len(number) == _SIRET_LENGTH else "siren"
    request = httpx.Request(
        "GET",
        f"{options['url']}/{kind}/{number}",
        headers={"X-INSEE-Api-Key-Integration": options["key"], "Accept": "application/json"},
    )
    reply = calls.fetch(request, seconds=seconds, statuses=(200, 404))
    answer = reply.json()
    if part(answer, "header", "statut") != reply.status:
        raise Unavailable("malformed answer")
    if reply.status == 404:
        return NOT_KNOWN
    return _establishment(answer, number) if kind == "siret" else _company(answer, number)


def _establishment(answer: Any, siret: str) -> Answer:
    found = part(answer, "etablissement")
    if part(found, "siret") != siret:
        raise Unavailable("malformed answer")
    state = part(_current(part(found, "periodesEtablissement")), "etatAdministratifEtablissement")
    return _known(part(found, "uniteLegale"), siret, is_closed=state == _ESTABLISHMENT_CLOSED)


def _company(answer: Any, siren: str) -> Answer:
    found = part(answer, "uniteLegale")
    if part(found, "siren") != siren:
        raise Unavailable("malformed answer")
    return _known({**found, **_current(found.get("periodesUniteLegale"))}, siren, is_closed=False)


def _known(company: Any, number: str, *, is_closed: bool) -> Answer:
    state = part(company, "etatAdministratifUniteLegale")
    if not isinstance(state, str):
        raise Unavailable("malformed answer")
    return known(
        name=_name(company), number=number, is_closed=is_closed or state == _COMPANY_CLOSED
    )


def _name(company: Any) -> str | None:
    """Return the company's name, or the person's where the company is one."""
    if name := readable(part(company, "denominationUniteLegale")):
        return name
    names = [part(company, "prenomUsuelUniteLegale"), part(company, "nomUniteLegale")]
    return readable(" ".join(text for text in map(readable, names) if text))


def _current(periods: Any) -> dict[str, Any]:
    """Return the facts that hold now: of the period without an end."""
    if not isinstance(periods, list):
        return {}
    running = [each for each in periods if isinstance(each, dict) and each.get("dateFin") is None]
    return running[0] if running else {}
