"""The four statistics, users/me and unknown addresses, as clients meet them over HTTP."""

from __future__ import annotations

import email.utils
import gzip
import time

import httpx
import pytest

from dashboard.emulator.talk import STATS
from tests.emulator.running import RunningEmulator
from tests.emulator.still_floor import GROUPS, LINES

BASE = "/api/v2/channels/voice/stats/"


@pytest.mark.parametrize("name", STATS)
@pytest.mark.parametrize("suffix", ["", ".json", "/"])
def test_statistics_with_and_without_json_answer_the_same_object(still: RunningEmulator, name: str, suffix: str) -> None:
    answer = still.get(f"{BASE}{name}{suffix}")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "application/json; charset=utf-8"
    assert next(iter(answer.json())) == name
    assert answer.json() == still.get(BASE + name).json()


def test_answers_carry_the_date_and_when_they_left(still: RunningEmulator) -> None:
    before = time.time()
    answer = still.get(BASE + "agents_overview")
    assert abs(email.utils.parsedate_to_datetime(answer.headers["date"]).timestamp() - before) < 15
    assert before * 1000 - 1 <= int(answer.headers["x-emulator-answered-at"]) <= time.time() * 1000


@pytest.mark.parametrize("text", ["{0},{1}", "[{0},{1}]", " {0} ,  {1} ", "[ {0} , {1} ]", "{0},{1},", "{0},{0},{1}", '["{0}","{1}"]'])
def test_filter_in_any_spelling_limits_the_queue_to_its_lines(still: RunningEmulator, text: str) -> None:
    answer = still.get(BASE + "current_queue_activity", phone_number_ids=text.format(*LINES))
    assert answer.json()["current_queue_activity"]["calls_waiting"] == 1 + 2


def test_filter_in_the_array_form_limits_the_overview_to_its_lines(still: RunningEmulator) -> None:
    answer = still.http.get(
        f"{BASE}account_overview?phone_number_ids[]={LINES[0]}&phone_number_ids[]={LINES[2]}",
        auth=(f"{still.settings.email}/token", still.settings.api_token),
    )
    assert answer.json()["account_overview"]["total_calls"] == 200


@pytest.mark.parametrize("text", ["", "[]", " "])
def test_empty_filter_is_no_filter(still: RunningEmulator, text: str) -> None:
    assert still.get(BASE + "current_queue_activity", phone_number_ids=text).json()["current_queue_activity"]["calls_waiting"] == 6


def test_unknown_ids_answer_zeros_and_an_empty_list(still: RunningEmulator) -> None:
    assert still.get(BASE + "current_queue_activity", phone_number_ids="7").json()["current_queue_activity"]["calls_waiting"] == 0
    assert still.get(BASE + "agents_activity", group_ids="7").json() == {
        "agents_activity": [],
        "count": 0,
        "next_page": None,
        "previous_page": None,
    }


def test_more_than_a_hundred_ids_answer_400_with_the_vendors_words(still: RunningEmulator) -> None:
    hundred = ",".join(str(number) for number in range(1, 101))
    assert still.get(BASE + "agents_activity", group_ids=hundred).status_code == 200
    answer = still.get(BASE + "agents_activity", group_ids=hundred + ",101")
    assert (answer.status_code, answer.json()) == (
        400,
        {"error": "TooManyValues", "description": "Parameter  cannot specify more than 100 values", "max_count": 100},
    )


@pytest.mark.parametrize("text", ["abc", "1,x", "1.5", "-1", "1;2", "٣", "[1", "99999999999999999999", "9223372036854775808"])
def test_ids_that_are_not_numbers_answer_400(still: RunningEmulator, text: str) -> None:
    answer = still.get(BASE + "current_queue_activity", phone_number_ids=text)
    assert answer.status_code == 400
    assert answer.json()["error"]["title"] == "Invalid attribute"
    assert "phone_number_ids" in answer.json()["error"]["message"]


def test_agents_overview_has_no_filter(still: RunningEmulator) -> None:
    assert still.get(BASE + "agents_overview", phone_number_ids="abc").status_code == 200


def test_group_filter_keeps_the_groups_agents(still: RunningEmulator) -> None:
    answer = still.get(BASE + "agents_activity", group_ids=f"[{GROUPS[0]}]").json()
    assert answer["count"] == 9
    assert [agent["agent_id"] for agent in answer["agents_activity"]] == [360000001000 + number for number in range(0, 18, 2)]


