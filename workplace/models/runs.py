"""What every run of background work has: for whom it is, how far it is, and what became of it."""

from collections.abc import Sequence

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _


class Run(models.Model):
    """A run for one tenant; without `organization` that is the operator.

    `heartbeat_at` is when a worker last had it in hand.
    """

    organization = models.ForeignKey(
        "organizations.Organization",
        models.CASCADE,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("organization"),
    )
    progress = models.PositiveSmallIntegerField(_("progress, %"), default=0)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error_message = models.TextField(_("error message"), blank=True)
    attempts = models.PositiveSmallIntegerField(_("attempts"), default=0)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    created_at = models.DateTimeField(_("created"))
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    finished_at = models.DateTimeField(_("finished"), null=True, blank=True)

    class Meta:
        abstract = True


def constraints(
    name: str, *, one_of: Sequence[str], state: str, active: Sequence[str], known: Sequence[str]
) -> list[models.BaseConstraint]:
    """Return the rules of a kind of run: one at a time for each `one_of`, and what a state goes with."""
    is_active = Q(**{f"{state}__in": active})
    return [
        models.UniqueConstraint(
            fields=one_of, condition=is_active, nulls_distinct=False, name=f"{name}_one_is_active"
        ),
        models.CheckConstraint(
            condition=Q(**{f"{state}__in": known}), name=f"{name}_{state}_is_known"
        ),
        models.CheckConstraint(condition=Q(progress__lte=100), name=f"{name}_progress_is_percent"),
        models.CheckConstraint(
            condition=Q(**{f"{state}__in": active}, finished_at=None)
            | (~is_active & Q(finished_at__isnull=False)),
            name=f"{name}_finished_has_its_moment",
        ),
    ]


def active_index(name: str, *, state: str, active: Sequence[str]) -> models.Index:
    """Return the index by which a sweep finds the runs that nobody has in hand."""
    is_active = Q(**{f"{state}__in": active})
    return models.Index(fields=["heartbeat_at"], name=f"{name}_active", condition=is_active)
