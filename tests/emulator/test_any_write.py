"""Whatever a client sends to the desk's writing side is answered as the vendor would: no crash, and a refusal changes nothing."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard.emulator import bulk_writes, jobs_edge, tickets_writes, trash_edge, vendor
from dashboard.emulator.account import Account
from dashboard.emulator.clock import EmulatorClock
from dashboard.emulator.options import EmulatorSettings
from dashboard.emulator.talk import Request
from tests.emulator.running import DAY
from tests.emulator.still_floor import GROUPS, StillFloor

CLOCK = EmulatorClock(DAY, 0.0)
ACCOUNT = Account(EmulatorSettings(start=DAY, plan="enterprise"), StillFloor, CLOCK)
PATHS = [
    (place.method, place.pattern.pattern.replace("\\", "").replace("([0-9]{1,25})", "{id}").replace("([A-Za-z0-9_-]{1,100})", "V3-x"))
    for place in (*tickets_writes.PLACES, *bulk_writes.PLACES, *trash_edge.PLACES, *jobs_edge.PLACES)
]
WORDS = st.sampled_from([
    "status", "priority", "type", "assignee_id", "assignee_email", "group_id", "problem_id", "requester", "requester_id", "comment", "body",
    "html_body", "public", "author_id", "tags", "additional_tags", "custom_fields", "id", "value", "email", "name", "due_at", "subject",
    "safe_update", "updated_stamp", "email_ccs", "followers", "collaborators", "user_id", "action", "submitter_id",
    "via_followup_source_id",
])  # fmt: skip
VALUES = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-3, 9)
    | st.sampled_from(
        [10**30, 1.5, "open", "solved", "urgent", "incident", "problem", "3", "x", "", "2026-11-20T09:00:00Z", "a b,c", *GROUPS]
    ),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(WORDS, inner, max_size=4),
    max_leaves=8,
)
TICKETS = st.dictionaries(WORDS, VALUES, max_size=6)
BODIES = st.one_of(
    st.builds(lambda ticket: {"ticket": ticket}, TICKETS),
    st.builds(lambda tickets: {"tickets": tickets}, st.lists(TICKETS, min_size=1, max_size=3)),
    st.fixed_dictionaries({"ids": st.lists(st.integers(0, 9), max_size=3)}, optional={"target_comment": VALUES}),
    VALUES,
)
QUERIES = st.lists(
    st.tuples(
        st.sampled_from(["ids", "page", "per_page", "page[size]", "page[after]", "sort_by", "sort_order"]),
        st.sampled_from(["1,2,3", "", "x", "2", "deleted_at", "subject", "desc"]),
    ),
    max_size=3,
)


@settings(max_examples=80)
@given(st.sampled_from(PATHS), st.integers(1, 9), BODIES, QUERIES, st.sampled_from([None, "k", "ü" * 300]))
def test_any_write_is_answered_or_refused_with_nothing_changed(
    path: tuple[str, str], ticket_id: int, body: Any, query: list[tuple[str, str]], key: str | None
) -> None:
    method, address = path
    ACCOUNT.limits.clear()
    ACCOUNT.own_limits.clear()
    request = Request(
        method=method,
        path=address.replace("{id}", str(ticket_id)),
        origin="http://127.0.0.1:1",
        query=tuple(query),
        authorization=f"Bearer {ACCOUNT.settings.bearer_token}",
        content_type="application/json",
        body=json.dumps(body).encode(),
        idempotency_key=key,
    )
    book = ACCOUNT.floor.desk.book
    before = (len(book), sorted(book.trash), [*book.update_keys()], len(book.log))
    endpoint = vendor.endpoint_of(method, request.path)
    assert endpoint is not None
    answer = vendor.answer(ACCOUNT, endpoint, request)
    assert answer.status in {200, 201, 204, 400, 404, 409, 422}
    for name, value in answer.headers.items():
        assert f"{name}{value}".isascii()
        assert "\n" not in value
    if answer.status >= 400:
        assert set(json.loads(answer.body)) >= {"error"}
        assert (len(book), sorted(book.trash), [*book.update_keys()], len(book.log)) == before
    elif answer.status != 204:
        assert isinstance(json.loads(answer.body), dict)
    CLOCK.skip(3)
    ACCOUNT.advance()
    assert all(job.is_over for job in ACCOUNT.jobs.all())
