"""Requests for API access: a person asks, staff grant or decline, the person is told.

Source: Public API, "Obtaining API Tokens"; public-api, section 1, Roles.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import translation

from apitokens.models import ApiAccessRequest, RequestStatus
from organizations.domain import api_access, outbox
from organizations.models import User


def ask(*, person: User, purpose: str, now: dt.datetime) -> ApiAccessRequest:
    """Ask for access in a person's name; while a request waits, asking again changes nothing."""
    waiting, _is_new = ApiAccessRequest.objects.get_or_create(
        person=person,
        status=RequestStatus.WAITING,
        defaults={"purpose": purpose, "created_at": now},
    )
    return waiting


def latest_of(person: User) -> ApiAccessRequest | None:
    """Return a person's last request, if they ever asked."""
    return ApiAccessRequest.objects.filter(person=person).order_by("-created_at", "-id").first()


@transaction.atomic
def grant(request_id: str, *, now: dt.datetime) -> bool:
    """Make the asker an API developer and tell them; say whether the request was still waiting."""
    request = _decide(request_id, RequestStatus.GRANTED, now=now)
    if request is None:
        return False
    api_access.make_developer(request.person)
    _tell(request, "api_access_granted", now=now)
    return True


@transaction.atomic
def decline(request_id: str, *, now: dt.datetime) -> bool:
    """Refuse access and tell the asker; say whether the request was still waiting."""
    request = _decide(request_id, RequestStatus.DECLINED, now=now)
    if request is None:
        return False
    _tell(request, "api_access_declined", now=now)
    return True


def _decide(request_id: str, status: RequestStatus, *, now: dt.datetime) -> ApiAccessRequest | None:
    """Decide under the request's lock, so that of two decisions the first one counts."""
    waiting = ApiAccessRequest.objects.select_for_update(of=("self",)).select_related("person")
    request = waiting.filter(pk=request_id, status=RequestStatus.WAITING).first()
    if request is not None:
        request.status, request.decided_at = status, now
        request.save(update_fields=["status", "decided_at"])
    return request


def _tell(request: ApiAccessRequest, template: str, *, now: dt.datetime) -> None:
    outbox.enqueue(
        template=template,
        to=request.person.email,
        language=request.person.language,
        context={
            "contact_name": request.person.full_name,
            "settings_link": f"{settings.PUBLIC_URL}{_settings_path(request.person.language)}",
        },
        now=now,
    )


def _settings_path(language: str) -> str:
    with translation.override(language):
        return reverse("api-tokens")
