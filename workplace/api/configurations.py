"""The configuration in whose context a call speaks: header `x-configuration-id`.

Source: Workplace API, section 1, `x-configuration-id`, and section 8.
"""

from typing import Any

from config import ids
from workplace import selectors_intentions
from workplace.domain.refusals import Detail, Invalid, missing
from workplace.models import Configuration
from workplace.selectors_tenants import Tenant

HEADER = "x-configuration-id"


def required(request: Any, tenant: Tenant) -> Configuration:
    """Return the configuration that the call names.

    :raises Invalid: when it names none. :raises NotFound: also for another tenant's.
    """
    found = _named(request, tenant)
    if found is None:
        raise _refusal("is required", code="configuration_required")
    return found


def chosen(request: Any, tenant: Tenant) -> Configuration:
    """Return the configuration that the call names, or the only one that the tenant has.

    :raises Invalid: when it names none of several, or there is none. :raises NotFound:
    """
    found = _named(request, tenant) or only_one(tenant)
    if found is None:
        raise _refusal(
            "is required where there is not exactly one configuration",
            code="configuration_required",
        )
    return found


def if_any(request: Any, tenant: Tenant) -> Configuration | None:
    """Return the configuration that the call names, else the tenant's only one, else None.

    :raises Invalid: :raises NotFound:
    """
    return _named(request, tenant) or only_one(tenant)


def only_one(tenant: Tenant) -> Configuration | None:
    found = list(selectors_intentions.configurations(tenant).order_by("pk")[:2])
    return found[0] if len(found) == 1 else None


def _named(request: Any, tenant: Tenant) -> Configuration | None:
    sent = request.headers.get(HEADER, "").strip()
    if not sent:
        return None
    wanted = ids.normalise(sent)
    if wanted is None:
        raise _refusal("must be an id of 24 hexadecimal characters")
    found = selectors_intentions.configurations(tenant).filter(pk=wanted).first()
    if found is None:
        raise missing(HEADER, "Configuration")
    return found


def _refusal(message: str, *, code: str = "") -> Invalid:
    return Invalid([Detail(path=HEADER, message=message, code=code)])
