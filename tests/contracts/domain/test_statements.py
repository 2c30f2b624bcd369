"""Statements: made once for each month, made anew while drafts, then final."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection, connections
from django.test.utils import CaptureQueriesContext

from contracts.domain import months, statements
from contracts.models import Statement, StatementLine
from tests.factories.booking import MeetingFactory
from tests.factories.contracts import ContractOptionFactory, RateFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.sites_app import (
    RoomFactory,
    RoomLeaseFactory,
    SiteFactory,
    SiteMembershipFactory,
)

NOW = dt.datetime(2025, 4, 2, 4, 10, tzinfo=dt.UTC)
MARCH = months.month_of(dt.date(2025, 3, 1))
START = dt.date(2025, 1, 1)


@pytest.fixture
def site(db):
    return SiteFactory()


@pytest.fixture
def acme(site):
    made = OrganizationFactory(name="Acme", rental_start_on=START)
    SiteMembershipFactory(site=site, organization=made)
    return made


def lines(organization, month=MARCH):
    bills = statements.preview(organization.id, month)
    return [(line.kind.value, line.net, line.vat_rate) for bill in bills for line in bill.lines]


# --- what is billed ----------------------------------------------------------------------------


def test_rental_price_is_the_rent_of_all_rooms(acme, site):
    acme.base_price = Decimal(1300)
    acme.save()
    for price in (850, 450):
        RoomLeaseFactory(
            organization=acme, room=RoomFactory(site=site, private_office=True), price=price
        )

    assert lines(acme) == [("rent", 1300, 20)]


def test_without_a_rental_price_each_room_is_billed_for_its_time(acme, site):
    for price, first, last in (
        (310, None, None),
        (310, "2025-03-17", None),
        (310, None, "2025-03-01"),
        (310, None, "2025-02-28"),
        (310, "2025-04-01", None),
        (None, None, None),
    ):
        RoomLeaseFactory(
            organization=acme,
            room=RoomFactory(site=site, private_office=True),
            price=price,
            starts_on=first,
            ends_on=last,
        )

    assert sorted(lines(acme)) == [("room", 10, 20), ("room", 150, 20), ("room", 310, 20)]


@pytest.mark.parametrize(("is_member", "net"), [(False, 30), (True, 27)])
def test_member_prices_are_for_members(acme, is_member, net):
    acme.is_member = is_member
    acme.save()
    ContractOptionFactory(organization=acme, rate=RateFactory(setup_fees=0))

    assert lines(acme) == [("option", net, 20)]


@pytest.mark.parametrize(
    ("kind", "is_member", "charged"),
    [
        ("promo", False, [("promo", 20, 20)]),
        ("promoWithQuantity", True, [("promo", 18, 20)]),
        ("other", False, [("option", 30, 20)]),
    ],
)
def test_promotional_prices_are_those_of_promotional_rates(acme, kind, is_member, charged):
    acme.is_member = is_member
    acme.save()
    rate = RateFactory(type=kind, public_promo=20, member_promo=18, promo_months=3)
    ContractOptionFactory(organization=acme, rate=rate)

    assert lines(acme) == charged


def test_own_prices_win(acme):
    rate = RateFactory(type="promo", public_promo=20, promo_months=1)
    ContractOptionFactory(
        organization=acme, rate=rate, price=100, price_promo=50, promo_months=3, quantity=2
    )

    assert lines(acme) == [("promo", 100, 20)]
    assert lines(acme, months.following(MARCH)) == [("option", 200, 20)]


@pytest.mark.parametrize(("price", "charged"), [(None, []), (80, [("option", 80, 20)])])
def test_quoted_option_is_billed_once_it_has_a_price(acme, price, charged):
    ContractOptionFactory(organization=acme, rate=RateFactory(type="quote"), price=price)

    assert lines(acme) == charged


@pytest.mark.parametrize(("kind", "given", "rate"), [("none", None, 0), ("special", 10, 10)])
def test_vat_of_a_rate(acme, kind, given, rate):
    ContractOptionFactory(organization=acme, rate=RateFactory(vat_type=kind, vat_rate=given))

    assert lines(acme) == [("option", 30, rate)]


def test_option_follows_the_contracts_dates(acme):
    acme.rental_end_on = dt.date(2025, 3, 15)
    acme.save()
    ContractOptionFactory(organization=acme, rate=RateFactory(public_base=310))

    assert lines(acme) == [("option", 150, 20)]
    assert lines(acme, months.following(MARCH)) == []


def meeting(organization, starts_at, **values):
    return MeetingFactory(
        room__site__time_zone="Europe/Paris",
        organizer=None,
        organization=organization,
        starts_at=dt.datetime.fromisoformat(starts_at),
        **values,
    )


def test_meetings_of_the_month_that_have_a_price(acme):
    meeting(acme, "2025-02-28T23:00+00:00", price=40, vat_rate=20, name="first")
    meeting(acme, "2025-02-28T22:59+00:00", price=1)
    meeting(acme, "2025-03-31T21:59+00:00", price=41, vat_rate=Decimal("5.5"))
    meeting(acme, "2025-03-31T22:00+00:00", price=2)
    meeting(acme, "2025-03-10T10:00+00:00", price=None)
    meeting(acme, "2025-03-10T10:00+00:00", price=3, pending=True)
    meeting(acme, "2025-03-10T10:00+00:00", price=4, expired=True)
    meeting(OrganizationFactory(), "2025-03-10T10:00+00:00", price=5)

    assert lines(acme) == [("meeting", 40, 20), ("meeting", 41, Decimal("5.5"))]


def test_cancelled_meeting_costs_its_fee(acme):
    meeting(acme, "2025-03-10T10:00+00:00", price=40, cancellation_fee=20, cancelled=True)
    meeting(acme, "2025-03-11T10:00+00:00", price=40, cancellation_fee=0, cancelled=True)

    assert lines(acme) == [("cancellation", 20, 20)]


def test_prepaid_service_is_billed_once_for_each_month(acme):
    rate = RateFactory(key="service_by_month_prepaid", public_base=100)
    ContractOptionFactory(organization=acme, rate=rate, start_on=dt.date(2025, 3, 1))

    for month in (months.preceding(MARCH), MARCH, months.following(MARCH)):
        statements.make(acme.id, month, now=NOW)

    found = StatementLine.objects.order_by("first_on").values_list("statement__month", "first_on")
    assert [(made.month, of.month) for made, of in found] == [(2, 3), (3, 4), (4, 5)]


def test_a_second_prepaid_service_is_billed_from_its_own_first_day(acme):
    rate = RateFactory(key="service_by_month_prepaid", public_base=31)
    ContractOptionFactory(organization=acme, rate=rate, start_on=dt.date(2025, 3, 1))
    statements.make(acme.id, months.preceding(MARCH), now=NOW)
    second = ContractOptionFactory(organization=acme, rate=rate, start_on=dt.date(2025, 3, 22))

    statements.make(acme.id, MARCH, now=NOW)
    statements.make(acme.id, months.following(MARCH), now=NOW)

    found = StatementLine.objects.filter(reference=second.pk).order_by("first_on")
    assert list(found.values_list("first_on", "net")) == [
        (dt.date(2025, 3, 22), 10),
        (dt.date(2025, 4, 1), 31),
        (dt.date(2025, 5, 1), 31),
    ]


def test_a_prepaid_service_that_was_replaced_is_not_billed_twice(acme):
    rate = RateFactory(key="service_by_month_prepaid", public_base=100)
    former = ContractOptionFactory(organization=acme, rate=rate, start_on=dt.date(2025, 3, 1))
    statements.make(acme.id, months.preceding(MARCH), now=NOW)
    former.delete()
    ContractOptionFactory(organization=acme, rate=rate, start_on=dt.date(2025, 3, 1))

    statements.make(acme.id, MARCH, now=NOW)

    found = StatementLine.objects.order_by("first_on").values_list("first_on", flat=True)
    assert [first.month for first in found] == [3, 4]


def test_currencies_are_never_added_up(acme):
    acme.base_price = Decimal(100)
    acme.save()
    meeting(acme, "2025-03-10T10:00+00:00", price=40, currency="CHF")

    statements.make(acme.id, MARCH, now=NOW)

    found = Statement.objects.order_by("currency").values_list("currency", "net")
    assert list(found) == [("CHF", 40), ("EUR", 100)]


# --- written down ------------------------------------------------------------------------------


def test_statement_adds_up_and_names_what_it_is_for(acme, site):
    lease = RoomLeaseFactory(
        organization=acme,
        room=RoomFactory(site=site, private_office=True, name="A12"),
        price=Decimal("99.99"),
    )

    (made,) = statements.make(acme.id, MARCH, now=NOW)

    made.refresh_from_db()
    assert (made.net, made.vat, made.gross) == (
        Decimal("99.99"),
        Decimal("20.00"),
        Decimal("119.99"),
    )
    assert (made.month, made.status, made.made_at) == (MARCH.first, "draft", NOW)
    line = made.lines.get()
    assert (line.position, line.kind, line.label) == (1, "room", "A12")
    assert (line.reference, line.first_on, line.last_on) == (lease.room_id, MARCH.first, MARCH.last)


def test_month_is_made_once(acme):
    acme.base_price = Decimal(100)
    acme.save()

    assert len(statements.make(acme.id, MARCH, now=NOW)) == 1
    assert statements.make(acme.id, MARCH, now=NOW) == []


def test_draft_is_made_anew_and_a_final_one_is_not(acme):
    acme.base_price = Decimal(100)
    acme.save()
    (made,) = statements.make(acme.id, MARCH, now=NOW)
    acme.base_price = Decimal(200)
    acme.save()

    assert statements.recompute(made.id, now=NOW).net == 200
    statements.finalize(made.id, now=NOW)
    for change in (statements.recompute, statements.finalize):
        with pytest.raises(statements.StatementIsFinal):
            change(made.id, now=NOW)
    made.refresh_from_db()
    assert (made.net, made.status, made.finalized_at) == (200, "final", NOW)


def test_draft_of_nothing_left_is_empty(acme):
    acme.base_price = Decimal(100)
    acme.save()
    (made,) = statements.make(acme.id, MARCH, now=NOW)
    acme.base_price = None
    acme.save()

    assert statements.recompute(made.id, now=NOW).gross == 0
    assert made.lines.count() == 0


def test_unknown_ones(db):
    with pytest.raises(statements.StatementNotFound):
        statements.recompute("f" * 24, now=NOW)
    with pytest.raises(statements.OrganizationNotFound):
        statements.make("f" * 24, MARCH, now=NOW)


def test_task_makes_last_months_statements_once(acme, site):
    acme.base_price = Decimal(100)
    acme.save()
    OrganizationFactory(name="without anything")
    OrganizationFactory(base_price=50, archived=True)
    RoomLeaseFactory(price=10, starts_on="2025-03-31")
    meeting(OrganizationFactory(), "2025-03-10T10:00+00:00", price=40)

    assert statements.make_missing(now=NOW) == 3
    assert statements.make_missing(now=NOW) == 0
    assert set(Statement.objects.values_list("month", flat=True)) == {MARCH.first}


@pytest.mark.parametrize(
    ("now", "month"),
    [
        ("2025-04-01T23:59+00:00", "2025-02-01"),
        ("2025-04-02T00:00+00:00", "2025-03-01"),
        ("2025-05-01T23:59+00:00", "2025-03-01"),
    ],
)
def test_task_waits_until_the_month_is_over_everywhere(acme, now, month):
    acme.base_price = Decimal(100)
    acme.save()

    statements.make_missing(now=dt.datetime.fromisoformat(now))

    assert Statement.objects.get().month.isoformat() == month


def test_one_companys_trouble_holds_up_no_other(acme, settings, monkeypatch):
    for organization in (acme, OrganizationFactory()):
        organization.base_price = Decimal(100)
        organization.save()
    preview = statements.preview

    def fail_for_acme(organization_id, month):
        if organization_id == acme.id:
            raise ArithmeticError("broken data")
        return preview(organization_id, month)

    monkeypatch.setattr(statements, "preview", fail_for_acme)

    assert statements.make_missing(now=NOW) == 1


@pytest.mark.django_db(transaction=True)
def test_two_workers_make_one():
    organization = OrganizationFactory(base_price=100)

    def work(_number):
        try:
            return len(statements.make(organization.id, MARCH, now=NOW))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [0, 0, 0, 1]


@pytest.mark.parametrize("count", [1, 3])
def test_queries_of_a_statement(acme, count):
    for _ in range(count):
        RoomLeaseFactory(organization=acme, price=10)
        ContractOptionFactory(organization=acme)
        SiteMembershipFactory(organization=acme)
        meeting(acme, "2025-03-10T10:00+00:00", price=40)

    with CaptureQueriesContext(connection) as queries:
        (bill,) = statements.preview(acme.id, MARCH)

    assert len(bill.lines) == 3 * count
    assert len(queries) == 6
