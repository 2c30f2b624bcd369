"""The clock goes forward and back an hour, over midnight, the year's end, a leap day. Source: safety, F-17.

Nights of a clock change (F-16) and months of any length are in the files that `tests/faults` names.
"""

import datetime as dt

import icalendar
import pytest
import time_machine

from apitokens.domain import quotas
from apitokens.models import ApiQuota, IdempotentAnswer
from booking import tasks as booking_tasks
from booking.models import Meeting
from contracts.domain import renewals
from organizations import tasks
from organizations.domain import outbox
from organizations.models import OutgoingEmail, User
from tests.factories.apitokens import ApiQuotaFactory, ApiTokenFactory
from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.sites_app import RoomFactory, SiteFactory

pytestmark = [pytest.mark.faults, pytest.mark.django_db]

HOUR = dt.timedelta(hours=1)
BOOK = "/api/meeting-request"
YEAR_END = dt.datetime(2027, 12, 31, 23, 30, tzinfo=dt.UTC)
LEAP_DAY_END = dt.datetime(2028, 2, 29, 23, 30, tzinfo=dt.UTC)
SUMMER = dt.datetime(2027, 7, 7, 12, 0, tzinfo=dt.UTC)
MOMENTS = pytest.mark.parametrize("moment", [YEAR_END, LEAP_DAY_END, SUMMER], ids=str)


def jumping(moment: dt.datetime) -> list[dt.datetime]:
    """Return what a clock shows that goes an hour ahead, back by two, and is then set right."""
    return [moment, moment + HOUR, moment - HOUR, moment, moment + HOUR]


@MOMENTS
def test_no_mail_goes_twice(mailoutbox, moment: dt.datetime) -> None:
    for number in range(3):
        outbox.enqueue(
            template="account_archived",
            to=f"p{number}@acme.com",
            language="en",
            context={},
            now=moment,
        )
    for now in jumping(moment):
        with time_machine.travel(now):
            tasks.sweep_outbox()

    assert sorted(mail.to[0] for mail in mailoutbox) == [f"p{n}@acme.com" for n in range(3)]
    assert set(OutgoingEmail.objects.values_list("status", "attempts")) == {("sent", 1)}


@MOMENTS
def test_a_hold_ends_once(moment: dt.datetime) -> None:
    meeting = MeetingFactory(
        pending=True, starts_at=moment + 48 * HOUR, hold_expires_at=moment + HOUR / 2
    )
    seen = []
    for now in jumping(moment):
        with time_machine.travel(now, tick=False):
            booking_tasks.release_stale_holds()
        meeting.refresh_from_db()
        seen.append((meeting.status, meeting.sequence))

    assert seen == [("pending", 0)] + [("expired", 1)] * 4
    assert OutgoingEmail.objects.filter(template="hold_released").count() == 1


@pytest.mark.parametrize(
    ("moment", "counted"),
    [(YEAR_END, [1, 1, 2, 3, 4]), (LEAP_DAY_END, [1, 1, 2, 3, 4]), (SUMMER, [1, 2, 3, 4, 5])],
    ids=str,
)
def test_a_quota_starts_anew_once(moment: dt.datetime, counted: list[int]) -> None:
    user = ApiQuotaFactory(daily_limit=9, monthly_limit=9).user
    days, months = [], []
    for now in jumping(moment):
        owner = User.objects.select_related("api_quota").get(pk=user.pk)
        quotas.take(owner=owner, now=now)
        stored = ApiQuota.objects.get()
        days.append(stored.day_used)
        months.append(stored.month_used)
        assert [quota.used for quota in quotas.of(stored, now=now)] == [days[-1], months[-1]]

    assert days == months == counted


def test_a_clock_that_was_far_ahead_shuts_nobody_out() -> None:
    user = ApiQuotaFactory(daily_limit=2, monthly_limit=2).user
    for now in (SUMMER + 365 * 24 * HOUR,) * 2 + (SUMMER,) * 2:
        owner = User.objects.select_related("api_quota").get(pk=user.pk)
        quotas.take(owner=owner, now=now)

    assert (ApiQuota.objects.get().day, ApiQuota.objects.get().day_used) == (SUMMER.date(), 2)


@MOMENTS
def test_a_key_has_one_effect(client, moment: dt.datetime) -> None:
    token, person = ApiTokenFactory(), UserFactory()
    room = RoomFactory(site=SiteFactory(time_zone="UTC"))
    start = dt.datetime.combine(moment.date(), dt.time(10)) + dt.timedelta(days=7)
    while start.weekday() > 4:
        start += dt.timedelta(days=1)
    body = {
        "contactEmail": person.email,
        "bookedRoom": room.id,
        "bookedAt": start.isoformat(),
        "duration": 60,
    }
    answers = []
    for now in jumping(moment):
        with time_machine.travel(now):
            answers.append(
                client.post(
                    BOOK,
                    body,
                    content_type="application/json",
                    headers={**token.header, "Idempotency-Key": "k"},
                )
            )

    assert [answer.status_code for answer in answers] == [200] * 5, answers[0].content
    assert len({answer.content for answer in answers}) == 1
    assert Meeting.objects.count() == IdempotentAnswer.objects.count() == 1


def test_a_contract_renews_once() -> None:
    acme = OrganizationFactory(
        rental_start_on=dt.date(2027, 1, 1), rental_end_on=dt.date(2027, 12, 31), renewal_months=12
    )
    ends = []
    for now in jumping(YEAR_END):
        renewals.run(now=now)
        acme.refresh_from_db()
        ends.append(acme.rental_end_on)

    assert set(ends) == {dt.date(2028, 12, 31)}


@pytest.mark.parametrize(
    ("day", "status"), [("2028-02-29", 200), ("2027-02-29", 400), ("2027-12-31", 200)]
)
def test_the_leap_day_and_the_last_of_the_year_can_be_booked(client, day: str, status: int) -> None:
    token, person = ApiTokenFactory(), UserFactory()
    site = SiteFactory(time_zone="UTC", public_holidays=False)
    room = RoomFactory(site=site, slot_week="00:00-24:00")
    with time_machine.travel(f"{day[:4]}-02-01T10:00Z"):
        answer = client.post(
            BOOK,
            {
                "contactEmail": person.email,
                "bookedRoom": room.id,
                "bookedAt": f"{day}T23:00:00",
                "duration": 60,
            },
            content_type="application/json",
            headers=token.header,
        )
        feed = client.get(f"/api/icsfeed?rooms={room.id}")

    assert answer.status_code == status, answer.content
    starts = [event.start for event in icalendar.Calendar.from_ical(feed.content).events]
    wanted = [dt.datetime.fromisoformat(f"{day}T23:00:00+00:00")] if status == 200 else []
    assert starts == wanted
