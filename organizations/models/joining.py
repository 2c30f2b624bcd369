"""Who wants to belong to a company that is here already."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField
from organizations.models.people import Organization, User


class JoinStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@audit.track()
class JoinRequest(models.Model):
    """Somebody's wish to belong to a company whose number they gave; nothing changes until it is approved.

    `settled_at` tells that all that follows from an approval has been done.
    """

    id = ObjectIdField(primary_key=True)
    person = models.ForeignKey(
        User, models.CASCADE, related_name="join_requests", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="join_requests",
        verbose_name=_("organization"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=JoinStatus.choices, default=JoinStatus.WAITING
    )
    created_at = models.DateTimeField(_("created"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("wish to join")
        verbose_name_plural = _("wishes to join")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(status="waiting"),
                name="join_request_one_waiting_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status="waiting", decided_at=None)
                | (~models.Q(status="waiting") & models.Q(decided_at__isnull=False)),
                name="join_request_decided_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization"],
                name="join_request_waiting",
                condition=models.Q(status="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.organization}"

    @property
    def is_waiting(self) -> bool:
        return self.status == JoinStatus.WAITING
