"""Registration requests: what somebody told, looked up and put into the form in which it is stored.

Source: Public API, POST /api/register; public-api, section 2.
"""

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from booking.domain.bookable_rooms import RoomNotFound
from booking.models import Meeting
from config.errors import DomainError
from organizations.domain import accounts, identity_checks, phones
from organizations.domain.identity_checks import IdentityVerification
from organizations.models import User
from sites_app.domain import countries
from sites_app.domain.sites import SiteNotFound
from sites_app.models import Room, Site


class PlaceRequired(DomainError):
    """Nothing tells which site the company wants to use."""

    code = "PLACE_REQUIRED"
    message = "At least one of siteId, roomId or meetingId must be provided"


class MeetingRequestNotFound(DomainError):
    """No meeting request has that id."""

    code = "MEETING_REQUEST_NOT_FOUND"
    status = 404
    message = "Meeting request not found"


class MeetingOfSomebodyElse(DomainError):
    """The meeting was requested with another address."""

    code = "MEETING_OF_SOMEBODY_ELSE"
    status = 403
    message = "This meeting request belongs to another e-mail"


class UnknownCountry(DomainError):
    """The country is none in which there is a site."""

    code = "UNKNOWN_COUNTRY"


@dataclass(frozen=True, slots=True, kw_only=True)
class RegistrationRequest:
    """What somebody tells of their company.

    At least one of the three ids is given; `country` is a code or a name, "" for that of the site.
    On the website `member` is the person who is logged in; their address stands for `email`. The
    address is proven when a mailed link led to the form, or its owner is logged in.
    """

    name: str
    first_name: str
    email: str
    phone: str
    max_resident_users: int
    last_name: str = ""
    country: str = ""
    company_number: str = ""
    address: str = ""
    vat_number: str = ""
    language: str = ""
    comments: str = ""
    site_id: str = ""
    room_id: str = ""
    meeting_id: str = ""
    member: User | None = None
    is_address_proven: bool = False
    api_token_id: str | None = None
    terms_accepted_at: dt.datetime | None = None
    dry_run: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Application:
    """A registration request with everything looked up; `sites` are distinct, the first leads."""

    request: RegistrationRequest
    email: str
    phone: str
    country: str
    language: str
    sites: Sequence[Site]
    room: Room | None
    meeting: Meeting | None
    verification: IdentityVerification | None = None

    @classmethod
    def make(cls, request: RegistrationRequest) -> "Application":
        """Look everything up and check it, without asking the company register.

        :raises PlaceRequired: :raises InvalidEmail: :raises SiteNotFound: :raises RoomNotFound:
        :raises MeetingRequestNotFound: :raises MeetingOfSomebodyElse: :raises UnknownCountry:
        :raises InvalidPhone:
        """
        if not (request.site_id or request.room_id or request.meeting_id):
            raise PlaceRequired
        email = accounts.normalise_email(request.member.email if request.member else request.email)
        site, room = _site(request.site_id), _room(request.room_id)
        meeting = _meeting(request.meeting_id, email=email)
        sites = _distinct(site, room.site if room else None, meeting.room.site if meeting else None)
        country = _country(request.country) or sites[0].country
        return cls(
            request=request,
            email=email,
            phone=phones.normalise(request.phone, country=country),
            country=country,
            language=request.language or accounts.default_language(sites[0].country),
            sites=sites,
            room=room,
            meeting=meeting,
        )

    def checked(self, *, now: dt.datetime) -> "Application":
        """Ask the company register, in at most 1.5 s, outside any transaction."""
        if not self.request.company_number:
            return self
        verification = identity_checks.verify(
            country=self.country,
            company_number=self.request.company_number,
            name=self.request.name,
            now=now,
        )
        return replace(self, verification=verification)


_ASIDE = frozenset({"member", "is_address_proven", "api_token_id", "terms_accepted_at", "dry_run"})


def as_facts(request: RegistrationRequest) -> dict[str, Any]:
    """Return what was typed, as JSON."""
    names = (name for name in RegistrationRequest.__slots__ if name not in _ASIDE)  # type: ignore[attr-defined]  # made by the decorator
    return {name: getattr(request, name) for name in names}


def from_facts(
    facts: Mapping[str, Any], *, terms_accepted_at: dt.datetime | None
) -> RegistrationRequest:
    """Read back what `as_facts` wrote."""
    return RegistrationRequest(**facts, terms_accepted_at=terms_accepted_at)


def _site(site_id: str) -> Site | None:
    site = Site.objects.filter(pk=site_id).first() if site_id else None
    if site_id and site is None:
        raise SiteNotFound
    return site


def _room(room_id: str) -> Room | None:
    found = Room.objects.select_related("site").filter(pk=room_id)
    room = found.first() if room_id else None
    if room_id and room is None:
        raise RoomNotFound
    return room


def _meeting(meeting_id: str, *, email: str) -> Meeting | None:
    found = Meeting.objects.select_related("room__site").filter(pk=meeting_id)
    meeting = found.first() if meeting_id else None
    if meeting_id and meeting is None:
        raise MeetingRequestNotFound
    if meeting is not None and meeting.contact_email.lower() != email:
        raise MeetingOfSomebodyElse
    return meeting


def _distinct(*sites: Site | None) -> list[Site]:
    return list({site.pk: site for site in sites if site is not None}.values())


def _country(text: str) -> str:
    """Return the ISO code of a country in which there is a site, "" for no text."""
    if not text:
        return ""
    iso = countries.resolve(text)
    allowed = {"FR", "BE", "IE", *Site.objects.values_list("country", flat=True).distinct()}
    if iso not in allowed:
        names = ", ".join(sorted(code.lower() for code in allowed if code))
        raise UnknownCountry(f"Invalid country: must be one of {names}")
    return iso
