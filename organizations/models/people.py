"""Who: companies, people, their cards, and the mail that is waiting to be sent."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.postgres.indexes import GinIndex, OpClass
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from config import audit, clock
from config.fields import ObjectIdField


class Language(models.TextChoices):
    ENGLISH = "en", _("English")
    FRENCH = "fr", _("French")


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
            ),
            models.CheckConstraint(
                condition=models.Q(rental_end_on__gte=models.F("rental_start_on"))
                | models.Q(rental_end_on=None)
                | models.Q(rental_start_on=None),
                name="organization_contract_ends_after_start",
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


class Role(models.TextChoices):
    """What a person is in their organization."""

    PRINCIPAL_ADMIN = "principal-admin", _("Principal administrator")
    ADMIN = "admin", _("Administrator")
    USER = "user", _("User")
    TEMP = "temp", _("Temporary")


class ApiRole(models.TextChoices):
    """What a person may do over the API, apart from their role in an organization."""

    NONE = "", _("None")
    DEVELOPER = "api-developer", _("API developer")
    APP_ADMIN = "app-admin", _("Application administrator")


class ScheduleVisibility(models.TextChoices):
    """What colleagues see of a person's plans. Source: Workplace API, section 9."""

    OPEN = "open", _("Open to invitation")
    RESTRICTED = "restricted", _("Restricted")
    HIDDEN = "hidden", _("Hidden")


class UserManager(BaseUserManager["User"]):
    """Lets Django find people by e-mail, in whatever case it is typed."""

    def get_by_natural_key(self, username: str | None) -> "User":
        return self.get(email__iexact=username)


@audit.track(exclude=["password", "last_login"])
class User(AbstractBaseUser):
    """A person, known by their e-mail address (stored in lower case)."""

    id = ObjectIdField(primary_key=True)
    email = models.EmailField(_("e-mail"), unique=True)
    first_name = models.CharField(_("first name"), max_length=100, blank=True)
    last_name = models.CharField(_("last name"), max_length=100, blank=True)
    phone = models.CharField(_("phone"), max_length=32, blank=True)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    organization = models.ForeignKey(
        Organization,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="people",
        verbose_name=_("organization"),
    )
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.TEMP)
    api_role = models.CharField(
        _("API role"), max_length=20, choices=ApiRole.choices, default=ApiRole.NONE, blank=True
    )
    is_archived = models.BooleanField(_("archived"), default=False)
    email_verified_at = models.DateTimeField(_("e-mail verified"), null=True, blank=True)
    external_id = models.CharField(_("external id"), max_length=200, blank=True)
    schedule_visibility = models.CharField(
        _("schedule"),
        max_length=10,
        choices=ScheduleVisibility.choices,
        default=ScheduleVisibility.OPEN,
    )
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    updated_at = models.DateTimeField(_("updated"), auto_now=True)

    objects = UserManager()
    USERNAME_FIELD = "email"
    EMAIL_FIELD = "email"
    REQUIRED_FIELDS = []

    class Meta:
        verbose_name = _("person")
        verbose_name_plural = _("people")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="user_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(schedule_visibility__in=ScheduleVisibility.values),
                name="user_schedule_visibility_is_known",
            ),
            models.UniqueConstraint(
                fields=["organization", "external_id"],
                condition=~models.Q(external_id=""),
                nulls_distinct=False,
                name="user_external_id_once",
                violation_error_message=_("Somebody of this organization has this external id."),
            ),
        ]
        indexes = [models.Index(fields=["organization"], name="user_organization")]

    def __str__(self) -> str:
        return self.email

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def shown_role(self) -> str:
        """The role that API answers show: the one in the organization, or the API role without one."""
        if self.organization_id is None and self.api_role:
            return self.api_role
        return self.role

    @property
    def is_principal_admin(self) -> bool:
        """Whether this person decides who belongs to their company: only once the address is proven."""
        return (
            self.organization_id is not None
            and self.role == Role.PRINCIPAL_ADMIN
            and self.is_existing
        )

    @property
    def counts_as_archived(self) -> bool:
        """Whether the person or their company is archived. Source: public-api, section 6, People."""
        return self.is_archived or (self.organization is not None and self.organization.is_archived)

    @property
    def is_existing(self) -> bool:
        """Whether a booking by this person is confirmed at once. Source: public-api, section 6, People."""
        return (
            not self.counts_as_archived
            and self.email_verified_at is not None
            and self.role != Role.TEMP
        )

    @property
    def is_active(self) -> bool:  # type: ignore[override]  # Django only ever reads it
        return not self.counts_as_archived

    @property
    def is_staff(self) -> bool:
        return self.api_role == ApiRole.APP_ADMIN and self.is_active

    def has_perm(self, _perm: str, _obj: object = None) -> bool:
        """Staff may do everything in the back office; nobody else may do anything there."""
        return self.is_staff

    def has_perms(self, _perms: object, _obj: object = None) -> bool:
        return self.is_staff

    def has_module_perms(self, _app_label: str) -> bool:
        return self.is_staff


class EmailVerification(models.Model):
    """A link that was mailed to prove an address; the link is signed, so no secret is stored."""

    id = ObjectIdField(primary_key=True)
    user = models.ForeignKey(
        User, models.CASCADE, related_name="verifications", verbose_name=_("person")
    )
    email = models.EmailField(verbose_name=_("e-mail"))
    created_at = models.DateTimeField(verbose_name=_("created"))
    expires_at = models.DateTimeField(verbose_name=_("expires"))
    used_at = models.DateTimeField(null=True, blank=True, verbose_name=_("used"))
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("e-mail verification")
        verbose_name_plural = _("e-mail verifications")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("created_at")),
                name="verification_expires_after_creation",
            )
        ]
        indexes = [
            models.Index(
                fields=["used_at"],
                name="verification_unsettled",
                condition=models.Q(used_at__isnull=False, settled_at=None),
            )
        ]

    def __str__(self) -> str:
        return self.email


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


class EmailStatus(models.TextChoices):
    PENDING = "pending", _("Waiting")
    SENT = "sent", _("Sent")
    FAILED = "failed", _("Given up")


class OutgoingEmail(models.Model):
    """A mail that the same transaction promised as the change it speaks of; rendered when it is sent."""

    id = ObjectIdField(primary_key=True)
    template = models.CharField(_("template"), max_length=60)
    to_address = models.EmailField(_("to"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    context = models.JSONField(_("facts"), default=dict)
    calendar = models.BinaryField(null=True, editable=False)
    calendar_method = models.CharField(max_length=10, blank=True, verbose_name=_("calendar method"))
    status = models.CharField(
        _("status"), max_length=10, choices=EmailStatus.choices, default=EmailStatus.PENDING
    )
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"))
    last_error = models.TextField(_("last error"), blank=True)
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"), null=True, blank=True)

    class Meta:
        verbose_name = _("outgoing e-mail")
        verbose_name_plural = _("outgoing e-mails")
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="outgoing_email_due",
                condition=models.Q(status="pending"),
            ),
            models.Index(fields=["to_address"], name="outgoing_email_to"),
        ]

    def __str__(self) -> str:
        return f"{self.template} → {self.to_address}"
