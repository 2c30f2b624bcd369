"""Two administrators of one company act on each other at once: the company keeps one of them."""

import json
import os
import subprocess
import sys
import time

import pytest
from django.db import connection

from organizations.models import Role, User
from tests.factories.organizations import OrganizationFactory, UserFactory

pytestmark = [pytest.mark.contention, pytest.mark.django_db(transaction=True)]

DEEDS = [
    ("demote", "demote"),
    ("remove", "remove"),
    ("leave", "leave"),
    ("demote", "leave"),
    ("remove", "leave"),
    ("demote", "remove"),
]
ROUNDS = 2


def race(rounds):
    """Let two processes do the deeds of each round at the same moment."""
    programs = [
        subprocess.Popen(
            [sys.executable, "-m", "tests.contention.departing"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            env=os.environ,
        )
        for _ in range(2)
    ]
    for side, program in enumerate(programs):
        task = {
            "database": connection.settings_dict["NAME"],
            "begin": time.time() + 6.0,
            "now": "2030-01-07T08:00:00+00:00",
            "deeds": [pair[side] for pair in rounds],
        }
        program.stdin.write(json.dumps(task))
        program.stdin.close()
    answers = [json.loads(program.stdout.read()) for program in programs]
    for program in programs:
        assert program.wait(timeout=10) == 0
        program.stdout.close()
    return list(zip(*answers, strict=True))


def test_a_company_is_never_left_without_administrator():
    rounds, companies = [], []
    for ours, theirs in DEEDS * ROUNDS:
        company = OrganizationFactory()
        one, two = (UserFactory(organization=company, role=Role.PRINCIPAL_ADMIN) for _ in range(2))
        companies.append(company)
        rounds.append(((ours, one.pk, two.pk), (theirs, two.pk, one.pk)))

    answers = race(rounds)

    for company, deeds, codes in zip(companies, DEEDS * ROUNDS, answers, strict=True):
        left = User.objects.filter(organization=company, role=Role.PRINCIPAL_ADMIN)
        # who has just been made a user may still leave
        most = 2 if deeds == ("demote", "leave") else 1
        assert left.count() == 1, (deeds, codes)
        assert 1 <= codes.count("done") <= most, (deeds, codes)
