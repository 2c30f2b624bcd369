"""When sites and rooms are closed, or open at other hours than every week."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import moments
from config.fields import ObjectIdField
from sites_app.models.rooms import Room
from sites_app.models.sites import Site


class Closure(models.Model):
    """A time in which a site, or one of its rooms, is closed; existing bookings stay."""

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(Site, models.CASCADE, related_name="closures", verbose_name=_("site"))
    room = models.ForeignKey(
        Room, models.CASCADE, null=True, blank=True, related_name="closures", verbose_name=_("room")
    )
    starts_at = models.DateTimeField(_("from"))
    ends_at = models.DateTimeField(_("to"))
    reason = models.CharField(_("reason (English)"), max_length=200, blank=True)
    reason_fr = models.CharField(_("reason (French)"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("closure")
        verbose_name_plural = _("closures")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="closure_ends_after_start"
            )
        ]

    def __str__(self) -> str:
        return self.reason or moments.shown(self.starts_at)


class OpeningException(models.Model):
    """Other opening hours of a site on one day; beats the weekly hours. Empty slots mean closed."""

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(
        Site, models.CASCADE, related_name="opening_exceptions", verbose_name=_("site")
    )
    date = models.DateField(_("date"))
    slots = models.CharField(_("open"), max_length=200, blank=True)
    reason = models.CharField(_("reason (English)"), max_length=200, blank=True)
    reason_fr = models.CharField(_("reason (French)"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("opening exception")
        verbose_name_plural = _("opening exceptions")
        constraints = [
            models.UniqueConstraint(fields=["site", "date"], name="opening_exception_once_a_day")
        ]

    def __str__(self) -> str:
        return f"{self.date}: {self.slots or '–'}"
