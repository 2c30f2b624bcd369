"""The back office's filters between two days or moments read what staff type, in their language."""

import datetime as dt
from typing import Any

import pytest
from django.test import Client

from tests.factories.booking import MeetingFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.staff import logged_in, staff_member

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2030, 3, 5, 12, 0, tzinfo=dt.UTC)


@pytest.fixture
def staff() -> Client:
    return logged_in()


def found(staff: Client, path: str, **typed: str) -> int:
    return staff.get(path, typed).context["cl"].result_count


@pytest.mark.parametrize(
    ("typed", "count"),
    [
        ({"from_0": "2030-03-05"}, 2),
        ({"from_0": "2030-03-05", "from_1": "12:00:00"}, 2),
        ({"from_0": "2030-03-05", "from_1": "12:00:01"}, 1),
        ({"to_0": "2030-03-05"}, 1),
        ({"to_0": "2030-03-05", "to_1": "11:59"}, 0),
        ({"to_0": "2030-03-05", "to_1": "12:00"}, 1),
        ({"from_0": "2030-03-05", "to_0": "2030-03-05"}, 1),
        ({"from_1": "12:00"}, 2),
        ({"from_0": "x"}, 0),
        ({"from_0": "2030-03-05", "from_1": "x"}, 0),
    ],
)
def test_a_moment_is_a_day_with_or_without_a_time(
    staff: Client, settings: Any, typed: dict[str, str], count: int
) -> None:
    settings.OFFICE_TIME_ZONE = "UTC"
    for days in (0, 1):
        MeetingFactory(starts_at=NOON + dt.timedelta(days=days))
    named = {f"starts_at_{name}": value for name, value in typed.items()}

    assert found(staff, "/admin/booking/meeting/", **named) == count


@pytest.mark.parametrize(
    ("language", "typed", "count"),
    [
        ("en", "03/05/2030", 1),
        ("en", "05/03/2030", 0),
        ("fr", "05/03/2030", 1),
        ("fr", "03/05/2030", 0),
        ("fr", "2030-03-05", 1),
        ("fr", "2030-03-06", 0),
        ("en", "tomorrow", 0),
    ],
)
def test_a_day_is_read_in_the_reader_s_language(language: str, typed: str, count: int) -> None:
    OrganizationFactory(rental_end_on=NOON.date())
    staff = logged_in(staff_member(language=language))

    assert found(staff, "/admin/organizations/organization/", rental_end_on_from=typed) == count


def test_both_days_belong_to_the_range(staff: Client) -> None:
    OrganizationFactory(rental_end_on=NOON.date())
    day = "2030-03-05"

    assert (
        found(
            staff,
            "/admin/organizations/organization/",
            rental_end_on_from=day,
            rental_end_on_to=day,
        )
        == 1
    )
