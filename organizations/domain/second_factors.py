"""Second factors set up on the command line, for staff who have no session yet."""

from allauth.mfa.adapter import get_adapter
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret
from allauth.mfa.utils import decrypt

from organizations.models import User


def ensure(user: User) -> str:
    """Give a person a time-based second factor unless they have one; return its secret (base 32)."""
    known = secret_of(user)
    if known is not None:
        return known
    secret = str(generate_totp_secret())
    TOTP.activate(user, secret)
    return secret


def secret_of(user: User) -> str | None:
    """Return the secret of a person's time-based second factor (RFC 6238), or None."""
    found = Authenticator.objects.filter(user=user, type=Authenticator.Type.TOTP).first()
    return None if found is None else str(decrypt(found.data["secret"]))


def setup_line(user: User, *, secret: str) -> str:
    """Return the otpauth address that authenticator apps read."""
    return str(get_adapter().build_totp_url(user, secret))
