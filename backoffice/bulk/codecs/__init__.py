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
    color,
    entry_id,
    integer,
    items,
    labels,
    number,
    read_id,
    text,
    whole_numbers,
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
from backoffice.bulk.codecs.places import operating_hours, workplace_settings
from backoffice.bulk.codecs.times import (
    LocalTime,
    clock_time,
    date,
    dates,
    day_end,
    day_start,
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
    "color",
    "country",
    "currency",
    "date",
    "dates",
    "day_end",
    "day_start",
    "decimal",
    "email",
    "entry_id",
    "integer",
    "items",
    "json_list",
    "json_object",
    "labels",
    "moment",
    "monthly_price",
    "number",
    "operating_hours",
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
    "whole_numbers",
    "workplace_settings",
    "write_moment",
]
