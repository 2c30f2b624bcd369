"""Who: companies, people, their cards, and the mail that is waiting to be sent."""

from organizations.models.joining import (
    Departure,
    Invitation,
    InvitationStatus,
    JoinRequest,
    JoinStatus,
)
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
    ScheduleVisibility,
    User,
    UserManager,
)
from organizations.models.registers import (
    CheckOutcome,
    CompanyCheck,
    Register,
    RegisterAnswer,
    RegisterState,
)

__all__ = [
    "AccessCard",
    "AccessCardStatus",
    "ApiRole",
    "CheckOutcome",
    "CompanyCheck",
    "Departure",
    "EmailStatus",
    "EmailVerification",
    "Invitation",
    "InvitationStatus",
    "JoinRequest",
    "JoinStatus",
    "Language",
    "Organization",
    "OrganizationStatus",
    "OutgoingEmail",
    "Register",
    "RegisterAnswer",
    "RegisterState",
    "Role",
    "ScheduleVisibility",
    "User",
    "UserManager",
]
