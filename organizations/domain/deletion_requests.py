"""Deletion requests: somebody wants their data gone; staff decide what the law makes them keep.

The mails that a request sends are its record: one to staff, who archive the person or write back,
and one to the person. Source: experience, A company, "data export and deletion"; GDPR, article 17.
"""

import datetime as dt

from django.conf import settings
from django.db import transaction

from organizations.domain import outbox, typed_texts
from organizations.models import Language, OutgoingEmail, User

TO_STAFF, TO_PERSON = "staff_deletion_asked", "deletion_asked"
ANSWERED_WITHIN = dt.timedelta(days=30)
"""How long the law gives us; asked again within that time, the first request stands."""


@transaction.atomic
def ask(person: User, *, now: dt.datetime) -> None:
    """Tell staff and the person that a deletion was asked for; once in `ANSWERED_WITHIN`."""
    User.objects.select_for_update(no_key=True).get(pk=person.pk)  # two clicks are one request
    if asked_at(person, now=now) is not None:
        return
    name = typed_texts.harmless(person.full_name) or person.email
    outbox.enqueue(
        template=TO_STAFF,
        to=settings.SUPPORT_EMAIL,
        language=Language.ENGLISH,
        context={"person": name, "email": person.email, "person_id": person.pk},
        now=now,
    )
    outbox.enqueue(
        template=TO_PERSON,
        to=person.email,
        language=person.language,
        context={"person_id": person.pk, "days": ANSWERED_WITHIN.days},
        now=now,
    )


def asked_at(person: User, *, now: dt.datetime) -> dt.datetime | None:
    """Return when the person asked, if that is no longer ago than `ANSWERED_WITHIN`."""
    asked = OutgoingEmail.objects.filter(
        template=TO_PERSON,
        context__person_id=person.pk,
        to_address=person.email,
        created_at__gt=now - ANSWERED_WITHIN,
    )
    return asked.order_by("-created_at").values_list("created_at", flat=True).first()
