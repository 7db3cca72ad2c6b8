"""The shape of a frame, part by part: docs/wire-protocol.md in JSON Schema.

In:  nothing. Out: `FRAME`, schemas by name. A test holds real frames to them.
"""

from __future__ import annotations

from dashboard.api.shapes import (
    AGENT_STATE,
    CALL_STATUS,
    FLAG,
    NUMBER,
    NUMBER_OR_NULL,
    STATES,
    TIME,
    WHOLE,
    Schema,
    by_key,
    obj,
    ref,
    text,
)
from dashboard.domain.catalogue import Unit
from dashboard.domain.feeds import Endpoint
from dashboard.domain.tickets import TicketMetric
from dashboard.models.board import Names, Profile
from dashboard.widgets.kind import COLUMNS, PORTRAIT_COLUMNS, PORTRAIT_ROWS, ROWS
from dashboard.widgets.registry import KINDS

_SOURCE: dict[str, Schema] = {"name": text(), "state": {"enum": STATES}, "emulated": FLAG}
_SOURCE_TOO: dict[str, Schema] = {
    "endpoint": {"enum": [endpoint.value for endpoint in Endpoint]},
    "problem": obj({"kind": text(), "message": text(), "since": TIME}, {"retry_at": TIME}),
}

FRAME: dict[str, Schema] = {
    "Frame": obj(
        {
            "board": ref("BoardShown"),
            "source": obj(_SOURCE, {**_SOURCE_TOO, "beside": obj(_SOURCE, _SOURCE_TOO)}),
            "metrics": by_key(ref("Metric"), "by the metric's name; docs/metrics.md says what each means"),
            "thresholds": by_key(ref("Limits"), "by metric"),
            "incidents": {"type": "array", "items": ref("OpenIncident"), "description": "worst, untaken and oldest first"},
            "agents": {"type": "array", "items": ref("AgentOnBoard")},
            "feeds": by_key(ref("Feed"), "by the feed's id"),
            "budget": by_key(obj({"used": WHOLE, "cap": WHOLE, "limit": WHOLE, "window_s": WHOLE}), "queue and other"),
            "charts": by_key(ref("Chart"), "what widgets show of the past, by the keys that they name"),
            "quality": {"type": "array", "items": ref("QualityCheck"), "description": "whether the numbers fit each other"},
            "widgets": by_key(ref("WidgetPart"), "by the widget's id: what the server adds to it"),
        },
        {"dark_screens": {"type": "array", "items": ref("OpenIncident"), "description": "open incidents about screens that show nothing"}},
        description="A board's complete picture. What is not known is an absent key, never null.",
    ),
    "BoardShown": obj(
        {
            "slug": text(),
            "title": text(),
            "theme": {"enum": ["dark", "light"]},
            "distance_m": {"enum": [3, 5, 8]},
            "time_zone": text(),
            "language": text("of its words: en, es, de, fr, zh-hans, ar"),
            "profile": {"enum": Profile.values},
            "names": {"enum": Names.values, "description": "how much of an agent's name is told"},
            "bands": {**FLAG, "description": "counts of waiting callers are shown as bands"},
            "chime": FLAG,
            "speech": FLAG,
            "revision": {**WHOLE, "description": "grows with each save"},
            "widgets": {"type": "array", "items": ref("Widget")},
            "problems": {"type": "array", "items": text(), "description": "sentences: widgets that cannot be shown"},
        }
    ),
    "Place": obj({"x": WHOLE, "y": WHOLE, "w": WHOLE, "h": WHOLE}),
    "Widget": obj(
        {
            "id": text("unique on its board"),
            "kind": {"enum": list(KINDS)},
            "x": WHOLE,
            "y": WHOLE,
            "w": WHOLE,
            "h": WHOLE,
            "portrait": ref("Place"),
            "options": {"type": "object", "description": "of its kind: docs/widgets.md"},
        },
        description=f"a tile on a grid of {COLUMNS} by {ROWS} cells, upright {PORTRAIT_COLUMNS} by {PORTRAIT_ROWS}",
    ),
    "WidgetPart": obj(
        {},
        {
            "severity": {"enum": ["ok", "warning", "critical"]},
            "severity_since": TIME,
            "threshold": ref("Limits"),
            "chart": text("a key of charts"),
            "trend": text("a key of charts"),
            "points": text("a key of charts"),
            "unit": {"enum": ["count", "s", "ratio"]},
            "leaders": {"type": "array", "items": obj({"name": text(), "value": NUMBER})},
            "off": {"const": True, "description": "nobody is ranked"},
            "columns": {"type": "array", "items": text("a metric of the tickets")},
            "groups": {"type": "array", "items": ref("BacklogGroup"), "description": "those with most unsolved tickets first"},
            "targets": {"type": "array", "items": ref("SlaTarget"), "description": "the worst first"},
            "more": {**WHOLE, "description": "how many groups or targets there are beside"},
            "unrecorded": {"const": True, "description": "of the past: nobody noted the groups or targets of then"},
        },
    ),
    "BacklogGroup": obj(
        {"id": {**WHOLE, "description": "0: of no group"}, "counts": {"type": "array", "items": WHOLE, "description": "by `columns`"}},
        {"name": text("absent: Zendesk did not tell it")},
    ),
    "SlaTarget": obj(
        {
            "metric": {"enum": [metric.value for metric in TicketMetric]},
            "breached": {**WHOLE, "description": "missed and still waiting"},
            "breaching": {**WHOLE, "description": "to be missed within an hour"},
            "met": {**WHOLE, "description": "kept in the last 7 days"},
            "missed": {**WHOLE, "description": "missed in the last 7 days"},
        },
        {"policy": text()},
    ),
    "Limits": obj({"target": NUMBER, "warning_enter": NUMBER, "critical_enter": NUMBER, "higher_is_worse": FLAG}),
    "Chart": obj(
        {},
        {
            "data": {"type": "array", "items": {"type": "object"}, "description": "of a plotly figure"},
            "layout": {"type": "object", "description": "of a plotly figure"},
            "at": {**TIME, "description": "when the last step of the points begins"},
            "step_s": WHOLE,
            "values": {"type": "array", "items": NUMBER_OR_NULL, "description": "points, oldest first; null: a gap"},
            "then": {"type": "array", "items": NUMBER_OR_NULL, "description": "the same steps a week before"},
        },
        description="a plotly figure (data, layout) or points (at, step_s, values)",
    ),
    "QualityCheck": obj(
        {
            "name": {"enum": ["queue", "agents", "flow", "feeds", "budget", "occupancy"]},
            "state": {"enum": ["ok", "off", "unknown"]},
            "text": text("one sentence with the numbers"),
        },
        {
            "since": {**TIME, "description": "when what it found began, also before it counts"},
            **dict.fromkeys(("wait_s", "counted", "listed", "waiting", "expected", "late_count", "used", "cap", "ratio"), NUMBER),
        },
    ),
    "Metric": obj(
        {"state": {"enum": [*STATES, "not_on_plan", "too_few"]}, "severity": {"enum": ["ok", "warning", "critical"]}},
        {
            "value": NUMBER,
            "at": TIME,
            "severity_since": TIME,
            "have": WHOLE,
            "needs": WHOLE,
            "needs_s": {**WHOLE, "description": "seconds that must be watched"},
            "no_agents": {"const": True, "description": "there is no agent of whom this could be said"},
        },
    ),
    "OpenIncident": obj(
        {
            "id": WHOLE,
            "rule": text(),
            "kind": {"enum": ["threshold", "spike", "lost", "source", "screen"]},
            "severity": {"enum": ["warning", "critical"]},
            "state": {"enum": ["open", "acknowledged", "recovering"]},
            "since": TIME,
            "opened_at": TIME,
            "direction": {"enum": ["above", "below"]},
            "text": text("one sentence that says it all"),
            "about": text("the same without value and place"),
        },
        {
            "metric": text(),
            "scope_name": text(),
            "acknowledged_by": text(),
            "snoozed_until": TIME,
            "value": NUMBER,
            "limit": NUMBER,
            "unit": {"enum": [unit.value for unit in Unit], "description": "of value and limit"},
            "signed": {"type": "boolean", "description": "true: the value is a difference, written with its sign"},
            "failed_rule": {**FLAG, "description": "true where a rule itself has failed"},
            "detail": text("what is wrong with the data"),
        },
    ),
    "AgentOnBoard": obj(
        {"id": {"type": "integer"}, "name": text(), "state": AGENT_STATE},
        {"call_status": CALL_STATUS, "since": TIME, "since_exact": FLAG},
    ),
    "Feed": obj(
        {
            "endpoint": {"enum": [endpoint.value for endpoint in Endpoint]},
            "interval_s": NUMBER,
            "state": {"enum": STATES},
            "failing": FLAG,
            "stopped": FLAG,
            "failures": WHOLE,
        },
        {
            "at": TIME,
            "failing_since": TIME,
            "retry_at": TIME,
            "waiting": FLAG,
            "reading": obj({"done": WHOLE}, {"total": WHOLE}),
            "error": obj({"kind": text(), "message": text(), "at": TIME}),
        },
    ),
}
