"""The back office speaks the language that somebody prefers, else that of their browser."""

import pytest
from django.test import Client
from django.utils import html

from organizations.models import User
from tests.factories.staff import logged_in, staff_member

pytestmark = pytest.mark.django_db
FRENCH = {"HTTP_ACCEPT_LANGUAGE": "fr-FR,fr;q=0.9,en;q=0.8"}


def language_of(staff: Client, **headers: str) -> str:
    page = staff.get("/admin/", **headers).content.decode()
    return page.partition('<html lang="')[2].partition('"')[0]


@pytest.mark.parametrize(
    ("preferred", "headers", "expected"),
    [
        ("en", {}, "en"),
        ("en", FRENCH, "fr"),
        ("en", {"HTTP_ACCEPT_LANGUAGE": "de"}, "en"),
        ("fr", {}, "fr"),
        ("fr", {"HTTP_ACCEPT_LANGUAGE": "en"}, "fr"),
    ],
)
def test_a_preference_beats_the_browser(
    preferred: str, headers: dict[str, str], expected: str
) -> None:
    staff = logged_in(staff_member(language=preferred))

    assert language_of(staff, **headers) == expected


@pytest.mark.parametrize(("before", "chosen"), [("en", "fr"), ("fr", "en")])
def test_the_switch_is_kept_and_leads_back(before: str, chosen: str) -> None:
    person = staff_member(language=before)
    staff = logged_in(person)
    page = "/admin/booking/meeting/?q=durand"

    answer = staff.post("/admin/language/", {"language": chosen, "next": page})

    assert answer.status_code == 302
    assert answer["Location"] == page
    assert language_of(staff, **FRENCH) == chosen
    assert User.objects.get(pk=person.pk).language == chosen


def test_the_switch_stands_on_every_page_and_leads_back_to_it() -> None:
    page = logged_in().get("/admin/organizations/user/?q=a&o=1").content.decode()

    assert 'action="/admin/language/"' in page
    assert f'value="{html.escape("/admin/organizations/user/?q=a&o=1")}"' in page
    assert 'value="en" lang="en" aria-label="English" aria-pressed="true"' in page
    assert 'value="fr" lang="fr" aria-label="français"' in page


@pytest.mark.parametrize("wanted", ["https://evil.example/", "//evil.example", "\\evil", ""])
def test_the_switch_leads_nowhere_else(wanted: str) -> None:
    answer = logged_in().post("/admin/language/", {"language": "fr", "next": wanted})

    assert answer["Location"] == "/admin/"


@pytest.mark.parametrize("typed", ["", "de", "xx-long"])
def test_another_language_is_refused(typed: str) -> None:
    assert logged_in().post("/admin/language/", {"language": typed}).status_code == 400


def test_looking_changes_nothing() -> None:
    assert logged_in().get("/admin/language/").status_code == 405


def test_others_have_no_switch(client: Client) -> None:
    answer = client.post("/admin/language/", {"language": "fr"})

    assert answer.status_code == 302
    assert "login" in answer["Location"]


@pytest.mark.parametrize(
    ("headers", "expected"),
    [({}, "/accounts/login/?next="), (FRENCH, "/fr/accounts/login/?next=")],
)
def test_the_log_in_speaks_the_language_of_the_browser(
    client: Client, headers: dict[str, str], expected: str
) -> None:
    address = client.get("/admin/", **headers)["Location"]

    assert client.get(address, **headers)["Location"].startswith(expected)
