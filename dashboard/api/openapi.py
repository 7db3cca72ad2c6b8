"""/api/v1/openapi.json: the API described for programs, OpenAPI 3.1. Open to all: it holds no numbers and no names.

In:  `schemas`. Out: one document, the same for everybody. A test holds it to the addresses that exist and to what they answer.
"""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from config.version import version
from dashboard.api.answers import answer
from dashboard.api.schemas import SCHEMAS
from dashboard.api.shapes import ref

Part = dict[str, Any]


def _parameter(name: str, place: str, schema: Part, description: str) -> Part:
    return {"name": name, "in": place, "required": place == "path", "schema": schema, "description": description}


def _json(description: str, schema: str) -> Part:
    return {"description": description, "content": {"application/json": {"schema": ref(schema)}}}


def _errors(*codes: int) -> Part:
    words = {
        400: "A parameter is wrong.",
        401: "Nobody we know.",
        403: "Not for this viewer.",
        404: "No such thing.",
        429: "This asker has as many under way as one may have.",
        503: "Not ready.",
    }
    return {str(code): _json(words[code], "Error") for code in codes}


def _get(operation: str, summary: str, responses: Part, parameters: list[Part] | None = None, *, known: bool = True) -> Part:
    found: Part = {"operationId": operation, "summary": summary, "parameters": parameters or [], "responses": responses}
    if known:
        found["security"] = [{"bearer": []}, {"session": []}]
    return {"get": found}


_SLUG = _parameter("slug", "path", {"type": "string"}, "the board, such as main")
_BOARD = _parameter("board", "query", {"type": "string"}, "the board, whose lines or groups filter the numbers")
_TIME = {"oneOf": [{"type": "string", "format": "date-time"}, {"type": "number"}]}


def _between(before: str, most: str = "") -> list[Part]:
    """`from` and `to`. `before`: how long before `to` it begins when nobody says; `most`: how long at the most ("": any)."""
    bound = f"; at most {most} before it" if most else ""
    return [
        _parameter("from", "query", _TIME, f"default: {before} before `to`{bound}"),
        _parameter("to", "query", _TIME, "default: now"),
    ]


def _step(highest: int, description: str) -> Part:
    return _parameter("step", "query", {"type": "number", "minimum": 1, "maximum": highest}, description)


def _with_screens(item: Part) -> Part:
    item["get"]["security"].append({"screen": []})
    return item


def _boards() -> Part:
    """Boards, now and then."""
    return {
        "/api/v1/boards/{slug}/frame": _with_screens(
            _get(
                "frame",
                "A board's current picture; its number also counts the WebSocket's frames and patches.",
                {"200": _json("The picture.", "CurrentFrame")} | _errors(401, 403, 404, 503),
                [_SLUG],
            )
        ),
        "/api/v1/boards/{slug}/compared": _with_screens(
            _get(
                "compared",
                "Metrics over a while that people name, beside the same weekday before. A total counts by the quarter of an hour.",
                {"200": _json("One value a step, now and then.", "Comparison")} | _errors(400, 401, 403, 404, 503),
                [
                    _SLUG,
                    _parameter("span", "query", {"enum": ["1h", "4h", "today", "7d", "28d"]}, "default: today"),
                    _parameter("metrics", "query", {"type": "string"}, "one to four names, with commas between them"),
                    _parameter("scope", "query", {"enum": ["board", "account"]}, "account: of all lines and groups; not for screens"),
                ],
            )
        ),
        "/api/v1/boards/{slug}/past": _get(
            "past",
            "A board as it was: by the reading for 48 hours, by the minute before. For people and their tokens.",
            {"200": _json("Frames, and what is worth jumping to.", "Past")} | _errors(400, 401, 403, 404, 429, 503),
            [
                _SLUG,
                *_between("five minutes", "24 hours"),
                _step(3600, "seconds between two frames; at most 300 frames; 60 or more when `from` is more than 48 hours ago"),
            ],
        ),
        "/api/v1/boards/{slug}/past/marks": _get(
            "past_marks",
            "What is worth jumping to in the past of a board: incidents, gaps, resets, corrections, changes.",
            {"200": _json("Marks, the oldest first.", "PastMarks")} | _errors(400, 401, 403, 404),
            [
                _SLUG,
                *_between("an hour", "31 days"),
            ],
        ),
    }


