"""What public registers say of companies: the checks, their answers, and how the registers fare."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from config.fields import ObjectIdField
from organizations.models.companies import Organization


class Register(models.TextChoices):
    """A register that we can ask."""

    SIRENE = "sirene", _("INSEE Sirene (France)")
    RECHERCHE = "recherche", _("Recherche d'entreprises (France)")
    KBO = "kbo", _("KBO Public Search (Belgium)")
    CBEAPI = "cbeapi", _("CBE API (Belgium)")
    VIES = "vies", _("VIES (VAT numbers of the European Union)")


class CheckOutcome(models.TextChoices):
    FOUND = "found", _("Found")
    CLOSED = "closed", _("Closed")
    NOT_FOUND = "not_found", _("Not found")
    LATER = "later", _("Will be checked later")
    UNANSWERED = "unanswered", _("No register answered")
    NO_REGISTER = "no_register", _("No register to ask")


class CompanyCheck(models.Model):
    """The verification of one company's number, and when it is tried next while nothing answers."""

    id = ObjectIdField(primary_key=True)
    organization = models.OneToOneField(
        Organization,
        models.CASCADE,
        related_name="company_check",
        verbose_name=_("organization"),
    )
    country = models.CharField(_("country"), max_length=2)
    company_number = models.CharField(_("company number"), max_length=32)
    outcome = models.CharField(_("outcome"), max_length=12, choices=CheckOutcome.choices)
    source = models.CharField(_("source"), max_length=16)
    confidence = models.PositiveSmallIntegerField(_("confidence, %"))
    verified_name = models.CharField(_("name in the register"), max_length=200, blank=True)
    verified_number = models.CharField(_("number in the register"), max_length=32, blank=True)
    name_likeness = models.PositiveSmallIntegerField(_("likeness of the names, %"), null=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    next_attempt_at = models.DateTimeField(_("next attempt"), null=True, blank=True)
    checked_at = models.DateTimeField(_("checked"))

    class Meta:
        verbose_name = _("company check")
        verbose_name_plural = _("company checks")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(confidence__lte=100), name="company_check_confidence_is_percent"
            ),
            models.CheckConstraint(
                condition=models.Q(outcome="later", next_attempt_at__isnull=False)
                | (~models.Q(outcome="later") & models.Q(next_attempt_at=None)),
                name="company_check_later_has_its_time",
            ),
        ]
        indexes = [
            models.Index(
                fields=["next_attempt_at"],
                name="company_check_due",
                condition=models.Q(outcome="later"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.country} {self.company_number}"


class AnswerKind(models.TextChoices):
    FOUND = "found", _("Found")
    CLOSED = "closed", _("Closed")
    UNKNOWN = "unknown", _("Not found")


class RegisterAnswer(models.Model):
    """What a register said of a number, kept for a while so that it is not asked again."""

    id = ObjectIdField(primary_key=True)
    register = models.CharField(_("register"), max_length=12, choices=Register.choices)
    asked_number = models.CharField(_("number asked"), max_length=32)
    kind = models.CharField(_("answer"), max_length=8, choices=AnswerKind.choices)
    name = models.CharField(_("name in the register"), max_length=200, null=True)
    number = models.CharField(_("number in the register"), max_length=32, null=True)
    answered_at = models.DateTimeField(_("answered"))
    expires_at = models.DateTimeField(_("kept until"))

    class Meta:
        verbose_name = _("register answer")
        verbose_name_plural = _("register answers")
        constraints = [
            models.UniqueConstraint(
                fields=["register", "asked_number"], name="register_answer_once_a_number"
            ),
            models.CheckConstraint(
                condition=models.Q(expires_at__gt=models.F("answered_at")),
                name="register_answer_expires_after_it_came",
            ),
        ]
        indexes = [models.Index(fields=["expires_at"], name="register_answer_expires")]

    def __str__(self) -> str:
        return f"{self.register} {self.asked_number}"


class RegisterState(models.Model):
    """A register's circuit breaker: failures in a row, and until when it is left alone."""

    register = models.CharField(
        _("register"), max_length=12, choices=Register.choices, primary_key=True
    )
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    last_failure = models.CharField(_("last failure"), max_length=60, blank=True)
    last_failure_at = models.DateTimeField(_("failed last"), null=True, blank=True)

    class Meta:
        verbose_name = _("company register")
        verbose_name_plural = _("company registers")

    def __str__(self) -> str:
        return str(self.get_register_display())
