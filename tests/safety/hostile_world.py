"""What the tests of hostile calls and forms attack, and the values they attack it with."""

from typing import Any

from django.db import connection
from django.test import Client

from apitokens.models import ApiToken, Event, IdempotentAnswer, WebhookDelivery, WebhookEndpoint
from booking.models import Meeting, Registration, Reservation, WaitlistEntry
from contracts.models import ContractOption
from organizations.models import EmailVerification, JoinRequest, Organization, OutgoingEmail, User
from sites_app.models import RoomLease
from tests.factories.apitokens import ApiTokenFactory, WebhookDeliveryFactory
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.contracts import RateFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory

SITE, ROOM, OFFICE, ORGANIZATION, MEETING, SERIES, WEBHOOK, DELIVERY, PLACE, RATE = (
    f"5f00000000000000000000{number:02}" for number in range(1, 11)
)
UNKNOWN = "5f00000000000000000000ff"
KNOWN = "known@example.com"
HOOK = "https://93.184.216.34/hook"

NEVER_GOOD: dict[str, Any] = {
    "nul": "a\x00b",
    "escape": "a\x1b[31mb",
    "lone surrogate": "a\ud800b",
    "endless": "x" * 20_000,
    "object": {"$ne": None},
    "nested": [[[1]]],
    "huge number": 10**400,
    "huge fraction": 1e308,
    "text among texts": ["a\ud800b", "a\x00b"],
    "nothing among texts": [None],
    "objects": [{}],
}
"""What no field of any body takes, whatever its type."""

ODD: dict[str, Any] = {
    "sql": "' OR 1=1; DROP TABLE booking_meeting; --",
    "template": "{{7*7}}${7*7}{% debug %}",
    "html": "<script>alert(1)</script>",
    "header": "a@b.example\r\nBcc: all@list.example",
    "rtl": "\u202efdp.exe",
    "growing": "\u0130\u00df\ufb03" * 30,
    "digits of elsewhere": "\u0665" * 24,
    "long": "x" * 200,
    "words": "x y " * 50,
    "minus": -1,
    "nought": 0,
    "fraction": 0.1,
    "bit more than 31": 2**31,
    "true": True,
    "nothing": None,
    "blank": " ",
    "empty list": [],
    "unknown id": UNKNOWN,
    "end of time": "9999-12-31T23:59:59",
    "begin of time": "0001-01-01T00:00:00+23:59",
}
"""What some fields take and others do not; no field answers it with a fault."""

_COUNTED = (
    ApiToken,
    ContractOption,
    EmailVerification,
    Event,
    IdempotentAnswer,
    JoinRequest,
    Meeting,
    Organization,
    OutgoingEmail,
    Registration,
    Reservation,
    RoomLease,
    User,
    WaitlistEntry,
    WebhookDelivery,
    WebhookEndpoint,
)


def counts() -> dict[str, int]:
    """Count the rows of each of these, in one statement: it is asked after every attack."""
    each = ", ".join(f"(SELECT count(*) FROM {model._meta.db_table})" for model in _COUNTED)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {each}")
        found = cursor.fetchone()
    return {model.__name__: count for model, count in zip(_COUNTED, found, strict=True)}


def made() -> ApiToken:
    """Make one of each thing; return a token that may do everything with it."""
    token: ApiToken = ApiTokenFactory()
    room = RoomFactory(id=ROOM, site__id=SITE)
    RoomFactory(id=OFFICE, site=room.site, type="privateOffice")
    UserFactory(email=KNOWN)
    OrganizationFactory(id=ORGANIZATION)
    series = MeetingSeriesFactory(id=SERIES, room=room)
    MeetingFactory(id=MEETING, room=room, organizer=token.owner, series=series)
    WebhookDeliveryFactory(id=DELIVERY, endpoint__id=WEBHOOK, endpoint__owner=token.owner)
    WaitlistEntryFactory(id=PLACE, site=room.site, room=room)
    RateFactory(id=RATE)
    return token


def caller(token: ApiToken) -> Client:
    """Return a client that sends the token, and gets an answer where a browser would see a crash."""
    return Client(headers=token.header, raise_request_exception=False)  # type: ignore[attr-defined]  # the factory's