@pytest.mark.parametrize(("plan", "sent"), [("team", False), ("professional", True), ("enterprise", True)])
def test_team_plan_is_not_sent_professional_fields(still: RunningEmulator, plan: str, sent: bool) -> None:
    still.control("plan", {"plan": plan})
    assert ("total_inbound_calls" in still.get(BASE + "account_overview").json()["account_overview"]) is sent
    assert ("average_hold_time" in still.get(BASE + "agents_activity").json()["agents_activity"][0]) is sent
    assert ("total_calls_put_on_hold" in still.get(BASE + "agents_overview").json()["agents_overview"]) is sent
    assert len(still.get(BASE + "current_queue_activity").json()["current_queue_activity"]) == 6


def test_pages_by_number_are_linked_on_the_clients_own_host(still: RunningEmulator) -> None:
    answer = still.get(BASE + "agents_activity", per_page="10", group_ids=f"{GROUPS[0]},{GROUPS[1]}").json()
    assert answer["count"] == 18
    assert answer["previous_page"] is None
    assert answer["next_page"].startswith(f"{still.url}{BASE}agents_activity.json?")
    rest = still.get(answer["next_page"]).json()
    assert len(rest["agents_activity"]) == 8
    assert rest["next_page"] is None
    assert still.get(rest["previous_page"]).json() == answer


def test_links_follow_the_host_header(still: RunningEmulator) -> None:
    answer = still.http.get(
        BASE + "agents_activity",
        params={"per_page": "1"},
        headers={"Host": "acme.example:81"},
        auth=(still.settings.email, still.settings.password),
    )
    assert answer.json()["next_page"].startswith("http://acme.example:81/api/v2/")


def test_links_follow_a_tls_proxy(still: RunningEmulator) -> None:
    answer = still.http.get(
        BASE + "agents_activity",
        params={"per_page": "1"},
        headers={"Host": "acme.example", "X-Forwarded-Proto": "https"},
        auth=(still.settings.email, still.settings.password),
    )
    assert answer.json()["next_page"].startswith("https://acme.example/api/v2/")


@pytest.mark.parametrize(
    "path", ["/", "/api/v2/channels/voice/stats", "/api/v2/ticket.json", "/api/v2/channels/voice/stats/x.json", "/oauth"]
)
def test_unknown_path_answers_invalid_endpoint(still: RunningEmulator, path: str) -> None:
    answer = still.get(path)
    assert (answer.status_code, answer.json()) == (404, {"error": "InvalidEndpoint", "description": "Not found"})


@pytest.mark.parametrize(
    ("method", "path", "allowed"),
    [("POST", BASE + "agents_overview", "GET, HEAD"), ("DELETE", "/api/v2/users/me", "GET, HEAD"), ("GET", "/oauth/tokens", "POST")],
)
def test_wrong_method_answers_405_and_names_the_right_ones(still: RunningEmulator, method: str, path: str, allowed: str) -> None:
    answer = still.http.request(method, path)
    assert (answer.status_code, answer.headers["allow"]) == (405, allowed)


def test_head_answers_headers_alone(still: RunningEmulator) -> None:
    auth = (still.settings.email, still.settings.password)
    whole = still.http.get(BASE + "agents_overview", auth=auth)
    head = still.http.head(BASE + "agents_overview", auth=auth)
    assert (head.status_code, head.content) == (200, b"")
    assert head.headers["content-length"] == whole.headers["content-length"]


def test_long_answer_is_compressed_for_clients_that_take_it(still: RunningEmulator) -> None:
    auth = (still.settings.email, still.settings.password)
    path = BASE + "agents_activity"
    with still.http.stream("GET", path, auth=auth, headers={"Accept-Encoding": "gzip"}) as answer:
        assert answer.headers["content-encoding"] == "gzip"
        packed = b"".join(answer.iter_raw())
    plain = still.http.get(path, auth=auth, headers={"Accept-Encoding": "identity"})
    assert "content-encoding" not in plain.headers
    assert gzip.decompress(packed) == plain.content


def test_users_me_answers_200_and_anonymous_to_wrong_credentials(still: RunningEmulator) -> None:
    for path in ("/api/v2/users/me", "/api/v2/users/me.json"):
        nobody = still.http.get(path, auth=("who@example.com/token", "wrong"))
        assert nobody.status_code == 200
        assert (nobody.json()["user"]["id"], nobody.json()["user"]["name"]) == (None, "Anonymous user")
        somebody = still.get(path).json()["user"]
        assert (somebody["email"], somebody["role"]) == (still.settings.email, "admin")
        assert somebody.keys() == nobody.json()["user"].keys()


def test_garbage_in_the_query_is_an_answer_not_a_crash(still: RunningEmulator) -> None:
    for query in ("group_ids=%FF%FE", "&&&===", "page[size]=%00", "per_page=%F0%9F%98%80"):
        answer: httpx.Response = still.get(f"{BASE}agents_activity?{query}")
        assert answer.status_code in {200, 400}
