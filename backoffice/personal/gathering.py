"""Gathering: everything that is stored of one person, as plain facts for a file.

Each part is one query. What proves or opens something (hashes, sealed secrets, keys of sessions)
stays here, and so does what the row says of somebody else. A test holds the list complete.
Source: experience, A company, "data export and deletion"; GDPR, articles 15 and 20.
"""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.db.models import Model, Q

from apitokens.models import ApiAccessRequest, ApiQuota, ApiToken, WebhookEndpoint
from booking.models import CalendarLink, LinkRequest, Meeting, Registration, WaitlistEntry
from organizations.models import (
    AccessCard,
    Departure,
    EmailVerification,
    Invitation,
    JoinRequest,
    OutgoingEmail,
    User,
)
from workplace.models import (
    Allocation,
    DefaultLocation,
    Intention,
    Occupancy,
    PersonForecast,
    TeamMembership,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """The rows of one kind that are about a person: by id in `own`, by address in `addressed`."""

    name: str
    model: type[Model]
    own: str = ""
    addressed: str = ""
    kept_back: tuple[str, ...] = ()

    def rows(self, person: User) -> Iterator[dict[str, Any]]:
        """List the rows, the oldest first, each as its fields."""
        whose = Q()
        if self.own:
            whose |= Q((self.own, person.pk))
        if self.addressed:
            whose |= Q((self.addressed, person.email))
        names = [
            field.attname
            for field in self.model._meta.concrete_fields
            if field.name not in self.kept_back
        ]
        return self.model._default_manager.filter(whose).order_by("pk").values(*names).iterator()


PARTS = (
    Part(name="person", model=User, own="pk", kept_back=("password",)),
    Part(name="devices", model=UserSession, own="user", kept_back=("session_key", "data")),
    Part(name="secondFactors", model=Authenticator, own="user", kept_back=("data",)),
    Part(name="addressProofs", model=EmailVerification, own="user"),
    Part(name="accessCards", model=AccessCard, own="holder"),
    Part(name="wishesToJoin", model=JoinRequest, own="person", kept_back=("decided_by",)),
    Part(name="invitations", model=Invitation, addressed="email", kept_back=("invited_by",)),
    Part(name="departures", model=Departure, own="person", kept_back=("decided_by",)),
    Part(name="registrations", model=Registration, own="person", addressed="email"),
    Part(name="linksAskedFor", model=LinkRequest, addressed="email"),
    Part(name="meetings", model=Meeting, own="organizer", addressed="contact_email"),
    Part(name="waitingList", model=WaitlistEntry, addressed="contact_email"),
    Part(
        name="calendarLinks", model=CalendarLink, own="person", kept_back=("secret_hash", "made_by")
    ),
    Part(
        name="mails",
        model=OutgoingEmail,
        addressed="to_address",
        kept_back=("context", "calendar", "calendar_notes", "last_error"),
    ),
    Part(name="apiAccessRequests", model=ApiAccessRequest, own="person"),
    Part(name="apiTokens", model=ApiToken, own="owner", kept_back=("token_hash",)),
    Part(name="apiQuotas", model=ApiQuota, own="user"),
    Part(
        name="webhooks",
        model=WebhookEndpoint,
        own="owner",
        kept_back=("sealed_secret", "sealed_former_secret"),
    ),
    Part(name="teams", model=TeamMembership, own="person"),
    Part(name="usualSites", model=DefaultLocation, own="person"),
    Part(
        name="intentions",
        model=Intention,
        own="person",
        kept_back=("invited_by", "created_by", "metadata"),
    ),
    Part(name="seats", model=Allocation, own="person", kept_back=("deleted_by",)),
    Part(name="presence", model=Occupancy, own="person", kept_back=("deleted_by",)),
    Part(name="forecasts", model=PersonForecast, own="person"),
)


def gather(person: User, *, now: dt.datetime) -> dict[str, Any]:
    """Return all that is stored of a person, by kind; one query a kind."""
    return {"madeAt": now} | {part.name: list(part.rows(person)) for part in PARTS}
