"""Access cards: which ones open doors, once their holder is known and while nobody is archived.

Source: public-api, section 7, "An access card".
"""

from collections.abc import Iterable

from django.db import transaction
from django.db.models import Q, QuerySet

from organizations.models import AccessCard, AccessCardStatus, OrganizationStatus

_SHUT_OUT = Q(holder__is_archived=True) | Q(holder__organization__is_archived=True)
_COUNTS = Q(
    holder__email_verified_at__isnull=False,
    holder__organization__status=OrganizationStatus.ACTIVE,
)


def activate(organization_id: str) -> list[AccessCard]:
    """Activate the ordered cards of a company's verified people, if the company is active; return them."""
    cards = AccessCard.objects.select_for_update(of=("self",)).filter(
        status=AccessCardStatus.ORDERED,
        holder__organization=organization_id,
        holder__organization__status=OrganizationStatus.ACTIVE,
        holder__organization__is_archived=False,
        holder__is_archived=False,
        holder__email_verified_at__isnull=False,
    )
    found = list(cards.order_by("id"))
    for card in found:
        card.status = AccessCardStatus.ACTIVE
        card.save(update_fields=["status"])
    return found


@transaction.atomic
def follow_archiving(
    *, person_ids: Iterable[str] = (), organization_ids: Iterable[str] = ()
) -> int:
    """Block the cards of those who are archived and give back what archiving took from the others.

    In the caller's transaction, after the change; a card that staff blocked stays so. Return how
    many cards changed.
    """
    whose = Q(holder__in=list(person_ids)) | Q(holder__organization__in=list(organization_ids))
    cards = AccessCard.objects.filter(whose)
    blocked = _block(cards.filter(_SHUT_OUT))
    return blocked + _release(cards.exclude(_SHUT_OUT))


def block_all_of(person_id: str) -> int:
    """Block the cards of somebody who left their company, until staff give them back; return how many."""
    open_ = (AccessCardStatus.ORDERED, AccessCardStatus.ACTIVE)
    found = _locked(
        AccessCard.objects.filter(holder=person_id).filter(
            Q(status__in=open_) | ~Q(blocked_from="")
        )
    )
    for card in found:
        card.status, card.blocked_from = AccessCardStatus.BLOCKED, ""
    return _save(found)


def _block(cards: QuerySet[AccessCard]) -> int:
    open_ = cards.filter(status__in=(AccessCardStatus.ORDERED, AccessCardStatus.ACTIVE))
    found = _locked(open_)
    for card in found:
        card.blocked_from, card.status = card.status, AccessCardStatus.BLOCKED
    return _save(found)


def _release(cards: QuerySet[AccessCard]) -> int:
    taken = cards.filter(status=AccessCardStatus.BLOCKED).exclude(blocked_from="")
    found = _locked(taken)
    known = set(taken.filter(_COUNTS).values_list("pk", flat=True))
    for card in found:
        card.status = AccessCardStatus.ACTIVE if card.pk in known else card.blocked_from
        card.blocked_from = ""
    return _save(found)


def _locked(cards: QuerySet[AccessCard]) -> list[AccessCard]:
    return list(cards.select_for_update(of=("self",), no_key=True).order_by("id"))


def _save(cards: list[AccessCard]) -> int:
    AccessCard.objects.bulk_update(cards, ["status", "blocked_from"], batch_size=500)
    return len(cards)
