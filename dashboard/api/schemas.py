"""The shapes of the API's answers, as JSON Schema (2020-12, the dialect of OpenAPI 3.1). A test holds real answers to them."""

from __future__ import annotations

from dashboard.api.frame_schemas import FRAME
from dashboard.api.shapes import (
    AGENT_STATE,
    FLAG,
    NUMBER,
    NUMBER_OR_NULL,
    SEVERITY,
    STATES,
    TIME,
    TIME_OR_NULL,
    WHOLE,
    WHOLE_OR_NULL,
    Schema,
    by_key,
    obj,
    ref,
    text,
)
from dashboard.models import IncidentTicket, Notification, Transition

SCHEMAS: dict[str, Schema] = {
    "Error": obj({"error": text("a word for programs"), "message": text("one sentence for people")}),
    **FRAME,
    "CurrentFrame": obj({"seq": WHOLE, "at": TIME, "frame": ref("Frame")}),
    "Figure": obj(
        {"state": {"enum": ["value", "too_few", "unknown"]}},
        {"value": NUMBER, "have": WHOLE, "needs": WHOLE},
        description="A number, or why there is none.",
    ),
    "Agent": obj(
        {
            "id": {"type": "integer"},
            "name": text(),
            "state": AGENT_STATE,
            "call_status": {"enum": ["on_call", "wrap_up", None]},
            "presence": text("what the agent is doing: a call wins over the state"),
            "since": TIME_OR_NULL,
            "since_exact": {**FLAG, "description": "false: at least since"},
            "calls_accepted": WHOLE_OR_NULL,
            "calls_missed": WHOLE_OR_NULL,
            "calls_denied": WHOLE_OR_NULL,
            "offers": {**WHOLE_OR_NULL, "description": "accepted + missed + declined; one call can be offered to several agents"},
            "average_handle_time": ref("Figure"),
            "occupancy_ratio": ref("Figure"),
            "online_time": WHOLE_OR_NULL,
            "away_time": WHOLE_OR_NULL,
            "available_time": WHOLE_OR_NULL,
            "transfers_only_time": WHOLE_OR_NULL,
            "total_talk_time": WHOLE_OR_NULL,
            "total_hold_time": WHOLE_OR_NULL,
            "total_wrap_up_time": WHOLE_OR_NULL,
            "accepted_transfers": WHOLE_OR_NULL,
            "started_transfers": WHOLE_OR_NULL,
            "calls_put_on_hold": WHOLE_OR_NULL,
        }
    ),
    "Agents": obj(
        {
            "board": text(),
            "state": {"enum": STATES},
            "at": TIME_OR_NULL,
            "interval_s": NUMBER,
            "professional": {**FLAG, "description": "whether the account's plan sends transfers, holds and the like; false without agents"},
            "agents": {"type": "array", "items": ref("Agent")},
        }
    ),
    "Point": obj(
        {"at": TIME, "count": {**WHOLE, "description": "of readings; where only minutes are kept, of minutes"}},
        {
            "min": NUMBER,
            "mean": {**NUMBER, "description": "each reading weighs as long as it stood"},
            "max": NUMBER,
            "last": NUMBER,
            "live_ratio": {**NUMBER, "minimum": 0, "description": "the share of the step in which the numbers were live, 0 to 1"},
            "increase": {**NUMBER, "minimum": 0, "description": "of a daily total in the step; absent where a gap makes it unknown"},
            "reset": {"const": True, "description": "a daily total began anew: the account's midnight"},
            "corrected": {"const": True, "description": "a daily total fell at another time: the vendor corrected it"},
        },
    ),
    "History": obj(
        {
            "metric": text(),
            "label": text(),
            "unit": {"enum": ["count", "s", "ratio"]},
            "feed": text(),
            "from": TIME,
            "to": TIME,
            "step_s": NUMBER,
            "interval_s": NUMBER,
            "points": {"type": "array", "items": ref("Point"), "description": "one a step; a step without a value has count 0 alone"},
        }
    ),
    "Comparison": obj(
        {
            "board": text(),
            "span": {"enum": ["1h", "4h", "today", "7d", "28d"]},
            "time_zone": text(),
            "at": TIME,
            "step_s": {**NUMBER, "description": "86400: a day of the calendar"},
            "days_before": WHOLE,
            "steps": {"type": "array", "items": text("when a step begins: ISO 8601, by the clock of time_zone")},
            "series": {
                "type": "array",
                "items": obj(
                    {
                        "metric": text(),
                        "label": text(),
                        "unit": {"enum": ["count", "s", "ratio"]},
                        "figure": {
                            "enum": ["increase", "max"],
                            "description": "of a daily total its growth in the step, else the highest value",
                        },
                        "values": {"type": "array", "items": NUMBER_OR_NULL},
                        "then": {"type": "array", "items": NUMBER_OR_NULL, "description": "the same steps, days_before earlier"},
                        "corrected": {
                            "type": "array",
                            "items": WHOLE,
                            "description": "steps in which the vendor took back what it had counted",
                        },
                    }
                ),
            },
        },
        {"running": {**WHOLE, "description": "the step that holds `at`"}},
    ),
    "FeedsBeside": obj(
        {
            "at": TIME,
            "feeds": by_key(ref("Feed"), "by the feed's id"),
            "metrics": by_key(ref("Metric"), "the main numbers of the whole account, by the metric's name"),
            "thresholds": by_key(ref("Limits"), "by metric"),
            "budget": by_key(obj({"used": WHOLE, "cap": WHOLE, "limit": WHOLE, "window_s": WHOLE}), "by account: main, kayako"),
        }
    ),
    "Incident": obj(
        {
            "id": WHOLE,
            "rule": text("its name when the incident opened"),
            "kind": {"enum": ["threshold", "spike", "lost", "source", "screen"]},
            "account": text(),
            "severity": SEVERITY,
            "worst_severity": SEVERITY,
            "state": {"enum": ["open", "acknowledged", "recovering", "resolved"]},
            "since": {**TIME, "description": "when the limit of the opening was passed"},
            "limit_since": {**TIME, "description": "when the limit of its severity now was passed"},
            "opened_at": {**TIME, "description": "when it had held long enough"},
            "last_seen_at": TIME,
            "direction": {"enum": ["above", "below"]},
            "text": text("one sentence that says it all"),
        },
        {
            "rule_id": WHOLE,
            "metric": text(),
            "unit": {"enum": ["count", "s", "ratio"]},
            "scope_name": text(),
            "value": {**NUMBER, "description": "the last live one; of an incident about the data itself, seconds"},
            "worst_value": NUMBER,
            "limit": {**NUMBER, "description": "what was passed, of its severity now"},
            "opened_limit": {**NUMBER, "description": "what was passed when it opened"},
            "failed_rule": {**FLAG, "description": "true where a rule itself has failed"},
            "detail": text("what is wrong with the data"),
            "acknowledged_by": text("what stands before the @"),
            "acknowledged_at": TIME,
            "snoozed_until": TIME,
            "resolved_at": TIME,
            "ticket": ref("IncidentTicket"),
        },
    ),
    "IncidentTicket": obj(
        {"state": {"enum": [state.value for state in IncidentTicket.State], "description": "wanted: it is still to be opened"}},
        {
            "number": {**WHOLE, "description": "the vendor's; absent while there is no ticket"},
            "url": text("its page on the desk"),
            "reason": text("why it is not further, or was given up"),
        },
    ),
    "Incidents": obj(
        {
            "incidents": {"type": "array", "items": ref("Incident"), "description": "newest first"},
            "more": {**FLAG, "description": "there are older ones within the span"},
        }
    ),
    "IncidentStep": obj(
        {
            "number": WHOLE,
            "what": {"enum": [what.value for what in Transition.What]},
            "at": TIME,
        },
        {
            "by": text("who did it; absent: Queuelight itself"),
            "note": text(),
            "severity": SEVERITY,
            "value": NUMBER,
            "until": {**TIME, "description": "of a snooze"},
        },
    ),
    "IncidentNotification": obj(
        {
            "id": WHOLE,
            "what": {"enum": [what.value for what in Notification.What]},
            "recipient": text("a name, never an address"),
            "step": {**WHOLE, "description": "of the escalation, from 0"},
            "state": {"enum": [state.value for state in Notification.State]},
            "created_at": TIME,
            "due_at": TIME,
        },
        {"reason": text("why it was held back or dropped"), "sent_at": TIME},
    ),
    "IncidentWhole": obj(
        {
            "incident": ref("Incident"),
            "timeline": {"type": "array", "items": ref("IncidentStep"), "description": "oldest first"},
            "notifications": {"type": "array", "items": ref("IncidentNotification"), "description": "oldest first"},
        }
    ),
    "Past": obj(
        {
            "board": text(),
            "from": TIME,
            "to": TIME,
            "step_s": NUMBER,
            "resolution": {"enum": ["readings", "minutes"], "description": "minutes: some of it is known by the minute only, no names"},
            "notes": {"type": "array", "items": text(), "description": "sentences about what is not known any more"},
            "frames": {
                "type": "array",
                "items": ref("PastFrame"),
                "description": "the first one whole, then what changed",
            },
            "marks": {"type": "array", "items": ref("PastMark"), "description": "oldest first"},
        },
        {"begins_at": {**TIME, "description": "when the history of this board begins"}},
    ),
    "PastFrame": obj(
        {"at": TIME},
        {"frame": ref("Frame"), "patch": {"type": "object", "description": "JSON Merge Patch (RFC 7386) on the frame before"}},
        description="The board at one moment: the first has `frame`, those that follow `patch`.",
    ),
    "PastMark": obj(
        {
            "at": TIME,
            "kind": {"enum": ["opened", "worse", "acknowledged", "resolved", "gap", "reset", "corrected", "board"]},
            "text": text("one sentence"),
        },
        {
            "until": {**TIME, "description": "of a gap that is over"},
            "incident": WHOLE,
            "severity": SEVERITY,
            "by": text("who did it: what stands before the @"),
        },
    ),
    "PastMarks": obj({"board": text(), "from": TIME, "to": TIME, "marks": {"type": "array", "items": ref("PastMark")}}),
    "Ready": obj({"ready": FLAG, "parts": by_key(obj({"ok": FLAG, "message": text()}), "redis, database, beat, worker, poll")}),
    "Health": obj({"status": {"const": "ok"}}),
}
