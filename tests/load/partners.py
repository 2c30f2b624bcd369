"""What a partner's calls cost: a price, a company's contract, a registration."""

from collections.abc import Callable
from urllib.parse import urlencode

from config import ids

Row = Callable[..., None]
REGISTRATIONS = 4000


def measure(row: Row, *, headers: dict[str, str]) -> None:
    """Measure the calls with a token, each as a row of the bench."""
    row("/api/room-price, two hours", _price_address(), headers=headers)
    row("/api/organization-info", _contract_address(), headers=headers)
    row(
        "/api/register, 16 clients",
        "/api/register",
        headers=headers | {"Content-Type": "application/json"},
        bodies=_registrations(),
    )


def _price_address() -> str:
    from sites_app.models import Room, RoomType

    room = Room.objects.filter(type=RoomType.PUBLIC_MEETING, price_per_hour__gt=0).first()
    assert room is not None
    return "/api/room-price?" + urlencode({"roomId": room.pk, "duration": 120, "nbPersons": 2})


def _contract_address() -> str:
    from sites_app.models import RoomLease

    lease = RoomLease.objects.first()
    assert lease is not None
    return "/api/organization-info?" + urlencode({"id": lease.organization_id})


def _registrations() -> list[dict[str, object]]:
    """Return companies that nobody knows yet, without a number that a register would be asked about."""
    from sites_app.models import Site

    site = Site.objects.filter(is_public=True).first()
    assert site is not None
    return [
        {
            "name": f"Company {number}",
            "firstName": "Jean",
            "email": f"{ids.new_id()}@company.example",
            "phone": "+33612345678",
            "maxResidentUsers": 5,
            "siteId": site.pk,
        }
        for number in range(REGISTRATIONS)
    ]
