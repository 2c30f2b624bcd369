"""The end of contracts: notices once each, renewal on the day, rooms free after it."""

import datetime as dt
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connections

from apitokens.models import Event
from contracts.domain import renewals
from contracts.models import ContractNotice
from organizations.domain import mail_messages
from organizations.models import OutgoingEmail, Role
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, RoomLeaseFactory

pytestmark = pytest.mark.django_db

END = dt.date(2025, 12, 31)


def on(day):
    return dt.datetime.combine(dt.date.fromisoformat(day), dt.time(2, 40), dt.UTC)


def acme(**values):
    made = OrganizationFactory(
        **{"name": "Acme", "rental_end_on": END, "renewal_months": 12} | values
    )
    UserFactory(organization=made, role=Role.PRINCIPAL_ADMIN, email=f"boss@{made.id}.example")
    return made


def events():
    return list(Event.objects.order_by("at", "pk").values_list("type", flat=True))


def mails():
    return list(OutgoingEmail.objects.order_by("pk").values_list("template", "to_address"))


@pytest.mark.parametrize(
    ("day", "told"),
    [
        ("2025-10-31", []),
        ("2025-11-01", ["60days"]),
        ("2025-11-30", ["60days"]),
        ("2025-12-01", ["30days"]),
        ("2025-12-30", ["30days"]),
    ],
)
def test_notice_is_given_from_its_day_on(day, told):
    acme()

    renewals.run(now=on(day))

    assert list(ContractNotice.objects.values_list("kind", flat=True)) == told
    assert events() == ["contract.ending"] * len(told)


def test_each_notice_is_given_once():
    organization = acme()

    for day in ("2025-11-02", "2025-11-02", "2025-11-20", "2025-12-01", "2025-12-15"):
        renewals.run(now=on(day))

    address = f"boss@{organization.id}.example"
    assert mails() == [("contract_ending", address)] * 2
    found = list(Event.objects.order_by("at").values_list("object_id", "data"))
    assert found == [
        (organization.id, {"endsOn": "2025-12-31", "days": days, "renewalMonths": 12})
        for days in (60, 30)
    ]


def test_notices_are_given_anew_for_a_new_end():
    organization = acme()
    renewals.run(now=on("2025-12-01"))
    organization.rental_end_on = dt.date(2026, 1, 31)
    organization.save()

    renewals.run(now=on("2025-12-10"))

    assert ContractNotice.objects.count() == 2


@pytest.mark.parametrize(
    ("end", "months", "day", "until"),
    [
        ("2025-12-31", 12, "2025-12-31", "2026-12-31"),
        ("2025-01-31", 1, "2025-01-31", "2025-02-28"),
        ("2024-01-31", 1, "2024-01-31", "2024-02-29"),
        ("2025-02-28", 1, "2025-02-28", "2025-03-31"),
        ("2025-12-15", 3, "2025-12-20", "2026-03-15"),
        ("2025-12-01", 1, "2026-01-01", "2026-02-01"),
    ],
)
def test_contract_renews_itself_on_its_end(end, months, day, until):
    organization = acme(rental_end_on=end, renewal_months=months)

    renewals.run(now=on(day))

    organization.refresh_from_db()
    assert organization.rental_end_on.isoformat() == until
    assert Event.objects.get().data == {"from": end, "until": until}
    assert (events(), [name for name, _to in mails()]) == (
        ["contract.renewed"],
        ["contract_renewed"],
    )


def test_contract_renews_once_a_term():
    organization = acme()

    for _ in range(3):
        renewals.run(now=on("2025-12-31"))

    organization.refresh_from_db()
    assert organization.rental_end_on == dt.date(2026, 12, 31)
    assert events() == ["contract.renewed"]


@pytest.mark.parametrize(
    ("values", "day"),
    [
        ({"renewal_months": None}, "2025-12-31"),
        ({"renewal_months": 0}, "2025-12-31"),
        ({"is_archived": True}, "2025-12-31"),
        ({}, "2026-02-01"),
        ({}, "2025-10-01"),
        ({"rental_end_on": None}, "2025-12-31"),
    ],
    ids=["no renewal", "no months", "archived", "long over", "not yet", "no end"],
)
def test_contract_that_does_not_renew(values, day):
    organization = acme(**values)

    renewals.run(now=on(day))

    organization.refresh_from_db()
    assert organization.rental_end_on in (END, None)
    assert events() == []


