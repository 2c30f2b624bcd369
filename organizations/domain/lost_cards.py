"""Lost cards: who leads a company blocks the cards of its people at once; only staff open them again.

Who did it and when stands in the card's history.
"""

import datetime as dt

import structlog
from django.db import transaction

from config.errors import DomainError
from organizations import selectors
from organizations.domain import membership, outbox, typed_texts
from organizations.models import AccessCard, AccessCardStatus, User

log = structlog.get_logger(__name__)


class CardNotFound(DomainError):
    """None of the administrator's company has that card."""

    code = "CARD_NOT_FOUND"
    status = 404
    message = "Access card not found"


def one(card_id: str, *, by: User) -> AccessCard:
    """Return a card, with its holder, of the company that somebody leads.

    :raises NotAdministrator: :raises CardNotFound:
    """
    membership.check_administrator(by)
    card = selectors.cards_of(str(by.organization_id)).filter(pk=card_id).first()
    if card is None:
        raise CardNotFound
    return card


@transaction.atomic
def block(card_id: str, *, by: User, now: dt.datetime) -> AccessCard:
    """Block a card and tell its holder; one that is blocked or lost stays as it is.

    :raises NotAdministrator: :raises CardNotFound: also when its holder has just left.
    """
    seen = one(card_id, by=by)
    people = membership.locked(seen.holder_id, by.pk, organization_id=by.organization_id)
    membership.check_administrator(people.get(by.pk, User()))
    held = AccessCard.objects.select_for_update(no_key=True).filter(pk=card_id)
    card = held.filter(holder__in=people.keys() & {seen.holder_id}).first()
    if card is None:
        raise CardNotFound
    if card.is_in_use:
        card.status = AccessCardStatus.BLOCKED
        card.save(update_fields=["status"])
        _tell(card, people[card.holder_id], by=people[by.pk], now=now)
        log.info("access_card.blocked_by_company", card=card.pk, user=by.pk)
    return card


def _tell(card: AccessCard, holder: User, *, by: User, now: dt.datetime) -> None:
    outbox.enqueue(
        template="card_blocked",
        to=holder.email,
        language=holder.language,
        context={
            "number": typed_texts.harmless(card.number),
            "person": typed_texts.harmless(by.full_name or by.email),
        },
        now=now,
    )
