"""Series: `series` in meeting-request, scopes on change and cancel, reading, and retrying.

The clock stands on Monday 2026-03-02, 10:00 in Paris (09:00 UTC); clocks change on 2026-03-29.
"""

import datetime as dt
from decimal import Decimal

import pytest
import time_machine
from icalendar import Calendar

from apitokens.models import Event
from booking.models import Meeting, MeetingSeries, Reservation
from organizations.domain.mail_messages import calendar_of
from organizations.models import OutgoingEmail
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.demand import BookingLimitFactory
from tests.factories.organizations import UserFactory
from tests.factories.sites_app import ClosureFactory, RoomFactory, SiteFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 3, 2, 9, 0, tzinfo=dt.UTC)
PERSON = "jean.dupont@acme.com"
TAKEN = "This room is already booked for the requested time"
ALL_DAY = {"slot_week": "00:00-24:00", "slot_saturday": "00:00-24:00", "slot_sunday": "00:00-24:00"}


@pytest.fixture(autouse=True)
def clock():
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def room():
    site = SiteFactory(country="FR", time_zone="Europe/Paris")
    return RoomFactory(site=site, price_per_hour=Decimal(20), min_duration=0)


@pytest.fixture
def person():
    return UserFactory(email=PERSON)


@pytest.fixture
def api(client):
    token = ApiTokenFactory()

    def _call(path, headers=token.header, **body):
        return client.post(f"/api/{path}", body, content_type="application/json", headers=headers)

    _call.token = token
    return _call


@pytest.fixture
def book(api, room, person):
    def _book(rule="FREQ=WEEKLY;COUNT=4", at="2026-03-09T10:00:00", conflict=None, **more):
        series = {"rule": rule} | ({"onConflict": conflict} if conflict else {})
        body = {
            "contactEmail": PERSON,
            "bookedRoom": room.id,
            "bookedAt": at,
            "duration": 60,
            "name": "Stand-up",
            "series": series,
        }
        return api("meeting-request", **(body | more))

    return _book


def booked(answer):
    assert answer.status_code == 200, answer.content
    return answer.json()["data"]


def days(data, name="occurrences", key="bookedDate"):
    return [row[key][5:] for row in data[name]]


def paris(day, hour=10):
    return dt.datetime.fromisoformat(f"2026-{day}T{hour:02}:00:00+01:00")


def test_a_series_is_booked_at_once(book, room):
    answer = book()

    body, series = answer.json(), MeetingSeries.objects.get()
    meetings = list(Meeting.objects.order_by("starts_at"))
    assert (body["status"], body["message"]) == ("ACCEPTED", "Your booking has been confirmed.")
    assert body["data"] == {
        "meetingId": meetings[0].id,
        "roomName": room.display_name,
        "bookedDate": "2026-03-09",
        "bookedTime": "10:00-11:00",
        "duration": 60,
        "seriesId": series.id,
        "occurrences": [
            {
                "meetingId": meeting.id,
                "status": "confirmed",
                "bookedAt": at,
                "endsAt": f"{meeting.ends_at:%Y-%m-%dT%H:%M:%SZ}",
                "bookedDate": at[:10],
                "bookedTime": "10:00-11:00",
                "duration": 60,
                "price": 20,
                "priceGross": 24,
            }
            for meeting, at in zip(
                meetings,
                (
                    "2026-03-09T09:00:00Z",
                    "2026-03-16T09:00:00Z",
                    "2026-03-23T09:00:00Z",
                    "2026-03-30T08:00:00Z",  # after the clock change: the same time on the wall
                ),
                strict=True,
            )
        ],
        "skipped": [],
    }
    assert {meeting.series_id for meeting in meetings} == {series.id}
    assert Reservation.objects.filter(holds=True).count() == 4
    assert Event.objects.filter(type="meeting.confirmed").count() == 4


def test_one_mail_holds_every_event(book):
    book()

    mail = OutgoingEmail.objects.get()
    calendars = Calendar.from_ical(calendar_of(mail), multiple=True)
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    assert (mail.template, mail.calendar_method) == ("series_confirmed", "REQUEST")
    assert len(calendars) == len({str(event["UID"]) for event in events}) == 4
    assert [row["starts_at"][:16] for row in mail.context["dates"]] == [
        "2026-03-09T10:00",
        "2026-03-16T10:00",
        "2026-03-23T10:00",
        "2026-03-30T10:00",
    ]


