"""The demo's statements of past months: drafts of the last one, final ones before."""

import datetime as dt
import random
from collections.abc import Sequence

from backoffice.demo.ids import Ids
from contracts.domain import months, statements
from contracts.domain.months import A_DAY, Days
from contracts.models import Statement
from organizations.models import Organization

MOST_COMPANIES = 20
"""Larger demos bill the first companies alone, so that loading stays quick."""
MONTHS = 3


def write(organizations: Sequence[Organization], *, seed: int, now: dt.datetime) -> None:
    """Bill the last months of the first companies, the oldest month first."""
    ids = Ids(random.Random(seed), now=now)  # noqa: S311 - invented data, no secret
    past = [months.preceding(months.month_of(now.date()))]
    while len(past) < MONTHS:
        past.append(months.preceding(past[-1]))
    for month in reversed(past):
        for organization in organizations[:MOST_COMPANIES]:
            _bill(organization, month, ids)
    closed = Statement.objects.filter(
        organization__in=organizations[:MOST_COMPANIES], month__lt=past[0].first
    )
    closed.update(status="final", finalized_at=now)


def _bill(organization: Organization, month: Days, ids: Ids) -> None:
    made_at = dt.datetime.combine(month.last + 2 * A_DAY, dt.time(4, 10), dt.UTC)
    for bill in statements.preview(organization.pk, month):
        statement = Statement(
            id=ids.new(), organization=organization, month=month.first, currency=bill.currency
        )
        statements.write_down(statement, bill, now=made_at)
