"""The workplace: places, teams, presence, forecasts, evolutions, allocations and intentions.

Times are those of Monday, 7 January 2030 in Paris unless given; every row is valid by itself.
"""

import datetime as dt
from zoneinfo import ZoneInfo

import factory
from django.db.backends.postgresql.psycopg_any import DateTimeTZRange
from factory.django import DjangoModelFactory

from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory
from workplace.models import (
    Allocation,
    AllocationSource,
    AllocationSpace,
    AllocationType,
    AttendanceDay,
    Configuration,
    DefaultLocation,
    Evolution,
    ForecastJob,
    Intention,
    IntentionSource,
    IntentionStatus,
    IntentionType,
    JobState,
    Layer,
    LocationForecast,
    Occupancy,
    OccupancySession,
    PersonForecast,
    RoomPlacement,
    Space,
    Team,
    TeamForecast,
    TeamLocationSettings,
    TeamMembership,
    TeamSettings,
    Zone,
)

MADE_AT = dt.datetime(2030, 1, 2, 9, 0, tzinfo=dt.UTC)
DAY = dt.date(2030, 1, 7)
DAY_START = dt.datetime(2030, 1, 6, 23, 0, tzinfo=dt.UTC)
DAY_END = dt.datetime(2030, 1, 7, 23, 0, tzinfo=dt.UTC)
NINE = dt.datetime(2030, 1, 7, 8, 0, tzinfo=dt.UTC)
SIX = dt.datetime(2030, 1, 7, 17, 0, tzinfo=dt.UTC)


class LayerFactory(DjangoModelFactory):
    class Meta:
        model = Layer

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda number: f"Layer {number}")


class ZoneFactory(DjangoModelFactory):
    """A zone with ten seats; `site` chooses where its layer is."""

    class Meta:
        model = Zone

    class Params:
        site = factory.SubFactory(SiteFactory)

    layer = factory.SubFactory(LayerFactory, site=factory.SelfAttribute("..site"))
    name = factory.Sequence(lambda number: f"Zone {number}")
    capacity = 10


class SpaceFactory(DjangoModelFactory):
    """A desk of a zone, on the zone's layer."""

    class Meta:
        model = Space

    zone = factory.SubFactory(ZoneFactory)
    layer = factory.LazyAttribute(lambda space: space.zone.layer)
    name = factory.Sequence(lambda number: f"Desk {number}")


class RoomPlacementFactory(DjangoModelFactory):
    class Meta:
        model = RoomPlacement

    room = factory.SubFactory(RoomFactory)
    layer = factory.SubFactory(LayerFactory, site=factory.SelfAttribute("..room.site"))


class TeamFactory(DjangoModelFactory):
    """A team with its settings; `members` are people (of its organization) who become primary members."""

    class Meta:
        model = Team
        skip_postgeneration_save = True

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda number: f"Team {number}")

    @factory.post_generation
    def with_settings(self, create: bool, extracted: object, **fields: object) -> None:
        """Make the settings that every team has; `with_settings=False` leaves them out."""
        if create and extracted is not False:
            TeamSettings.objects.create(team=self, **fields)

    @factory.post_generation
    def members(self, create: bool, extracted: object, **_kwargs: object) -> None:
        if create:
            for person in extracted or ():
                TeamMembership.objects.create(team=self, person=person)


class TeamMembershipFactory(DjangoModelFactory):
    class Meta:
        model = TeamMembership

    team = factory.SubFactory(TeamFactory)
    person = factory.SubFactory(
        UserFactory, organization=factory.SelfAttribute("..team.organization")
    )


class TeamLocationSettingsFactory(DjangoModelFactory):
    """A team's settings at a site; `team` chooses whose."""

    class Meta:
        model = TeamLocationSettings

    class Params:
        team = factory.SubFactory(TeamFactory)

    settings = factory.LazyAttribute(lambda here: here.team.settings)
    site = factory.SubFactory(SiteFactory)


class DefaultLocationFactory(DjangoModelFactory):
    class Meta:
        model = DefaultLocation

    person = factory.SubFactory(UserFactory)
    site = factory.SubFactory(SiteFactory)


class OccupancyFactory(DjangoModelFactory):
    """Somebody seen on Monday at nine; `seen_at` moves the local `day` with it."""

    class Meta:
        model = Occupancy

    person = factory.SubFactory(UserFactory)
    site = factory.SubFactory(SiteFactory)
    seen_at = NINE
    day = factory.LazyAttribute(lambda seen: _local_day(seen.site, seen.seen_at))
    created_at = MADE_AT
    updated_at = factory.SelfAttribute("created_at")


class OccupancySessionFactory(DjangoModelFactory):
    class Meta:
        model = OccupancySession

    site = factory.SubFactory(SiteFactory)
    started_at = MADE_AT
    expires_at = factory.LazyAttribute(lambda session: session.started_at + dt.timedelta(hours=24))


class AttendanceDayFactory(DjangoModelFactory):
    class Meta:
        model = AttendanceDay

    site = factory.SubFactory(SiteFactory)
    day = DAY
    people = 12


