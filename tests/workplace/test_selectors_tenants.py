"""Whose workplace a caller sees. Source: workplace-api, section 0, Tenancy."""

import datetime as dt
from zoneinfo import ZoneInfo

import pytest

from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomLeaseFactory, SiteFactory
from tests.factories.workplace import TeamFactory
from workplace.selectors_tenants import Tenant

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 7, 23, 30, tzinfo=dt.UTC)  # already Tuesday in Paris


def tenant(organization_id: str | None) -> Tenant:
    return Tenant(organization_id=organization_id, now=NOW)


def test_an_organization_sees_sites_it_has_access_to_or_rents_at() -> None:
    own, other = OrganizationFactory(), OrganizationFactory()
    open_to_both, rented, of_other = SiteFactory(), SiteFactory(), SiteFactory()
    open_to_both.members.set([own, other])
    of_other.members.set([other])
    RoomLeaseFactory(room__site=rented, organization=own)
    RoomLeaseFactory(room__site=rented, organization=own)

    assert set(tenant(own.pk).sites()) == {open_to_both, rented}
    assert tenant(own.pk).sites().count() == 2
    assert set(tenant(other.pk).sites()) == {open_to_both, of_other}
    assert set(tenant(None).sites()) == {open_to_both, rented, of_other}


@pytest.mark.parametrize(("ends_on", "is_seen"), [("2030-01-07", False), ("2030-01-08", True)])
def test_a_lease_counts_through_its_last_day_at_the_site(ends_on: str, is_seen: bool) -> None:
    site = SiteFactory(time_zone="Europe/Paris")
    lease = RoomLeaseFactory(room__site=site)
    type(lease).objects.update(ends_on=ends_on)

    assert tenant(lease.organization_id).sites().exists() is is_seen


def test_people_and_teams_are_the_organizations_own() -> None:
    person, stranger = UserFactory(), UserFactory()
    team, other = TeamFactory(organization=person.organization), TeamFactory()

    own = tenant(person.organization_id)
    assert (list(own.people()), list(own.teams())) == ([person], [team])
    assert set(tenant(None).people()) == {person, stranger}
    assert set(tenant(None).teams()) == {team, other}


def test_a_date_alone_is_meant_by_the_clock_of_the_one_site_that_is_named() -> None:
    site, hidden = SiteFactory(time_zone="Europe/Dublin"), SiteFactory(time_zone="Europe/Dublin")
    own = OrganizationFactory()
    site.members.add(own)

    assert tenant(own.pk).day_zone([site.pk]) == ZoneInfo("Europe/Dublin")
    for ids in ([], [hidden.pk], [site.pk, site.pk]):
        assert tenant(own.pk).day_zone(ids) == dt.UTC
