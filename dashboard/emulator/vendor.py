"""All addresses of the emulated vendor: which endpoint a request is for, and its answer.

In:  a request as plain values. Out: the endpoint's name, which log, faults and limits know it by, and an `Answer`.
Must not send, wait or know of faults. The Talk endpoints and the tokens have ways of their own (`talk`); everything else is a `Place`.
"""

from __future__ import annotations

from dashboard.emulator import (
    bulk_writes,
    events_edge,
    jobs_edge,
    kayako_edge,
    metrics_edge,
    people_edge,
    problems_edge,
    talk,
    tickets_edge,
    tickets_writes,
    trash_edge,
)
from dashboard.emulator.account import Account
from dashboard.emulator.answers import Answer, Refused, invalid_endpoint, method_not_allowed, not_authenticated, rate_limited
from dashboard.emulator.callers import caller_of
from dashboard.emulator.limits import Window
from dashboard.emulator.own_limits import Own
from dashboard.emulator.places import Asked, Place
from dashboard.emulator.talk import Request

PLACES: tuple[Place, ...] = (
    *tickets_edge.PLACES,
    *problems_edge.PLACES,
    *metrics_edge.PLACES,
    *events_edge.PLACES,
    *people_edge.PLACES,
    *tickets_writes.PLACES,
    *bulk_writes.PLACES,
    *trash_edge.PLACES,
    *jobs_edge.PLACES,
)
ENDPOINTS = (*talk.ENDPOINTS, *dict.fromkeys(place.name for place in PLACES), *kayako_edge.KAYAKO_ENDPOINTS)


def _at(path: str) -> list[tuple[Place, tuple[str, ...]]]:
    """The places of this path, one for each method, with the ids in it."""
    bare = path.rstrip("/").removesuffix(".json")
    return [(place, found.groups()) for place in PLACES if (found := place.pattern.fullmatch(bare))]


def endpoint_of(method: str, path: str) -> str | None:
    """The endpoint's name, with and without `.json`, or None for a path that is not there. One that does not take the method has a name."""
    if (name := talk.endpoint_of(path)) is not None:
        return name
    places = _at(path)
    asked = "GET" if method == "HEAD" else method
    return next((place.name for place, _ in places if place.method == asked), places[0][0].name if places else None)


def answer(account: Account, endpoint: str, request: Request) -> Answer:
    """What the vendor answers. Order: method, credentials, limit, parameters."""
    if endpoint in talk.ENDPOINTS:
        return talk.answer(account, endpoint, request)
    try:
        return _of_place(account, request)
    except Refused as refused:
        return refused.answer


def _of_place(account: Account, request: Request) -> Answer:
    places = _at(request.path)
    if not places:
        return invalid_endpoint()
    method = "GET" if request.method == "HEAD" else request.method
    found = next(((place, args) for place, args in places if place.method == method), None)
    if found is None:
        taken = [place.method for place, _ in places]
        raise Refused(method_not_allowed(", ".join(["GET, HEAD" if each == "GET" else each for each in taken])))
    place, args = found
    now_s = account.clock.steady_s()
    caller = caller_of(account, request.authorization, now_s)
    if caller is None:
        raise Refused(not_authenticated())
    asked = Asked(account, request, caller, tuple(int(each) if each.isdigit() else each for each in args))
    given = _granted(asked, place, now_s)
    account.advance()
    try:
        answer = place.act(asked)
    except Refused as refused:
        answer = refused.answer
    answer.headers.update(account.own_limits.headers(given, account.limits.spelling, now_s))
    return answer


def _granted(asked: Asked, place: Place, now_s: float) -> list[tuple[Own, Window]]:
    """The endpoint's own windows, in which the request is counted now. `Refused` with 429, and then it is counted nowhere."""
    account, page = asked.account, asked.query.get("page", "")
    ticket_id = asked.args[0] if asked.args and isinstance(asked.args[0], int) else 0
    page_number = int(page) if page.isascii() and page.isdigit() and len(page) < 10 else 1
    own = account.own_limits.windows(place.name, asked.caller.id, ticket_id, page_number)
    wait_s = account.own_limits.wait_s(own, now_s) or account.limits.take(place.name, now_s)
    if wait_s:
        refusal = rate_limited(wait_s)
        refusal.headers.update(account.own_limits.headers(own, account.limits.spelling, now_s))
        raise Refused(refusal)
    account.own_limits.take(own, now_s)
    return own
