"""The emulated Kayako's addresses, below `/api/v1/` of the same server: the list of conversations, and the metrics of one.

In:  a request as plain values. Out: an `Answer` in Kayako's envelope. Must not send, wait or know of faults.
"""

from __future__ import annotations

import re
from itertools import islice

from dashboard.emulator.account import Account
from dashboard.emulator.answers import Answer, Refused
from dashboard.emulator.kayako_door import Asking
from dashboard.emulator.kayako_errors import enveloped, inside_200, kayako_error
from dashboard.emulator.kayako_json import case_row, is_conversation, metrics_row
from dashboard.emulator.talk import Request

PREFIX = "/api/v1"
CASES, CASE_METRICS, OTHER = "kayako_cases", "kayako_case_metrics", "kayako_other"
KAYAKO_ENDPOINTS = (CASES, CASE_METRICS, OTHER)
DEFAULT_LIMIT, MOST = 10, 100
_METRICS = re.compile(r"/api/v1/cases/([0-9]{1,25})/metrics", re.ASCII)


def endpoint_of(path: str) -> str:
    """The endpoint's name, with and without `.json`."""
    bare = _bare(path)
    if bare == f"{PREFIX}/cases":
        return CASES
    return CASE_METRICS if _METRICS.fullmatch(bare) else OTHER


def answer(account: Account, request: Request, asking: Asking) -> Answer:
    """What Kayako answers. Order: address, method, credentials, limit, arguments."""
    try:
        return _answer(account, request, asking)
    except Refused as refused:
        return inside_200(refused.answer) if account.kayako.inside_200 else refused.answer


def _answer(account: Account, request: Request, asking: Asking) -> Answer:
    endpoint = endpoint_of(request.path)
    if endpoint == OTHER:
        raise Refused(kayako_error("RESOURCE_NOT_FOUND"))
    if request.method not in {"GET", "HEAD"}:
        raise Refused(kayako_error("METHOD_NOT_SUPPORTED"))
    session_id = account.kayako.admit(asking, account.clock.steady_s())
    account.advance()
    if endpoint == CASES:
        return _cases(account, request, asking, session_id)
    found = _METRICS.fullmatch(_bare(request.path))
    ticket_id = int(found[1]) if found else 0
    ticket = account.floor.desk.book.look(ticket_id) if is_conversation(ticket_id) and ticket_id < 2**63 else None
    if ticket is None:
        raise Refused(kayako_error("RESOURCE_NOT_FOUND"))
    return enveloped(metrics_row(account.floor.desk, ticket), "case_metric", session_id, asking.if_none_match)


def _cases(account: Account, request: Request, asking: Asking, session_id: str | None) -> Answer:
    """By last activity, the newest first."""
    query, desk = dict(request.query), account.floor.desk
    offset, limit = _whole(query, "offset", 0, 10**9), max(1, _whole(query, "limit", DEFAULT_LIMIT, 10**9))
    limit = min(limit, MOST)
    include = frozenset(query.get("include", "").split(","))
    ids = (found for key in desk.book.update_keys(descending=True) if is_conversation(found := desk.book.ticket_of(key)))
    tickets = [ticket for each in islice(ids, offset, offset + limit) if (ticket := desk.book.look(each)) is not None]
    rows = [case_row(desk, ticket, request.origin, include) for ticket in tickets]
    total_count = sum(is_conversation(each) for each in desk.book.ids())
    more = {"offset": offset, "limit": limit, "total_count": total_count}
    return enveloped(rows, "case", session_id, asking.if_none_match, **more)


def _whole(query: dict[str, str], name: str, default: int, most: int) -> int:
    text = query.get(name, str(default))
    if not text.isascii() or not text.isdigit() or len(text) > 12 or int(text) > most:
        raise Refused(kayako_error("FIELD_INVALID", parameter=name))
    return int(text)


def _bare(path: str) -> str:
    return path.rstrip("/").removesuffix(".json")
