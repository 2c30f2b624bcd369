"""On what terms: what can be ordered beside a room, what a company has ordered, what it owes a month."""

from django.db import models
from django.db.models import F, Q
from django.utils.formats import date_format
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
        "sites_app.Site",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="rates",
        verbose_name=_("site"),
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
                violation_error_message=_(
                    "A special VAT has a rate of its own, and no other VAT has."
                ),
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
        "organizations.Organization",
        models.CASCADE,
        related_name="contract_options",
        verbose_name=_("organization"),
    )
    number = models.PositiveIntegerField(_("number"))
    rate = models.ForeignKey(Rate, models.PROTECT, related_name="+", verbose_name=_("rate"))
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
                violation_error_message=_("The service ends before it starts."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class StatementStatus(models.TextChoices):
    DRAFT = "draft", _("Draft")
    FINAL = "final", _("Final")


@audit.track()
class Statement(models.Model):
    """What an organization owes for one month, in one currency. A final one never changes."""

    id = ObjectIdField(primary_key=True)
    organization = models.ForeignKey(
        "organizations.Organization",
        models.PROTECT,
        related_name="statements",
        verbose_name=_("organization"),
    )
    month = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3, default="EUR")
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=StatementStatus.choices,
        default=StatementStatus.DRAFT,
    )
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    vat = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2)
    gross = models.DecimalField(_("total"), max_digits=14, decimal_places=2)
    made_at = models.DateTimeField(_("made"))
    finalized_at = models.DateTimeField(_("finalized"), null=True, blank=True)

    class Meta:
        verbose_name = _("statement")
        verbose_name_plural = _("statements")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "month", "currency"], name="statement_once_a_month"
            ),
            models.CheckConstraint(condition=Q(month__day=1), name="statement_month_is_its_first"),
            models.CheckConstraint(
                condition=Q(gross=F("net") + F("vat")), name="statement_adds_up"
            ),
            models.CheckConstraint(
                condition=Q(status="draft", finalized_at=None)
                | Q(status="final", finalized_at__isnull=False),
                name="statement_final_has_its_moment",
            ),
        ]
        indexes = [models.Index(fields=["month"], name="statement_month")]

    def __str__(self) -> str:
        return date_format(self.month, "F Y")

    @property
    def is_draft(self) -> bool:
        return self.status == StatementStatus.DRAFT


class LineKind(models.TextChoices):
    RENT = "rent", _("Rent")
    ROOM = "room", _("Room")
    OPTION = "option", _("Service")
    PROMO = "promo", _("Service, promotional price")
    SETUP = "setup", _("Setup fees")
    MEETING = "meeting", _("Meeting")
    CANCELLATION = "cancellation", _("Cancellation fee")


@audit.track()
class StatementLine(models.Model):
    """One amount of a statement; `reference` is the id of the room, option or meeting it is for."""

    id = ObjectIdField(primary_key=True)
    statement = models.ForeignKey(Statement, models.CASCADE, related_name="lines")
    position = models.PositiveIntegerField(_("position"))
    kind = models.CharField(_("kind"), max_length=12, choices=LineKind.choices)
    label = models.CharField(_("what"), max_length=300, blank=True)
    key = models.CharField(_("key"), max_length=60, blank=True)
    reference = models.CharField(_("reference"), max_length=24, blank=True)
    first_on = models.DateField(_("from"))
    last_on = models.DateField(_("to"))
    quantity = models.PositiveIntegerField(_("quantity"), default=1)
    unit_price = models.DecimalField(_("unit price"), max_digits=12, decimal_places=2)
    net = models.DecimalField(_("net"), max_digits=14, decimal_places=2)
    vat_rate = models.DecimalField(_("VAT, %"), max_digits=5, decimal_places=2)
    vat = models.DecimalField(_("VAT"), max_digits=14, decimal_places=2)

    class Meta:
        verbose_name = _("statement line")
        verbose_name_plural = _("statement lines")
        constraints = [
            models.UniqueConstraint(
                fields=["statement", "position"], name="statement_line_position_once"
            ),
            models.CheckConstraint(
                condition=Q(last_on__gte=F("first_on")), name="statement_line_ends_after_start"
            ),
            models.CheckConstraint(
                condition=Q(quantity__gte=1), name="statement_line_quantity_at_least_one"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.label}"


class NoticeKind(models.TextChoices):
    SIXTY_DAYS = "60days", _("60 days before the end")
    THIRTY_DAYS = "30days", _("30 days before the end")


class ContractNotice(models.Model):
    """That an organization was told of its contract's end, so that it is told once."""

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        related_name="contract_notices",
        verbose_name=_("organization"),
    )
    kind = models.CharField(_("kind"), max_length=10, choices=NoticeKind.choices)
    ends_on = models.DateField(_("contract end"))
    at = models.DateTimeField(_("told"))

    class Meta:
        verbose_name = _("contract notice")
        verbose_name_plural = _("contract notices")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "kind", "ends_on"], name="contract_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.organization_id} {self.kind} {self.ends_on}"
