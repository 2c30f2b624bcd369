"""One record of every kind, as many times over as a test wants."""

import datetime as dt
import itertools
from decimal import Decimal

from apitokens.models import (
    ApiAccessRequest,
    ApiCall,
    ApiToken,
    ApiUsage,
    Enquiry,
    Event,
    IdempotentAnswer,
)
from booking.models import (
    BookingLimit,
    CalendarLink,
    CatalogueChange,
    LinkRequest,
    RefusedDemand,
    Registration,
)
from contracts.models import ContractNotice, ContractOption, Rate
from organizations.models import (
    CompanyCheck,
    Departure,
    EmailVerification,
    Invitation,
    JoinRequest,
    OutgoingEmail,
    RegisterAnswer,
    User,
)
from sites_app.models import Room, RoomType, Site
from tests.factories import workplace as make
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory, WebhookDeliveryFactory
from tests.factories.booking import BlockFactory, MeetingFactory, MeetingSeriesFactory
from tests.factories.contracts import StatementFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import (
    AccessCardFactory,
    OrganizationFactory,
    UserFactory,
    know_registers,
)
from tests.factories.sites_app import (
    ClosureFactory,
    OpeningExceptionFactory,
    RoomFactory,
    RoomLeaseFactory,
    SiteFactory,
    SiteMembershipFactory,
)
from workplace.models import PersonalRead

NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
numbers = itertools.count(1)


def populate() -> None:
    """Add one of everything, each with relations of its own."""
    know_registers()
    number = next(numbers)
    organization = OrganizationFactory(name=f"Durand {number}")
    person = UserFactory(organization=organization)
    site = SiteFactory()
    room = RoomFactory(site=site)
    SiteMembershipFactory(site=site, organization=organization)
    MeetingFactory(room=room, organizer=person, series=MeetingSeriesFactory(room=room))
    BlockFactory(room=RoomFactory(site=site))
    RoomLeaseFactory(organization=organization)
    ClosureFactory(site=site, room=room, starts_at=NOW, ends_at=NOW + dt.timedelta(hours=1))
    OpeningExceptionFactory(site=site, date=NOW.date(), slots="10:00-12:00")
    AccessCardFactory(holder=person)
    token = ApiTokenFactory()
    Enquiry.objects.create(token=token, endpoint="check-email", was_known=False, at=NOW)
    ApiUsage.objects.create(token=token, day=NOW.date(), calls=3)
    ApiQuotaFactory(user=person, daily_limit=10)
    _calls(token)
    _demand(room, number)
    Event.objects.create(
        type="meeting.confirmed",
        object_kind="meeting",
        object_id="a" * 24,
        organization=organization,
        at=NOW,
    )
    WebhookDeliveryFactory(endpoint__owner=person)
    rate = Rate.objects.create(site=site, key="parking", name=f"Parking {number}", public_base=50)
    ContractOption.objects.create(
        organization=organization,
        number=1,
        rate=rate,
        key="parking",
        name="Parking",
        price=Decimal(45),
    )
    OutgoingEmail.objects.create(
        template="meeting_confirmed",
        to_address=person.email,
        language="en",
        next_attempt_at=NOW,
        created_at=NOW,
    )
    CompanyCheck.objects.create(
        organization=organization,
        country="FR",
        company_number="73282932000074",
        outcome="later",
        source="checksum",
        confidence=50,
        next_attempt_at=NOW,
        checked_at=NOW,
    )
    RegisterAnswer.objects.create(
        register="sirene",
        asked_number=str(number),
        kind="found",
        name=f"Durand {number}",
        answered_at=NOW,
        expires_at=NOW + dt.timedelta(days=30),
    )
    EmailVerification.objects.create(
        user=person, email=person.email, created_at=NOW, expires_at=NOW + dt.timedelta(hours=72)
    )
    JoinRequest.objects.create(
        person=UserFactory(new=True), organization=organization, created_at=NOW
    )
    Invitation.objects.create(
        organization=organization,
        email=f"invited{number}@visitor.example",
        invited_by=person,
        created_at=NOW,
        sent_at=NOW,
        expires_at=NOW + dt.timedelta(days=14),
    )
    Departure.objects.create(
        person=UserFactory(), organization=organization, decided_by=person, at=NOW
    )
    CalendarLink.objects.create(
        person=person, made_by=person, secret_hash=f"{number:064x}", created_at=NOW
    )
    LinkRequest.objects.create(email="again@visitor.example", language="fr", created_at=NOW)
    Registration.objects.create(
        status="CREATED",
        email=person.email,
        person=person,
        organization=organization,
        room_of_interest=room,
        created_at=NOW,
    )
    ContractNotice.objects.create(
        organization=organization, kind="60days", ends_on=NOW.date(), at=NOW
    )
    StatementFactory(organization=organization)
    CatalogueChange.objects.create(transaction=10**9 + number)
    _workplace(site, room, person)


def _workplace(site: Site, room: Room, person: User) -> None:
    """Add a team with its seats, plans and forecasts, and what was seen of it."""
    zone = make.ZoneFactory(layer__site=site, organization=person.organization)
    make.RoomPlacementFactory(room=room, layer=zone.layer)
    team = make.TeamFactory(organization=person.organization, members=[person])
    here = make.TeamLocationSettingsFactory(team=team, site=site, room=room, fixed_days=[2])
    here.preferred_zones.add(zone)
    make.DefaultLocationFactory(person=person, site=site)
    make.OccupancyFactory(person=person, site=site, team=team)
    PersonalRead.objects.create(kind="occupancy", people=[person.pk], rows=1, at=NOW)
    make.OccupancySessionFactory(site=site, organization=person.organization)
    make.AttendanceDayFactory(site=site, organization=person.organization, team=team)
    job = make.ForecastJobFactory(site=site, organization=person.organization)
    make.LocationForecastFactory(site=site, job=job)
    make.TeamForecastFactory(site=site, job=job, team=team)
    make.PersonForecastFactory(site=site, job=job, team=team, person=person)
    evolution = make.EvolutionFactory(site=site, organization=person.organization)
    plan = make.IntentionFactory(
        site=site,
        person=person,
        team=team,
        zone=zone,
        configuration=make.ConfigurationFactory(),
        external_id="A-1",
    )
    seats = make.AllocationFactory(
        zone=zone, team=team, person=person, evolution=evolution, intention=plan
    )
    make.AllocationSpaceFactory(allocation=seats)


def _demand(room: Room, number: int) -> None:
    """Add somebody who waits, a limit of a sort not yet there, and a wish that was refused."""
    WaitlistEntryFactory(room=room)
    BookingLimit.objects.create(
        scope="person",
        room_type=RoomType.values[number % len(RoomType.values)],
        period="day",
        count=1,
    )
    RefusedDemand.objects.create(
        at=NOW, kind="booking", site=room.site, room=room, room_type=room.type, duration_minutes=60
    )


def _calls(token: ApiToken) -> None:
    """Add what is kept of a token's owner and calls."""
    ApiAccessRequest.objects.create(person=token.owner, purpose="A website", created_at=NOW)
    ApiCall.objects.create(
        user=token.owner, token=token, at=NOW, method="GET", path="/api/rooms", status=200, ms=4
    )
    IdempotentAnswer.objects.create(
        token=token, path="/api/check-email", key="k", body_hash="", status=200, created_at=NOW
    )


def speak(language: str) -> None:
    """Let everybody, staff too, work in a language."""
    User.objects.update(language=language)
