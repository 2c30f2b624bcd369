"""How a site's workplace is run."""

from typing import Any

from backoffice.bulk.codecs.base import Codec
from backoffice.bulk.problems import WrongValue
from sites_app.domain import opening_hours
from sites_app.domain import operating_hours as site_hours
from sites_app.domain import workplace_settings as site_settings


def operating_hours() -> Codec:
    """Hours of weekdays: `[{"days": [1], "open": "07:00", "close": "21:00"}]`."""

    def read(value: Any) -> Any:
        try:
            site_hours.check(value)
        except opening_hours.SlotFormatError as error:
            raise WrongValue(error.message) from None
        return value

    return Codec(read=read, empty=list)


def workplace_settings() -> Codec:
    """The object of a site's workplace settings, kept as it is; unknown names are kept too."""

    def read(value: Any) -> Any:
        try:
            site_settings.read(value)
        except site_settings.WrongSettings as error:
            raise WrongValue(str(error)) from None
        return value

    return Codec(read=read, empty=dict)
