"""Who looked at what is personal: presence and forecasts of named people."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config import moments
from config.fields import ObjectIdField


class ReadKind(models.TextChoices):
    OCCUPANCY = "occupancy", _("Occupancy")
    FORECAST = "forecast", _("Forecast")


class PersonalRead(models.Model):
    """That a key was told the presence or the forecast of people; none named means all it may see.

    Source: Workplace API, section 9.
    """

    id = ObjectIdField(primary_key=True)
    kind = models.CharField(_("what"), max_length=10, choices=ReadKind.choices)
    api_token = models.ForeignKey(
        "apitokens.ApiToken",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("API token"),
    )
    people = ArrayField(models.CharField(max_length=24), verbose_name=_("people"), default=list)
    rows = models.PositiveIntegerField(_("rows"))
    at = models.DateTimeField(_("at"))

    class Meta:
        verbose_name = _("reading of personal data")
        verbose_name_plural = _("readings of personal data")
        constraints = [
            models.CheckConstraint(
                condition=Q(kind__in=ReadKind.values), name="personal_read_kind_is_known"
            )
        ]
        indexes = [models.Index(fields=["at"], name="personal_read_at")]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}, {moments.shown(self.at)}"
