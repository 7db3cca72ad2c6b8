"""The vendor's addresses: the four Talk statistics, `users/me` and `oauth/tokens`.

In:  a request as plain values. Out: an `Answer`, bodies as the vendor's documents and recordings have them.
Must not send, wait or know of faults.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from urllib.parse import parse_qsl

from dashboard.emulator.account import Account
from dashboard.emulator.answers import Answer, Refused, json_answer, method_not_allowed, not_authenticated, rate_limited
from dashboard.emulator.auth import oauth_error
from dashboard.emulator.callers import Caller, caller_of
from dashboard.emulator.filters import ids
from dashboard.emulator.listing import page_of

STATS_PATH = "/api/v2/channels/voice/stats/"
STATS = ("account_overview", "agents_activity", "agents_overview", "current_queue_activity")
PATHS: Mapping[str, str] = {
    **{STATS_PATH + name: name for name in STATS},
    "/api/v2/users/me": "users_me",
    "/oauth/tokens": "oauth_tokens",
}
ENDPOINTS = (*STATS, "users_me", "oauth_tokens")


@dataclass(frozen=True, slots=True)
class Request:
    """One request. `origin` is scheme and host as the client wrote them; `query` decoded, in order; `body` at most 4 MiB.

    `client`: what it calls itself, empty where it does not say. `idempotency_key` None: it sent none.
    """

    method: str
    path: str
    origin: str
    query: tuple[tuple[str, str], ...] = ()
    authorization: str | None = field(default=None, repr=False)
    content_type: str = ""
    body: bytes = field(default=b"", repr=False)
    client: str = ""
    idempotency_key: str | None = field(default=None, repr=False)


def endpoint_of(path: str) -> str | None:
    """The endpoint's name, with and without `.json`, or None for a path that is not there."""
    return PATHS.get(path.rstrip("/").removesuffix(".json"))


def answer(account: Account, endpoint: str, request: Request) -> Answer:
    """What the vendor answers. Order: method, credentials, limit, parameters."""
    try:
        if endpoint == "oauth_tokens":
            return _oauth_tokens(account, request)
        if request.method not in {"GET", "HEAD"}:
            raise Refused(method_not_allowed("GET, HEAD"))
        now_s = account.clock.steady_s()
        caller = caller_of(account, request.authorization, now_s)
        if endpoint == "users_me" and caller is None:
            return json_answer({"user": _ANONYMOUS})
        if caller is None:
            raise Refused(not_authenticated())
        if wait_s := account.limits.take(endpoint, now_s):
            raise Refused(rate_limited(wait_s))
        return _users_me(account, request, caller) if endpoint == "users_me" else _stats(account, endpoint, request)
    except Refused as refused:
        return refused.answer


def _stats(account: Account, endpoint: str, request: Request) -> Answer:
    if endpoint == "agents_activity":
        group_ids = ids(request.query, "group_ids")
        account.advance()
        rows = [_agent(account, row) for row in account.floor.agents_activity(group_ids)]
        url = f"{request.origin}{STATS_PATH}agents_activity.json"
        return json_answer(page_of(rows, name="agents_activity", key="agent_id", query=request.query, url=url))
    line_ids = None if endpoint == "agents_overview" else ids(request.query, "phone_number_ids")
    account.advance()
    values: Mapping[str, object]
    if endpoint == "current_queue_activity":
        values = account.floor.current_queue_activity(line_ids)
    elif endpoint == "account_overview":
        values = account.floor.account_overview(line_ids)
    else:
        values = account.floor.agents_overview()
    return json_answer({endpoint: {**_by_plan(account, endpoint, values), **account.forced.get(endpoint, {})}})


def _agent(account: Account, row: Mapping[str, object]) -> dict[str, object]:
    sent = _by_plan(account, "agents_activity", row)
    agent_id = row["agent_id"]
    return {**sent, **account.forced_agents.get(agent_id, {})} if isinstance(agent_id, int) else sent


def _by_plan(account: Account, endpoint: str, values: Mapping[str, object]) -> dict[str, object]:
    hidden = account.floor.pro_fields(endpoint) if account.plan == "team" else frozenset()
    return {name: value for name, value in values.items() if name not in hidden}


def _oauth_tokens(account: Account, request: Request) -> Answer:
    if request.method != "POST":
        raise Refused(method_not_allowed("POST"))
    body = _fields(request)
    if body is None:
        return oauth_error("invalid_request")
    return account.doors.grant(body, request.authorization, account.clock.steady_s())


def _fields(request: Request) -> Mapping[str, object] | None:
    """The body's fields, from JSON or a form, or None when it is neither. A repeated form field is refused, as RFC 6749 wants."""
    kind = request.content_type.partition(";")[0].strip().lower()
    try:
        if kind == "application/x-www-form-urlencoded":
            pairs = parse_qsl(request.body.decode(), keep_blank_values=True, strict_parsing=True, max_num_fields=50)
            return dict(pairs) if len(dict(pairs)) == len(pairs) else None
        found = json.loads(request.body) if kind == "application/json" else None
    except (ValueError, RecursionError):  # covers JSON, UTF-8 and form errors
        return None
    return found if isinstance(found, dict) else None


_NOBODY: Mapping[str, object] = {
    "id": None,
    "url": None,
    "name": "Anonymous user",
    "email": "invalid@example.com",
    "created_at": None,
    "updated_at": None,
    "time_zone": None,
    "iana_time_zone": None,
    "phone": None,
    "shared_phone_number": None,
    "photo": None,
    "locale_id": 1,
    "locale": "en-US",
    "organization_id": None,
    "role": "end-user",
    "verified": None,
    "external_id": None,
    "tags": [],
    "alias": "",
    "active": False,
    "shared": False,
    "shared_agent": False,
    "last_login_at": None,
    "two_factor_auth_enabled": None,
    "signature": None,
    "details": "",
    "notes": "",
    "role_type": None,
    "custom_role_id": None,
    "moderator": False,
    "ticket_restriction": None,
    "only_private_comments": False,
    "restricted_agent": True,
    "suspended": False,
    "default_group_id": None,
    "report_csv": False,
    "user_fields": {},
}
_ANONYMOUS = dict(_NOBODY)


def _users_me(account: Account, request: Request, caller: Caller) -> Answer:
    person = account.floor.desk.company.person(caller.id)
    is_admin, is_restricted = caller.role == "admin", caller.role == "restricted"
    since = datetime(2020, 1, 6, 9, 0, tzinfo=UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    who = {
        **_NOBODY,
        "id": caller.id,
        "url": f"{request.origin}/api/v2/users/{caller.id}.json",
        "name": "" if person is None else person.name,
        "email": "" if person is None else person.email,
        "created_at": since,
        "updated_at": since,
        "time_zone": account.settings.time_zone,
        "iana_time_zone": account.settings.time_zone,
        "role": "admin" if is_admin else "agent",
        "verified": True,
        "active": True,
        "restricted_agent": is_restricted,
        "ticket_restriction": "groups" if is_restricted else None,
        "default_group_id": person.group_ids[0] if person is not None and person.group_ids else None,
    }
    return json_answer({"user": who})
