"""The bulk form: which field of which collection is which column, in the order of the file.

Source: public-api, section 3 ("Bulk data"; "Further fields") and section 6 ("Bulk data").
"""

from backoffice.bulk.forms.meetings import BLOCK_KINDS, BLOCKS, MEETING_SERIES, MEETINGS
from backoffice.bulk.forms.money import RATES, STATEMENTS
from backoffice.bulk.forms.people import API_TOKENS, CARD_STATUS, ORGANIZATIONS, USERS
from backoffice.bulk.forms.places import ROOMS, SITES

__all__ = [
    "API_TOKENS",
    "BLOCKS",
    "BLOCK_KINDS",
    "CARD_STATUS",
    "MEETINGS",
    "MEETING_SERIES",
    "ORGANIZATIONS",
    "RATES",
    "ROOMS",
    "SITES",
    "STATEMENTS",
    "USERS",
]
