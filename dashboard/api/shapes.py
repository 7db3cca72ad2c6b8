"""The words that the schemas of the API are written in.

In:  nothing. Out: small makers of JSON Schema, and the shapes that occur again and again. Knows no single answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from dashboard.domain.freshness import Freshness

Schema = dict[str, Any]

STATES = [state.value for state in Freshness]


def obj(required: Mapping[str, Schema], optional: Mapping[str, Schema] | None = None, **more: Any) -> Schema:
    """An object that has all of `required`, may have `optional`, and nothing else."""
    properties = {**required, **(optional or {})}
    return {"type": "object", "required": list(required), "properties": properties, "additionalProperties": False, **more}


def by_key(schema: Schema, description: str) -> Schema:
    return {"type": "object", "additionalProperties": schema, "description": description}


def text(description: str = "", **more: Any) -> Schema:
    return {"type": "string", **({"description": description} if description else {}), **more}


def ref(name: str) -> Schema:
    return {"$ref": f"#/components/schemas/{name}"}


WHOLE: Schema = {"type": "integer", "minimum": 0}
WHOLE_OR_NULL: Schema = {"type": ["integer", "null"], "minimum": 0, "description": "null: the vendor did not send it"}
NUMBER: Schema = {"type": "number"}
NUMBER_OR_NULL: Schema = {"type": ["number", "null"]}
FLAG: Schema = {"type": "boolean"}
TIME = text("ISO 8601, UTC, with milliseconds", format="date-time")
TIME_OR_NULL: Schema = {"type": ["string", "null"], "format": "date-time"}
CALL_STATUS: Schema = {"enum": ["on_call", "wrap_up"]}
SEVERITY: Schema = {"enum": ["warning", "critical"]}
AGENT_STATE: Schema = {"enum": ["online", "away", "transfers_only", "offline", "unknown"]}
