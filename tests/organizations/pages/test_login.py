"""One log-in for portal and back office; staff need their second factor. Source: safety, S-20 to S-29."""

import datetime as dt
import json
import re

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, generate_totp_secret, hotp_value
from django.core import mail
from django.test import Client

from config import clock
from organizations.domain import outbox, second_factors
from organizations.models import OutgoingEmail, User
from tests.factories.organizations import UserFactory
from tests.factories.staff import logged_in, staff_member

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse battery"
NOW = dt.datetime(2030, 1, 7, 9, 0, tzinfo=dt.UTC)


def code(secret: str, *, at: dt.datetime = NOW) -> str:
    return format_hotp_value(hotp_value(secret, int(at.timestamp()) // 30))


def log_in(client: Client, email: str, password: str = PASSWORD, **extra: str):
    return client.post("/accounts/login/", {"login": email, "password": password, **extra})


def staff_with_secret() -> tuple[User, str]:
    person = UserFactory(app_admin=True, password=PASSWORD)
    secret = generate_totp_secret()
    TOTP.activate(person, secret)
    return person, secret


def test_member_logs_in_with_a_password(client: Client) -> None:
    person = UserFactory(password=PASSWORD)

    response = log_in(client, person.email.upper())

    assert (response.status_code, response["Location"]) == (302, "/account/")
    assert client.get("/account/").status_code == 200


def test_member_is_refused_the_back_office(client: Client) -> None:
    person = UserFactory(password=PASSWORD)
    log_in(client, person.email)

    response = client.get("/admin/", follow=True)

    assert response.status_code == 403


@pytest.mark.parametrize("role", ["", "api-developer"])
def test_only_application_administrators_are_staff(role: str) -> None:
    assert logged_in(staff_member()).get("/admin/").status_code == 200

    client = logged_in(staff_member())
    User.objects.update(api_role=role)

    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("language", ["", "/fr"])
def test_wrong_password_and_unknown_address_get_the_same_page(
    client: Client, language: str
) -> None:
    UserFactory(email="known@company.example", password=PASSWORD)

    def page(email: str) -> str:
        response = client.post(f"{language}/accounts/login/", {"login": email, "password": "wrong"})
        assert response.status_code == 200
        hidden = re.sub(r'value="[\w-]{60,}"', "", response.content.decode())
        return hidden.replace(email, "")

    assert page("known@company.example") == page("unknown@company.example")


def test_archived_person_is_refused(client: Client) -> None:
    person = UserFactory(password=PASSWORD, archived=True)

    log_in(client, person.email)

    assert client.get("/account/").status_code == 302


def test_archiving_ends_a_session(client: Client) -> None:
    person = UserFactory(password=PASSWORD)
    log_in(client, person.email)

    User.objects.update(is_archived=True)

    assert client.get("/account/").status_code == 302


@pytest.mark.parametrize("target", ["//evil.example", "https:evil.example", "\\\\evil.example"])
def test_log_in_leads_to_no_other_site(client: Client, target: str) -> None:
    person = UserFactory(password=PASSWORD)

    assert log_in(client, person.email, next=target)["Location"] == "/account/"


def test_sign_up_is_closed(client: Client) -> None:
    answers = [
        client.get("/accounts/signup/"),
        client.post(
            "/accounts/signup/",
            {"email": "new@company.example", "password1": PASSWORD, "password2": PASSWORD},
        ),
    ]

    assert [answer.templates[0].name for answer in answers] == ["account/signup_closed.html"] * 2
    assert User.objects.count() == 0


def test_addresses_are_not_changed_here(client: Client) -> None:
    person = UserFactory(password=PASSWORD)
    log_in(client, person.email)

    assert (
        client.post("/accounts/email/", {"email": "x@y.example", "action_add": ""}).status_code
        == 404
    )


# --- the back office's door -----------------------------------------------------------------


@pytest.mark.parametrize("path", ["/admin/", "/admin/organizations/user/", "/admin/login/"])
def test_back_office_sends_visitors_to_the_one_log_in(client: Client, path: str) -> None:
    response = client.get(path, follow=True)

    assert response.redirect_chain[-1][0].startswith("/accounts/login/?next=")
    assert response.templates[0].name == "account/login.html"


def test_password_alone_at_the_admin_log_in_opens_nothing(client: Client) -> None:
    person, _secret = staff_with_secret()

    response = client.post(
        "/admin/login/?next=/admin/",
        {"username": person.email, "login": person.email, "password": PASSWORD},
    )

    assert response.status_code == 302
    assert response["Location"].startswith("/accounts/login/")
    assert "_auth_user_id" not in client.session


@time_machine.travel(NOW, tick=False)
def test_staff_log_in_with_password_and_code(client: Client) -> None:
    person, secret = staff_with_secret()

    first = log_in(client, person.email)
    assert first["Location"] == "/accounts/2fa/authenticate/"
    assert client.get("/admin/", follow=True).templates[0].name == "mfa/authenticate.html"

    log_in(client, person.email)
    second = client.post("/accounts/2fa/authenticate/", {"code": code(secret)})

    assert second["Location"] == "/admin/"
    assert client.get("/admin/").status_code == 200


@time_machine.travel(NOW, tick=False)
def test_staff_without_second_factor_must_set_it_up_first(client: Client) -> None:
    person = UserFactory(app_admin=True, password=PASSWORD)
    log_in(client, person.email)

    forced = client.get("/admin/organizations/user/", follow=True)
    assert [address.partition("?")[0] for address, _status in forced.redirect_chain] == [
        "/admin/login/",
        "/accounts/2fa/totp/activate/",
        "/accounts/reauthenticate/",
    ]

    page = client.post(
        "/accounts/reauthenticate/",
        {"password": PASSWORD, "next": "/accounts/2fa/totp/activate/"},
        follow=True,
    )
    secret = page.context["form"].secret
    assert secret in page.content.decode()
    assert "data:image/svg+xml;base64," in page.content.decode()
    done = client.post("/accounts/2fa/totp/activate/", {"code": code(secret)}, follow=True)

    assert done.templates[0].name == "mfa/recovery_codes/index.html"
    assert client.get("/admin/organizations/user/").status_code == 200


def test_session_from_before_the_second_factor_stays_out(client: Client) -> None:
    person = UserFactory(app_admin=True, password=PASSWORD)
    log_in(client, person.email)
    TOTP.activate(person, generate_totp_secret())

    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0] == "/accounts/2fa/reauthenticate/?next=%2Fadmin%2F"


def test_removing_the_second_factor_shuts_the_back_office() -> None:
    client = logged_in()
    assert client.get("/admin/").status_code == 200

    Authenticator.objects.all().delete()

    assert (
        client.get("/admin/", follow=True)
        .redirect_chain[1][0]
        .startswith("/accounts/2fa/totp/activate/")
    )


@pytest.mark.parametrize(("hours", "status"), [(7.99, 200), (8.01, 302)])
def test_staff_session_ends_after_eight_hours(client: Client, hours: float, status: int) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        person, secret = staff_with_secret()
        log_in(client, person.email)
        client.post("/accounts/2fa/authenticate/", {"code": code(secret)})

        clock.shift(dt.timedelta(hours=hours))

        assert client.get("/account/").status_code == status
        assert client.get("/admin/").status_code == status


@pytest.mark.parametrize(("days", "status"), [(13.9, 200), (14.1, 302)])
def test_member_session_ends_after_two_weeks_however_much_it_is_used(
    client: Client, days: float, status: int
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, UserFactory(password=PASSWORD).email)
        for _ in range(29):
            clock.shift(dt.timedelta(hours=11.5))
            assert client.get("/account/").status_code == 200
        clock.move_to(NOW + dt.timedelta(days=days))

        assert client.get("/account/").status_code == status


@pytest.mark.parametrize(("hours", "status"), [(11.99, 200), (12, 302)])
def test_member_session_ends_after_twelve_idle_hours(
    client: Client, hours: float, status: int
) -> None:
    """Source: safety, S-25. The old cookie opens nothing afterwards either."""
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, UserFactory(password=PASSWORD).email)

        clock.shift(dt.timedelta(hours=hours))

        assert client.get("/account/").status_code == status
        assert client.get("/account/").status_code == status