def test_contract_renews_up_to_a_month_late():
    organization = acme()

    renewals.run(now=on("2026-01-31"))

    organization.refresh_from_db()
    assert organization.rental_end_on == dt.date(2026, 12, 31)


def test_rooms_follow_the_renewed_contract_unless_they_have_an_end_of_their_own():
    organization = acme()
    follows = RoomLeaseFactory(organization=organization, ends_on=END)
    own = RoomLeaseFactory(organization=organization, own_end_on=END, ends_on=END)

    renewals.run(now=on("2025-12-31"))

    follows.refresh_from_db()
    own.refresh_from_db()
    assert (follows.ends_on, own.ends_on) == (dt.date(2026, 12, 31), END)


def test_contract_does_not_renew_into_the_next_tenants_time():
    organization = acme()
    lease = RoomLeaseFactory(organization=organization, ends_on=END)
    RoomLeaseFactory(room=lease.room, starts_on="2026-01-01")

    assert renewals.run(now=on("2025-12-31")) == 0

    organization.refresh_from_db()
    assert organization.rental_end_on == END
    assert (events(), mails()) == ([], [])


def test_room_of_an_ended_contract_is_free(client):
    organization = acme(renewal_months=None, rental_end_on=dt.date(2025, 12, 30))
    room = RoomFactory(private_office=True)
    RoomLeaseFactory(organization=organization, room=room, ends_on=organization.rental_end_on)
    RoomLeaseFactory(room=room, starts_on="2025-12-31")

    assert renewals.run(now=on("2025-12-31")) == 0


def test_mail_goes_to_verified_principal_administrators_or_to_the_company():
    told = acme()
    UserFactory(organization=told, role=Role.ADMIN)
    UserFactory(organization=told, role=Role.PRINCIPAL_ADMIN, archived=True)
    UserFactory(organization=told, role=Role.PRINCIPAL_ADMIN, email_verified_at=None)
    alone = OrganizationFactory(rental_end_on=END, email="bills@alone.example", language="fr")
    OrganizationFactory(rental_end_on=END, email="")

    renewals.run(now=on("2025-12-01"))

    found = OutgoingEmail.objects.values_list("to_address", "language")
    assert set(found) == {
        (f"boss@{told.id}.example", "en"),
        ("bills@alone.example", alone.language),
    }
    assert events() == ["contract.ending"] * 3


@pytest.mark.parametrize(
    ("months", "sentence"),
    [
        (12, "It renews itself on that day for 12 months."),
        (1, "It renews itself on that day for 1 month."),
        (None, "It does not renew itself"),
    ],
)
def test_words_of_the_notice(months, sentence):
    acme(renewal_months=months)
    renewals.run(now=on("2025-12-01"))

    mail = mail_messages.write(OutgoingEmail.objects.get())

    assert mail.subject == "Your contract runs until 31 December 2025"
    for body in (mail.body, mail.alternatives[0][0]):
        assert "The rental contract of Acme runs until 31 December 2025." in body
        assert sentence in body


def test_words_of_the_renewal():
    acme()
    renewals.run(now=on("2025-12-31"))

    mail = mail_messages.write(OutgoingEmail.objects.get())

    assert mail.subject == "Your contract is renewed until 31 December 2026"
    assert "has renewed itself and now runs until 31 December 2026." in mail.body


def test_one_companys_trouble_holds_up_no_other(monkeypatch):
    broken, fine = acme(), acme()
    handle = renewals.handle

    def fail_for_one(organization_id, *, now):
        if organization_id == broken.id:
            raise ArithmeticError("broken data")
        return handle(organization_id, now=now)

    monkeypatch.setattr(renewals, "handle", fail_for_one)

    assert renewals.run(now=on("2025-12-31")) == 1
    fine.refresh_from_db()
    assert fine.rental_end_on == dt.date(2026, 12, 31)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("day", ["2025-12-01", "2025-12-31"])
def test_workers_at_the_same_time_tell_once(day):
    organization = acme()
    RoomLeaseFactory(organization=organization, ends_on=END)

    def work(_number):
        try:
            return renewals.run(now=on(day))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(work, range(4))) == [0, 0, 0, 1]
    told = [event for event in events() if event.startswith("contract.")]
    assert len(told) == len(mails()) == 1
