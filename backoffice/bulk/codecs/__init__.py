"""How one value of the bulk form is read strictly and written so that it reads back as the same.

A codec's `read` takes the JSON value (never `None`: that is `empty`) and raises `WrongValue`; its
`write` gives the JSON value of a stored one.
"""

from backoffice.bulk.codecs.amounts import (
    currency,
    decimal,
    monthly_price,
    option_price,
    rental_price,
)
from backoffice.bulk.codecs.base import (
    MAX_INTEGER,
    Codec,
    boolean,
    choice,
    choices,
    entry_id,
    integer,
    items,
    read_id,
    text,
)
from backoffice.bulk.codecs.contacts import (
    country,
    email,
    phone,
    web_address,
)
from backoffice.bulk.codecs.facts import (
    cancellation_terms,
    json_list,
    json_object,
    skipped_dates,
)
from backoffice.bulk.codecs.times import (
    LocalTime,
    clock_time,
    date,
    dates,
    moment,
    read_date,
    slots,
    time_zone,
    write_moment,
)

__all__ = [
    "MAX_INTEGER",
    "Codec",
    "LocalTime",
    "boolean",
    "cancellation_terms",
    "choice",
    "choices",
    "clock_time",
    "country",
    "currency",
    "date",
    "dates",
    "decimal",
    "email",
    "entry_id",
    "integer",
    "items",
    "json_list",
    "json_object",
    "moment",
    "monthly_price",
    "option_price",
    "phone",
    "read_date",
    "read_id",
    "rental_price",
    "skipped_dates",
    "slots",
    "text",
    "time_zone",
    "web_address",
    "write_moment",
]
