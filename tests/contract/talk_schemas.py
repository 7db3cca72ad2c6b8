"""The shapes of the four Talk answers, written out by hand from the vendor's documents: field, type, and the plan that sends it."""

from __future__ import annotations

from collections.abc import Mapping

Shape = Mapping[str, tuple[type, ...]]
WHOLE = (int,)
TEXT = (str,)
TEXT_OR_NULL = (str, type(None))


def _whole(names: str) -> dict[str, tuple[type, ...]]:
    return dict.fromkeys(names.split(), WHOLE)


TEAM: Mapping[str, Shape] = {
    "current_queue_activity": _whole(
        "agents_online average_wait_time longest_wait_time calls_waiting callbacks_waiting embeddable_callbacks_waiting"
    ),
    "account_overview": _whole(
        "average_call_duration average_queue_wait_time average_wrap_up_time max_calls_waiting max_queue_wait_time total_call_duration"
        " total_calls total_voicemails total_wrap_up_time"
    ),
    "agents_overview": _whole(
        "average_wrap_up_time total_calls_accepted total_calls_denied total_calls_missed total_talk_time total_wrap_up_time"
    ),
    "agents_activity": {
        "agent_id": WHOLE,
        "name": TEXT,
        "agent_state": TEXT,
        "call_status": TEXT_OR_NULL,
        "via": TEXT,
        "avatar_url": TEXT_OR_NULL,
        "forwarding_number": TEXT_OR_NULL,
        **_whole(
            "available_time online_time away_time transfers_only_time calls_accepted calls_denied calls_missed total_call_duration"
            " total_talk_time total_wrap_up_time"
        ),
    },
}
PROFESSIONAL_MORE: Mapping[str, Shape] = {
    "current_queue_activity": {},
    "account_overview": _whole(
        "average_callback_wait_time average_hold_time average_time_to_answer total_callback_calls total_calls_abandoned_in_queue"
        " total_calls_outside_business_hours total_calls_with_exceeded_queue_wait_time total_calls_with_requested_voicemail"
        " total_hold_time total_inbound_calls total_outbound_calls total_textback_requests total_embeddable_callback_calls"
    ),
    "agents_overview": _whole(
        "average_accepted_transfers average_calls_accepted average_calls_denied average_calls_missed average_calls_put_on_hold"
        " average_started_transfers average_available_time average_away_time average_online_time average_transfers_only_time"
        " average_hold_time average_talk_time total_accepted_transfers total_started_transfers total_calls_put_on_hold total_hold_time"
    ),
    "agents_activity": _whole(
        "accepted_transfers started_transfers calls_put_on_hold average_hold_time total_hold_time average_talk_time"
        " average_wrap_up_time accepted_third_party_conferences started_third_party_conferences"
    ),
}
ALLOWED_TEXTS: Mapping[str, frozenset[str | None]] = {
    "agent_state": frozenset({"online", "offline", "away", "transfers_only"}),
    "call_status": frozenset({"on_call", "wrap_up", None}),
    "via": frozenset({"client", "phone"}),
}


def shape(endpoint: str, plan: str) -> Shape:
    """All fields of an endpoint's object (for agents_activity: of one agent) on a plan."""
    return TEAM[endpoint] if plan == "team" else {**TEAM[endpoint], **PROFESSIONAL_MORE[endpoint]}


def faults_of(value: Mapping[str, object], expected: Shape) -> list[str]:
    """What is wrong with an object; empty when it has the shape. A truth value is no number, and no number is negative."""
    wrong = [f"{name} is missing" for name in expected if name not in value]
    for name, found in value.items():
        if name not in expected:
            wrong.append(f"{name} is not in the documents")
        elif type(found) not in expected[name]:
            wrong.append(f"{name} is a {type(found).__name__}")
        elif isinstance(found, int) and found < 0:
            wrong.append(f"{name} is negative")
        elif name in ALLOWED_TEXTS and found not in ALLOWED_TEXTS[name]:
            wrong.append(f"{name} is {found!r}")
    return wrong
