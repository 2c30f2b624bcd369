"""Sites and rooms. A room is, by default, a meeting room that anybody may book."""

from decimal import Decimal

import factory
from factory.django import DjangoModelFactory

from sites_app.models import (
    Closure,
    OpeningException,
    Room,
    RoomImage,
    RoomLease,
    RoomType,
    Site,
    SiteMembership,
)
from tests.factories.organizations import OrganizationFactory


class SiteFactory(DjangoModelFactory):
    class Meta:
        model = Site

    class Params:
        hidden = factory.Trait(is_public=False)

    name = factory.Sequence(lambda number: f"Site {number:03d}")
    country = "FR"
    time_zone = "Europe/Paris"
    currency = "EUR"
    city = "Paris"


class SiteMembershipFactory(DjangoModelFactory):
    class Meta:
        model = SiteMembership

    site = factory.SubFactory(SiteFactory)
    organization = factory.SubFactory(OrganizationFactory)


class RoomFactory(DjangoModelFactory):
    """A `publicMeeting` room open on weekdays from 9 to 18, 60 to 480 minutes by 30, for 8 people.

    `office` is an office to rent by the month, `private_office` one that only a tenant sees.
    """

    class Meta:
        model = Room

    class Params:
        office = factory.Trait(
            type=RoomType.PUBLIC_OFFICE,
            default_state="forrent",
            min_duration=0,
            max_duration=0,
            step_duration=0,
            slot_week="",
            price_per_hour=None,
            price_per_half_day=None,
            price_per_day=None,
            price_per_month=Decimal(500),
        )
        private_office = factory.Trait(office=True, type=RoomType.PRIVATE_OFFICE)

    site = factory.SubFactory(SiteFactory)
    name = factory.Sequence(lambda number: f"Room {number:03d}")
    public_name = ""
    type = RoomType.PUBLIC_MEETING
    surface_commercial = Decimal(25)
    min_person = 2
    max_person = 8
    nb_seat = 8
    configuration = "boardroom"
    min_duration = 60
    max_duration = 480
    step_duration = 30
    slot_week = "09:00-18:00"
    price_per_hour = Decimal(20)
    price_per_half_day = Decimal(70)
    price_per_day = Decimal(120)


class RoomImageFactory(DjangoModelFactory):
    class Meta:
        model = RoomImage

    room = factory.SubFactory(RoomFactory)
    width = 1600
    height = 900
    file = factory.django.ImageField(
        width=factory.SelfAttribute("..width"),
        height=factory.SelfAttribute("..height"),
        color="steelblue",
    )


class RoomLeaseFactory(DjangoModelFactory):
    class Meta:
        model = RoomLease

    room = factory.SubFactory(RoomFactory, private_office=True)
    organization = factory.SubFactory(OrganizationFactory)


class ClosureFactory(DjangoModelFactory):
    class Meta:
        model = Closure

    site = factory.SubFactory(SiteFactory)
    reason = "Works"
    reason_fr = "Travaux"


class OpeningExceptionFactory(DjangoModelFactory):
    class Meta:
        model = OpeningException

    site = factory.SubFactory(SiteFactory)
