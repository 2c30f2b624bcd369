"""What tells every process that a kept answer of the catalogue holds no more."""

from django.db import models
from django.utils.translation import gettext_lazy as _


class CatalogueChange(models.Model):
    """Which transaction changed which room (empty: all of them), as noted by triggers.

    A cached answer remembers the snapshot it was read in and holds while no row here is invisible to it.
    """

    transaction = models.BigIntegerField(verbose_name=_("transaction"))
    room = models.CharField(max_length=24, blank=True, verbose_name=_("room"))
    at = models.DateTimeField(db_default=models.functions.Now(), verbose_name=_("changed"))

    class Meta:
        verbose_name = _("catalogue change")
        verbose_name_plural = _("catalogue changes")
        constraints = [
            models.UniqueConstraint(
                fields=["transaction", "room"], name="catalogue_change_once_a_transaction"
            )
        ]
        indexes = [models.Index(fields=["at"], name="catalogue_change_at")]

    def __str__(self) -> str:
        return f"{self.transaction} {self.room}"
