"""Whatever the vendor sends about tickets becomes a value that can be kept and shown, or one SourceError."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import asdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.domain.tickets import CAN_BE_UNSET, Comment, Priority, Status, TicketChange, TicketType
from dashboard.sources import metrics_decode, tickets_decode, values
from dashboard.sources.bodies import LONGEST_DETAIL, refusal
from dashboard.sources.errors import ErrorKind, SourceError
from tests.sources.scripted import event, job, metrics, ticket

DECODERS: list[tuple[Callable[[object], object], dict[str, object]]] = [
    (lambda answer: tickets_decode.ticket(answer, "ticket"), ticket(via={"channel": "web"}, tags=["a"], follower_ids=[1])),
    (lambda answer: tickets_decode.job(answer, "job"), job(results=[{"index": 1, "id": 2, "error": "x", "success": False}])),
    (lambda answer: tickets_decode.job(answer, "job"), job(results={"success": False, "errors": "x"})),
    (lambda answer: tickets_decode.deleted(answer, "gone"), {"id": 1, "subject": "x", "deleted_at": "2026-11-20T08:00:00Z", "actor": {}}),
    (lambda answer: tickets_decode.user(answer, "user"), {"id": 1, "name": "x"}),
    (tickets_decode.related, {"incidents": 1, "followup_source_ids": [], "from_archive": False}),
    (tickets_decode.counted, {"count": {"value": 1, "refreshed_at": None}}),
    (metrics_decode.one, {"ticket_metric": [metrics()]}),
    (lambda answer: metrics_decode.ticket_metrics(answer, "metrics"), metrics(reply_time_in_seconds={"calendar": 1})),
    (lambda answer: metrics_decode.event(answer, "event"), event(type="apply_sla", sla={"target": 1, "policy": {"id": 1, "title": "x"}})),
    (lambda answer: metrics_decode.event(answer, "event"), event(type="update_status", status={"calendar": 1, "business": 2})),
]
NASTY = st.sampled_from(
    [
        *(None, True, -1, 0, 1.5, 2**53, 2**63, [], {}, [None], [[]], {"id": None}, [{"id": 1, "error": {}}]),
        *("", "null", "open", "1" * 5000, "\ud800", "a\u202eb\x00c", "a@b.example", "2026-11-20T08:00:00Z", "2026-11-20T08:00:00"),
        *("9999-12-31T23:59:59-14:00", "0001-01-01T00:00:00+14:00"),
        *({"message": ["x"]}, {"base": [{"description": "a@b.example " * 99}]}, [{"title": "\ud800"}]),
    ]
)
LIKELY = st.one_of(NASTY, st.text(max_size=20), st.integers())


def storable(value: object) -> None:
    """It can be written into a database and a page: text that encodes, numbers that a browser keeps."""
    if isinstance(value, dict):
        for each in value.values():
            storable(each)
    elif isinstance(value, (list, tuple)):
        for each in value:
            storable(each)
    elif isinstance(value, str):
        value.encode()
        assert "\x00" not in value
        assert "\u202e" not in value
    elif isinstance(value, int):
        assert 0 <= value < 2**53


@settings(max_examples=100)
@given(st.data())
def test_any_json_is_a_value_or_one_error_that_quotes_nothing(data: st.DataObject) -> None:
    decode, good = data.draw(st.sampled_from(DECODERS))
    answer: object = good
    if data.draw(st.booleans()):
        replaced = dict(good)
        for name in data.draw(st.lists(st.sampled_from(sorted(good)), max_size=3)):
            inner = replaced[name]
            if isinstance(inner, dict) and inner and data.draw(st.booleans()):
                replaced[name] = {**inner, data.draw(st.sampled_from(sorted(inner))): data.draw(LIKELY)}
            else:
                replaced[name] = data.draw(LIKELY)
        answer = replaced
    else:
        answer = data.draw(LIKELY)
    found = outcome(decode, answer)
    if isinstance(found, SourceError):
        assert (found.kind, len(found.message) < 200) == (ErrorKind.INVALID, True)
    elif found is not None:
        storable(asdict(found))  # type: ignore[call-overload]


def outcome(decode: Callable[[object], object], answer: object) -> object:
    try:
        return decode(answer)
    except SourceError as error:
        return error


@settings(max_examples=60)
@given(st.one_of(LIKELY, st.fixed_dictionaries({}, optional=dict.fromkeys(("error", "errors", "details", "description"), NASTY))))
def test_refusal_of_any_body_is_one_short_line(body: object) -> None:
    raw = json.dumps(body).encode()
    for media in ("application/json", "text/plain", "text/html", ""):
        shown = refusal(raw, media)
        assert len(shown) <= LONGEST_DETAIL + 1
        assert "\n" not in shown
        shown.encode()
        assert "a@b.example" not in shown


def test_ticket_of_number_nought_is_refused_before_anybody_could_ask_for_it() -> None:
    with pytest.raises(SourceError, match=r"ticket\.id is no id"):
        tickets_decode.ticket(ticket(id=0), "ticket")
    assert tickets_decode.ticket(ticket(id=1), "ticket").id == 1


def test_text_keeps_its_lines_and_loses_what_harms() -> None:
    assert values.text("a\r\nb\x00\x1b[31m\tc\u202e\rd \n\n", "x") == "a\nb  [31m c\nd"
    assert len(values.text("ä" * 50_000, "x")) == values.LONGEST_TEXT
    assert values.text(None, "x") == ""
    assert values.line("a\nb", "x") == "a b"
    assert values.harmless("Call +1 (555) 010-9999 or ama@example.com") == "Call … or …"
    assert values.harmless("of ticket 12: token=abcdef123") == "of ticket 12: token=[masked]"


def test_change_says_only_what_it_touches() -> None:
    everything = TicketChange(
        status=Status.OPEN,
        priority=Priority.HIGH,
        type=TicketType.PROBLEM,
        assignee_id=1,
        group_id=2,
        problem_id=3,
        requester_id=4,
        tags=("a", "b"),
        subject="The door",
        external_id="queuelight-1",
        comment=Comment("Hello", is_public=False),
    )
    assert everything.as_json() == {
        "status": "open",
        "priority": "high",
        "type": "problem",
        "assignee_id": 1,
        "group_id": 2,
        "problem_id": 3,
        "requester_id": 4,
        "tags": ["a", "b"],
        "subject": "The door",
        "external_id": "queuelight-1",
        "comment": {"body": "Hello", "public": False},
    }
    assert TicketChange(unset=CAN_BE_UNSET).as_json() == dict.fromkeys(sorted(CAN_BE_UNSET))
    assert (TicketChange().is_empty, TicketChange(tags=()).is_empty, TicketChange(additional_tags=()).is_empty) == (True, False, True)
    for wrong in ({"unset": frozenset({"status"})}, {"unset": frozenset({"group_id"}), "group_id": 3}):
        with pytest.raises(ValueError, match="cannot be unset"):
            TicketChange(**wrong)  # type: ignore[arg-type]
