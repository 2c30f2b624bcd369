"""Staff see a token's beginning and may switch it off, no more. Source: safety, S-02, S-04, S-09."""

import pytest

from apitokens.models import ApiToken
from tests.factories.apitokens import ApiTokenFactory
from tests.factories.staff import logged_in

pytestmark = pytest.mark.django_db
LIST = "/admin/apitokens/apitoken/"


def test_no_page_shows_more_than_the_beginning() -> None:
    token, staff = ApiTokenFactory(), logged_in()
    token.name = "Renamed"
    token.save()

    for page in (LIST, f"{LIST}{token.pk}/change/", f"{LIST}{token.pk}/history/"):
        content = staff.get(page).content.decode()
        assert token.token_hash not in content
        assert token.plain not in content
    assert token.prefix in staff.get(LIST).content.decode()


def test_invalidated_token_is_switched_off_and_kept() -> None:
    token, other = ApiTokenFactory(), ApiTokenFactory()

    logged_in().post(
        LIST, {"action": "invalidate", "_selected_action": [token.pk], "confirmed": "yes"}
    )

    states = dict(ApiToken.objects.values_list("pk", "is_active"))
    assert states == {token.pk: False, other.pk: True}


@pytest.mark.parametrize("page", ["add/", "{}/delete/"])
def test_tokens_are_neither_made_nor_deleted_here(page: str) -> None:
    address = LIST + page.format(ApiTokenFactory().pk)

    assert logged_in().post(address, {"post": "yes"}).status_code == 403
    assert ApiToken.objects.count() == 1


def test_staff_let_a_token_write_contracts() -> None:
    token, other = ApiTokenFactory(scopes=["read"]), ApiTokenFactory(scopes=["read"])

    for _ in range(2):
        logged_in().post(LIST, {"action": "allow_contracts", "_selected_action": [token.pk]})

    scopes = dict(ApiToken.objects.values_list("pk", "scopes"))
    assert scopes == {token.pk: ["read", "contracts:write"], other.pk: ["read"]}
