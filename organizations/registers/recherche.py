"""Recherche d'entreprises: the French register's public search, which needs no key."""

from typing import Any

import httpx
from django.conf import settings

from organizations.registers import calls
from organizations.registers.answers import NOT_KNOWN, Answer, Unavailable, known, part, readable

_CLOSED = "C"
_SIREN_LENGTH = 9


def ask(number: str, *, seconds: float) -> Answer:
    """Look up a SIREN or SIRET; a search that finds another company has not found this one.

    :raises Unavailable: when no clear answer comes in time.
    """
    url = f"{settings.COMPANY_REGISTERS['recherche']['url']}/search"
    request = httpx.Request("GET", url, params={"q": number, "per_page": 1})
    results = part(calls.fetch(request, seconds=seconds).json(), "results")
    if not isinstance(results, list) or not all(isinstance(each, dict) for each in results):
        raise Unavailable("malformed answer")
    found = results[0] if results else None
    siren = number[:_SIREN_LENGTH]
    if part(found, "siren") != siren or readable(part(found, "nom_complet")) is None:
        return NOT_KNOWN
    return known(
        name=part(found, "nom_complet"),
        number=number if number in _sirets(found) else siren,
        is_closed=part(found, "etat_administratif") == _CLOSED,
    )


def _sirets(found: Any) -> set[Any]:
    """Collect the establishments that the search tells of."""
    others = part(found, "matching_etablissements")
    listed = others if isinstance(others, list) else []
    return {str(part(each, "siret")) for each in [part(found, "siege"), *listed]}
