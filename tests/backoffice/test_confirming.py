"""Actions that cannot simply be undone ask first, and do what was chosen once that is confirmed."""

import html
import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from apitokens.models import ApiToken
from organizations.models import Organization, User
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.organizations import OrganizationFactory, UserFactory
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db
PEOPLE = "/admin/organizations/user/"


@pytest.fixture
def staff() -> Client:
    return logged_in()


def hidden(page: str) -> list[tuple[str, str]]:
    found = re.findall(r'<input type="hidden" name="(\w+)" value="([^"]*)"', page)
    return [(name, html.unescape(value)) for name, value in found if "csrf" not in name]


@pytest.mark.parametrize(
    ("path", "name", "factory", "left"),
    [
        (PEOPLE, "archive", UserFactory, lambda: User.objects.filter(is_archived=False)),
        (
            "/admin/organizations/organization/",
            "archive",
            OrganizationFactory,
            lambda: Organization.objects.filter(is_archived=False),
        ),
        (
            "/admin/apitokens/apitoken/",
            "invalidate",
            ApiTokenFactory,
            lambda: ApiToken.objects.filter(is_active=True),
        ),
    ],
)
def test_nothing_is_done_before_the_answer(
    staff: Client, path: str, name: str, factory: Callable[[], Any], left: Callable[[], Any]
) -> None:
    chosen, other = factory(), factory()
    before = left().count()

    asked = staff.post(path, {"action": name, "_selected_action": [chosen.pk]})

    page = html.unescape(asked.content.decode())
    assert asked.status_code == 200
    assert str(chosen) in page
    assert str(other) not in page
    assert left().count() == before

    answer: dict[str, list[str]] = {}
    for key, value in hidden(asked.content.decode()):
        answer.setdefault(key, []).append(value)
    assert staff.post(path, answer).status_code == 302
    assert not left().filter(pk=chosen.pk).exists()
    assert left().count() == before - 1


def test_a_choice_of_all_pages_stays_one(staff: Client) -> None:
    people = [UserFactory(last_name="Durand") for _ in range(23)]
    UserFactory(last_name="Dupont")

    form = {"action": "archive", "_selected_action": [people[0].pk], "select_across": "1"}
    asked = staff.post(f"{PEOPLE}?q=durand", form)

    page = asked.content.decode()
    assert ("select_across", "1") in hidden(page)
    assert "and 3 more" in page
    staff.post(f"{PEOPLE}?q=durand", form | {"confirmed": "yes"})
    assert User.objects.filter(is_archived=True).count() == 23


def test_the_way_back_is_the_list_as_it_was_narrowed_down(staff: Client) -> None:
    person = UserFactory(last_name="Durand")

    asked = staff.post(f"{PEOPLE}?q=durand", {"action": "archive", "_selected_action": [person.pk]})

    assert f'href="{PEOPLE}?q=durand"' in asked.content.decode()
