"""People change what they say of themselves, and nothing else. Source: experience, A company."""

import pytest
from django.test import Client

from organizations.models import Role, User
from tests.factories.organizations import UserFactory
from tests.factories.staff import BACKEND

pytestmark = pytest.mark.django_db
PROFILE = "/account/profile/"
TYPED = {
    "first_name": "Ada",
    "last_name": "Byron",
    "phone": "06 12 34 56 79",
    "language": "fr",
}


@pytest.fixture
def person() -> User:
    return UserFactory(first_name="Jean", last_name="Dupont", phone="+33612345678")


@pytest.fixture
def mine(person: User) -> Client:
    client = Client()
    client.force_login(person, backend=BACKEND)
    return client


def test_what_is_known_stands_in_the_form_and_beside_it(mine: Client, person: User) -> None:
    page = mine.get(PROFILE)

    assert page.context["form"].initial == {
        "first_name": "Jean",
        "last_name": "Dupont",
        "phone": "+33612345678",
        "language": "en",
    }
    text = page.content.decode()
    for part in (person.email, person.organization.name, "/accounts/sessions/", "/accounts/2fa/"):
        assert part in text


def test_a_change_is_saved_the_number_in_one_spelling(mine: Client, person: User) -> None:
    answer = mine.post(PROFILE, TYPED)

    person.refresh_from_db()
    told = person.first_name, person.last_name, person.phone, person.language
    assert told == ("Ada", "Byron", "+33612345679", "fr")
    assert answer["Location"] == "/fr/account/profile/"
    assert "Ada" in mine.get(answer["Location"]).content.decode()


def test_a_number_may_be_taken_away(mine: Client, person: User) -> None:
    mine.post(PROFILE, TYPED | {"phone": ""})

    person.refresh_from_db()
    assert person.phone == ""


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"phone": "call me"}, "phone"),
        ({"first_name": " "}, "first_name"),
        ({"language": "de"}, "language"),
    ],
)
def test_what_cannot_be_is_refused_at_its_field_and_keeps_what_was_typed(
    mine: Client, person: User, wrong: dict[str, str], field: str
) -> None:
    page = mine.post(PROFILE, TYPED | wrong)

    assert page.status_code == 422
    assert list(page.context["form"].errors) == [field]
    assert 'value="Byron"' in page.content.decode()
    person.refresh_from_db()
    assert person.last_name == "Dupont"


def test_a_number_without_country_needs_a_company_that_has_one(client: Client) -> None:
    alone = UserFactory(organization=None, role=Role.TEMP)
    client.force_login(alone, backend=BACKEND)

    assert client.post(PROFILE, TYPED).status_code == 422
    assert client.post(PROFILE, TYPED | {"phone": "+32 470 12 34 56"}).status_code == 302


def test_no_field_beyond_the_form_is_written(mine: Client, person: User) -> None:
    mine.post(PROFILE, TYPED | {"role": Role.PRINCIPAL_ADMIN, "email": "other@company.example"})

    before = person.role, person.email
    person.refresh_from_db()
    assert (person.role, person.email) == before


def test_the_history_says_who_changed_it(mine: Client, person: User) -> None:
    mine.post(PROFILE, TYPED)

    latest = person.events.order_by("pgh_id").last()
    assert latest.first_name == "Ada"
    assert latest.pgh_context.metadata["user"] == person.pk


def test_the_tab_stays_marked_on_the_pages_that_keep_the_account_safe(mine: Client) -> None:
    for path in ("/accounts/2fa/", "/accounts/sessions/"):
        assert f'href="{PROFILE}" aria-current="true"' in mine.get(path).content.decode()
