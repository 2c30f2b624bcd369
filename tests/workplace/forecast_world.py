"""A location with people who were seen there, for the tests of its forecasts.

Today is Monday, 7 January 2030 in Paris; ten people of one company came on business days since autumn.
"""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from zoneinfo import ZoneInfo

from organizations.models import Organization, User
from sites_app.models import Site
from tests.factories import workplace as make
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import SiteFactory
from workplace.models import ForecastJob, Occupancy, Team

PARIS = ZoneInfo("Europe/Paris")
TODAY = dt.date(2030, 1, 7)
NOW = dt.datetime(2030, 1, 7, 6, 0, tzinfo=dt.UTC)
WEEKDAYS = [{"days": [1, 2, 3, 4, 5], "open": "08:00", "close": "19:00"}]
DAY = dt.timedelta(days=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class World:
    """One location, one team of one company."""

    site: Site
    organization: Organization
    team: Team
    people: list[User]


def world(*, people: int = 10, weeks: int = 14, **site_facts: Any) -> World:
    """Make a location whose people came three days in five, each on the same weekdays every week."""
    site = SiteFactory(country="FR", **{"operating_hours": WEEKDAYS, "capacity": 12} | site_facts)
    organization = OrganizationFactory(person_forecasts=True)
    members = UserFactory.create_batch(people, organization=organization)
    team = make.TeamFactory(organization=organization, members=members)
    team.settings.default_location = site
    team.settings.save()
    found = World(site=site, organization=organization, team=team, people=members)
    if weeks:
        seen(site, members, first=TODAY - weeks * 7 * DAY)
    return found


def seen(site: Site, people: Sequence[User], *, first: dt.date, until: dt.date = TODAY) -> None:
    """Have each person seen at nine on three of five business days, by their place in the row."""
    days = [first + number * DAY for number in range((until - first).days)]
    Occupancy.objects.bulk_create(
        Occupancy(
            person=person,
            site=site,
            seen_at=dt.datetime.combine(day, dt.time(9), tzinfo=PARIS),
            day=day,
            created_at=NOW - DAY,
            updated_at=NOW - DAY,
        )
        for number, person in enumerate(people)
        for day in days
        if day.weekday() < 5 and (day.weekday() + number) % 5 < 3
    )


def job(site: Site, *, days: int = 14, **facts: Any) -> ForecastJob:
    """Queue a job that begins today."""
    return make.ForecastJobFactory(
        **{
            "site": site,
            "queued": True,
            "starts_on": TODAY,
            "ends_on": TODAY + (days - 1) * DAY,
            "created_at": NOW,
        }
        | facts
    )
