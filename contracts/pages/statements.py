"""What a company owes month by month: the pages of its principal administrator."""

import csv
from collections.abc import Iterator

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from contracts import selectors_account
from contracts.models import Statement, StatementLine
from organizations.models import User

FORMULA = tuple("=+-@\t\r\n＝＋－＠")
"""What a spreadsheet takes for the beginning of a formula. Source: safety, S-33."""


@never_cache
@login_required
@require_safe
def statements(request: HttpRequest) -> HttpResponse:
    """List the company's final statements."""
    person = _administrator(request)
    context = {
        "person": person,
        "statements": selectors_account.statements(str(person.organization_id)),
    }
    return render(request, "account/statements.html", context)


@never_cache
@login_required
@require_safe
def statement(request: HttpRequest, statement_id: str) -> HttpResponse:
    """Show one month with its lines."""
    found = _statement(request, statement_id)
    return render(request, "account/statement.html", {"statement": found})


@never_cache
@login_required
@require_safe
def statement_file(request: HttpRequest, statement_id: str) -> HttpResponse:
    """Hand out one month's lines for a spreadsheet, as comma-separated values."""
    found = _statement(request, statement_id)
    response = HttpResponse("\ufeff", content_type="text/csv; charset=utf-8")
    name = f"statement-{found.month:%Y-%m}-{found.currency}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    csv.writer(response).writerows(_rows(found))
    return response


def _administrator(request: HttpRequest) -> User:
    person = request.user
    if not isinstance(person, User) or not person.is_principal_admin:
        raise Http404
    return person


def _statement(request: HttpRequest, statement_id: str) -> Statement:
    person = _administrator(request)
    found = selectors_account.statement(statement_id, organization_id=str(person.organization_id))
    if found is None:
        raise Http404
    return found


def _rows(found: Statement) -> Iterator[list[str]]:
    yield [
        gettext("Kind"),
        gettext("What"),
        gettext("From"),
        gettext("Until"),
        gettext("Quantity"),
        gettext("Unit price, excl. VAT"),
        gettext("Amount, excl. VAT"),
        gettext("VAT, %"),
        gettext("VAT"),
        gettext("Currency"),
    ]
    for line in found.lines.all():
        yield _row(line, currency=found.currency)


def _row(line: StatementLine, *, currency: str) -> list[str]:
    return [
        line.get_kind_display(),
        _text(line.label),
        f"{line.first_on:%Y-%m-%d}",
        f"{line.last_on:%Y-%m-%d}",
        str(line.quantity),
        *(str(number) for number in (line.unit_price, line.net, line.vat_rate, line.vat)),
        currency,
    ]


def _text(typed: str) -> str:
    """Keep what people typed from being run by a spreadsheet."""
    return f"'{typed}" if typed.startswith(FORMULA) else typed
