"""Sealing: secrets that must be read again lie encrypted in the database, useless without the signing key."""

import base64

from cryptography.fernet import Fernet, MultiFernet
from django.conf import settings
from django.utils.crypto import salted_hmac

_MARK = "sealed:"


def seal(text: str) -> str:
    """Encrypt a text; every call gives another result, all open to the same text."""
    return _MARK + _box().encrypt(text.encode()).decode()


def unseal(sealed: str) -> str:
    """Return the text that was sealed, also under a former signing key; a text never sealed is itself.

    :raises cryptography.fernet.InvalidToken: when it was altered, or its signing key is gone.
    """
    if not sealed.startswith(_MARK):
        return sealed
    return _box().decrypt(sealed.removeprefix(_MARK).encode()).decode()


def _box() -> MultiFernet:
    keys = [settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS]
    return MultiFernet([Fernet(_derived(key)) for key in keys])


def _derived(key: str | bytes) -> bytes:
    digest = salted_hmac("config.sealing", "", secret=key, algorithm="sha256").digest()
    return base64.urlsafe_b64encode(digest)
