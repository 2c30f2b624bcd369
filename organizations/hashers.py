"""How passwords are stored."""

from django.contrib.auth.hashers import Argon2PasswordHasher
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


class PortalArgon2PasswordHasher(Argon2PasswordHasher):
    """Argon2id with 19 MiB and two passes.

    Source: OWASP Password Storage Cheat Sheet; a tenth of Django's default time and a fifth of its memory.
    """

    time_cost = 2
    memory_cost = 19 * 1024
    parallelism = 1


class MaximumLengthValidator:
    """Refuses passwords that would only cost memory. Source: ASVS 5.0, 6.2.9 (at least 64 are allowed)."""

    limit = 128

    def validate(self, password: str, user: object = None) -> None:  # noqa: ARG002 - Django's interface
        if len(password) > self.limit:
            raise ValidationError(self.get_help_text(), code="password_too_long")

    def get_help_text(self) -> str:
        return _("Your password can hold at most %(limit)d characters.") % {"limit": self.limit}
