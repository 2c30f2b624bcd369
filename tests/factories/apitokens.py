"""API tokens; `.plain` is what the caller sends."""

import datetime as dt
import hashlib
import secrets
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apitokens.models import ApiQuota, ApiToken, Scope
from tests.factories.organizations import UserFactory


class ApiTokenFactory(DjangoModelFactory):
    """An active token of a developer without company, with every scope; send its `.header`."""

    class Meta:
        model = ApiToken

    class Params:
        plain = ""

    owner = factory.SubFactory(UserFactory, developer=True)
    name = factory.Sequence(lambda number: f"Integration {number}")
    prefix = factory.LazyAttribute(lambda token: token.plain[:15])
    token_hash = factory.LazyAttribute(lambda t: hashlib.sha256(t.plain.encode()).hexdigest())
    scopes = factory.LazyFunction(lambda: list(Scope.values))
    created_at = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)

    @classmethod
    def _generate(cls, strategy: str, params: dict[str, Any]) -> Any:
        plain = params.get("plain") or f"ww_dev_{secrets.token_hex(32)}"
        token = super()._generate(strategy, params | {"plain": plain})
        token.plain = plain
        token.header = {"Authorization": f"Bearer {plain}"}
        return token


class ApiQuotaFactory(DjangoModelFactory):
    class Meta:
        model = ApiQuota

    user = factory.SubFactory(UserFactory, developer=True)
