from __future__ import annotations

import json
from dataclasses import asdict
from datetime import UTC, datetime

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.domain.feeds import TALK, Endpoint, Feed
from dashboard.domain.readings import AgentsActivity, QueueActivity, vendor_fields
from dashboard.sources.auth import StaticBearer
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import VendorClient
from dashboard.sources.redaction import Secret
from dashboard.sources.zendesk_talk import MOST_PAGES, Answered, ZendeskTalk
from tests.emulator.running import RunningEmulator
from tests.sources.conftest import NOW, PATIENT, SOON, Clock, MakeClient
from tests.sources.test_decode import ANYTHING, LIKELY
from tests.sources.vendor import Asked, Reply, Vendor

STATS = "/api/v2/channels/voice/stats/"
QUEUE, AGENTS = Feed("main", Endpoint.QUEUE), Feed("main", Endpoint.AGENTS)


def agent(agent_id: int, **more: object) -> dict[str, object]:
    return {"agent_id": agent_id, "name": f"Agent {agent_id}", "agent_state": "online", **more}


def refused(talk: ZendeskTalk, feed: Feed = AGENTS) -> SourceError:
    with pytest.raises(SourceError) as caught:
        talk.read(feed)
    return caught.value


@pytest.fixture
def talk(vendor: Vendor, make_client: MakeClient) -> ZendeskTalk:
    return ZendeskTalk(make_client(vendor.url, clock=Clock()))


def test_read_of_the_queue_gives_the_reading_and_what_the_headers_say(vendor: Vendor, talk: ZendeskTalk) -> None:
    headers = {"x_rate_limit": "400", "x_rate_limit_remaining": "399", "date": "Sat, 21 Nov 2026 08:59:58 GMT"}
    vendor.replies(Reply.json({"current_queue_activity": {"calls_waiting": 3, "ai_agent_calls": 1}}, 200, **headers))
    answered = talk.read(QUEUE)
    assert answered.reading.body == QueueActivity(calls_waiting=3)
    assert (answered.reading.at, answered.reading.unknown) == (NOW, {"ai_agent_calls": 1})
    assert (answered.limit_per_minute, answered.remaining, answered.requests) == (400, 399, 1)
    assert answered.server_date == datetime(2026, 11, 21, 8, 59, 58, tzinfo=UTC)
    assert (vendor.asked[0].path, vendor.asked[0].query) == (STATS + "current_queue_activity", {})


def test_read_without_rate_and_date_headers_says_none(vendor: Vendor, talk: ZendeskTalk) -> None:
    vendor.replies(Reply.json({"current_queue_activity": {}}))
    answered = talk.read(QUEUE)
    assert (answered.limit_per_minute, answered.remaining, answered.server_date) == (None, None, None)
    assert answered.reading.body == QueueActivity()


@pytest.mark.parametrize(
    ("endpoint", "name"), [(Endpoint.QUEUE, "phone_number_ids"), (Endpoint.ACCOUNT, "phone_number_ids"), (Endpoint.AGENTS, "group_ids")]
)
def test_read_with_a_filter_sends_it_as_a_comma_list(vendor: Vendor, talk: ZendeskTalk, endpoint: Endpoint, name: str) -> None:
    vendor.replies(Reply.json({endpoint.value: [] if endpoint is Endpoint.AGENTS else {}}))
    talk.read(Feed("main", endpoint, (360000000001, 2)))
    assert vendor.asked[0].query == {name: "360000000001,2"}


def test_read_with_a_filter_that_the_vendor_cannot_apply_asks_nothing(vendor: Vendor, talk: ZendeskTalk) -> None:
    for feed in (Feed("main", Endpoint.AGENTS_OVERVIEW, (1,)), Feed("main", Endpoint.QUEUE, tuple(range(101)))):
        error = refused(talk, feed)
        assert (error.kind, error.permanent) == (ErrorKind.INVALID, False)
    assert vendor.asked == []