def test_feeds_show_each(book, client, room):
    book()

    feed = client.get(f"/api/icsfeed?rooms={room.id}").content.decode()

    assert feed.count("BEGIN:VEVENT") == 4


@pytest.mark.parametrize("minute", [59, 60])
def test_a_conflict_fails_the_whole_by_default(book, room, minute):
    start = paris("03-16") - dt.timedelta(minutes=minute)
    MeetingFactory(room=room, starts_at=start, duration=60)

    answer = book()

    if minute == 60:  # back to back is fine
        assert days(booked(answer)) == ["03-09", "03-16", "03-23", "03-30"]
        return
    assert answer.status_code == 409
    assert answer.json()["message"] == TAKEN
    assert answer.json()["data"]["conflicts"] == [
        {"date": "2026-03-16", "code": "SLOT_TAKEN", "message": TAKEN}
    ]
    assert not MeetingSeries.objects.exists()
    assert Meeting.objects.count() == 1
    assert not OutgoingEmail.objects.exists()


def test_skipping_names_each_date_and_why(book, room):
    BlockFactory(room=room, starts_at=paris("03-16"), ends_at=paris("03-16", 11))
    ClosureFactory(
        site=room.site, room=room, starts_at=paris("03-23", 0), ends_at=paris("03-24", 0)
    )

    data = booked(book(conflict="skip"))

    assert days(data) == ["03-09", "03-30"]
    assert data["skipped"] == [
        {"date": "2026-03-16", "code": "SLOT_TAKEN", "message": TAKEN},
        {
            "date": "2026-03-23",
            "code": "CLOSED_DAY",
            "message": "The room is closed on that day",
        },
    ]
    assert [row["date"] for row in MeetingSeries.objects.get().skipped] == days_of(data)
    mail = OutgoingEmail.objects.get()
    assert [row["on_at"][:10] for row in mail.context["skipped"]] == days_of(data)


def days_of(data):
    return [row["date"] for row in data["skipped"]]


def test_the_first_date_may_be_skipped_too(book, room):
    BlockFactory(room=room, starts_at=paris("03-09"), ends_at=paris("03-09", 11))

    data = booked(book(conflict="skip"))

    assert days(data) == ["03-16", "03-23", "03-30"]
    assert data["bookedDate"] == "2026-03-16"


def test_nothing_to_be_had_is_refused(book, room):
    BlockFactory(room=room, starts_at=paris("03-01"), ends_at=paris("04-30"))

    answer = book(conflict="skip")

    assert (answer.status_code, answer.json()["message"]) == (409, TAKEN)
    assert len(answer.json()["data"]["conflicts"]) == 4
    assert not MeetingSeries.objects.exists()


def test_a_time_that_the_clocks_skip_is_skipped_with_its_reason(book, room):
    for name, value in ALL_DAY.items():
        setattr(room, name, value)
    room.save()

    data = booked(book("FREQ=DAILY;COUNT=3", at="2026-03-28T02:30:00", conflict="skip"))

    assert [(row["bookedAt"], row["bookedTime"]) for row in data["occurrences"]] == [
        ("2026-03-28T01:30:00Z", "02:30-03:30"),
        ("2026-03-30T00:30:00Z", "02:30-03:30"),
    ]
    assert data["skipped"] == [
        {
            "date": "2026-03-29",
            "code": "INVALID_START",
            "message": "This local time does not exist at the site",
        }
    ]


def test_weekdays_stay_after_the_clock_change(book, room):
    # Source: CC #24713, "recurring books the wrong day after DST"
    for name, value in ALL_DAY.items():
        setattr(room, name, value)
    room.save()

    data = booked(book("FREQ=WEEKLY;COUNT=3", at="2026-03-23T00:00:00"))

    assert [row["bookedAt"] for row in data["occurrences"]] == [
        "2026-03-22T23:00:00Z",
        "2026-03-29T22:00:00Z",
        "2026-04-05T22:00:00Z",
    ]
    assert days(data) == ["03-23", "03-30", "04-06"]


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"duration": 29}, "Duration must be at least 30 minutes"),
        ({"bookedUser": 99}, "This room holds at most 8 persons"),
    ],
)
def test_what_breaks_a_rule_every_time_is_no_conflict_to_skip(book, more, message):
    answer = book(conflict="skip", **more)

    assert (answer.status_code, answer.json()["message"]) == (400, message)
    assert answer.json()["data"]["violations"][0]["message"] == message


