"""RFC 7386: the patch between two frames brings a client to exactly the second."""

from __future__ import annotations

import copy

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dashboard.live.patch import Json, Object, apply, diff, same, without_nulls

# A machine that runs other things beside the tests is slow, not wrong.
patient = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])

SCALARS = st.booleans() | st.integers(-3, 3) | st.floats(allow_nan=False, allow_infinity=False, width=16) | st.text(max_size=3)
IN_ARRAYS = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=6,
)
VALUES = st.recursive(
    SCALARS | st.lists(IN_ARRAYS, max_size=3),
    lambda inner: st.dictionaries(st.sampled_from("abcd"), inner, max_size=4),
    max_leaves=12,
)
OBJECTS = st.dictionaries(st.sampled_from("abcd"), VALUES, max_size=4)
ANYTHING = st.recursive(
    st.none() | SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abcd"), inner, max_size=3),
    max_leaves=12,
)


@patient
@given(OBJECTS, OBJECTS)
def test_diff_applied_gives_the_new_object(old: Object, new: Object) -> None:
    assert same(apply(old, diff(old, new)), new)


@patient
@given(OBJECTS, OBJECTS)
def test_diff_and_apply_leave_their_arguments_alone(old: Object, new: Object) -> None:
    before = copy.deepcopy((old, new))
    apply(old, diff(old, new))
    assert (old, new) == before


@patient
@given(OBJECTS)
def test_diff_of_equal_objects_is_empty(frame: Object) -> None:
    assert diff(frame, copy.deepcopy(frame)) == {}


@patient
@given(OBJECTS, OBJECTS)
def test_diff_is_empty_only_for_equal_objects(old: Object, new: Object) -> None:
    assert (diff(old, new) == {}) == same(old, new)


# The examples of RFC 7386, appendix A: target, patch, result.
@pytest.mark.parametrize(
    ("target", "patch", "result"),
    [
        ({"a": "b"}, {"a": "c"}, {"a": "c"}),
        ({"a": "b"}, {"b": "c"}, {"a": "b", "b": "c"}),
        ({"a": "b"}, {"a": None}, {}),
        ({"a": "b", "b": "c"}, {"a": None}, {"b": "c"}),
        ({"a": ["b"]}, {"a": "c"}, {"a": "c"}),
        ({"a": "c"}, {"a": ["b"]}, {"a": ["b"]}),
        ({"a": {"b": "c"}}, {"a": {"b": "d", "c": None}}, {"a": {"b": "d"}}),
        ({"a": [{"b": "c"}]}, {"a": [1]}, {"a": [1]}),
        (["a", "b"], ["c", "d"], ["c", "d"]),
        ({"a": "b"}, ["c"], ["c"]),
        ({"a": "foo"}, None, None),
        ({"a": "foo"}, "bar", "bar"),
        ({"e": None}, {"a": 1}, {"e": None, "a": 1}),
        ([1, 2], {"a": "b", "c": None}, {"a": "b"}),
        ({}, {"a": {"bb": {"ccc": None}}}, {"a": {"bb": {}}}),
    ],
)
def test_apply_follows_the_examples_of_the_standard(target: Json, patch: Json, result: Json) -> None:
    assert apply(target, patch) == result


def test_diff_tells_true_from_one() -> None:
    assert diff({"a": 1, "b": [True]}, {"a": True, "b": [1]}) == {"a": True, "b": [1]}


def test_diff_names_only_what_changed() -> None:
    old: Object = {"metrics": {"calls_waiting": {"value": 1, "state": "live"}}, "agents": [1]}
    new: Object = {"metrics": {"calls_waiting": {"state": "unknown"}}, "agents": [1]}
    assert diff(old, new) == {"metrics": {"calls_waiting": {"value": None, "state": "unknown"}}}


@patient
@given(st.dictionaries(st.sampled_from("abcd"), ANYTHING, max_size=4))
def test_without_nulls_can_always_be_patched_in(value: Object) -> None:
    cleaned = without_nulls(value)
    assert same(apply({}, diff({}, cleaned)), cleaned)
