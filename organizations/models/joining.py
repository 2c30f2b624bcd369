"""Who wants, or is asked, to belong to a company that is here already."""

from django.db import models
from django.db.models.functions import Lower
from django.utils.translation import gettext_lazy as _

from config import audit
from config.fields import ObjectIdField
from organizations.models.companies import Organization
from organizations.models.languages import Language
from organizations.models.people import Role, User


class JoinStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for approval")
    APPROVED = "approved", _("Approved")
    REFUSED = "refused", _("Refused")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@audit.track()
class JoinRequest(models.Model):
    """Somebody's wish to belong to a company whose number they gave; nothing changes until it is approved.

    `settled_at` tells that all that follows from an approval has been done.
    """

    id = ObjectIdField(primary_key=True)
    person = models.ForeignKey(
        User, models.CASCADE, related_name="join_requests", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="join_requests",
        verbose_name=_("organization"),
    )
    status = models.CharField(
        _("status"), max_length=10, choices=JoinStatus.choices, default=JoinStatus.WAITING
    )
    created_at = models.DateTimeField(_("created"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    settled_at = models.DateTimeField(null=True, blank=True, editable=False)

    class Meta:
        verbose_name = _("wish to join")
        verbose_name_plural = _("wishes to join")
        constraints = [
            models.UniqueConstraint(
                fields=["person"],
                condition=models.Q(status="waiting"),
                name="join_request_one_waiting_a_person",
            ),
            models.CheckConstraint(
                condition=models.Q(status="waiting", decided_at=None)
                | (~models.Q(status="waiting") & models.Q(decided_at__isnull=False)),
                name="join_request_decided_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["organization"],
                name="join_request_waiting",
                condition=models.Q(status="waiting"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} → {self.organization}"

    @property
    def is_waiting(self) -> bool:
        return self.status == JoinStatus.WAITING


class InvitationStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting for an answer")
    ACCEPTED = "accepted", _("Accepted")
    WITHDRAWN = "withdrawn", _("Withdrawn")


@audit.track()
class Invitation(models.Model):
    """A company's wish that the reader of an address belong to it; the mailed link is signed, and used once.

    Nothing is known here of whether anybody has the address: that is looked up when the link is opened.
    """

    id = ObjectIdField(primary_key=True)
    organization = models.ForeignKey(
        Organization,
        models.CASCADE,
        related_name="invitations",
        verbose_name=_("organization"),
    )
    email = models.EmailField(_("e-mail"))
    role = models.CharField(_("role"), max_length=20, choices=Role.choices, default=Role.USER)
    language = models.CharField(
        _("language"), max_length=2, choices=Language.choices, default=Language.ENGLISH
    )
    status = models.CharField(
        _("status"),
        max_length=10,
        choices=InvitationStatus.choices,
        default=InvitationStatus.WAITING,
    )
    invited_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("invited by"),
    )
    created_at = models.DateTimeField(_("created"))
    sent_at = models.DateTimeField(_("sent"))
    expires_at = models.DateTimeField(_("expires"))
    decided_at = models.DateTimeField(_("decided"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation")
        verbose_name_plural = _("invitations")
        constraints = [
            models.UniqueConstraint(
                fields=["organization", "email"],
                condition=models.Q(status="waiting"),
                name="invitation_one_waiting_an_address",
            ),
            models.CheckConstraint(
                condition=models.Q(email=Lower("email")), name="invitation_email_is_lower_case"
            ),
            models.CheckConstraint(
                condition=models.Q(role__in=["user", "admin", "principal-admin"]),
                name="invitation_gives_a_lasting_role",
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("sent_at")),
                name="invitation_expires_after_sending",
            ),
            models.CheckConstraint(
                condition=models.Q(status="waiting", decided_at=None)
                | (~models.Q(status="waiting") & models.Q(decided_at__isnull=False)),
                name="invitation_decided_has_its_time",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} → {self.organization}"

    @property
    def is_waiting(self) -> bool:
        return self.status == InvitationStatus.WAITING


@audit.track()
class Departure(models.Model):
    """That somebody left a company, or was taken out of it by `decided_by`.

    `settled_at` tells that all that follows from it elsewhere has been done.
    """

    id = ObjectIdField(primary_key=True)
    person = models.ForeignKey(
        User, models.CASCADE, related_name="departures", verbose_name=_("person")
    )
    organization = models.ForeignKey(
        Organization, models.CASCADE, related_name="departures", verbose_name=_("organization")
    )
    decided_by = models.ForeignKey(
        User,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("decided by"),
    )
    at = models.DateTimeField(_("at"))
    settled_at = models.DateTimeField(_("settled"), null=True, blank=True)

    class Meta:
        verbose_name = _("departure")
        verbose_name_plural = _("departures")
        indexes = [
            models.Index(
                fields=["at"], name="departure_unsettled", condition=models.Q(settled_at=None)
            )
        ]

    def __str__(self) -> str:
        return f"{self.person} ← {self.organization}"
