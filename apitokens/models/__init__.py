"""Who may call the API and who is told: callers, events and webhooks."""

from apitokens.models.callers import (
    ApiAccessRequest,
    ApiQuota,
    ApiToken,
    ApiUsage,
    KeyAllowance,
    RequestStatus,
    Scope,
    TokenKind,
    WorkplaceScope,
)
from apitokens.models.calls import AbuseCount, ApiCall, Enquiry, IdempotentAnswer
from apitokens.models.events import (
    EVERY_EVENT,
    DeliveryStatus,
    Event,
    EventType,
    SwitchedOff,
    WebhookDelivery,
    WebhookEndpoint,
)

__all__ = [
    "EVERY_EVENT",
    "AbuseCount",
    "ApiAccessRequest",
    "ApiCall",
    "ApiQuota",
    "ApiToken",
    "ApiUsage",
    "DeliveryStatus",
    "Enquiry",
    "Event",
    "EventType",
    "IdempotentAnswer",
    "KeyAllowance",
    "RequestStatus",
    "Scope",
    "SwitchedOff",
    "TokenKind",
    "WebhookDelivery",
    "WebhookEndpoint",
    "WorkplaceScope",
]
