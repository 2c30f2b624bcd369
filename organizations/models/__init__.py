"""Who: companies, people, their cards, and the mail that is waiting to be sent."""

from organizations.models.people import (
    AccessCard,
    AccessCardStatus,
    ApiRole,
    EmailStatus,
    EmailVerification,
    Language,
    Organization,
    OrganizationStatus,
    OutgoingEmail,
    Role,
    User,
    UserManager,
)

__all__ = [
    "AccessCard",
    "AccessCardStatus",
    "ApiRole",
    "EmailStatus",
    "EmailVerification",
    "Language",
    "Organization",
    "OrganizationStatus",
    "OutgoingEmail",
    "Role",
    "User",
    "UserManager",
]
