"""The cards with which people open doors."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config import audit, clock
from config.fields import ObjectIdField
from organizations.models.people import User


class AccessCardStatus(models.TextChoices):
    ORDERED = "ordered", _("Ordered")
    ACTIVE = "active", _("Active")
    BLOCKED = "blocked", _("Blocked")
    LOST = "lost", _("Lost")


@audit.track()
class AccessCard(models.Model):
    """A badge that opens the doors of some sites for one person.

    `blocked_from` is the status that archiving took from it; one that staff block has none.
    """

    id = ObjectIdField(primary_key=True)
    number = models.CharField(_("number"), max_length=64, unique=True)
    holder = models.ForeignKey(
        User, models.PROTECT, related_name="access_cards", verbose_name=_("holder")
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=AccessCardStatus.choices,
        default=AccessCardStatus.ORDERED,
    )
    blocked_from = models.CharField(
        max_length=10,
        choices=AccessCardStatus.choices,
        blank=True,
        default="",
        editable=False,
    )
    created_at = models.DateTimeField(_("created"), default=clock.now, editable=False)

    class Meta:
        verbose_name = _("access card")
        verbose_name_plural = _("access cards")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(blocked_from="")
                | models.Q(status="blocked", blocked_from__in=["ordered", "active"]),
                name="access_card_blocked_from_goes_with_blocked",
            )
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def is_in_use(self) -> bool:
        """Whether the card opens doors, or will once its holder is known."""
        return self.status in (AccessCardStatus.ORDERED, AccessCardStatus.ACTIVE)
