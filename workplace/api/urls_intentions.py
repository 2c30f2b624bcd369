from django.urls import URLPattern

from config.api.routing import endpoint
from workplace.api.external_intentions import ExternalIntentionsView
from workplace.api.intention_answers import (
    AcceptIntentionView,
    CancelIntentionView,
    DeclineIntentionView,
    IntentionView,
)
from workplace.api.intentions import IntentionsView

_ALL = "workplace/v1/intentions"
_ONE = rf"{_ALL}/(?P<intention_id>[^/]+)"

urlpatterns: list[URLPattern] = [
    endpoint(_ALL, IntentionsView, name="workplace-intentions"),
    endpoint(f"{_ALL}/external", ExternalIntentionsView, name="workplace-external-intentions"),
    endpoint(_ONE, IntentionView, name="workplace-intention"),
    endpoint(rf"{_ONE}/accept", AcceptIntentionView, name="workplace-intention-accept"),
    endpoint(rf"{_ONE}/decline", DeclineIntentionView, name="workplace-intention-decline"),
    endpoint(rf"{_ONE}/cancel", CancelIntentionView, name="workplace-intention-cancel"),
]
