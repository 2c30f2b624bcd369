"""People: who they are, what they may do, and the links that prove their addresses."""

from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField
from organizations.models.companies import Organization
from organizations.models.languages import Language


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
    second_factor_reset_at = models.DateTimeField(
        _("second factor reset"), null=True, blank=True, editable=False
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
