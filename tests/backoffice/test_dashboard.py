"""The start page counts what needs a look, exactly, in a fixed number of queries."""

import datetime as dt

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from backoffice import selectors
from config import clock
from organizations.models import JoinRequest, OutgoingEmail
from tests.backoffice import world
from tests.factories.booking import BlockFactory, MeetingFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
MINUTE = dt.timedelta(minutes=1)


def numbers() -> selectors.DayNumbers:
    return selectors.day_numbers(now=NOW)


@pytest.mark.parametrize(
    ("starts_at", "count"),
    [
        (dt.datetime(2030, 1, 6, 23, 59, tzinfo=dt.UTC), 0),
        (dt.datetime(2030, 1, 7, 0, 0, tzinfo=dt.UTC), 1),
        (dt.datetime(2030, 1, 7, 23, 59, tzinfo=dt.UTC), 1),
        (dt.datetime(2030, 1, 8, 0, 0, tzinfo=dt.UTC), 0),
    ],
)
def test_a_meeting_counts_on_the_day_it_begins(starts_at: dt.datetime, count: int) -> None:
    MeetingFactory(starts_at=starts_at)
    MeetingFactory(starts_at=NOW, cancelled=True)

    assert numbers().meetings_today == count


@pytest.mark.parametrize(
    ("shift", "busy"), [(-61 * MINUTE, 0), (-60 * MINUTE, 0), (-59 * MINUTE, 1), (0 * MINUTE, 1)]
)
def test_a_room_is_busy_from_its_first_to_before_its_last_minute(
    shift: dt.timedelta, busy: int
) -> None:
    MeetingFactory(starts_at=NOW + shift)

    assert numbers().rooms_busy == busy


def test_a_blocked_room_is_busy_once() -> None:
    BlockFactory(starts_at=NOW, ends_at=NOW + MINUTE)
    MeetingFactory(starts_at=NOW, cancelled=True)

    assert numbers().rooms_busy == 1


@pytest.mark.parametrize(
    ("left", "count"),
    [(dt.timedelta(0), 0), (MINUTE, 1), (selectors.SOON, 1), (selectors.SOON + MINUTE, 0)],
)
def test_a_hold_counts_when_it_ends_soon(left: dt.timedelta, count: int) -> None:
    MeetingFactory(pending=True, hold_expires_at=NOW + left)

    assert numbers().holds_expiring == count


@pytest.mark.parametrize(("days", "count"), [(-1, 0), (0, 1), (60, 1), (61, 0)])
def test_a_contract_counts_in_its_last_sixty_days(days: int, count: int) -> None:
    end = NOW.date() + dt.timedelta(days=days)
    OrganizationFactory(rental_end_on=end)
    OrganizationFactory(rental_end_on=end, archived=True)

    assert numbers().contracts_ending == count


@pytest.mark.parametrize(("status", "count"), [("failed", 1), ("pending", 0), ("sent", 0)])
def test_a_mail_counts_once_it_is_given_up(status: str, count: int) -> None:
    OutgoingEmail.objects.create(
        template="x",
        to_address="a@b.example",
        language="en",
        status=status,
        next_attempt_at=NOW,
        created_at=NOW,
    )

    assert numbers().mails_failed == count


def test_plot_has_every_day_of_two_weeks() -> None:
    for day in (-1, 0, 13, 14):
        MeetingFactory(starts_at=NOW + dt.timedelta(days=day))

    plot = selectors.meetings_by_day(now=NOW)

    assert [count for _day, count in plot] == [1, *[0] * 12, 1]
    assert plot[0][0] == NOW.date()


def test_start_page_asks_no_more_for_three_meetings_than_for_one() -> None:
    staff = logged_in()

    def queries() -> int:
        with CaptureQueriesContext(connection) as captured:
            assert staff.get("/admin/").status_code == 200
        return len(captured)

    with time_machine.travel(clock.now(), tick=False):
        world.populate()
        queries()
        one = queries()
        world.populate()
        world.populate()

        assert queries() == one <= 15


def test_each_meeting_leads_to_its_record() -> None:
    meeting = MeetingFactory(starts_at=clock.now() + dt.timedelta(hours=1))

    page = logged_in().get("/admin/").content.decode()

    assert f'href="/admin/booking/meeting/{meeting.pk}/change/"' in page


def test_each_number_is_that_of_its_list() -> None:
    with time_machine.travel(NOW, tick=False):
        staff = logged_in()
        MeetingFactory(starts_at=NOW - MINUTE)
        MeetingFactory(starts_at=NOW + dt.timedelta(days=1))
        for left in (selectors.SOON, selectors.SOON + MINUTE):
            MeetingFactory(
                pending=True,
                starts_at=NOW + dt.timedelta(days=2),
                hold_expires_at=NOW + left,
            )
        for days, archived in ((60, False), (61, False), (30, True)):
            OrganizationFactory(
                rental_end_on=NOW.date() + dt.timedelta(days=days), archived=archived
            )

        for number in range(2):
            OrganizationFactory(pending=True, archived=number == 1)
        pending = OrganizationFactory(pending=True)
        for status in ("waiting", "approved"):
            JoinRequest.objects.create(
                person=UserFactory(new=True),
                organization=pending,
                status=status,
                created_at=NOW,
                decided_at=None if status == "waiting" else NOW,
            )

        cards = staff.get("/admin/").context["cards"]
        lists = [staff.get(card.address).context["cl"].result_count for card in cards]

    assert [card.number for card in cards] == lists == [1, 1, 1, 0, 1, 1, 2]


@pytest.mark.parametrize("card", range(7))
def test_every_card_leads_to_its_list(card: int) -> None:
    staff = logged_in()
    world.populate()
    cards = staff.get("/admin/").context["cards"]

    assert len(cards) == 7
    assert staff.get(cards[card].address).status_code == 200
