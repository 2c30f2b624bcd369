"""One's own tokens: who was an admin when the page was opened may not be one at the click."""

import datetime as dt

import pytest

from apitokens.domain import own_tokens, tokens
from apitokens.models import ApiToken
from organizations.models import User
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = pytest.mark.django_db

NOW = dt.datetime(2026, 1, 5, 12, tzinfo=dt.UTC)


@pytest.fixture
def former():
    """Return an admin as read before the role was taken from them."""
    owner = UserFactory(app_admin=True)
    User.objects.filter(pk=owner.pk).update(api_role="api-developer")
    return owner


def test_a_token_gets_no_scope_of_a_role_that_is_over(former):
    with pytest.raises(tokens.UnknownScope):
        own_tokens.create(owner=former, name="x", scopes=["contracts:write"], now=NOW)

    assert not ApiToken.objects.exists()


def test_a_key_is_made_for_no_company_of_others(former):
    with pytest.raises(tokens.NotTheirOrganization):
        own_tokens.create_key(
            owner=former,
            organization=OrganizationFactory(),
            name="x",
            scopes=["workplace:read"],
            now=NOW,
        )

    assert not ApiToken.objects.exists()
