"""Cards of whoever is archived open nothing, and what archiving took comes back with them."""

import pytest
from django.db import IntegrityError, transaction

from apitokens.models import Event
from organizations.domain import access_cards, archiving
from organizations.models import AccessCard, Organization, User
from tests.factories.organizations import AccessCardFactory, OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db
STATUSES = ["ordered", "active", "blocked", "lost"]


def statuses(person: User) -> list[tuple[str, str]]:
    found = AccessCard.objects.filter(holder=person).order_by("number")
    return list(found.values_list("status", "blocked_from"))


def everyone_of(record):
    return type(record).objects.filter(pk=record.pk)


@pytest.mark.parametrize("who", ["person", "company"])
def test_archiving_blocks_cards_and_restoring_gives_them_back(who):
    person = UserFactory()
    for status in STATUSES:
        AccessCardFactory(holder=person, status=status)
    other = AccessCardFactory(status="active")
    chosen = everyone_of(person if who == "person" else person.organization)

    archiving.archive(chosen)
    assert statuses(person) == [
        ("blocked", "ordered"),
        ("blocked", "active"),
        ("blocked", ""),
        ("lost", ""),
    ]
    archiving.unarchive(chosen)
    assert statuses(person) == [("active", ""), ("active", ""), ("blocked", ""), ("lost", "")]
    other.refresh_from_db()
    assert other.status == "active"


def test_cards_come_back_only_when_neither_is_archived():
    person = UserFactory()
    AccessCardFactory(holder=person, status="active")
    archiving.archive(everyone_of(person))
    archiving.archive(everyone_of(person.organization))

    archiving.unarchive(everyone_of(person))
    assert statuses(person) == [("blocked", "active")]
    archiving.unarchive(everyone_of(person.organization))
    assert statuses(person) == [("active", "")]


@pytest.mark.parametrize(
    ("company", "verified", "status"),
    [("active", True, "active"), ("pending", True, "ordered"), ("active", False, "ordered")],
)
def test_an_ordered_card_is_active_again_only_for_a_verified_person_of_an_active_company(
    company, verified, status
):
    facts = {} if verified else {"email_verified_at": None}
    person = UserFactory(organization=OrganizationFactory(status=company), **facts)
    AccessCardFactory(holder=person)
    archiving.archive(everyone_of(person))
    archiving.unarchive(everyone_of(person))
    assert statuses(person) == [(status, "")]


def test_a_card_given_back_is_an_event_of_its_company():
    person = UserFactory()
    card = AccessCardFactory(holder=person, status="active")
    AccessCardFactory(holder=person, status="lost")
    archiving.archive(everyone_of(person))
    Event.objects.all().delete()

    archiving.unarchive(everyone_of(person))

    found = Event.objects.values_list("type", "object_kind", "object_id", "organization_id")
    assert list(found) == [
        ("access_card.activated", "access_card", card.pk, person.organization_id)
    ]


def test_what_archiving_took_is_known_of_blocked_cards_alone():
    card = AccessCardFactory(status="active")
    with pytest.raises(IntegrityError, match="blocked_from_goes_with"), transaction.atomic():
        AccessCard.objects.filter(pk=card.pk).update(blocked_from="active")


@pytest.mark.parametrize("count", [1, 3])
def test_any_number_of_cards_takes_the_same_queries(count, django_assert_num_queries):
    people = [UserFactory(archived=True) for _ in range(count)]
    for person in people:
        AccessCardFactory(holder=person, status="active")
    with django_assert_num_queries(6):
        assert access_cards.follow_archiving(person_ids=[one.pk for one in people]) == count


def test_nobody_else_is_touched():
    OrganizationFactory()
    card = AccessCardFactory(status="blocked", blocked_from="active")
    assert archiving.archive(Organization.objects.none()) == 0
    card.refresh_from_db()
    assert card.status == "blocked"