def test_visit_is_written_down_every_five_minutes_at_most(
    client: Client, django_assert_num_queries
) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        log_in(client, UserFactory(password=PASSWORD).email)
        client.get("/terms/")

        clock.shift(dt.timedelta(minutes=4, seconds=59))
        with django_assert_num_queries(3):  # the session, the person, the company
            client.get("/terms/")


@pytest.mark.parametrize("path", ["/account/", "/", "/fr/sites/", "/terms/", "/register/resend/"])
def test_pages_of_people_who_are_logged_in_are_kept_by_no_cache(client: Client, path: str) -> None:
    log_in(client, UserFactory(password=PASSWORD).email)

    kept = client.get(path)["Cache-Control"]

    assert "private" in kept
    assert "no-store" in kept


def test_log_out_needs_a_post() -> None:
    client = logged_in()

    client.get("/accounts/logout/")
    assert client.get("/account/").status_code == 200
    client.post("/accounts/logout/")

    assert client.get("/account/").status_code == 302


# --- forgotten passwords --------------------------------------------------------------------


def ask_for_new_password(client: Client, email: str, *, language: str = "") -> str:
    """Ask on the page; return the mail that is written afterwards, in the background."""
    answer = client.post(f"{language}/accounts/password/reset/", {"email": email})
    assert (answer.status_code, mail.outbox) == (302, [])
    outbox.sweep(now=clock.now())
    assert [message.to for message in mail.outbox] == [[email]]
    body = mail.outbox.pop().body
    assert isinstance(body, str)
    return body


