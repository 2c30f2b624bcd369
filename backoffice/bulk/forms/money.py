"""Columns of rates and monthly statements."""

from decimal import Decimal

from backoffice.bulk import codecs
from backoffice.bulk.fields import (
    MOST_SMALL,
    NAME,
    YES,
    Field,
    Form,
    reference,
)
from contracts.models import Rate, RateType, Statement, StatementStatus, VatType
from organizations.models import (
    Organization,
)
from sites_app.models import (
    Site,
)

_AMOUNT = codecs.decimal(digits=14, empty=Decimal(0))

RATES = Form(
    "rates",
    Rate,
    (
        reference("site", "site_id", Site),
        Field("key", "key", codecs.text(longest=60, required=True), is_required=True),
        Field("name", "name", NAME, is_required=True),
        Field("nameFr", "name_fr", codecs.text(longest=200)),
        Field("nameEn", "name_en", codecs.text(longest=200)),
        Field("type", "type", codecs.choice(RateType.values, empty="other")),
        Field("publicBase", "public_base", codecs.decimal(empty=Decimal(0))),
        Field("memberBase", "member_base", codecs.decimal(empty=Decimal(0))),
        Field("publicPromo", "public_promo", codecs.decimal()),
        Field("memberPromo", "member_promo", codecs.decimal()),
        Field("promoMonthDuration", "promo_months", codecs.integer(most=MOST_SMALL, empty=None)),
        Field("setupFees", "setup_fees", codecs.decimal(empty=Decimal(0))),
        Field("vatType", "vat_type", codecs.choice(VatType.values, empty="standard")),
        Field("vatRate", "vat_rate", codecs.decimal(percent=True)),
        Field("isActive", "is_active", YES),
    ),
)

STATEMENTS = Form(
    "statements",
    Statement,
    (
        reference("organization", "organization_id", Organization, is_required=True),
        Field("month", "month", codecs.date(), is_required=True),
        Field("currency", "currency", codecs.currency()),
        Field("status", "status", codecs.choice(StatementStatus.values, empty="draft")),
        Field("net", "net", _AMOUNT, is_required=True),
        Field("vat", "vat", _AMOUNT, is_required=True),
        Field("gross", "gross", _AMOUNT, is_required=True),
        Field("madeAt", "made_at", codecs.moment(), is_required=True),
        Field("finalizedAt", "finalized_at", codecs.moment()),
    ),
)
