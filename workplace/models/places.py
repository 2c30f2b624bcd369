"""Where people sit: the layers of a site, their zones and spaces, and where its rooms lie."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField


@audit.track()
class Layer(models.Model):
    """A floor, or another level of a site's plan; `ordinal` is its place from the ground up."""

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(
        "sites_app.Site", models.PROTECT, related_name="layers", verbose_name=_("location")
    )
    name = models.CharField(_("name"), max_length=200)
    ordinal = models.SmallIntegerField(_("order"), default=0)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("layer")
        verbose_name_plural = _("layers")
        constraints = [models.UniqueConstraint(fields=["site", "name"], name="layer_name_once")]

    def __str__(self) -> str:
        return self.name


@audit.track()
class Zone(models.Model):
    """A neighbourhood of a layer, with seats for `capacity` people; `x`, `y` is its middle on the plan.

    With an `organization` it is that tenant's own: only its evolutions seat people there.
    """

    id = ObjectIdField(primary_key=True)
    layer = models.ForeignKey(Layer, models.PROTECT, related_name="zones", verbose_name=_("layer"))
    name = models.CharField(_("name"), max_length=200)
    capacity = models.PositiveIntegerField(_("seats"), default=0)
    labels = ArrayField(
        models.CharField(max_length=60), verbose_name=_("labels"), default=list, blank=True
    )
    neighbours = models.ManyToManyField(
        "self", symmetrical=True, blank=True, verbose_name=_("neighbours")
    )
    x = models.FloatField(_("x"), null=True, blank=True)
    y = models.FloatField(_("y"), null=True, blank=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="zones",
        verbose_name=_("organization"),
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("zone")
        verbose_name_plural = _("zones")
        constraints = [
            models.UniqueConstraint(fields=["layer", "name"], name="zone_name_once"),
            models.CheckConstraint(
                condition=Q(x__isnull=True, y__isnull=True) | Q(x__isnull=False, y__isnull=False),
                name="zone_lies_at_both_or_nowhere",
            ),
        ]

    def __str__(self) -> str:
        return self.name


@audit.track()
class Space(models.Model):
    """One desk or other seat, in a zone or in a room of its layer."""

    id = ObjectIdField(primary_key=True)
    layer = models.ForeignKey(Layer, models.PROTECT, related_name="spaces", verbose_name=_("layer"))
    zone = models.ForeignKey(
        Zone, models.PROTECT, null=True, blank=True, related_name="spaces", verbose_name=_("zone")
    )
    room = models.ForeignKey(
        "sites_app.Room",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="spaces",
        verbose_name=_("room"),
    )
    name = models.CharField(_("name"), max_length=200, blank=True)
    labels = ArrayField(
        models.CharField(max_length=60), verbose_name=_("labels"), default=list, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("space")
        verbose_name_plural = _("spaces")

    def __str__(self) -> str:
        return self.name or self.id


@audit.track()
class RoomPlacement(models.Model):
    """The layer that a room lies on."""

    room = models.OneToOneField(
        "sites_app.Room",
        models.CASCADE,
        primary_key=True,
        related_name="placement",
        verbose_name=_("room"),
    )
    layer = models.ForeignKey(
        Layer, models.PROTECT, related_name="room_placements", verbose_name=_("layer")
    )

    class Meta:
        verbose_name = _("room's layer")
        verbose_name_plural = _("rooms' layers")

    def __str__(self) -> str:
        return f"{self.room_id} @ {self.layer_id}"
