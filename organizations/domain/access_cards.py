"""Access cards: which ones open doors, once their holder is known."""

from organizations.models import AccessCard, AccessCardStatus, OrganizationStatus


def activate(organization_id: str) -> list[AccessCard]:
    """Activate the ordered cards of a company's verified people, if the company is active; return them.

    Source: public-api, section 7, "An access card".
    """
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
