"""Mails about registrations, beside the one with the link that proves the address."""

import datetime as dt

from django.conf import settings

from booking.domain.registration_requests import Application
from config.links import Purpose
from organizations.domain import joining, outbox
from organizations.domain.typed_texts import harmless
from organizations.models import JoinRequest, Language, User


def ask_deciders(wish: JoinRequest, application: Application, *, now: dt.datetime) -> None:
    """Ask the company's administrators to decide; staff, when nobody there can."""
    facts = {
        "person": harmless(wish.person.full_name),
        "email": wish.person.email,
        "company": harmless(wish.organization.name),
        "comments": harmless(application.request.comments),
    }
    people = joining.deciders(wish.organization)
    for person in people:
        link = {"purpose": Purpose.DECIDE_JOINING, "subject": f"{wish.pk}-{person.pk}"}
        _send("join_asked", to=person, now=now, **facts, link=link)
    if not people:
        _tell_staff("staff_join_asked", now=now, **facts)


def contradiction(application: Application, *, now: dt.datetime) -> None:
    """Tell staff that company number and VAT number name two companies that are here."""
    request = application.request
    _tell_staff(
        "staff_contradiction",
        now=now,
        company=harmless(request.name),
        email=application.email,
        company_number=harmless(request.company_number),
        vat_number=harmless(request.vat_number),
    )


def approved(wish: JoinRequest, *, now: dt.datetime) -> None:
    """Tell the person that they belong to the company."""
    _send("join_approved", to=wish.person, now=now, company=harmless(wish.organization.name))


def invitation_accepted(wish: JoinRequest, *, now: dt.datetime) -> None:
    """Tell who invited them that somebody has become a colleague."""
    if wish.decided_by is None:
        return
    facts = {
        "person": harmless(wish.person.full_name or wish.person.email),
        "email": wish.person.email,
        "company": harmless(wish.organization.name),
    }
    _send("team_joined", to=wish.decided_by, now=now, **facts)


def refused(wish: JoinRequest, *, now: dt.datetime) -> None:
    """Tell the person that they do not."""
    _send("join_refused", to=wish.person, now=now, company=harmless(wish.organization.name))


def already_registered(person: User, *, now: dt.datetime) -> None:
    """Tell the mailbox, and nobody else, that its owner can simply log in."""
    _send("already_registered", to=person, now=now)


def registration_refused(email: str, *, language: str, now: dt.datetime) -> None:
    """Tell the mailbox, and nobody else, that the registration came to nothing."""
    outbox.enqueue(
        template="registration_refused", to=email, language=language, context={}, now=now
    )


def not_registered(email: str, *, language: str, now: dt.datetime) -> None:
    """Tell the mailbox, and nobody else, that nobody registered with it."""
    outbox.enqueue(template="not_registered", to=email, language=language, context={}, now=now)


def _send(template: str, *, to: User, now: dt.datetime, **facts: object) -> None:
    outbox.enqueue(template=template, to=to.email, language=to.language, context=facts, now=now)


def _tell_staff(template: str, *, now: dt.datetime, **facts: object) -> None:
    outbox.enqueue(
        template=template,
        to=settings.SUPPORT_EMAIL,
        language=Language.ENGLISH,
        context=facts,
        now=now,
    )
