"""Proven registrations: who has shown whose mailbox it is registers and is a customer at once.

The company is made, the password set and the address noted as proven in one transaction; then what
was held is booked. Source: public-api, section 2, POST /api/register, "They become confirmed when the
person has verified the address and set a password".
"""

import datetime as dt

from django.db import transaction

from booking.domain import activation, onboarding
from booking.domain.activation import Activation
from booking.domain.registration_requests import Application
from organizations.domain import verifications
from organizations.models import User


def reader(email: str) -> User | None:
    """Return who has the address."""
    return User.objects.select_related("organization").filter(email=email.lower()).first()


def register(application: Application, *, password: str, now: dt.datetime) -> Activation:
    """Register the company of a proven address, and do what following a verification's link does.

    :raises AccountArchived: :raises PasswordRequired: :raises WeakPassword: nothing is kept then.
    """
    with transaction.atomic():
        onboarding.register(application, now=now)
        person = User.objects.get(email=application.email)
        proof = verifications.begin(person, now=now)
        verification = activation.prove(proof.pk, password=password, now=now)
    return activation.settle(verification, now=now)
