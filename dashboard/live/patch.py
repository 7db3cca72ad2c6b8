"""JSON Merge Patch (RFC 7386): what changed between two frames, as small as the format allows.

In:  two JSON values, or one and a patch. Out: a patch, or the patched value; neither changes its arguments.
In a merge patch a null means "delete", so an object that can be patched holds no null: in a frame, nothing is an absent key.
Inside arrays null is free, for arrays are replaced as a whole.
"""

from __future__ import annotations

from collections.abc import Mapping

Json = None | bool | int | float | str | list["Json"] | dict[str, "Json"]
Object = dict[str, Json]


def diff(old: Object, new: Object) -> Object:
    """The patch that turns `old` into `new`; empty when they are equal. Neither may hold a null outside arrays."""
    patch: Object = {name: None for name in old if name not in new}
    for name, value in new.items():
        if name not in old:
            patch[name] = value
            continue
        before = old[name]
        if before is value:  # parts that two frames share are not looked through
            continue
        if isinstance(before, dict) and isinstance(value, dict):
            if inner := diff(before, value):
                patch[name] = inner
        elif not same(before, value):
            patch[name] = value
    return patch


def apply(target: Json, patch: Json) -> Json:
    """`target` with `patch` merged into it, as RFC 7386 section 2 puts it. Parts that did not change are shared, not copied."""
    if not isinstance(patch, dict):
        return patch
    result: Object = dict(target) if isinstance(target, dict) else {}
    for name, value in patch.items():
        if value is None:
            result.pop(name, None)
        else:
            result[name] = apply(result.get(name), value)
    return result


def same(left: Json, right: Json) -> bool:
    """Equality as JSON means it: Python holds True equal to 1, JSON does not."""
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, list) and isinstance(right, list):
        return len(left) == len(right) and all(map(same, left, right))
    if isinstance(left, dict) and isinstance(right, dict):
        return left.keys() == right.keys() and all(same(value, right[name]) for name, value in left.items())
    return left == right


def without_nulls(value: Mapping[str, Json]) -> Object:
    """A copy of an object without its null members, at every depth outside arrays."""
    return {name: without_nulls(member) if isinstance(member, dict) else member for name, member in value.items() if member is not None}
