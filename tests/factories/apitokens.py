"""API tokens; `.plain` is what the caller sends."""

import datetime as dt
import hashlib
import secrets
from typing import Any

import factory
from factory.django import DjangoModelFactory

from apitokens.models import (
    ApiQuota,
    ApiToken,
    Event,
    Scope,
    SwitchedOff,
    WebhookDelivery,
    WebhookEndpoint,
    WorkplaceScope,
)
from config import sealing
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


class WorkplaceKeyFactory(DjangoModelFactory):
    """A key with every scope: the operator's, or `for_organization` its owner's; `.header` is sent."""

    class Meta:
        model = ApiToken

    class Params:
        plain = ""
        for_organization = factory.Trait(
            owner=factory.SubFactory(UserFactory, api_role="api-developer"),
            organization=factory.SelfAttribute("owner.organization"),
        )

    kind = "workplace"
    owner = factory.SubFactory(UserFactory, app_admin=True)
    name = factory.Sequence(lambda number: f"Workplace {number}")
    prefix = factory.LazyAttribute(lambda token: token.plain[:12])
    token_hash = factory.LazyAttribute(lambda t: hashlib.sha256(t.plain.encode()).hexdigest())
    scopes = factory.LazyFunction(lambda: list(WorkplaceScope.values))
    created_at = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)

    @classmethod
    def _generate(cls, strategy: str, params: dict[str, Any]) -> Any:
        plain = params.get("plain") or f"ww_wp_{secrets.token_hex(32)}"
        key = super()._generate(strategy, params | {"plain": plain})
        key.plain = plain
        key.header = {"x-api-key": plain}
        return key


class ApiQuotaFactory(DjangoModelFactory):
    class Meta:
        model = ApiQuota

    user = factory.SubFactory(UserFactory, developer=True)


SECRET = "whsec_" + "c2VjcmV0LW9mLXRoZS10ZXN0cy0wMTIzNDU2Nzg5"


class EventFactory(DjangoModelFactory):
    """A confirmed meeting, not yet published, that belongs to nobody."""

    class Meta:
        model = Event

    type = "meeting.confirmed"
    object_kind = "meeting"
    object_id = "5f0000000000000000000001"
    at = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)


class WebhookEndpointFactory(DjangoModelFactory):
    """An active webhook of a partner for every event, with `SECRET`; `off` is switched off by its owner."""

    class Meta:
        model = WebhookEndpoint

    class Params:
        off = factory.Trait(is_active=False, switched_off=SwitchedOff.BY_OWNER)

    owner = factory.SubFactory(UserFactory, developer=True)
    url = "https://93.184.216.34/hook"
    event_types = ["*"]
    sealed_secret = factory.LazyFunction(lambda: sealing.seal(SECRET))
    created_at = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)


class WebhookDeliveryFactory(DjangoModelFactory):
    """An event that is due at an address."""

    class Meta:
        model = WebhookDelivery

    endpoint = factory.SubFactory(WebhookEndpointFactory)
    event = factory.SubFactory(EventFactory)
    next_attempt_at = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)
    created_at = dt.datetime(2025, 1, 2, 9, 0, tzinfo=dt.UTC)