def test_read_of_agents_follows_all_pages_and_keeps_the_last_of_a_double(vendor: Vendor, talk: ZendeskTalk) -> None:
    pages = {
        "1": {
            "agents_activity": [agent(3), agent(1, calls_accepted=1)],
            "count": 3,
            "next_page": f"{vendor.url}{STATS}agents_activity?page=2",
        },
        "2": {"agents_activity": [agent(1, calls_accepted=2)], "count": 3, "next_page": f"{STATS}agents_activity?page=3&x=%2C"},
        "3": {"agents_activity": [agent(2, new=7)], "count": 3, "next_page": None, "previous_page": "x"},
    }
    vendor.answer = lambda asked: Reply.json(pages[asked.query.get("page", "1")])
    before: list[int] = []
    answered = talk.read(Feed("main", Endpoint.AGENTS, (5, 6)), before_request=lambda: before.append(len(vendor.asked)))
    body = answered.reading.body
    assert isinstance(body, AgentsActivity)
    assert [(one.agent_id, one.calls_accepted) for one in body.agents] == [(3, None), (1, 2), (2, None)]
    assert (answered.requests, before) == (3, [0, 1, 2])
    assert answered.reading.unknown == {"new": 7}
    assert [asked.query.get("group_ids") for asked in vendor.asked] == ["5,6", None, None]
    assert all("authorization" in asked.headers for asked in vendor.asked)


def test_read_of_agents_by_cursor_stops_where_there_are_no_more_though_a_link_is_there(vendor: Vendor, talk: ZendeskTalk) -> None:
    def answer(asked: Asked) -> Reply:
        last = "page[after]" in asked.query
        link = f"{vendor.url}{STATS}agents_activity?page[after]=abc"
        return Reply.json({"agents_activity": [agent(2 if last else 1)], "meta": {"has_more": not last}, "links": {"next": link}})

    vendor.answer = answer
    body = talk.read(AGENTS).reading.body
    assert isinstance(body, AgentsActivity)
    assert [one.agent_id for one in body.agents] == [1, 2]


def test_read_of_agents_with_a_failing_page_gives_nothing(vendor: Vendor, talk: ZendeskTalk) -> None:
    first = Reply.json({"agents_activity": [agent(1)], "next_page": "?page=2"})
    for broken, kind in (
        (Reply(500, b""), ErrorKind.SERVER),
        (Reply.json({"agents_activity": None}), ErrorKind.INVALID),
        (Reply.json({"agents_activity": [agent(2, calls_missed=-1)]}), ErrorKind.INVALID),
    ):
        vendor.replies(first, broken)
        assert refused(talk).kind is kind


@pytest.mark.parametrize("link", ["https://evil.example/p2", "//evil.example/p2", 3, {"a": 1}])
def test_read_of_agents_with_a_foreign_link_is_refused(vendor: Vendor, talk: ZendeskTalk, link: object) -> None:
    vendor.replies(Reply.json({"agents_activity": [agent(1)], "next_page": link}))
    assert refused(talk).kind is ErrorKind.INVALID
    assert len(vendor.asked) == 1


def test_read_of_agents_with_pages_in_a_circle_ends(vendor: Vendor, talk: ZendeskTalk) -> None:
    vendor.replies(Reply.json({"agents_activity": [agent(1)], "next_page": "?page=2"}))
    assert "do not end" in refused(talk).message
    assert len(vendor.asked) == 2


def test_read_of_agents_with_pages_without_end_ends(vendor: Vendor, talk: ZendeskTalk) -> None:
    vendor.answer = lambda asked: Reply.json({"agents_activity": [], "next_page": f"?page={len(vendor.asked) + 1}"})
    assert "do not end" in refused(talk).message
    assert len(vendor.asked) == MOST_PAGES


def test_read_of_agents_with_slow_pages_ends_at_the_deadline_of_the_whole(vendor: Vendor, make_client: MakeClient) -> None:
    vendor.answer = lambda asked: Reply.json({"agents_activity": [], "next_page": f"?page={len(vendor.asked) + 1}"})
    talk = ZendeskTalk(make_client(vendor.url), read_s=0.02)
    assert refused(talk).kind is ErrorKind.TIMEOUT
    assert len(vendor.asked) < MOST_PAGES


@pytest.mark.parametrize(
    "answer", [{}, {"error": "x"}, [], None, 3, "text", {"current_queue_activity": None}, {"current_queue_activity": [1]}]
)
def test_read_without_the_top_level_object_is_invalid(vendor: Vendor, talk: ZendeskTalk, answer: object) -> None:
    vendor.replies(Reply.json(answer))
    assert refused(talk, QUEUE).kind is ErrorKind.INVALID


