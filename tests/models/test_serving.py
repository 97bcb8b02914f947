"""utils.models.serving: what is refused, and with which words; many clients; what fails inside stays inside."""

import http.client
import logging
import threading
from urllib.parse import urlsplit

import pytest
from support import PATIENCE

from utils.models import serving


def read(question):
    if not isinstance(question, list):
        raise ValueError("Expected a list.")
    return question


@pytest.fixture
def address():
    with serving.serve(read, lambda numbers: {"sum": sum(numbers)}) as address:
        yield address


def test_a_question_is_answered(address):
    assert serving.ask(address, [1, 2, 3.5]) == (200, {"sum": 6.5})


@pytest.mark.parametrize(("body", "status", "words"), [
    (b"picture=7", 400, "Expected JSON"), (b"", 400, "Expected JSON"), (b"\xff\xfe", 400, "Expected JSON"),
    (b"[" * 60_000, 400, "Expected JSON"), ({"a": 1}, 400, "Expected a list."),
    (b"[" + b"1," * 50_000 + b"1]", 413, "at most 64,000 bytes"), (b"[" + b"1," * 2_000_000 + b"1]", 413, "found 4,000,003"),
])  # fmt: skip
def test_what_is_wrong_is_told_in_a_sentence_and_the_service_goes_on(address, body, status, words):
    found, told = serving.ask(address, body)
    assert found == status and words in told["error"]
    assert serving.ask(address, [1]) == (200, {"sum": 1})


def exchange(address, method, body=None, headers=None):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    try:
        connection.putrequest(method, "/")
        for name, value in (headers or {}).items():
            connection.putheader(name, value)
        connection.endheaders(body)
        response = connection.getresponse()
        return response.status, response.read().decode()
    finally:
        connection.close()


@pytest.mark.parametrize("length", [None, "-1", "many", "１"])
def test_a_length_that_is_none_and_other_methods_are_refused(address, length):
    headers = {} if length is None else {"Content-Length": length.encode()}
    status, told = exchange(address, "POST", headers=headers)
    assert status == 411 and "Content-Length" in told
    assert (exchange(address, "GET")[0], exchange(address, "PUT")[0]) == (405, 501)


def test_a_client_that_falls_silent_is_left(monkeypatch):
    monkeypatch.setattr(serving._Handler, "timeout", 0.1)
    with serving.serve(read, list) as address, pytest.raises(http.client.RemoteDisconnected):
        exchange(address, "POST", b"[1", {"Content-Length": b"1000"})


@pytest.mark.parametrize("answer", [lambda numbers: 1 / 0, lambda numbers: {"sum": float("nan")}, lambda numbers: {"sum": object()}])
def test_what_fails_inside_is_logged_and_not_told(answer, caplog):
    with caplog.at_level(logging.ERROR), serving.serve(read, answer) as address:
        status, told = serving.ask(address, [1])
    assert (status, told) == (500, {"error": "The service failed; its log says why."})
    assert "Traceback" in caplog.text


def test_one_connection_may_ask_again_after_a_refusal(address):
    connection = http.client.HTTPConnection(urlsplit(address).netloc, timeout=PATIENCE)
    statuses = []
    for body in (b"[1]", b"no", b"[2]"):
        connection.request("POST", "/", body)
        response = connection.getresponse()
        response.read()
        statuses.append(response.status)
    connection.close()
    assert statuses == [200, 400, 200]


def test_clients_share_the_requests_and_are_answered_at_the_same_time():
    meeting, asked = threading.Barrier(3), []

    def answer(numbers):
        asked.append(numbers)
        if len(asked) <= 3:
            meeting.wait(PATIENCE)  # nobody gets on alone
        return {}

    with serving.serve(read, answer) as address:
        found = serving.load(address, [4], clients=3, requests=7)
    assert asked == [[4]] * 7 and len(found.milliseconds) == 7
    assert found.per_second > 0 and min(found.milliseconds) > 0


def test_a_load_that_is_refused_or_has_fewer_requests_than_clients_says_why(address):
    with pytest.raises(RuntimeError, match=r"400.*Expected a list"):
        serving.load(address, {}, 2, 4)
    with pytest.raises(ValueError, match="as many requests"):
        serving.load(address, [1], 4, 3)


def test_a_load_without_a_service_says_so():
    with serving.serve(read, list) as address:
        pass
    with pytest.raises(RuntimeError, match="ConnectionRefusedError"):
        serving.load(address, [1], 1, 1)
