"""Headers, cookies and production settings. Source: safety, S-50 to S-52 and S-58."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.test import Client
from django.urls import URLPattern, URLResolver, get_resolver

from tests.factories.staff import logged_in

STRICT = {
    "default-src 'self'",
    "img-src 'self' data:",
    "object-src 'none'",
    "base-uri 'self'",
    "form-action 'self'",
    "frame-ancestors 'none'",
}
PRODUCTION = {
    "DJANGO_SETTINGS_MODULE": "config.settings.production",
    "SECRET_KEY": "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ",
    "DATABASE_URL": "postgres://portal@db.example/portal",
    "REDIS_URL": "redis://cache.example/0",
    "PUBLIC_URL": "https://portal.example",
    "ALLOWED_HOSTS": "portal.example",
}


def directives(policy: str) -> set[str]:
    return {part.strip() for part in policy.split(";")}


def plain_addresses() -> list[str]:
    """Every address of the portal that takes no argument, outside the back office."""

    def walk(patterns: list, prefix: str) -> list[str]:
        found = []
        for entry in patterns:
            route = prefix + str(entry.pattern).removeprefix("^").removesuffix("$")
            if isinstance(entry, URLResolver) and entry.app_name != "admin":
                found += walk(entry.url_patterns, route)
            elif isinstance(entry, URLPattern) and not set(route) & set("<(["):
                found.append("/" + route.replace("/?", ""))
        return found

    return walk(get_resolver().url_patterns, "")


@pytest.mark.django_db
def test_no_page_outside_the_back_office_relaxes_the_policy() -> None:
    client = logged_in()
    addresses = plain_addresses()
    assert {"/livez", "/accounts/login/", "/account/"} <= set(addresses)

    for address in addresses:
        for path in (address, f"/fr{address}"):
            response = client.get(path)
            policy = response.headers.get("Content-Security-Policy")
            if response["Content-Type"].startswith("text/html"):
                assert policy is not None, path
            if policy is not None:
                assert directives(policy) == STRICT, path


@pytest.mark.django_db
def test_policy_is_relaxed_in_the_back_office_alone() -> None:
    policy = directives(logged_in().get("/admin/")["Content-Security-Policy"])

    assert policy == STRICT | {
        "script-src 'self' 'unsafe-eval'",
        "style-src 'self' 'unsafe-inline'",
    }


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/accounts/login/", "/nothing-here", "/admin/login/", "/livez"])
def test_every_answer_carries_the_safe_headers(path: str) -> None:
    answer = Client().get(path)

    assert {
        name: answer[name]
        for name in (
            "X-Content-Type-Options",
            "Referrer-Policy",
            "Cross-Origin-Opener-Policy",
            "X-Frame-Options",
        )
    } == {
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "X-Frame-Options": "DENY",
    }


@pytest.mark.django_db
def test_cookies_are_out_of_reach_for_scripts_and_other_sites() -> None:
    client = Client()
    client.get("/accounts/login/")

    cookie = client.cookies[settings.CSRF_COOKIE_NAME]

    assert (cookie["httponly"], cookie["samesite"]) == (True, "Lax")
    assert (settings.SESSION_COOKIE_HTTPONLY, settings.SESSION_COOKIE_SAMESITE) == (True, "Lax")


@pytest.mark.django_db
def test_a_form_without_its_token_is_refused() -> None:
    client = Client(enforce_csrf_checks=True)

    answers = [client.post(f"{prefix}/accounts/login/", {"login": "a"}) for prefix in ("", "/fr")]

    assert [answer.status_code for answer in answers] == [403, 403]
    assert "Please send the form again" in answers[0].content.decode()


def manage(*arguments: str, without: str = "", **extra: str) -> subprocess.CompletedProcess[str]:
    environment = os.environ | PRODUCTION | extra
    environment.pop(without, None)
    environment.pop("DJANGO_ALLOW_ASYNC_UNSAFE", None)  # the browser tests of this process set it
    return subprocess.run(
        [sys.executable, "manage.py", *arguments],
        cwd=settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_production_passes_the_deployment_check() -> None:
    done = manage("check", "--deploy", "--fail-level", "WARNING")

    assert (done.returncode, done.stdout) == (
        0,
        "System check identified no issues (0 silenced).\n",
    ), done.stderr


@pytest.mark.parametrize(
    "name", ["SECRET_KEY", "DATABASE_URL", "REDIS_URL", "PUBLIC_URL", "ALLOWED_HOSTS"]
)
def test_production_refuses_to_start_without(name: str) -> None:
    done = manage("check", without=name)

    assert done.returncode != 0
    assert f"Set the {name} environment variable" in done.stderr
