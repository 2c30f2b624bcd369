"""API access: what a person may do over the API, apart from their role in an organization."""

from organizations.models import ApiRole, User


def make_developer(person: User) -> None:
    """Let a person have API tokens; an application administrator stays one."""
    if person.api_role == ApiRole.NONE:
        person.api_role = ApiRole.DEVELOPER
        person.save(update_fields=["api_role", "updated_at"])
