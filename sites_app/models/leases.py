"""Rooms that are let to one organization for a time."""

from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import DateRangeField, RangeOperators
from django.db import models
from django.db.models import F, Func, Q, Value
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField
from sites_app.models.rooms import Room


@audit.track()
class RoomLease(models.Model):
    """A room let to one organization. `ends_on` is the day it really ends: its own end or the contract's."""

    id = ObjectIdField(primary_key=True)
    room = models.ForeignKey(Room, models.PROTECT, related_name="leases", verbose_name=_("room"))
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        related_name="leases",
        verbose_name=_("organization"),
    )
    starts_on = models.DateField(_("from"), null=True, blank=True)
    own_end_on = models.DateField(_("own end"), null=True, blank=True)
    ends_on = models.DateField(_("ends"), null=True, blank=True, editable=False)
    price = models.DecimalField(
        _("price a month"), max_digits=10, decimal_places=2, null=True, blank=True
    )

    class Meta:
        verbose_name = _("lease")
        verbose_name_plural = _("leases")
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_on__gte=F("starts_on")) | Q(ends_on=None) | Q(starts_on=None),
                name="lease_ends_after_start",
            ),
            ExclusionConstraint(
                name="lease_one_tenant_at_a_time",
                expressions=[
                    ("room", RangeOperators.EQUAL),
                    (
                        Func(
                            F("starts_on"),
                            F("ends_on"),
                            Value("[]"),
                            function="daterange",
                            output_field=DateRangeField(),
                        ),
                        RangeOperators.OVERLAPS,
                    ),
                ],
                violation_error_message=_("This room is let to another tenant in that time."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on or '…'} – {self.ends_on or '…'}"