def test_a_past_first_date(book):
    failing = book(at="2026-02-23T10:00:00")
    skipping = booked(book(at="2026-02-23T10:00:00", conflict="skip"))

    assert failing.json()["message"] == "Cannot book meetings for past dates"
    assert days(skipping) == ["03-02", "03-09", "03-16"]
    assert [row["code"] for row in skipping["skipped"]] == ["IN_THE_PAST"]


@pytest.mark.parametrize(
    ("series", "message"),
    [
        ("weekly", 'Invalid series: must be an object such as {"rule": "FREQ=…"}'),
        ({}, "Missing required parameter: series.rule"),
        ({"rule": 5}, "Invalid series.rule: must be a string"),
        (
            {"rule": "FREQ=WEEKLY;COUNT=2", "onConflict": "maybe"},
            "Invalid series.onConflict: must be one of skip, fail",
        ),
        ({"rule": "FREQ=WEEKLY;COUNT=53"}, "Invalid series.rule: at most 52 occurrences"),
        (
            {"rule": "FREQ=YEARLY;COUNT=2"},
            "Invalid series.rule: FREQ must be DAILY, WEEKLY or MONTHLY",
        ),
        (
            {"rule": "FREQ=WEEKLY;BYDAY=TU;COUNT=2"},
            "Invalid series.rule: bookedAt must be the first date of the rule",
        ),
    ],
)
def test_wrong_shapes(book, series, message):
    answer = book(series=series)

    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_52_occurrences_are_one_mail_and_few_enough_queries(book, django_assert_max_num_queries):
    with django_assert_max_num_queries(6 * 52 + 30):
        data = booked(book("FREQ=WEEKLY;COUNT=52"))

    assert len(data["occurrences"]) == 52
    assert OutgoingEmail.objects.count() == 1


def test_a_newcomers_series_counts_as_that_many_open_requests(book):
    accepted = book("FREQ=WEEKLY;COUNT=3", contactEmail="new@acme.com")
    refused = book("FREQ=WEEKLY;COUNT=4", at="2026-03-10T14:00:00", contactEmail="other@acme.com")

    assert accepted.json()["status"] == "REQUEST_ACCEPTED"
    assert [row["status"] for row in booked(accepted)["occurrences"]] == ["pending"] * 3
    assert OutgoingEmail.objects.get().template == "series_requested"
    assert (refused.status_code, refused.json()["message"]) == (
        409,
        "Too many open requests for this e-mail",
    )
    assert Meeting.objects.count() == 3


def test_an_archived_person_books_nothing(book, person):
    person.is_archived = True
    person.save()

    assert book().json()["status"] == "ARCHIVED"
    assert not MeetingSeries.objects.exists()


def test_a_dry_run_keeps_nothing_and_names_no_ids(book):
    answer = book(dryRun=True)

    data = booked(answer)
    assert answer.json()["dryRun"] is True
    assert (data["seriesId"], data["meetingId"]) == (None, None)
    assert {row["meetingId"] for row in data["occurrences"]} == {None}
    assert not MeetingSeries.objects.exists()
    assert not Meeting.objects.exists()
    assert not OutgoingEmail.objects.exists()


# --- scopes ---------------------------------------------------------------------------------


@pytest.fixture
def series(book):
    data = booked(book())
    OutgoingEmail.objects.all().delete()
    Event.objects.all().delete()
    return [row["meetingId"] for row in data["occurrences"]]


def starts():
    live = Meeting.objects.filter(status="confirmed").order_by("starts_at")
    return [f"{meeting.starts_at:%m-%dT%H:%M}" for meeting in live]


@pytest.mark.parametrize(
    ("scope", "expected"),
    [
        ("this", ["03-09T09:00", "03-17T13:00", "03-23T09:00", "03-30T08:00"]),
        ("following", ["03-09T09:00", "03-17T13:00", "03-24T13:00", "03-31T12:00"]),
        ("all", ["03-10T13:00", "03-17T13:00", "03-24T13:00", "03-31T12:00"]),
    ],
)
def test_scopes_of_a_change(api, series, scope, expected):
    data = booked(
        api("meeting-change", meetingId=series[1], bookedAt="2026-03-17T14:00:00", scope=scope)
    )

    assert starts() == expected
    assert data["bookedTime"] == "14:00-15:00"
    mail = OutgoingEmail.objects.get()
    assert mail.template == ("booking_changed" if scope == "this" else "series_changed")
    assert ("occurrences" in data) == (scope != "this")
    if scope != "this":
        assert len(data["occurrences"]) == len(mail.context["dates"])
        assert data["skipped"] == []


