"""Settings of both APIs: who describes them, who answers when nothing else does, how far calls and forms go.

Source: README, "Configuration".
"""

import environ
from django.utils.translation import gettext_lazy as _

env = environ.Env()

REST_FRAMEWORK = {
    "DEFAULT_AUTHENTICATION_CLASSES": ["apitokens.authentication.TokenAuthentication"],
    "DEFAULT_PERMISSION_CLASSES": ["apitokens.authentication.HasTokenAndScope"],
    "DEFAULT_RENDERER_CLASSES": ["config.api.envelope.OrjsonRenderer"],
    "DEFAULT_PARSER_CLASSES": ["config.api.inputs.StrictJSONParser"],
    "EXCEPTION_HANDLER": "config.api.errors.handle",
    "UNAUTHENTICATED_USER": None,
    "UNAUTHENTICATED_TOKEN": None,
}
API_DESCRIPTIONS = [
    "sites_app.api.openapi.paths",
    "booking.api.openapi.paths",
    "apitokens.api.openapi_people.paths",
    "apitokens.api.openapi_usage.paths",
    "contracts.api.openapi.paths",
    "apitokens.api.openapi_changes.paths",
    "apitokens.api.openapi_webhooks.paths",
]
API_SERVER_ERRORS = {  # who tells in its own envelope what no view has caught, by how paths begin
    "/api/": "config.views.api_error",
    "/workplace/v1": "workplace.api.envelope.server_error",
}
DEVELOPERS_ALSO = {"developers-workplace": _("Workplace API")}  # further guides, by their addresses
API_POST_POLICY = "apitokens.idempotency.answer_once"
EVENT_FOLLOWERS = {"meeting": "workplace.follow_meetings"}  # by kind: the task that is told the ids
CORS_ORIGINS = [origin.rstrip("/") for origin in env.list("CORS_ORIGINS", default=[])]
API_MAX_BODY_BYTES = 1024 * 1024
WEBHOOK_ALLOW_PRIVATE = env.bool("WEBHOOK_ALLOW_PRIVATE", default=False)
API_THROTTLE = env.str("API_THROTTLE", default="on") != "off"
LIMITED_FORMS = ["book", "register", "resend-verification", "join-waitlist"]  # names of addresses
