"""Secret addresses of people's and companies' own calendars."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField
from organizations.models import Organization


@audit.track(exclude=["secret_hash", "last_read_at"])
class CalendarLink(models.Model):
    """The address at which a calendar program reads one person's or one company's meetings.

    Only the SHA-256 of its secret is kept. A renewed link is another row: the old one is gone.
    """

    id = ObjectIdField(primary_key=True)
    person = models.OneToOneField(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_link",
        verbose_name=_("person"),
    )
    organization = models.OneToOneField(
        Organization,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="calendar_link",
        verbose_name=_("organization"),
    )
    secret_hash = models.CharField(max_length=64, unique=True, editable=False)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("made by"),
    )
    created_at = models.DateTimeField(_("created"))
    last_read_at = models.DateTimeField(_("last read"), null=True, blank=True)

    class Meta:
        verbose_name = _("calendar link")
        verbose_name_plural = _("calendar links")
        constraints = [
            models.CheckConstraint(
                condition=Q(person=None, organization__isnull=False)
                | Q(person__isnull=False, organization=None),
                name="calendar_link_is_of_one_owner",
            ),
            models.CheckConstraint(
                condition=Q(secret_hash__regex=r"^[0-9a-f]{64}$"),  # noqa: S106 - a pattern
                name="calendar_link_hash_is_sha256",
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.organization)
