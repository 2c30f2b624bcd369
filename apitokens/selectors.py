"""Reads of API tokens."""

from functools import cache
from typing import Any

from django.db import DEFAULT_DB_ALIAS, models

from apitokens.models import ApiQuota, ApiToken
from config import prepared
from organizations.models import Organization, User

_OF_ORGANIZATION = ("id", "name", "is_archived", "is_member")
"""What a call needs of its owner's company; the rest is fetched when somebody asks for it."""


def token_by_hash(token_hash: str) -> ApiToken | None:
    """Return the token with its owner, the owner's company and quota, in one query.

    Each call begins with this one: the statement is written once and prepared, for the ORM takes
    four times as long to write it as PostgreSQL to answer it.
    """
    row = prepared.first_row(_statement(), {"hash": token_hash})
    if row is None:
        return None
    values = iter(row)
    token: ApiToken = _taken(ApiToken, values)
    owner = _taken(User, values)
    organization, quota = _taken(Organization, values), _taken(ApiQuota, values)
    token.owner = owner
    owner.organization = organization if organization.pk else None
    owner._state.fields_cache["api_quota"] = quota if quota.pk else None
    return token


@cache
def _statement() -> str:
    columns = ", ".join(
        f'"{model._meta.model_name}"."{field.column}"'
        for model in (ApiToken, User, Organization, ApiQuota)
        for field in _fields(model)
    )
    return f"""
        SELECT {columns}
          FROM apitokens_apitoken apitoken
          JOIN organizations_user "user" ON "user".id = apitoken.owner_id
          LEFT JOIN organizations_organization organization ON organization.id = "user".organization_id
          LEFT JOIN apitokens_apiquota apiquota ON apiquota.user_id = "user".id
         WHERE apitoken.token_hash = %(hash)s
    """  # noqa: S608 - names of our own columns


@cache
def _fields(model: type[models.Model]) -> tuple[Any, ...]:
    fields = model._meta.concrete_fields
    if model is Organization:
        return tuple(field for field in fields if field.attname in _OF_ORGANIZATION)
    return tuple(fields)


def _taken(model: type[models.Model], values: Any) -> Any:
    """Make a row of `model` of the next values."""
    names = [field.attname for field in _fields(model)]
    return model.from_db(DEFAULT_DB_ALIAS, names, [next(values) for _ in names])
