"""Holds a JSON value to a schema of the API: the part of JSON Schema that `dashboard.api.schemas` uses, and no more.

A word of a schema that this does not know is an error, so that no promise goes unchecked.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from dashboard.api.schemas import SCHEMAS

TYPES: dict[str, tuple[type, ...]] = {
    "object": (dict,),
    "array": (list,),
    "string": (str,),
    "boolean": (bool,),
    "null": (type(None),),
    "integer": (int,),
    "number": (int, float),
}
KNOWN = {"type", "required", "properties", "additionalProperties", "items", "enum", "const", "minimum", "format", "description", "$ref"}


def check(value: Any, schema: dict[str, Any], where: str = "answer") -> None:
    """AssertionError that names the place when the value does not have the shape."""
    if "$ref" in schema:
        check(value, SCHEMAS[schema["$ref"].rpartition("/")[2]], where)
        return
    assert not schema.keys() - KNOWN, f"{where}: the schema says {schema.keys() - KNOWN}"
    if "type" in schema:
        names = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        fits = [isinstance(value, TYPES[name]) and (isinstance(value, bool) == (name == "boolean")) for name in names]
        assert any(fits), f"{where}: {value!r} is no {names}"
    if "enum" in schema:
        assert value in schema["enum"], f"{where}: {value!r} is not one of {schema['enum']}"
    if "const" in schema:
        assert value == schema["const"], where
    if "minimum" in schema and value is not None:
        assert value >= schema["minimum"], f"{where}: {value!r} is too small"
    if schema.get("format") == "date-time" and value is not None:
        assert datetime.fromisoformat(value).tzinfo is not None, where
        assert value.endswith("Z"), where
    if isinstance(value, dict):
        _object(value, schema, where)
    if isinstance(value, list):
        for number, item in enumerate(value):
            check(item, schema.get("items", {}), f"{where}[{number}]")


def _object(value: dict[str, Any], schema: dict[str, Any], where: str) -> None:
    properties, more = schema.get("properties", {}), schema.get("additionalProperties", True)
    missing = set(schema.get("required", ())) - value.keys()
    assert not missing, f"{where}: {missing} missing"
    for name, item in value.items():
        if name in properties:
            check(item, properties[name], f"{where}.{name}")
        else:
            assert more is not False, f"{where}: {name} is not promised"
            if isinstance(more, dict):
                check(item, more, f"{where}.{name}")
