"""On what terms: what can be ordered beside a room, and what a company has ordered."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField

UNIQUE_KEYS = (
    "parking",
    "bike_garage",
    "meeting_room_package",
    "food_service",
    "garbage_service",
    "cleaning_service",
    "private_network",
    "private_wifi",
)


class RateType(models.TextChoices):
    """Source: Public API, GET /api/contract-options, "Rate Types"."""

    OTHER = "other", _("Fixed price")
    QUOTE = "quote", _("On request")
    QUANTITY = "quantity", _("By quantity")
    PROMO = "promo", _("Promotional start")
    PROMO_WITH_QUANTITY = "promoWithQuantity", _("Promotional start, by quantity")


class VatType(models.TextChoices):
    STANDARD = "standard", _("Standard")
    NONE = "none", _("None")
    SPECIAL = "special", _("Special")


@audit.track()
class Rate(models.Model):
    """An additional service and its monthly prices, of one site or (without a site) of all."""

    id = ObjectIdField(primary_key=True)
    site = models.ForeignKey(
        "sites_app.Site", models.CASCADE, null=True, blank=True, related_name="rates"
    )
    key = models.CharField(_("key"), max_length=60)
    name = models.CharField(_("technical name"), max_length=200)
    name_fr = models.CharField(_("French name"), max_length=200, blank=True)
    name_en = models.CharField(_("English name"), max_length=200, blank=True)
    type = models.CharField(
        _("type"), max_length=20, choices=RateType.choices, default=RateType.OTHER
    )
    public_base = models.DecimalField(_("public price"), max_digits=10, decimal_places=2, default=0)
    member_base = models.DecimalField(_("member price"), max_digits=10, decimal_places=2, default=0)
    public_promo = models.DecimalField(
        _("public promotional price"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    member_promo = models.DecimalField(
        _("member promotional price"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    promo_months = models.PositiveSmallIntegerField(_("promotional months"), null=True, blank=True)
    setup_fees = models.DecimalField(_("setup fees"), max_digits=10, decimal_places=2, default=0)
    vat_type = models.CharField(
        _("VAT"), max_length=10, choices=VatType.choices, default=VatType.STANDARD
    )
    vat_rate = models.DecimalField(
        _("special VAT rate, %"), max_digits=5, decimal_places=2, null=True, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)

    class Meta:
        verbose_name = _("rate")
        verbose_name_plural = _("rates")
        constraints = [
            models.CheckConstraint(
                condition=Q(vat_type=VatType.SPECIAL, vat_rate__isnull=False)
                | (~Q(vat_type=VatType.SPECIAL) & Q(vat_rate__isnull=True)),
                name="rate_special_vat_has_a_rate",
            ),
        ]
        indexes = [models.Index(fields=["site", "key"], name="rate_site_key")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_unique(self) -> bool:
        return self.key in UNIQUE_KEYS

    @property
    def supports_quantity(self) -> bool:
        return self.type in (RateType.QUANTITY, RateType.PROMO_WITH_QUANTITY)


@audit.track()
class ContractOption(models.Model):
    """A service that an organization ordered. `number` is its id in the API, counted per organization."""

    id = ObjectIdField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization", models.CASCADE, related_name="contract_options"
    )
    number = models.PositiveIntegerField(_("number"))
    rate = models.ForeignKey(Rate, models.PROTECT, related_name="+")
    key = models.CharField(_("key"), max_length=60)
    name = models.CharField(_("name"), max_length=200)
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    price = models.DecimalField(
        _("own price"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    price_promo = models.DecimalField(
        _("own promotional price"), max_digits=10, decimal_places=2, null=True, blank=True
    )
    promo_months = models.PositiveSmallIntegerField(_("promotional months"), null=True, blank=True)
    start_on = models.DateField(_("from"), null=True, blank=True)
    end_on = models.DateField(_("to"), null=True, blank=True)

    class Meta:
        verbose_name = _("contract option")
        verbose_name_plural = _("contract options")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "number"], name="contract_option_number_once"
            ),
            models.UniqueConstraint(
                fields=["organization", "key"],
                condition=Q(key__in=UNIQUE_KEYS),
                name="contract_option_unique_key_once",
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="contract_option_quantity_at_least_one"
            ),
            models.CheckConstraint(
                condition=Q(end_on__gte=F("start_on")) | Q(end_on=None) | Q(start_on=None),
                name="contract_option_ends_after_start",
            ),
        ]

    def __str__(self) -> str:
        return self.name
