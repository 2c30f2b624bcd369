"""Who: companies, people, their cards, and the mail that is waiting to be sent."""

from organizations.models.cards import AccessCard, AccessCardStatus
from organizations.models.companies import Organization, OrganizationStatus
from organizations.models.joining import (
    Departure,
    Invitation,
    InvitationStatus,
    JoinRequest,
    JoinStatus,
)
from organizations.models.languages import Language
from organizations.models.mail import EmailStatus, OutgoingEmail
from organizations.models.people import (
    ApiRole,
    EmailVerification,
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
