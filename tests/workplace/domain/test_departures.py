"""Who leaves an organization is in none of its teams and plans nothing there."""

import datetime as dt

import pytest

from booking.domain import departures as leaving
from organizations.models import Departure, Role
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.workplace import IntentionFactory, TeamFactory, TeamMembershipFactory
from workplace.domain import departures
from workplace.models import Intention, TeamMembership

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 6, 0, tzinfo=dt.UTC)


@pytest.fixture
def person():
    leader = UserFactory(role=Role.PRINCIPAL_ADMIN)
    person = UserFactory(organization=leader.organization)
    TeamMembershipFactory(team=TeamFactory(organization=leader.organization), person=person)
    return person


def departed(person, **values) -> Departure:
    company = person.organization
    person.organization = values.pop("organization", None)
    person.save()
    return Departure.objects.create(person=person, organization=company, at=NOW, **values)


def test_plans_and_teams_of_the_organization_end_and_others_stay(person) -> None:
    company = person.organization
    coming = IntentionFactory(person=person, organization=company)
    over = IntentionFactory(
        person=person,
        organization=company,
        day=dt.date(2030, 1, 4),
        starts_at=coming.starts_at - dt.timedelta(3),
        ends_at=coming.ends_at - dt.timedelta(3),
    )
    foreign = TeamMembershipFactory(
        team=TeamFactory(organization=OrganizationFactory()), is_primary=False, person=person
    )
    departure = departed(person)

    departures.follow(departure.pk, now=NOW)
    departures.follow(departure.pk, now=NOW + dt.timedelta(hours=1))

    assert list(TeamMembership.objects.all()) == [foreign]
    states = dict(Intention.objects.values_list("pk", "status"))
    assert (states[coming.pk], states[over.pk] != "CANCELLED") == ("CANCELLED", True)
    departure.refresh_from_db()
    assert departure.settled_at == NOW


def test_who_came_back_meanwhile_keeps_the_team(person) -> None:
    departure = departed(person, organization=person.organization)

    departures.follow(departure.pk, now=NOW)

    assert TeamMembership.objects.count() == 1


def test_sweep_follows_what_was_missed_once(person) -> None:
    departed(person)

    assert (departures.sweep(now=NOW), departures.sweep(now=NOW)) == (1, 0)
    assert not TeamMembership.objects.exists()


def test_sweep_goes_past_departures_that_cannot_be_followed(person, monkeypatch) -> None:
    monkeypatch.setattr(departures, "BATCH", 2)
    *broken, last = [departed(UserFactory(organization=person.organization)) for _ in range(4)]
    take_out = departures._take_out

    def fails_for_the_first(departure, *, now):
        if departure in broken:
            raise ArithmeticError("broken data")
        take_out(departure, now=now)

    monkeypatch.setattr(departures, "_take_out", fails_for_the_first)

    assert departures.sweep(now=NOW) == 1
    assert Departure.objects.exclude(settled_at=None).get() == last


def test_leaving_the_company_ends_the_team(person, django_capture_on_commit_callbacks) -> None:
    with django_capture_on_commit_callbacks(execute=True):
        leaving.leave(person, heir_id="", now=NOW)

    assert not TeamMembership.objects.exists()
    assert Departure.objects.get().settled_at is not None
