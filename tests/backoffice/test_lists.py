"""Lists and titles of the back office are written in the reader's words."""

import datetime as dt
import html
from collections.abc import Iterable, Mapping

import pytest
from django.test import Client

from apitokens import admin as apitokens_admin
from booking import admin_meeting_columns
from booking.models import MeetingStatus
from contracts import admin as contracts_admin
from contracts.models import StatementStatus
from organizations import admin as companies_admin
from organizations import admin_people
from organizations.models import OrganizationStatus, Role
from sites_app import admin as places_admin
from sites_app.models import RoomState
from tests.factories.booking import MeetingFactory, MeetingSeriesFactory
from tests.factories.contracts import StatementFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.staff import logged_in, staff_member

pytestmark = pytest.mark.django_db


@pytest.fixture
def staff() -> Client:
    return logged_in()


def text(staff: Client, path: str) -> str:
    page = html.unescape(staff.get(path).content.decode())
    return " ".join(page.replace("\N{WORD JOINER}", "").split())


@pytest.mark.parametrize(
    ("tones", "codes"),
    [
        (admin_people.ROLE_TONES, [*Role.values, "archived"]),
        (companies_admin.STATE_TONES, [*OrganizationStatus.values, "archived"]),
        (admin_meeting_columns.STATUS_TONES, MeetingStatus.values),
        (contracts_admin.STATEMENT_TONES, StatementStatus.values),
        (places_admin.STATE_TONES, RoomState.values),
        (apitokens_admin.DELIVERY_TONES, ["pending", "delivered", "failed"]),
    ],
)
def test_every_state_has_a_tone(tones: Mapping[str, str], codes: Iterable[str]) -> None:
    """One without is shown by its code: the library takes it for the text."""
    assert set(tones) >= set(codes)


def test_roles_and_states_are_words() -> None:
    UserFactory(email="ada@acme.example", role="user")
    UserFactory(email="old@acme.example", archived=True)
    OrganizationFactory(archived=True)
    staff = logged_in(staff_member(language="fr"))

    people = text(staff, "/admin/organizations/user/?q=acme.example")

    assert "> Utilisateur </span>" in people.replace(">Utilisateur<", "> Utilisateur <")
    assert ">user<" not in people
    assert ">archived<" not in people
    assert ">archived<" not in text(staff, "/admin/organizations/organization/")


def test_a_list_offers_everything_only_where_something_is_left_out(staff: Client) -> None:
    UserFactory(last_name="Durand")

    assert "Show all" not in text(staff, "/admin/organizations/user/")
    assert "Show all" in text(staff, "/admin/organizations/user/?q=durand")
    assert "Show all" in text(staff, "/admin/organizations/user/?role__exact=temp")


def test_titles_say_when_in_words(staff: Client) -> None:
    meeting = MeetingFactory(
        name="Retrospective", starts_at=dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)
    )

    assert "Retrospective, 7 Jan 2030, 10:00" in text(
        staff, f"/admin/booking/meeting/{meeting.pk}/change/"
    )


def test_a_title_keeps_the_name_of_its_record(staff: Client) -> None:
    person = UserFactory(email="ana@acme.example")

    shown = text(staff, f"/admin/organizations/user/{person.pk}/change/")

    assert '">ana@acme.example</a>' in shown
    assert "Ana@acme.example" not in shown
    assert '">People</a>' in shown


def test_months_and_skipped_days_are_written_out(staff: Client) -> None:
    StatementFactory(month=dt.date(2029, 12, 1))
    MeetingSeriesFactory(skipped=[{"date": "2030-01-14", "code": "", "message": ""}])

    assert "December 2029" in text(staff, "/admin/contracts/statement/")
    assert "14 Jan 2030" in text(staff, "/admin/booking/meetingseries/")
