"""The widest lists of the back office, in French, on a common screen: no column lies aside."""

import datetime as dt
from decimal import Decimal

import pytest
from django.conf import settings as configured

from apitokens.models import ApiCall
from booking.models import RefusedDemand
from config import clock
from organizations.models import CompanyCheck, RegisterState
from organizations.models.registers import Register
from tests.factories.apitokens import ApiTokenFactory, WebhookDeliveryFactory
from tests.factories.demand import WaitlistEntryFactory
from tests.factories.organizations import OrganizationFactory
from tests.factories.sites_app import RoomFactory
from tests.factories.staff import logged_in, staff_member

TEN_HOURS = dt.timedelta(hours=10)
pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
LISTS = (
    "apitokens/apicall",
    "apitokens/webhookdelivery",
    "booking/refuseddemand",
    "booking/waitlistentry",
    "organizations/companycheck",
    "organizations/registerstate",
)
ASIDE = """[...document.querySelectorAll("#changelist, #changelist-form *")]
    .filter(one => one.clientWidth > 300 && one.scrollWidth > one.clientWidth + 1).length"""


def fill() -> None:
    """Write a row of long words for each list."""
    now = clock.now()
    token = ApiTokenFactory(name="Website of the operator")
    ApiCall.objects.create(
        at=now,
        user=token.owner,
        token=token,
        method="POST",
        path="/workplace/v1/intentions/507f191e810c19729de860ea/accept",
        status=200,
        ms=1234,
        request_id="req_0123456789abcdef01234567",
    )
    WebhookDeliveryFactory(
        created_at=now, answer_status=503, answer_ms=1234, attempts=3, next_attempt_at=now
    )
    CompanyCheck.objects.create(
        organization=OrganizationFactory(name="Boulangerie Dupont et Fils SARL"),
        company_number="55208131700012",
        outcome="not_found",
        verified_name="DUPONT ET FILS BOULANGERIE",
        name_likeness=73,
        checked_at=now,
        confidence=100,
    )
    room = RoomFactory(public_name="Salon Marguerite", site__name="Workways Vieux-Lille")
    wanted = {"site": room.site, "room": room, "starts_at": now, "ends_at": now + TEN_HOURS}
    WaitlistEntryFactory(contact_email="person42@company7.example", duration_minutes=240, **wanted)
    RefusedDemand.objects.create(
        at=now,
        kind="booking",
        reason="TOO_MANY_OPEN_REQUESTS",
        room_type=room.type,
        duration_minutes=240,
        price=Decimal("1234.56"),
        currency="EUR",
        **wanted,
    )
    for register in Register.values:
        RegisterState.objects.update_or_create(
            register=register,
            defaults={
                "rests_until": now + dt.timedelta(hours=1),
                "last_failure": "ConnectTimeout: the register did not answer",
                "last_failure_at": now,
            },
        )


def test_every_column_of_a_list_is_seen_without_scrolling(opened, settings):
    settings.COMPANY_REGISTERS_ON = True
    fill()
    staff = logged_in(staff_member(language="fr"))
    page = opened("/terms/", viewport={"width": 1280, "height": 800})
    portal = page.url.removesuffix("/terms/")
    name = configured.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": staff.cookies[name].value, "url": portal}])

    aside = {}
    for one in LISTS:
        page.goto(f"{portal}/admin/{one}/")
        assert page.locator("#result_list tbody tr").count() > 0
        aside[one] = page.evaluate(ASIDE)

    assert aside == dict.fromkeys(LISTS, 0)
