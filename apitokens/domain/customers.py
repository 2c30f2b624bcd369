"""Organizations as a caller may see them: another's answers exactly like an unknown one.

Source: public-api, section 2, GET /api/user-info; safety, S-11.
"""

from apitokens.domain import callers
from config.errors import DomainError
from organizations.models import Organization, User


class OrganizationNotFound(DomainError):
    """There is no such organization, or none that this caller may see."""

    code = "ORGANIZATION_NOT_FOUND"
    status = 404
    message = "Organization not found"


def visible_to(asker: User, *, organization_id: str) -> Organization:
    """Return the organization, if a token of `asker` may see it.

    :raises OrganizationNotFound:
    """
    is_seen = callers.may_see(asker, organization_id=organization_id)
    found = Organization.objects.filter(pk=organization_id).first() if is_seen else None
    if found is None:
        raise OrganizationNotFound
    return found
