"""Who may see an event: one rule, for the change feed and for webhooks. Source: safety, S-11."""

from django.db.models import Q

from apitokens.domain import callers
from apitokens.models import Event
from organizations.models import User

FOR_EVERY_TOKEN = ("room", "site")
"""The kinds of things that every token may read."""


def visible_to(owner: User) -> Q:
    """Return the condition for the events that an owner may see; `sees` says the same of one."""
    if callers.is_partner(owner):
        return Q()
    return (
        Q(organization_id=owner.organization_id)
        | Q(people__contains=[owner.pk])
        | Q(object_kind__in=FOR_EVERY_TOKEN)
    )


def sees(owner: User, event: Event) -> bool:
    """Say whether an owner may see one event; `visible_to` says the same of many."""
    return (
        callers.may_see(owner, organization_id=event.organization_id)
        or owner.pk in event.people
        or event.object_kind in FOR_EVERY_TOKEN
    )