def test_read_with_a_wrong_number_names_the_field_and_not_its_value(vendor: Vendor, talk: ZendeskTalk) -> None:
    vendor.replies(Reply.json({"agents_activity": [agent(1), agent(2, calls_missed="+4930123456")]}))
    assert refused(talk).message == "The vendor's answer is wrong: agents_activity[1].calls_missed is not a whole number."


PAGE = st.fixed_dictionaries(
    {},
    optional={
        **{
            endpoint.value: ANYTHING | st.lists(st.dictionaries(st.sampled_from(["agent_id", "name", "call_status"]), LIKELY))
            for endpoint in TALK
        },
        "next_page": ANYTHING | st.sampled_from(["?page=2", "https://evil.example/", "//", "http://["]),
        "meta": ANYTHING | st.just({"has_more": True}),
        "links": ANYTHING | st.just({"next": "?page=3"}),
    },
)


@given(st.lists(PAGE | ANYTHING, min_size=1, max_size=3), st.sampled_from(TALK))
def test_read_of_any_json_is_a_reading_or_one_error(pages: list[object], endpoint: Endpoint) -> None:
    waiting = list(pages)

    def answer(request: httpx.Request) -> httpx.Response:
        page = waiting.pop(0) if len(waiting) > 1 else waiting[0]
        return httpx.Response(200, stream=httpx.ByteStream(json.dumps(page).encode()), headers={"content-type": "application/json"})

    client = VendorClient("http://127.0.0.1:1", StaticBearer(Secret("hypothesis-token")), transport=httpx.MockTransport(answer))
    outcome = outcome_of(ZendeskTalk(client), Feed("main", endpoint))
    client.close()
    if isinstance(outcome, SourceError):
        assert outcome.kind is ErrorKind.INVALID
    else:
        json.dumps([asdict(outcome.reading.body), outcome.reading.unknown], allow_nan=False, ensure_ascii=False).encode()


def outcome_of(talk: ZendeskTalk, feed: Feed) -> Answered | SourceError:
    try:
        return talk.read(feed)
    except SourceError as error:
        return error


def test_read_of_every_endpoint_of_the_emulator_gives_full_readings(emulator: RunningEmulator, make_client: MakeClient) -> None:
    talk = ZendeskTalk(make_client(emulator.url, StaticBearer(Secret(emulator.settings.bearer_token))))
    for endpoint in TALK:
        answered = talk.read(Feed("main", endpoint))
        body = answered.reading.body
        parts = body.agents if isinstance(body, AgentsActivity) else (body,)
        assert parts
        absent = [name for part in parts for name in vendor_fields(type(part)) if getattr(part, name) is None and name != "call_status"]
        assert absent == []
        assert answered.reading.unknown == {}
        assert (answered.limit_per_minute, answered.requests) == (400, 1)
        assert answered.server_date is not None


@pytest.mark.parametrize(
    ("fault", "kind"),
    [
        ("401", ErrorKind.AUTH),
        ("403", ErrorKind.FORBIDDEN),
        ("404", ErrorKind.NOT_FOUND),
        ("429", ErrorKind.RATE_LIMIT),
        ("500", ErrorKind.SERVER),
        ("503", ErrorKind.SERVER),
        ("html", ErrorKind.INVALID),
        ("empty", ErrorKind.INVALID),
        ("wrong_types", ErrorKind.INVALID),
        ("malformed", ErrorKind.INVALID),
        ("huge", ErrorKind.TOO_LARGE),
        ("redirect", ErrorKind.REDIRECT),
        ("close", ErrorKind.NETWORK),
        ("truncated", ErrorKind.NETWORK),
        ("timeout", ErrorKind.TIMEOUT),
        ("slow", ErrorKind.TIMEOUT),
    ],
)
def test_read_of_a_faulty_emulator_is_one_error(emulator: RunningEmulator, make_client: MakeClient, fault: str, kind: ErrorKind) -> None:
    emulator.fault(fault)
    limits = SOON if kind is ErrorKind.TIMEOUT else PATIENT
    talk = ZendeskTalk(make_client(emulator.url, StaticBearer(Secret(emulator.settings.bearer_token)), limits=limits))
    for feed in (QUEUE, AGENTS):
        error = refused(talk, feed)
        assert error.kind is kind
        assert (error.retry_after_s == 10.0) == (fault in {"429", "503"})
