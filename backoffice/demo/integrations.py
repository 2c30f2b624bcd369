"""The demo's developer at work: tokens, weeks of calls, a webhook with its log; and who asks for access."""

import datetime as dt
import random
from collections import Counter
from collections.abc import Sequence

from apitokens.domain import tokens, webhook_messages
from apitokens.models import (
    ApiAccessRequest,
    ApiCall,
    ApiToken,
    ApiUsage,
    DeliveryStatus,
    Event,
    EventType,
    Scope,
    SwitchedOff,
    WebhookDelivery,
    WebhookEndpoint,
)
from backoffice.demo.ids import Ids
from booking.models import Meeting
from config import sealing
from organizations.models import User

DAYS = 35
CALLS_SHOWN = 80
EVENTS = 12
_CALLS = (
    ("GET", "/api/rooms", 200),
    ("GET", "/api/rooms", 200),
    ("GET", "/api/rooms", 304),
    ("GET", "/api/availability", 200),
    ("GET", "/api/availability", 200),
    ("GET", "/api/find", 200),
    ("POST", "/api/meeting-request", 201),
    ("POST", "/api/meeting-request", 409),
    ("GET", "/api/meeting", 200),
    ("GET", "/api/changes", 200),
)


def write(developer: User, newcomer: User, *, seed: int, now: dt.datetime) -> None:
    """Write what the developer's settings and the back office's lists of the API show."""
    dice = random.Random(f"{seed} api")  # noqa: S311 - invented data, no secret
    ids = Ids(dice, now=now)
    website = _token(developer, "Website", tokens.default_scopes(developer), now=now)
    screens = _token(developer, "Door screens", [Scope.READ], now=now)
    _usage(website, most=180, dice=dice, now=now)
    _usage(screens, most=60, dice=dice, now=now)
    _calls([website, screens], dice=dice, now=now)
    _webhook(developer, ids, dice=dice, now=now)
    ApiAccessRequest.objects.create(
        person=newcomer,
        purpose="Our intranet should show which rooms are free today, and book them.",
        created_at=now - dt.timedelta(days=2),
    )


def _token(owner: User, name: str, scopes: Sequence[str], *, now: dt.datetime) -> ApiToken:
    """Make a token whose secret nobody ever sees: new ones are made on the page."""
    token = tokens.create(owner=owner, name=name, scopes=scopes, now=now).token
    token.created_at = now - dt.timedelta(days=DAYS)
    token.last_used_at = now - dt.timedelta(minutes=4)
    token.save(update_fields=["created_at", "last_used_at"])
    return token


def _usage(token: ApiToken, *, most: int, dice: random.Random, now: dt.datetime) -> None:
    """Count calls of each day before today, few at weekends."""
    days = [now.date() - dt.timedelta(days=age) for age in range(1, DAYS)]
    ApiUsage.objects.bulk_create(
        ApiUsage(token=token, day=day, calls=dice.randint(most // 3, most) // _idle(day))
        for day in days
    )


def _idle(day: dt.date) -> int:
    return 6 if day.isoweekday() >= 6 else 1


def _calls(made_with: Sequence[ApiToken], *, dice: random.Random, now: dt.datetime) -> None:
    moments = sorted(
        now - dt.timedelta(seconds=dice.randint(300, 90_000)) for _ in range(CALLS_SHOWN)
    )
    calls = []
    for at in moments:
        token, (method, path, status) = dice.choice(made_with), dice.choice(_CALLS)
        if method == "POST":
            token = made_with[0]
        calls.append(
            ApiCall(
                user_id=token.owner_id,
                token=token,
                at=at,
                method=method,
                path=path,
                status=status,
                ms=dice.randint(4, 60),
                request_id=f"{dice.getrandbits(128):032x}",
            )
        )
    ApiCall.objects.bulk_create(calls)
    _count_today(calls, today=now.date())


def _count_today(calls: Sequence[ApiCall], *, today: dt.date) -> None:
    counts = Counter(call.token_id for call in calls if call.token_id and call.at.date() == today)
    ApiUsage.objects.bulk_create(
        ApiUsage(token_id=token_id, day=today, calls=count) for token_id, count in counts.items()
    )


def _webhook(owner: User, ids: Ids, *, dice: random.Random, now: dt.datetime) -> None:
    """Write a webhook that was told of the company's bookings; it is off, as nobody answers there."""
    endpoint = WebhookEndpoint.objects.create(
        id=ids.new(),
        owner=owner,
        url="https://hooks.acme.example/workways",
        description="Room screens of the Paris office",
        event_types=[EventType.MEETING_CONFIRMED, EventType.MEETING_CANCELLED],
        is_active=False,
        switched_off=SwitchedOff.BY_OWNER,
        sealed_secret=sealing.seal(webhook_messages.new_secret()),
        created_at=now - dt.timedelta(days=DAYS),
    )
    made = Meeting.objects.filter(organization_id=owner.organization_id, created_at__lte=now)
    for meeting in reversed(made.order_by("-created_at", "-id")[:EVENTS]):
        event = Event.objects.create(
            id=ids.new(),
            type=EventType.MEETING_CONFIRMED,
            object_kind="meeting",
            object_id=meeting.pk,
            organization_id=owner.organization_id,
            people=[meeting.organizer_id],
            at=meeting.created_at,
        )
        _delivery(endpoint, event, ids, dice=dice)


def _delivery(endpoint: WebhookEndpoint, event: Event, ids: Ids, *, dice: random.Random) -> None:
    is_lost = dice.random() < 0.15
    WebhookDelivery.objects.create(
        id=ids.new(),
        endpoint=endpoint,
        event=event,
        status=DeliveryStatus.FAILED if is_lost else DeliveryStatus.DELIVERED,
        attempts=8 if is_lost else 1,
        next_attempt_at=event.at,
        last_attempt_at=event.at,
        answer_status=503 if is_lost else 200,
        answer_ms=dice.randint(30, 400),
        error="The address answered 503" if is_lost else "",
        created_at=event.at,
    )