@pytest.mark.parametrize(
    ("scope", "left"),
    [("this", [0, 2, 3]), ("following", [0]), ("all", [])],
)
def test_scopes_of_a_cancellation(client, api, series, scope, left):
    url = f"/api/meeting-cancel?meetingId={series[1]}&scope={scope}"
    preview = client.get(url, headers=api.token.header).json()["data"]
    data = booked(api("meeting-cancel", meetingId=series[1], scope=scope))

    live = set(Meeting.objects.filter(status="confirmed").values_list("id", flat=True))
    assert live == {series[number] for number in left}
    assert Reservation.objects.filter(holds=True).count() == len(left)
    assert preview["fee"] == data["fee"] == 0
    mail = OutgoingEmail.objects.get()
    calendars = Calendar.from_ical(calendar_of(mail), multiple=True)
    assert mail.calendar_method == "CANCEL"
    assert {str(calendar["METHOD"]) for calendar in calendars} == {"CANCEL"}
    events = [event for calendar in calendars for event in calendar.walk("VEVENT")]
    assert {str(event["STATUS"]) for event in events} == {"CANCELLED"}
    assert {event["SEQUENCE"] for event in events} == {1}
    assert len(events) == 4 - len(left)
    if scope != "this":
        gone = [row["meetingId"] for row in data["occurrences"]]
        assert gone == [row["meetingId"] for row in preview["occurrences"]]
        assert set(gone) == set(series) - live


def test_fees_of_a_series_add_up(client, api, series, clock):
    clock.move_to(paris("03-09") - dt.timedelta(hours=3))
    url = f"/api/meeting-cancel?meetingId={series[0]}&scope=all"

    preview = client.get(url, headers=api.token.header).json()["data"]
    data = booked(api("meeting-cancel", meetingId=series[0], scope="all"))

    assert preview["fee"] == data["fee"] == 10
    assert [row["fee"] for row in data["occurrences"]] == [10, 0, 0, 0]
    assert OutgoingEmail.objects.get().context["fee"] == "10.00"


def test_past_occurrences_are_never_touched(api, series, clock):
    # Source: IN #6550
    clock.move_to(paris("03-16", 12))

    booked(api("meeting-change", meetingId=series[2], bookedAt="2026-03-23T14:00:00", scope="all"))
    assert starts() == ["03-09T09:00", "03-16T09:00", "03-23T13:00", "03-30T12:00"]
    booked(api("meeting-cancel", meetingId=series[2], scope="all"))
    assert starts() == ["03-09T09:00", "03-16T09:00"]


def test_a_past_occurrence_still_names_its_series_to_cancel(api, series, clock):
    clock.move_to(paris("03-16", 12))

    data = booked(api("meeting-cancel", meetingId=series[0], scope="all"))

    assert data["status"] == "confirmed"
    assert starts() == ["03-09T09:00", "03-16T09:00"]
    refused = api("meeting-change", meetingId=series[0], name="x", scope="all")
    assert refused.json()["message"] == "This meeting can no longer be changed"


def test_other_peoples_occurrences_are_never_touched(api, series):
    # Source: IN #6550
    Meeting.objects.filter(id=series[2]).update(contact_email="other@acme.com")

    booked(api("meeting-change", meetingId=series[0], bookedAt="2026-03-09T14:00:00", scope="all"))
    booked(api("meeting-cancel", meetingId=series[0], scope="all"))

    assert starts() == ["03-23T09:00"]


def test_a_series_moves_over_its_own_slots(api, book):
    data = booked(book("FREQ=DAILY;COUNT=4"))
    first = data["occurrences"][0]["meetingId"]

    booked(api("meeting-change", meetingId=first, bookedAt="2026-03-10T10:00:00", scope="all"))

    assert starts() == ["03-10T09:00", "03-11T09:00", "03-12T09:00", "03-13T09:00"]


def test_a_conflict_moves_nothing_unless_it_may_be_skipped(api, room, series):
    MeetingFactory(room=room, starts_at=paris("03-16", 14))
    wanted = {"meetingId": series[0], "bookedAt": "2026-03-09T14:00:00", "scope": "all"}

    failed = api("meeting-change", **wanted)
    assert (failed.status_code, failed.json()["message"]) == (409, TAKEN)
    assert starts()[0] == "03-09T09:00"
    data = booked(api("meeting-change", **wanted, onConflict="skip"))

    assert days(data) == ["03-09", "03-23", "03-30"]
    assert data["skipped"] == [
        {
            "date": "2026-03-16",
            "code": "SLOT_TAKEN",
            "message": TAKEN,
            "meetingId": series[1],
        }
    ]


