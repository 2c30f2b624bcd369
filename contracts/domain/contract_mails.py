"""Mails about contracts, to the principal administrators or else to the billing address."""

import datetime as dt

from contracts import selectors
from organizations.domain import outbox
from organizations.models import Organization


def ending(organization: Organization, *, now: dt.datetime) -> None:
    """Tell when the contract ends, and whether it renews itself then."""
    _send("contract_ending", organization, now=now)


def renewed(organization: Organization, *, now: dt.datetime) -> None:
    """Tell until when the contract now runs."""
    _send("contract_renewed", organization, now=now)


def _send(template: str, organization: Organization, *, now: dt.datetime) -> None:
    end = organization.rental_end_on
    assert end is not None
    readers = selectors.contract_readers(organization)
    for address, language in readers:
        outbox.enqueue(
            template=template,
            to=address,
            language=language,
            context={
                "organization": organization.name,
                "end_at": f"{end}T00:00:00",
                "renewal_months": organization.renewal_months,
            },
            now=now,
        )