def linked(text: str) -> str:
    link = re.search(r"https://portal\.example(/\S+)", text)
    assert link is not None
    return link[1]


def test_password_reset_answers_the_same_for_known_and_unknown(client: Client) -> None:
    UserFactory(email="known@company.example", password=PASSWORD)
    UserFactory(email="archived@company.example", password=PASSWORD, archived=True)
    addresses = ["known@company.example", "unknown@company.example", "archived@company.example"]

    answers = [client.post("/accounts/password/reset/", {"email": one}) for one in addresses]

    assert {(one.status_code, one["Location"]) for one in answers} == {
        (302, "/accounts/password/reset/done/")
    }
    by_address = OutgoingEmail.objects.order_by("context__new_password_for")
    assert list(by_address.values_list("template", "context")) == [
        ("password_asked", {"new_password_for": one}) for one in sorted(addresses)
    ]


def test_only_whose_address_is_known_and_who_is_welcome_gets_a_link(client: Client) -> None:
    UserFactory(email="known@company.example", password=PASSWORD)
    UserFactory(email="archived@company.example", password=PASSWORD, archived=True)

    assert "/accounts/password/reset/key/" in ask_for_new_password(client, "known@company.example")
    for address in ("unknown@company.example", "archived@company.example"):
        text = ask_for_new_password(client, address)
        assert "there is no account with it" in text
        assert "password/reset/key" not in text


def test_the_link_to_a_new_password_is_in_the_language_of_the_page(client: Client) -> None:
    UserFactory(email="known@company.example", password=PASSWORD, language="en")

    text = ask_for_new_password(client, "known@company.example", language="/fr")

    assert linked(text).startswith("/fr/accounts/password/reset/key/")


@pytest.mark.parametrize("email", ["", "nobody", "a@b", f"{'x' * 64}@{'y' * 180}.{'z' * 20}"])
def test_what_is_no_address_is_not_written_to(client: Client, email: str) -> None:
    answer = client.post("/accounts/password/reset/", {"email": email})

    assert answer.status_code == 200
    assert answer.context["form"].errors.keys() == {"email"}
    assert not OutgoingEmail.objects.exists()


def test_password_reset_link_works_once(client: Client) -> None:
    person = UserFactory(email="known@company.example", password=PASSWORD)
    link = linked(ask_for_new_password(client, person.email))

    form = client.get(link, follow=True)
    saved = client.post(
        form.redirect_chain[-1][0],
        {"password1": "another long sentence", "password2": "another long sentence"},
    )

    assert saved["Location"] == "/accounts/password/reset/key/done/"
    assert client.get("/account/").status_code == 302
    assert log_in(client, person.email, "another long sentence")["Location"] == "/account/"
    again = Client().get(link, follow=True)
    assert again.context["token_fail"] is True


def test_reset_password_does_not_replace_the_second_factor(client: Client) -> None:
    person, _secret = staff_with_secret()
    link = linked(ask_for_new_password(client, person.email))
    form = client.get(link, follow=True)
    client.post(
        form.redirect_chain[-1][0],
        {"password1": "another long sentence", "password2": "another long sentence"},
    )

    assert log_in(client, person.email, "another long sentence")["Location"] == (
        "/accounts/2fa/authenticate/"
    )
    assert client.get("/admin/", follow=True).templates[0].name == "mfa/authenticate.html"


def wrong_passwords(client: Client, email: str, *, times: int, **extra: str) -> None:
    for _ in range(times):
        client.post("/accounts/login/", {"login": email, "password": "wrong"}, **extra)


def test_wrong_passwords_shut_out_their_sender_and_nobody_else(client: Client) -> None:
    victim, neighbour = UserFactory(password=PASSWORD), UserFactory(password=PASSWORD)
    wrong_passwords(client, victim.email, times=10)

    assert log_in(Client(), victim.email).status_code == 200
    assert log_in(Client(HTTP_HOST="another.example"), victim.email).status_code == 200
    assert log_in(Client(HTTP_X_FORWARDED_FOR="9.9.9.9"), victim.email).status_code == 200
    assert log_in(Client(), neighbour.email).status_code == 302
    assert log_in(Client(REMOTE_ADDR="192.0.2.7"), victim.email).status_code == 302


def test_secret_of_the_second_factor_does_not_lie_open_in_the_database() -> None:
    person, secret = staff_with_secret()

    stored = json.dumps(Authenticator.objects.get(user=person).data)

    assert secret not in stored
    assert second_factors.secret_of(person) == secret


def test_session_gets_a_new_id_at_log_in(client: Client) -> None:
    person = UserFactory(password=PASSWORD)
    session = client.session
    session["planted"] = 1
    session.save()
    planted = client.cookies["sessionid"].value

    log_in(client, person.email)

    assert client.cookies["sessionid"].value != planted
    assert Client(headers={"cookie": f"sessionid={planted}"}).get("/account/").status_code == 302