def test_what_stays_is_in_the_way_of_what_moves(api, room, book):
    data = booked(book("FREQ=DAILY;COUNT=3"))
    MeetingFactory(room=room, starts_at=paris("03-12"))
    first = data["occurrences"][0]["meetingId"]

    refused = api(
        "meeting-change",
        meetingId=first,
        bookedAt="2026-03-10T10:00:00",
        scope="all",
        onConflict="skip",
    )

    assert refused.status_code == 409
    assert starts() == ["03-09T09:00", "03-10T09:00", "03-11T09:00", "03-12T09:00"]


def test_each_occurrence_has_its_own_free_window(api, series, clock):
    clock.move_to(paris("03-09") - dt.timedelta(hours=23))
    wanted = {"meetingId": series[1], "bookedAt": "2026-03-16T14:00:00", "scope": "all"}

    refused = api("meeting-change", **wanted)
    data = booked(api("meeting-change", **wanted, onConflict="skip"))

    assert refused.json()["message"] == "This meeting can no longer be changed free of charge"
    assert [row["code"] for row in data["skipped"]] == ["NOT_FREE_TO_CHANGE"]
    assert days(data) == ["03-16", "03-23", "03-30"]


def test_a_scope_on_a_single_meeting_is_that_meeting(api, room, person):
    meeting = MeetingFactory(
        room=room, organizer=person, starts_at=paris("03-16"), api_token=api.token
    )
    MeetingFactory(room=room, organizer=person, starts_at=paris("03-17"), api_token=api.token)

    data = booked(api("meeting-cancel", meetingId=meeting.id, scope="all"))

    assert [row["meetingId"] for row in data["occurrences"]] == [meeting.id]
    assert starts() == ["03-17T09:00"]


# --- reading and retrying -------------------------------------------------------------------


@pytest.fixture
def gap(book, room):
    """A series with two dates that could not be had; what was in the way of them."""
    blocks = [
        BlockFactory(room=room, starts_at=paris(day), ends_at=paris(day, 11))
        for day in ("03-16", "03-23")
    ]
    data = booked(book(conflict="skip"))
    OutgoingEmail.objects.all().delete()
    return data["seriesId"], blocks


def test_a_series_is_read(client, api, gap):
    series_id, _ = gap

    answer = client.get(f"/api/meeting-series?id={series_id}", headers=api.token.header)

    data = booked(answer)
    assert answer.json()["retcode"] == 1
    assert (data["seriesId"], data["rule"]) == (series_id, "FREQ=WEEKLY;COUNT=4")
    assert days(data) == ["03-09", "03-30"]
    assert days_of(data) == ["2026-03-16", "2026-03-23"]


def test_skipped_dates_can_be_had_later(api, gap):
    # Source: IN #4180, "skipped dates that cannot be added again"
    series_id, blocks = gap
    blocks[0].delete()

    answer = api("meeting-series-retry", seriesId=series_id)

    data = booked(answer)
    assert (answer.json()["status"], answer.json()["message"]) == (
        "RETRIED",
        "1 of the skipped dates have been booked.",
    )
    assert days(data) == ["03-16"]
    assert data["skipped"] == [{"date": "2026-03-23", "code": "SLOT_TAKEN", "message": TAKEN}]
    assert starts() == ["03-09T09:00", "03-16T09:00", "03-30T08:00"]
    assert [row["date"] for row in MeetingSeries.objects.get().skipped] == ["2026-03-23"]
    meeting = Meeting.objects.get(id=data["occurrences"][0]["meetingId"])
    assert (meeting.name, meeting.series_id, meeting.price) == ("Stand-up", series_id, 20)
    assert OutgoingEmail.objects.get().template == "booking_confirmed"


def test_named_dates_alone_are_tried(api, gap):
    series_id, blocks = gap
    for block in blocks:
        block.delete()

    data = booked(api("meeting-series-retry", seriesId=series_id, dates=["2026-03-23"]))

    assert (days(data), days_of(data)) == (["03-23"], ["2026-03-16"])


