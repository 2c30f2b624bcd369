"""A process of the web server dies between its commit and its answer. Source: safety, F-10."""

import http.client
import os
import signal
from concurrent.futures import ThreadPoolExecutor

import pytest

from tests.faults.house import WEB, House, children, eventually

pytestmark = pytest.mark.faults

BOOK = "/api/meeting-request"


def test_a_caller_who_got_no_answer_gets_it_when_the_key_comes_again(house: House) -> None:
    """The log of calls, which is written between commit and answer, is locked to keep the answer back."""
    body, known = house.a_booking(), house.count("booking_meeting")
    with ThreadPoolExecutor(1) as caller, house.session() as session, session.transaction():
        session.execute("LOCK TABLE apitokens_apicall IN ACCESS EXCLUSIVE MODE")
        lost = caller.submit(house.post, BOOK, body, key="no answer")
        eventually(lambda: house.count("booking_meeting") == known + 1)
        for process in children(house.part(WEB)):
            os.kill(process, signal.SIGKILL)
        with pytest.raises((OSError, http.client.HTTPException)):
            lost.result()
    house.wait_until_ready()

    answer = house.post(BOOK, body, key="no answer")

    assert (answer.status, answer.json["status"]) == (200, "ACCEPTED")
    assert answer.headers["Idempotent-Replayed"] == "true"
    assert house.count("booking_meeting") == known + 1
    held = "booking_reservation WHERE meeting_id = %s AND holds"
    assert house.count(held, answer.json["data"]["meetingId"]) == 1
