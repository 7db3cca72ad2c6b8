"""Each fault, as a client meets it, and the conditions under which it strikes."""

from __future__ import annotations

import email.utils
import json
import threading
import time

import httpx
import pytest

from dashboard.emulator.faults import KINDS, Fault, Faults
from dashboard.emulator.options import EmulatorSettings
from tests.emulator.running import DAY, RunningEmulator, running
from tests.emulator.still_floor import StillFloor

QUEUE = "/api/v2/channels/voice/stats/current_queue_activity"
AGENTS = "/api/v2/channels/voice/stats/agents_activity"


def test_every_fault_that_is_promised_is_there() -> None:
    assert {"429", "500", "503", "timeout", "close", "unheard", "truncated", "html", "empty", "wrong_types", "slow", "401"} <= set(KINDS)


@pytest.mark.parametrize("status", [401, 403, 404, 429, 500, 502, 503, 504])
def test_status_fault_answers_that_status(still: RunningEmulator, status: int) -> None:
    still.fault(str(status))
    assert still.get(QUEUE).status_code == status
    still.fault("none")
    assert still.get(QUEUE).status_code == 200


def test_429_and_503_carry_retry_after_unless_told_not_to(still: RunningEmulator) -> None:
    for kind in ("429", "503"):
        still.fault(kind, retry_after_s=7)
        assert still.get(QUEUE).headers["retry-after"] == "7"
        still.fault(kind, retry_after_s=0)
        assert "retry-after" not in still.get(QUEUE).headers


def test_html_is_a_page_with_status_200(still: RunningEmulator) -> None:
    still.fault("html")
    answer = still.get(QUEUE)
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith("text/html")
    assert b"<html>" in answer.content


def test_empty_is_json_of_no_bytes(still: RunningEmulator) -> None:
    still.fault("empty")
    answer = still.get(QUEUE)
    assert (answer.status_code, answer.content) == (200, b"")
    assert answer.headers["content-type"].startswith("application/json")


def test_wrong_types_keep_the_names_and_spoil_every_number(still: RunningEmulator) -> None:
    right = still.get(QUEUE).json()["current_queue_activity"]
    still.fault("wrong_types")
    wrong = still.get(QUEUE).json()["current_queue_activity"]
    assert wrong.keys() == right.keys()
    assert not any(type(value) is int and value >= 0 for value in wrong.values())
    assert not isinstance(still.get(AGENTS).json()["agents_activity"][0]["agent_id"], int)


def test_malformed_is_not_json(still: RunningEmulator) -> None:
    still.fault("malformed")
    with pytest.raises(json.JSONDecodeError):
        still.get(QUEUE).json()


def test_missing_has_no_object_of_the_endpoint(still: RunningEmulator) -> None:
    still.fault("missing")
    assert still.get(QUEUE).json() == {"something_else": {}}


def test_huge_is_right_json_of_more_than_five_megabytes(still: RunningEmulator) -> None:
    right = still.get(QUEUE).json()
    still.fault("huge")
    answer = still.get(QUEUE)
    assert len(answer.content) > 5_000_000
    assert answer.json() == right


def test_redirect_points_to_another_host(still: RunningEmulator) -> None:
    still.fault("redirect")
    answer = still.get(QUEUE)
    assert answer.status_code == 302
    assert answer.headers["location"].startswith("https://elsewhere.example/")


def test_date_skew_moves_the_date_header_alone(still: RunningEmulator) -> None:
    still.fault("date_skew", skew_s=-120)
    answer = still.get(QUEUE)
    assert answer.status_code == 200
    assert abs(email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp() + 120 - time.time()) < 15


def test_close_drops_the_connection_without_an_answer(still: RunningEmulator) -> None:
    still.fault("close", count=1)
    with pytest.raises(httpx.RemoteProtocolError):
        still.get(QUEUE)
    assert still.get(QUEUE).status_code == 200
    assert still.requests()["by_endpoint"]["current_queue_activity"] == {"close": 1, "200": 1}


@pytest.mark.parametrize("path", [QUEUE, AGENTS])
def test_truncated_promises_more_than_it_sends(still: RunningEmulator, path: str) -> None:
    still.fault("truncated", count=1)
    with pytest.raises(httpx.RemoteProtocolError, match=r"incomplete|without sending complete"):
        still.get(path)


