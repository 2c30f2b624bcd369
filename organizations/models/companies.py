"""Companies: who they are, how to bill them, and the terms of their contracts."""

from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField
from organizations.models.languages import Language


def digits_of(field: str) -> models.Func:
    """Return the expression of a number's digits, by which companies are looked for."""
    return models.Func(
        models.F(field),
        models.Value(r"\D"),
        models.Value(""),
        models.Value("g"),
        function="regexp_replace",
        output_field=models.TextField(),
    )


class OrganizationStatus(models.TextChoices):
    PENDING = "pending", _("Pending")
    ACTIVE = "active", _("Active")


@audit.track()
class Organization(models.Model):
    """A company: who it is, how to bill it, and the terms of its rental contract."""

    id = ObjectIdField(primary_key=True)
    name = models.CharField(_("name"), max_length=200)
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=OrganizationStatus.choices,
        default=OrganizationStatus.PENDING,
    )
    is_archived = models.BooleanField(_("archived"), default=False)
    is_member = models.BooleanField(_("member prices"), default=False)
    email = models.EmailField(_("billing e-mail"), blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    country = models.CharField(_("country"), max_length=2, blank=True)
    company_number = models.CharField(_("company number"), max_length=32, blank=True)
    vat_number = models.CharField(_("VAT number"), max_length=32, blank=True)
    address = models.TextField(_("address"), blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    max_resident_users = models.PositiveIntegerField(_("people with access"), default=1)
    comments = models.TextField(_("wishes told at registration"), blank=True)
    identity_verification = models.JSONField(_("company register's answer"), null=True, blank=True)

    rental_price_text = models.CharField(_("rental price as written"), max_length=64, blank=True)
    base_price = models.DecimalField(
        _("base price a month"), max_digits=12, decimal_places=2, null=True, blank=True
    )
    rental_comment = models.TextField(_("rental comment"), blank=True)
    rental_start_on = models.DateField(_("contract start"), null=True, blank=True)
    rental_end_on = models.DateField(_("contract end"), null=True, blank=True)
    rental_url = models.URLField(_("documents"), max_length=500, blank=True)
    renewal_months = models.PositiveSmallIntegerField(
        _("automatic renewal, months"), null=True, blank=True
    )
    next_option_number = models.PositiveIntegerField(default=1, editable=False)
    person_forecasts = models.BooleanField(
        _("forecasts of single people"),
        default=False,
        help_text=_("Predicting when each person comes is profiling: ask the company first."),
    )

    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    class Meta:
        verbose_name = _("organization")
        verbose_name_plural = _("organizations")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(country__regex=r"^([A-Z]{2})?$"),
                name="organization_country_is_iso",
                violation_error_message=_("Write the country as two letters, such as FR."),
            ),
            models.CheckConstraint(
                condition=models.Q(rental_end_on__gte=models.F("rental_start_on"))
                | models.Q(rental_end_on=None)
                | models.Q(rental_start_on=None),
                name="organization_contract_ends_after_start",
                violation_error_message=_("The contract ends before it starts."),
            ),
        ]
        indexes = [
            models.Index(Lower("name"), name="organization_name"),
            GinIndex(
                OpClass(digits_of("company_number"), name="gin_trgm_ops"),
                name="organization_number_digits",
                fastupdate=False,
            ),
            GinIndex(
                OpClass(digits_of("vat_number"), name="gin_trgm_ops"),
                name="organization_vat_digits",
                fastupdate=False,
            ),
        ]

    def __str__(self) -> str:
        return self.name
