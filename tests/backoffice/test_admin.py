"""Every list, form and history of the back office opens, quickly, and shows no secret."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.contrib import admin
from django.db import connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from booking.models import Meeting
from config.admin_base import ReadOnlyAdmin
from tests.backoffice import world
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db
MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
OURS = [
    model
    for model in MODELS
    if model.__module__.partition(".")[0]
    in ("organizations", "apitokens", "sites_app", "booking", "contracts", "workplace")
]
QUERIES = 12


@pytest.fixture
def staff() -> Client:
    return logged_in()


def address(model: Any, page: str, *arguments: str) -> str:
    return reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_{page}", args=arguments)


def labels(models: list) -> list[str]:
    return [model._meta.label for model in models]


def test_every_record_of_the_portal_has_its_list() -> None:
    assert labels(OURS) == [
        "apitokens.ApiAccessRequest",
        "apitokens.ApiCall",
        "apitokens.ApiQuota",
        "apitokens.ApiToken",
        "apitokens.ApiUsage",
        "apitokens.Enquiry",
        "apitokens.Event",
        "apitokens.IdempotentAnswer",
        "apitokens.WebhookDelivery",
        "apitokens.WebhookEndpoint",
        "booking.BookingLimit",
        "booking.CalendarLink",
        "booking.CatalogueChange",
        "booking.LinkRequest",
        "booking.Meeting",
        "booking.MeetingSeries",
        "booking.RefusedDemand",
        "booking.Registration",
        "booking.Reservation",
        "booking.WaitlistEntry",
        "contracts.ContractNotice",
        "contracts.ContractOption",
        "contracts.Rate",
        "contracts.Statement",
        "organizations.AccessCard",
        "organizations.CompanyCheck",
        "organizations.Departure",
        "organizations.EmailVerification",
        "organizations.Invitation",
        "organizations.JoinRequest",
        "organizations.Organization",
        "organizations.OutgoingEmail",
        "organizations.RegisterAnswer",
        "organizations.RegisterState",
        "organizations.User",
        "sites_app.Closure",
        "sites_app.OpeningException",
        "sites_app.Room",
        "sites_app.RoomLease",
        "sites_app.Site",
        "workplace.Allocation",
        "workplace.AttendanceDay",
        "workplace.Configuration",
        "workplace.DefaultLocation",
        "workplace.Evolution",
        "workplace.ForecastJob",
        "workplace.Intention",
        "workplace.Layer",
        "workplace.LocationForecast",
        "workplace.Occupancy",
        "workplace.OccupancySession",
        "workplace.PersonForecast",
        "workplace.PersonalRead",
        "workplace.RoomPlacement",
        "workplace.Space",
        "workplace.Team",
        "workplace.TeamForecast",
        "workplace.TeamSettings",
        "workplace.Zone",
    ]


def looked(staff: Client, model: Any) -> tuple[int, int]:
    """Open a list; return the answer's status and the number of statements."""
    with CaptureQueriesContext(connection) as captured:
        status = staff.get(address(model, "changelist")).status_code
    return status, len(captured)


@pytest.fixture(scope="module")
def lists(django_db_setup: None, django_db_blocker: Any) -> Iterator[dict[Any, list[Any]]]:
    """Add one of everything and open each list, and again with three; take it back after this module."""
    with django_db_blocker.unblock(), transaction.atomic():
        staff = logged_in()
        staff.raise_request_exception = False
        world.populate()
        for model in OURS:
            looked(staff, model)  # what is asked once a process
        found = {model: [looked(staff, model)] for model in OURS}
        world.populate()
        world.populate()
        for model in OURS:
            found[model].append(looked(staff, model))
        yield found
        transaction.set_rollback(True)


@pytest.mark.parametrize("model", OURS, ids=labels(OURS))
def test_list_asks_no_more_for_three_rows_than_for_one(lists: Any, model: Any) -> None:
    (_, one), (status, three) = lists[model]

    assert status == 200
    assert model.objects.count() >= 3
    assert three == one <= QUERIES


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize("model", OURS, ids=labels(OURS))
def test_list_is_searched_by_word_and_by_id(staff: Client, model: Any) -> None:
    pk = str(model.objects.first().pk)

    for word in ("durand", "meet", pk, "' OR 1=1 --", "%", "2030-01-07"):
        assert staff.get(address(model, "changelist"), {"q": word}).status_code == 200


@pytest.mark.usefixtures("lists")
@pytest.mark.parametrize("model", OURS, ids=labels(OURS))
def test_record_and_its_history_open_in_both_languages(staff: Client, model: Any) -> None:
    pk = str(model.objects.first().pk)

    for language in ("en", "fr"):
        world.speak(language)
        assert staff.get(address(model, "change", pk)).status_code == 200
        assert staff.get(address(model, "history", pk)).status_code == 200


@pytest.mark.parametrize("model", OURS, ids=labels(OURS))
def test_empty_form_opens_where_records_may_be_added(staff: Client, model: Any) -> None:
    is_written_by_the_portal = isinstance(admin.site._registry[model], ReadOnlyAdmin)
    status = 403 if is_written_by_the_portal and model is not Meeting else 200

    assert staff.get(address(model, "add")).status_code == status


@pytest.mark.parametrize("get", [lambda c: c.get("/admin/"), lambda c: c.get("/admin/search/?s=a")])
def test_nothing_opens_for_others(client: Client, get: Callable[[Client], Any]) -> None:
    assert get(client).status_code == 302


def test_nothing_that_libraries_bring_lets_staff_act_as_somebody_else() -> None:
    """Keys of sessions and second factors are nobody's to read or to give."""
    assert labels([model for model in MODELS if model not in OURS]) == ["auth.Group"]


@pytest.mark.parametrize(
    "path", ["/admin/organizations/user/?role__exact=%00", "/admin/apitokens/apiquota/add/"]
)
def test_what_no_record_can_hold_is_refused(staff: Client, path: str) -> None:
    answer = staff.post(path, {"user": "\x00"}) if "add" in path else staff.get(path)

    assert answer.status_code == 400