def test_timeout_never_answers_until_the_client_leaves(still: RunningEmulator) -> None:
    still.fault("timeout", count=1)
    with pytest.raises(httpx.ReadTimeout):
        still.http.get(QUEUE, timeout=0.3)
    deadline = time.monotonic() + 20
    while (counts := still.requests()["by_endpoint"]) == {} and time.monotonic() < deadline:
        pass
    assert counts == {"current_queue_activity": {"timeout": 1}}


def test_slow_sends_the_whole_body_over_the_time_asked_for(still: RunningEmulator) -> None:
    right = still.get(QUEUE).json()
    still.fault("slow", delay_s=0.5)
    began = time.monotonic()
    assert still.get(QUEUE).json() == right
    assert 0.4 < time.monotonic() - began < 20


def test_delay_answers_rightly_but_late_and_stamps_the_leaving(still: RunningEmulator) -> None:
    still.fault("delay", delay_s=0.3)
    began = time.time()
    answer = still.get(QUEUE)
    assert answer.status_code == 200
    assert int(answer.headers["x-emulator-answered-at"]) >= (began + 0.29) * 1000


def test_delay_goes_with_other_faults(still: RunningEmulator) -> None:
    still.fault("500", delay_s=0.3)
    began = time.monotonic()
    assert still.get(QUEUE).status_code == 500
    assert time.monotonic() - began >= 0.29


def test_fault_of_one_endpoint_leaves_the_others_alone(still: RunningEmulator) -> None:
    still.fault("500", endpoint="current_queue_activity")
    still.fault("503", endpoint="oauth_tokens")
    assert [still.get(path).status_code for path in (QUEUE, AGENTS)] == [500, 200]
    assert still.http.post("/oauth/tokens").status_code == 503
    still.fault("none", endpoint="current_queue_activity")
    assert still.get(QUEUE).status_code == 200
    assert still.http.post("/oauth/tokens").status_code == 503


def test_endpoints_own_fault_goes_before_the_one_for_all(still: RunningEmulator) -> None:
    still.fault("500")
    still.fault("503", endpoint="agents_activity")
    assert [still.get(path).status_code for path in (QUEUE, AGENTS)] == [500, 503]


def test_later_fault_takes_the_place_of_the_earlier(still: RunningEmulator) -> None:
    still.fault("500")
    still.fault("503")
    assert still.get(QUEUE).status_code == 503


def test_count_is_how_often_it_strikes(still: RunningEmulator) -> None:
    still.fault("500", count=2)
    assert [still.get(QUEUE).status_code for _ in range(3)] == [500, 500, 200]
    assert still.control("state")["faults"] == []


def test_for_s_is_how_long_it_lasts(still: RunningEmulator) -> None:
    still.fault("500", for_s=60)
    assert still.get(QUEUE).status_code == 500
    still.clock.skip(60)
    assert still.get(QUEUE).status_code == 200


def test_probability_is_how_likely_it_strikes_and_the_seed_repeats_it() -> None:
    def strikes(seed: int) -> list[bool]:
        faults = Faults(seed)
        faults.arm(Fault("500", probability=0.25), 0.0)
        return [faults.pick("agents_activity", 0.0) is not None for _ in range(4000)]

    assert 800 < sum(strikes(1)) < 1200
    assert strikes(1) == strikes(1) != strikes(2)


def test_fault_counts_no_request_against_the_limit(still: RunningEmulator) -> None:
    still.fault("500", count=1)
    still.get(AGENTS)
    assert still.get(AGENTS).headers["x-rate-limit-remaining"] == "399"


def test_server_ends_though_a_request_hangs() -> None:
    failed = threading.Event()

    def ask(url: str) -> None:
        try:
            httpx.get(url + QUEUE, timeout=30, trust_env=False)
        except httpx.HTTPError:
            failed.set()

    with running(StillFloor, EmulatorSettings(start=DAY)) as emulator:
        emulator.fault("timeout")
        asking = threading.Thread(target=ask, args=(emulator.url,))
        asking.start()
        deadline = time.monotonic() + 20
        while not emulator.requests()["under_way"] and time.monotonic() < deadline:
            pass
        began = time.monotonic()
    asking.join(10)
    assert failed.is_set()
    assert time.monotonic() - began < 20
