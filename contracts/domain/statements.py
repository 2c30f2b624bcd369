"""Statements: an organization's month, put down once, made anew while a draft, and then final.

The organization's row is locked while its statements are written, so that two workers make one.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

import structlog
from django.conf import settings
from django.db import transaction

from apitokens.domain.customers import OrganizationNotFound
from config.errors import DomainError
from contracts import selectors
from contracts.domain import bill_facts, billing, months
from contracts.domain.billing import Line, Totals
from contracts.domain.months import Days
from contracts.domain.option_pricing import ProRata
from contracts.models import Statement, StatementLine, StatementStatus
from organizations.models import Organization

log = structlog.get_logger(__name__)


class StatementNotFound(DomainError):
    """There is no such statement."""

    code = "STATEMENT_NOT_FOUND"
    status = 404
    message = "Statement not found"


class StatementIsFinal(DomainError):
    """A final statement is what the customer was sent; it never changes."""

    code = "STATEMENT_IS_FINAL"
    status = 409
    message = "This statement is final"


@dataclass(frozen=True, slots=True, kw_only=True)
class Bill:
    """What is owed in one currency."""

    currency: str
    lines: Sequence[Line]

    @property
    def totals(self) -> Totals:
        return billing.totals(self.lines)


def preview(organization_id: str, month: Days) -> list[Bill]:
    """Work out what a month comes to as things stand, one bill a currency, and write nothing.

    :raises OrganizationNotFound:
    """
    organization = selectors.organization_with_contract(organization_id)
    if organization is None:
        raise OrganizationNotFound
    facts = bill_facts.gather(organization, month)
    lines = billing.bill(facts, month, pro_rata=ProRata(settings.BILLING_PRO_RATA))
    currencies = sorted({line.subject.currency for line in lines})
    return [
        Bill(
            currency=currency,
            lines=[line for line in lines if line.subject.currency == currency],
        )
        for currency in currencies
    ]


@transaction.atomic
def make(organization_id: str, month: Days, *, now: dt.datetime) -> list[Statement]:
    """Put an organization's month down as drafts, unless it is there already; return what is new.

    :raises OrganizationNotFound:
    """
    _lock(organization_id)
    if Statement.objects.filter(organization=organization_id, month=month.first).exists():
        return []
    made = []
    for bill in preview(organization_id, month):
        statement = Statement(
            organization_id=organization_id, month=month.first, currency=bill.currency
        )
        write_down(statement, bill, now=now)
        made.append(statement)
    return made


def make_missing(*, now: dt.datetime) -> int:
    """Make the statements of the month that was over everywhere a day ago; return how many are new.

    What goes wrong with one organization is logged and holds up no other; the next run tries again.
    """
    month = months.preceding(months.month_of((now - months.A_DAY).date()))
    count = 0
    for organization_id in selectors.unbilled_organizations(month=month.first):
        try:
            count += len(make(organization_id, month, now=now))
        except Exception:
            log.exception("statements.failed", organization=organization_id)
    return count


@transaction.atomic
def recompute(statement_id: str, *, now: dt.datetime) -> Statement:
    """Work a draft out anew from what is stored now.

    :raises StatementNotFound: :raises StatementIsFinal:
    """
    statement = _locked_draft(statement_id)
    month = months.month_of(statement.month)
    bills = {bill.currency: bill for bill in preview(statement.organization_id, month)}
    bill = bills.get(statement.currency, Bill(currency=statement.currency, lines=()))
    statement.lines.all().delete()
    write_down(statement, bill, now=now)
    return statement


@transaction.atomic
def finalize(statement_id: str, *, now: dt.datetime) -> Statement:
    """Close a draft.

    :raises StatementNotFound: :raises StatementIsFinal:
    """
    statement = _locked_draft(statement_id)
    statement.status, statement.finalized_at = StatementStatus.FINAL, now
    statement.save(update_fields=["status", "finalized_at"])
    return statement


def _lock(organization_id: str) -> None:
    rows = Organization.objects.select_for_update(no_key=True).filter(pk=organization_id)
    if rows.first() is None:
        raise OrganizationNotFound


def _locked_draft(statement_id: str) -> Statement:
    """Lock the organization, then its statement, like whoever makes one."""
    found = Statement.objects.filter(pk=statement_id).first()
    if found is None:
        raise StatementNotFound
    _lock(found.organization_id)
    statement = Statement.objects.select_for_update(no_key=True).get(pk=statement_id)
    if not statement.is_draft:
        raise StatementIsFinal
    return statement


def write_down(statement: Statement, bill: Bill, *, now: dt.datetime) -> None:
    """Write a statement and its lines as they are billed, in the caller's transaction."""
    totals = bill.totals
    statement.net, statement.vat, statement.gross = totals.net, totals.vat, totals.gross
    statement.made_at = now
    statement.save()
    StatementLine.objects.bulk_create(
        _row(statement, position, line) for position, line in enumerate(bill.lines, start=1)
    )


def _row(statement: Statement, position: int, line: Line) -> StatementLine:
    return StatementLine(
        statement=statement,
        position=position,
        kind=line.kind.value,
        label=line.subject.label,
        key=line.subject.key,
        reference=line.subject.reference,
        first_on=line.days.first,
        last_on=line.days.last,
        quantity=line.quantity,
        unit_price=line.unit_price,
        net=line.net,
        vat_rate=line.vat_rate,
        vat=line.vat,
    )
