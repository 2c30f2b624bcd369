"""Mail that is waiting to be sent, or was."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.fields import ObjectIdField
from organizations.models.languages import Language


class EmailStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")


class OutgoingEmail(models.Model):
    """A mail that the same transaction promised as the change it speaks of; rendered when it is sent."""

    id = ObjectIdField(primary_key=True)
    template = models.CharField(_("template"), max_length=60)
    to_address = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    context = models.JSONField(_("facts"), default=dict)
    calendar_notes = models.JSONField(null=True, editable=False)
    calendar = models.BinaryField(null=True, editable=False)
    calendar_method = models.CharField(max_length=10, blank=True, verbose_name=_("calendar method"))
    status = models.CharField(
        _("status"), max_length=10, choices=EmailStatus.choices, default=EmailStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outgoing_email_due",
                condition=models.Q(status="pending"),
            ),
            models.Index(fields=["to_address"], name="outgoing_email_to"),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.to_address}"
