"""Invitations: a company asks the reader of an address to belong to it.

Whoever invites learns nothing of the address: each one is answered alike and mailed alike, and what is
known of it is looked up when the link is opened. The link is signed and names a row here; the row makes
it single-use and ends it after two weeks. Source: safety, S-20 and S-27; experience, "A company".
"""

from organizations.domain.invitations.answering import (
    AccountClosed,
    Answer,
    DeadInvitation,
    OtherCompany,
    accept,
    check_free,
    opened,
    reader_of,
)
from organizations.domain.invitations.asking import (
    LIFETIME,
    MOST_WAITING,
    PAUSE,
    TEMPLATE,
    AlreadyAsking,
    AlreadyColleague,
    InvitationNotFound,
    InvitedLately,
    TooManyInvitations,
    invite,
    mail,
    renew,
    waiting_of,
    withdraw,
    withdraw_those_of,
)

__all__ = [
    "LIFETIME",
    "MOST_WAITING",
    "PAUSE",
    "TEMPLATE",
    "AccountClosed",
    "AlreadyAsking",
    "AlreadyColleague",
    "Answer",
    "DeadInvitation",
    "InvitationNotFound",
    "InvitedLately",
    "OtherCompany",
    "TooManyInvitations",
    "accept",
    "check_free",
    "invite",
    "mail",
    "opened",
    "reader_of",
    "renew",
    "waiting_of",
    "withdraw",
    "withdraw_those_of",
]