def test_retried_twice_books_once(api, gap):
    series_id, blocks = gap
    blocks[0].delete()

    booked(api("meeting-series-retry", seriesId=series_id))
    again = booked(api("meeting-series-retry", seriesId=series_id))

    assert again["occurrences"] == []
    assert len(starts()) == 3


def test_skipped_dates_follow_a_series_that_moves(api, gap):
    series_id, _ = gap
    first = Meeting.objects.order_by("starts_at").first()

    booked(api("meeting-change", meetingId=first.id, bookedAt="2026-03-10T14:00:00", scope="all"))
    data = booked(api("meeting-series-retry", seriesId=series_id))

    assert days(data) == ["03-17", "03-24"]
    assert {row["bookedTime"] for row in data["occurrences"]} == {"14:00-15:00"}


def test_a_dry_run_of_a_retry(api, gap):
    series_id, blocks = gap
    blocks[0].delete()

    data = booked(api("meeting-series-retry", seriesId=series_id, dryRun=True))

    assert [row["meetingId"] for row in data["occurrences"]] == [None]
    assert len(starts()) == 2
    assert len(MeetingSeries.objects.get().skipped) == 2


@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        ({}, 400, "Missing required parameter: seriesId"),
        ({"seriesId": "42"}, 400, "Series not found"),
        ({"seriesId": "f" * 24}, 404, "Series not found"),
    ],
)
def test_a_bad_series_id(client, api, body, status, message):
    posted = api("meeting-series-retry", **body)

    assert (posted.status_code, posted.json()["message"]) == (status, message)


@pytest.mark.parametrize(
    ("dates", "message"),
    [
        ("2026-03-16", "Invalid dates: must be a list of dates such as 2026-01-31"),
        (["16/03"], "Invalid dates: must be a list of dates such as 2026-01-31"),
        ([5], "Invalid dates: must be a list of dates such as 2026-01-31"),
        (["2026-03-09"], "Invalid dates: 2026-03-09 is not a skipped date of this series"),
    ],
)
def test_bad_dates(api, gap, dates, message):
    answer = api("meeting-series-retry", seriesId=gap[0], dates=dates)

    assert (answer.status_code, answer.json()["message"]) == (400, message)


def test_a_series_that_was_given_up_is_not_retried(api, gap):
    Meeting.objects.update(status="cancelled")

    answer = api("meeting-series-retry", seriesId=gap[0])

    assert (answer.status_code, answer.json()["message"]) == (
        409,
        "This meeting can no longer be changed",
    )


def test_somebody_elses_series_is_unknown(client, api, gap):
    stranger = ApiTokenFactory().header

    read = client.get(f"/api/meeting-series?id={gap[0]}", headers=stranger)
    tried = api("meeting-series-retry", seriesId=gap[0], headers=stranger)

    for answer in (read, tried):
        assert (answer.status_code, answer.json()["message"]) == (404, "Series not found")
    assert client.get("/api/meeting-series?id=42", headers=stranger).status_code == 400


# --- booking limits -------------------------------------------------------------------------

LIMIT = "Booking limit reached: at most 2 bookings per month and person"


@pytest.fixture
def _two_a_month():
    BookingLimitFactory(scope="person", period="month", count=2)


@pytest.mark.usefixtures("_two_a_month")
def test_dates_beyond_a_limit_are_conflicts(book):
    failed = book()
    data = booked(book(conflict="skip"))

    assert (failed.status_code, failed.json()["message"]) == (409, LIMIT)
    assert days(data) == ["03-09", "03-16"]
    assert data["skipped"] == [
        {"date": "2026-03-23", "code": "LIMIT_REACHED", "message": LIMIT},
        {"date": "2026-03-30", "code": "LIMIT_REACHED", "message": LIMIT},
    ]


@pytest.mark.usefixtures("_two_a_month")
def test_a_move_counts_like_a_booking_and_not_twice(api, book):
    for month in ("03-09", "04-13"):
        booked(book("FREQ=WEEKLY;COUNT=2", at=f"2026-{month}T10:00:00"))
    march, april = Meeting.objects.order_by("starts_at")[1:3]

    booked(api("meeting-change", meetingId=march.id, bookedAt="2026-03-20T10:00:00"))
    refused = api("meeting-change", meetingId=april.id, bookedAt="2026-03-27T10:00:00")
    assert (refused.status_code, refused.json()["message"]) == (409, LIMIT)
    booked(api("meeting-change", meetingId=april.id, bookedAt="2026-05-15T10:00:00"))
