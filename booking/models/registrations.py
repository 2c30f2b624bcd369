"""What people told when they registered."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from config.fields import ObjectIdField
from organizations.models import Language


class RegistrationStatus(models.TextChoices):
    WAITING = "waiting", _("Waiting to be worked on")
    CREATED = "CREATED", _("New organization")
    UPDATED = "UPDATED", _("Existing organization")
    USER_EXISTS = "USER_EXISTS", _("Known already")
    REFUSED = "refused", _("Refused")
    FAILED = "failed", _("Given up")


class Registration(models.Model):
    """What somebody told when registering, and what it came to.

    One from a visitor of the website waits, with what was typed in `told`, for the background to
    work on it, so that the page does the same work for every address.
    """

    id = ObjectIdField(primary_key=True)
    status = models.CharField(_("outcome"), max_length=12, choices=RegistrationStatus.choices)
    email = models.EmailField(_("e-mail"))
    told = models.JSONField(default=dict, editable=False)
    comments = models.TextField(_("wishes"), blank=True)
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("person"),
    )
    organization = models.ForeignKey(
        "organizations.Organization",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="registrations",
        verbose_name=_("organization"),
    )
    room_of_interest = models.ForeignKey(
        "sites_app.Room",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("room of interest"),
    )
    api_token = models.ForeignKey(
        "apitokens.ApiToken",
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("API token"),
    )
    terms_accepted_at = models.DateTimeField(_("terms accepted"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    attempts = models.PositiveSmallIntegerField(_("failed attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)

    class Meta:
        verbose_name = _("registration")
        verbose_name_plural = _("registrations")
        indexes = [
            models.Index(fields=["email"], name="registration_email"),
            models.Index(
                fields=["created_at"],
                name="registration_waiting",
                condition=Q(status="waiting"),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.email} {self.created_at:%Y-%m-%d}"


class LinkRequest(models.Model):
    """A visitor's wish for another confirmation link; it is deleted once its address was written to."""

    id = ObjectIdField(primary_key=True)
    email = models.EmailField(_("e-mail"))
    language = models.CharField(_("language"), max_length=2, choices=Language.choices)
    created_at = models.DateTimeField(_("created"))

    class Meta:
        verbose_name = _("wish for a link")
        verbose_name_plural = _("wishes for a link")
        indexes = [models.Index(fields=["created_at"], name="link_request_created")]

    def __str__(self) -> str:
        return self.email
