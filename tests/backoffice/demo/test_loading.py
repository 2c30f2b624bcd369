"""The demo is written into an empty database, all of it or nothing."""

import datetime as dt
from collections import Counter

import pytest
from allauth.mfa.models import Authenticator
from django.db.models import Sum

from apitokens.models import (
    ApiAccessRequest,
    ApiCall,
    ApiToken,
    ApiUsage,
    WebhookDelivery,
    WebhookEndpoint,
)
from backoffice.demo import loading, operator
from backoffice.demo.loading import NotEmpty, Size
from booking.models import Meeting, MeetingSeries, Reservation, WaitlistEntry
from contracts.models import Statement
from organizations.models import OutgoingEmail, User
from sites_app.models import Room, RoomImage, Site
from tests.factories.sites_app import SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2030, 1, 7, 12, 0, tzinfo=dt.UTC)
SMALL = Size(sites=2, rooms=6, meetings=40, people=6, workplace_people=0, seed=3)


@pytest.fixture(autouse=True)
def _quick_drawings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "MOST_DRAWINGS", 0)


def _load(*, force: bool = False, progress: loading.Progress = lambda _part, _count: None):
    loading.load(SMALL, now=NOW, force=force, progress=progress)


def test_everything_is_written():
    told: Counter[str] = Counter()

    _load(progress=lambda part, count: told.update({part: count}))

    assert told == SMALL.parts == {"meetings": 40}
    assert (Site.objects.count(), Room.objects.count(), User.objects.count()) == (2, 6, 6)
    single = Meeting.objects.filter(series=None)
    assert (single.count(), Reservation.objects.filter(meeting__in=single).count()) == (40, 40)
    assert RoomImage.objects.count() == 6
    assert OutgoingEmail.objects.count() == 0


def test_past_months_are_billed():
    _load()

    found = Statement.objects.order_by("month").values_list("month", "status").distinct()
    assert list(found) == [
        (dt.date(2029, 10, 1), "final"),
        (dt.date(2029, 11, 1), "final"),
        (dt.date(2029, 12, 1), "draft"),
    ]
    assert Statement.objects.filter(net__lte=0).count() == 0


def test_the_developer_has_tokens_calls_and_a_webhook_that_sends_nothing():
    _load()

    tokens = ApiToken.objects.order_by("name")
    assert [(token.name, token.owner.email) for token in tokens] == [
        ("Door screens", operator.DEVELOPER),
        ("Website", operator.DEVELOPER),
    ]
    assert ApiUsage.objects.filter(day__lt=NOW.date(), calls__gte=1).count() == 2 * 34
    counted = ApiUsage.objects.filter(day=NOW.date()).aggregate(calls=Sum("calls"))["calls"] or 0
    assert counted == ApiCall.objects.filter(at__date=NOW.date()).count()
    assert ApiCall.objects.filter(token__in=tokens).count() == 80
    assert not WebhookEndpoint.objects.get().is_active
    assert WebhookDelivery.objects.exists()
    assert WebhookDelivery.objects.filter(status="pending").count() == 0
    assert ApiAccessRequest.objects.get().is_waiting


def test_people_wait_for_taken_times_and_somebody_meets_every_week():
    _load()

    series = MeetingSeries.objects.get()
    made = Meeting.objects.filter(series=series)
    assert made.count() + len(series.skipped) == 5
    assert made.filter(organizer__email=operator.MEMBER).count() == made.count() >= 1
    for entry in WaitlistEntry.objects.all():
        assert entry.room.meetings.filter(starts_at=entry.starts_at, status="confirmed").exists()
    assert WaitlistEntry.objects.exists()


def test_the_printed_people_can_log_in_and_staff_need_a_second_factor():
    _load()

    can = {user.email for user in User.objects.all() if user.check_password(operator.PASSWORD)}
    assert can == {operator.STAFF, operator.MEMBER, operator.DEVELOPER}
    assert [factor.user.email for factor in Authenticator.objects.all()] == [operator.STAFF]


def test_a_database_in_use_is_left_alone():
    SiteFactory()

    with pytest.raises(NotEmpty):
        _load()

    assert (Site.objects.count(), Meeting.objects.count()) == (1, 0)


def test_force_adds_to_what_is_there():
    SiteFactory()

    _load(force=True)

    assert Site.objects.count() == 3


def test_what_fails_leaves_nothing(monkeypatch):
    def fail(*_args: object, **_kwargs: object) -> None:
        raise OSError

    monkeypatch.setattr(loading.calendar, "fill", fail)

    with pytest.raises(OSError):
        _load()

    assert not Site.objects.exists()