def _floor() -> Part:
    """Who works, and how it stands with what is asked."""
    return {
        "/api/v1/agents": _get(
            "agents",
            "What each agent does and did today; for supervisors.",
            {"200": _json("All agents, by name.", "Agents")} | _errors(401, 403, 404, 503),
            [_BOARD],
        ),
        "/api/v1/feeds": _get(
            "feeds",
            "How it stands with the feeds of tickets and of Kayako, and their main numbers, whether or not a board shows them.",
            {"200": _json("The feeds, and how much of each account's limit is used.", "FeedsBeside")} | _errors(401, 403, 503),
            [],
        ),
    }


def _history() -> Part:
    """What was, as points and as a file."""
    return {
        "/api/v1/metrics/{name}/history": _with_screens(
            _get(
                "history",
                "A metric over up to 400 days; by the reading for 48 hours, by the minute before. A screen's is its board's.",
                {"200": _json("One point a step.", "History")} | _errors(400, 401, 403, 404, 503),
                [
                    _parameter("name", "path", {"type": "string"}, "the metric, such as longest_wait_time"),
                    _parameter("account", "query", {"type": "string"}, "whose numbers, without a filter (default: main)"),
                    _BOARD,
                    *_between("two hours"),
                    _step(86400, "seconds a point stands for; 60 or more when `from` is more than 48 hours ago"),
                ],
            )
        ),
        "/api/v1/history/export": _get(
            "export",
            "History as a file, one row a metric and step; at most 2,000,000 rows.",
            {"200": {"description": "The file.", "content": {"text/csv": {}, "application/vnd.apache.parquet": {}}}}
            | _errors(400, 401, 403, 404, 503),
            [
                _BOARD,
                _parameter("metrics", "query", {"type": "string"}, "names with commas between them; default: all"),
                *_between("two hours"),
                _step(86400, "seconds a row stands for"),
                _parameter("format", "query", {"enum": ["csv", "parquet"]}, "default: csv"),
            ],
        ),
    }


def _incidents() -> Part:
    """What happened."""
    return {
        "/api/v1/incidents": _get(
            "incidents",
            "Incidents, the newest first; for people and their tokens.",
            {"200": _json("Those asked for.", "Incidents")} | _errors(400, 401, 403),
            [
                _parameter("state", "query", {"enum": ["open", "resolved"]}, "default: both"),
                _parameter("from", "query", _TIME, "opened at or after; default: since ever"),
                _parameter("to", "query", _TIME, "opened before; default: now. For older ones: the last one's `opened_at`"),
                _parameter("limit", "query", {"type": "integer", "minimum": 1, "maximum": 1000}, "default: 100"),
            ],
        ),
        "/api/v1/incidents/{incident_id}": _get(
            "incident",
            "One incident: what happened, what people did, who was told.",
            {"200": _json("The incident.", "IncidentWhole")} | _errors(401, 403, 404),
            [_parameter("incident_id", "path", {"type": "integer"}, "its number")],
        ),
    }


def _service() -> Part:
    """The installation itself."""
    return {
        "/api/v1/openapi.json": _get("openapi", "This description.", {"200": {"description": "OpenAPI 3.1."}}, known=False),
        "/healthz": _get("healthz", "The process answers.", {"200": _json("It does.", "Health")}, known=False),
        "/readyz": _get(
            "readyz",
            "Every part does its work.",
            {"200": _json("All do.", "Ready"), "503": _json("One or more do not.", "Ready")},
            known=False,
        ),
        "/metrics": _get("metrics", "This installation, for Prometheus.", {"200": {"description": "Text."}} | _errors(401, 403)),
    }


def document() -> Part:
    """The whole description."""
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Queuelight",
            "version": version(),
            "description": "Live numbers of a phone floor. Every answer is `Cache-Control: no-store`; every error is an Error.",
        },
        "components": {
            "schemas": SCHEMAS,
            "securitySchemes": {
                "bearer": {"type": "http", "scheme": "bearer", "description": "a token (`manage.py create_token`) or a screen's key"},
                "session": {"type": "apiKey", "in": "cookie", "name": "ql_session"},
                "screen": {"type": "apiKey", "in": "cookie", "name": "ql_screen"},
            },
        },
        "paths": _boards() | _floor() | _history() | _incidents() | _service(),
    }


@require_safe
def openapi(request: HttpRequest) -> HttpResponse:
    return answer(document())