class ForecastJobFactory(DjangoModelFactory):
    """A completed job of the operator over four weeks; `queued` and `running` are active ones."""

    class Meta:
        model = ForecastJob

    class Params:
        queued = factory.Trait(state=JobState.QUEUED, finished_at=None, started_at=None)
        running = factory.Trait(state=JobState.RUNNING, finished_at=None, heartbeat_at=MADE_AT)

    site = factory.SubFactory(SiteFactory)
    state = JobState.COMPLETED
    starts_on = DAY
    ends_on = factory.LazyAttribute(lambda job: job.starts_on + dt.timedelta(days=27))
    created_at = MADE_AT
    started_at = factory.SelfAttribute("created_at")
    finished_at = factory.SelfAttribute("created_at")


class LocationForecastFactory(DjangoModelFactory):
    class Meta:
        model = LocationForecast

    site = factory.SubFactory(SiteFactory)
    job = factory.SubFactory(ForecastJobFactory, site=factory.SelfAttribute("..site"))
    day = DAY
    starts_at = DAY_START
    ends_at = DAY_END
    capacity = 120
    head_count = 310
    forecast = "87.40"
    forecast_inc = 96
    low_80 = 76
    high_80 = 99
    low_95 = 69
    high_95 = 108
    created_at = MADE_AT


class TeamForecastFactory(DjangoModelFactory):
    class Meta:
        model = TeamForecast

    team = factory.SubFactory(TeamFactory)
    site = factory.SubFactory(SiteFactory)
    job = factory.SubFactory(ForecastJobFactory, site=factory.SelfAttribute("..site"))
    day = DAY
    starts_at = DAY_START
    ends_at = DAY_END
    head_count = 18
    forecast = "7.40"
    forecast_inc = 9
    low_80 = 5
    high_80 = 10
    low_95 = 4
    high_95 = 12
    created_at = MADE_AT


class PersonForecastFactory(DjangoModelFactory):
    class Meta:
        model = PersonForecast

    person = factory.SubFactory(UserFactory)
    site = factory.SubFactory(SiteFactory)
    job = factory.SubFactory(ForecastJobFactory, site=factory.SelfAttribute("..site"))
    day = DAY
    starts_at = DAY_START
    ends_at = DAY_END
    probability = 0.6
    probability_inc = 0.6
    created_at = MADE_AT


class EvolutionFactory(DjangoModelFactory):
    """A successful evolution of the operator's; `created` and `processing` are active ones."""

    class Meta:
        model = Evolution

    class Params:
        created = factory.Trait(status="created", started_at=None, finished_at=None)
        processing = factory.Trait(status="processing", finished_at=None, heartbeat_at=MADE_AT)

    site = factory.SubFactory(SiteFactory)
    day = DAY
    status = "successful"
    created_at = MADE_AT
    started_at = factory.SelfAttribute("created_at")
    finished_at = factory.SelfAttribute("created_at")


class AllocationFactory(DjangoModelFactory):
    """A team's seats in a zone, Monday from nine to six; `person` (with `team=None`) seats a person."""

    class Meta:
        model = Allocation

    class Params:
        in_room = factory.Trait(
            type=AllocationType.ROOM,
            zone=None,
            layer=None,
            room=factory.SubFactory(RoomFactory),
            site=factory.LazyAttribute(lambda allocation: allocation.room.site),
        )

    team = factory.SubFactory(TeamFactory)
    organization = factory.LazyAttribute(
        lambda allocation: (allocation.team or allocation.person).organization
    )
    zone = factory.SubFactory(ZoneFactory)
    layer = factory.LazyAttribute(lambda allocation: allocation.zone.layer)
    site = factory.LazyAttribute(lambda allocation: allocation.layer.site)
    type = AllocationType.SPACE
    starts_at = NINE
    ends_at = SIX
    source = AllocationSource.API
    created_at = MADE_AT
    updated_at = factory.SelfAttribute("created_at")


class AllocationSpaceFactory(DjangoModelFactory):
    """A desk that an allocation holds for all of its time."""

    class Meta:
        model = AllocationSpace

    allocation = factory.SubFactory(AllocationFactory)
    space = factory.SubFactory(SpaceFactory, zone=factory.SelfAttribute("..allocation.zone"))
    during = factory.LazyAttribute(
        lambda held: DateTimeTZRange(held.allocation.starts_at, held.allocation.ends_at)
    )


class ConfigurationFactory(DjangoModelFactory):
    class Meta:
        model = Configuration

    organization = factory.SubFactory(OrganizationFactory)
    name = factory.Sequence(lambda number: f"System {number}")


class IntentionFactory(DjangoModelFactory):
    """An accepted day at a desk, Monday from nine to six; `starts_at` moves the local `day` with it."""

    class Meta:
        model = Intention

    person = factory.SubFactory(UserFactory)
    organization = factory.LazyAttribute(
        lambda plan: (plan.team or plan.person).organization  # of whichever is given
    )
    team = None
    status = IntentionStatus.ACCEPTED
    type = IntentionType.SPACE
    site = factory.SubFactory(SiteFactory)
    starts_at = NINE
    ends_at = factory.LazyAttribute(lambda plan: plan.starts_at + dt.timedelta(hours=9))
    timezone = factory.LazyAttribute(lambda plan: plan.site.time_zone)
    day = factory.LazyAttribute(lambda plan: _local_day(plan.site, plan.starts_at))
    source = IntentionSource.API
    created_at = MADE_AT
    updated_at = factory.SelfAttribute("created_at")


def _local_day(site: object, moment: dt.datetime) -> dt.date:
    return moment.astimezone(ZoneInfo(site.time_zone)).date()
