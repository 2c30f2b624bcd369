"""Sites: where they are, on which clock, and which organizations may go in."""

from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.fields import ObjectIdField


class Site(models.Model):
    """A building with rooms, in one country, on one clock.

    `operating_hours` lists `{"days": [1-7], "open": "07:00", "close": "21:00"}` with ISO weekdays; none
    means every weekday, all day. `capacity` is how many people fit in, if not what its spaces come to;
    public holidays are those of `holiday_country`, if not of `country`.
    """

    id = ObjectIdField(primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    country = models.CharField(_("country"), max_length=2)
    is_public = models.BooleanField(_("public"), default=True)
    time_zone = models.CharField(_("time zone"), max_length=64, default="Europe/Paris")
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    address = models.CharField(_("address"), max_length=300, blank=True)
    city = models.CharField(_("city"), max_length=100, blank=True)
    postal_code = models.CharField(_("postal code"), max_length=20, blank=True)
    latitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True, verbose_name=_("latitude")
    )
    longitude = models.DecimalField(
        max_digits=9, decimal_places=6, null=True, blank=True, verbose_name=_("longitude")
    )
    email = models.EmailField(_("e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    description = models.TextField(_("description"), blank=True)
    description_fr = models.TextField(_("description (French)"), blank=True)
    closed_dates = ArrayField(
        models.DateField(), default=list, blank=True, verbose_name=_("closed dates")
    )
    public_holidays = models.BooleanField(_("closed on public holidays"), default=False)
    busy_only = models.BooleanField(_("hide subjects in public calendars"), default=False)
    operating_hours = models.JSONField(_("operating hours"), default=list, blank=True)
    capacity = models.PositiveIntegerField(_("seats of the site"), null=True, blank=True)
    holiday_country = models.CharField(_("country of public holidays"), max_length=2, blank=True)
    holiday_subdivision = models.CharField(
        _("region of public holidays"), max_length=10, blank=True
    )
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    workplace_settings = models.JSONField(_("workplace settings"), default=dict, blank=True)
    members = models.ManyToManyField(
        "organizations.Organization",
        through="SiteMembership",
        related_name="accessible_sites",
        blank=True,
        verbose_name=_("organizations with access"),
    )
    access_cards = models.ManyToManyField(
        "organizations.AccessCard", related_name="sites", blank=True, verbose_name=_("access cards")
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("site")
        verbose_name_plural = _("sites")
        constraints = [
            models.CheckConstraint(
                condition=Q(country__regex=r"^[A-Z]{2}$"), name="site_country_is_iso"
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="site_currency_is_iso"
            ),
            models.CheckConstraint(
                condition=Q(holiday_country__regex=r"^([A-Z]{2})?$"),
                name="site_holiday_country_is_iso",
            ),
            models.UniqueConstraint(
                fields=["external_id"],
                condition=~Q(external_id=""),
                name="site_external_id_once",
                violation_error_message=_("Another site has this external id."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def full_address(self) -> str:
        """Street, postal code and city on one line; "" when none is known."""
        place = f"{self.postal_code} {self.city}".strip()
        return ", ".join(part for part in (self.address, place) if part)


class SiteMembership(models.Model):
    """An organization's access to a site, in the order in which it was given."""

    site = models.ForeignKey(
        Site, models.CASCADE, related_name="memberships", verbose_name=_("site")
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="site_memberships",
        verbose_name=_("organization"),
    )
    position = models.PositiveSmallIntegerField(default=0, verbose_name=_("position"))

    class Meta:
        verbose_name = _("site access")
        verbose_name_plural = _("site access")
        constraints = [
            models.UniqueConstraint(fields=["site", "organization"], name="site_membership_once")
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} @ {self.site_id}"
