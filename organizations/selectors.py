"""Reads of people, of the mail that waits for them, and of the checks of their companies."""

import datetime as dt
from typing import Any

from django.db.models import Q, QuerySet

from organizations.models import (
    AccessCard,
    ApiRole,
    CheckOutcome,
    CompanyCheck,
    EmailStatus,
    Organization,
    OutgoingEmail,
    User,
)


def person_by_email(email: str) -> User | None:
    """Return the person with that address, whatever its case, with their organization."""
    return User.objects.select_related("organization").filter(email=email.lower()).first()


def person_by_id(person_id: str) -> User | None:
    """Return the person with that id, with their organization."""
    return User.objects.select_related("organization").filter(pk=person_id).first()


def ran_the_portal(person_id: str) -> bool:
    """Say whether the history knows somebody as an application administrator, now or ever."""
    return _history(person_id).filter(api_role=ApiRole.APP_ADMIN).exists()


def addresses_since(person_id: str, *, since: dt.datetime) -> set[str]:
    """Return every address that somebody had since then, as the history knows them."""
    history = _history(person_id).order_by("-pgh_id")
    later = history.filter(pgh_created_at__gte=since).values_list("email", flat=True)
    before = history.filter(pgh_created_at__lt=since).values_list("email", flat=True)[:1]
    return {*later, *before}


def _history(person_id: str) -> QuerySet[Any]:
    versions: QuerySet[Any] = User.pgh_event_model.objects.filter(pgh_obj_id=person_id)  # type: ignore[attr-defined]  # pghistory sets it
    return versions


def people_of(organization_id: str | None, *, named: str = "") -> QuerySet[User]:
    """Select the living people of an organization by name; `named` is part of a name or address."""
    found = User.objects.filter(organization=organization_id, is_archived=False)
    for word in named.split():
        found = found.filter(
            Q(first_name__icontains=word) | Q(last_name__icontains=word) | Q(email__icontains=word)
        )
    return found.order_by("last_name", "first_name", "email", "id")


def cards_of(organization_id: str) -> QuerySet[AccessCard]:
    """Select the cards of an organization's living people, by their holders' names."""
    found = AccessCard.objects.filter(
        holder__organization=organization_id, holder__is_archived=False
    )
    order = ("holder__last_name", "holder__first_name", "holder__email", "number", "id")
    return found.select_related("holder").order_by(*order)


def due_email_ids(*, now: dt.datetime, limit: int) -> list[str]:
    """Return the waiting mails whose time has come, the longest waiting first."""
    due = OutgoingEmail.objects.filter(status=EmailStatus.PENDING, next_attempt_at__lte=now)
    return list(due.order_by("next_attempt_at", "id").values_list("id", flat=True)[:limit])


def due_company_check_ids(*, now: dt.datetime, limit: int) -> list[str]:
    """Return the checks that wait and whose time has come, the longest waiting first."""
    due = CompanyCheck.objects.filter(outcome=CheckOutcome.LATER, next_attempt_at__lte=now)
    return list(due.order_by("next_attempt_at", "id").values_list("id", flat=True)[:limit])


def unchecked_organizations(*, limit: int) -> list[Organization]:
    """Return those whose number was never answered for and that no check looks after: imported ones."""
    unchecked = Organization.objects.filter(
        company_check=None, is_archived=False, identity_verification__source="checksum"
    )
    return list(unchecked.exclude(company_number="").order_by("id")[:limit])
