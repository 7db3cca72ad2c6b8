"""The vendor's metric events, in both forms: by time, some 10,000 a page, and by cursor.

In:  `Asked` by an administrator; `start_time` in Unix seconds. Out: `Answer`s. `start_time` is inclusive and `next_page` never null: a page
repeats the second at which the page before ended. A page of one single second is widened to all of it, and then ends a second later.
"""

from __future__ import annotations

import re
from itertools import islice
from urllib.parse import urlencode

from dashboard.emulator.answers import Answer, Refused, forbidden, json_answer
from dashboard.emulator.helpdesk.event_log import EVENT_BASE, key_of
from dashboard.emulator.helpdesk.tickets import Event
from dashboard.emulator.listing import CURSOR_PARAMETERS, MAX_PER_PAGE, decoded, encoded, wants_cursor, whole
from dashboard.emulator.places import Asked, place
from dashboard.emulator.ticket_json import event_row

PER_PAGE = 10_000
_ORDER = "time"
_BITS = 32


def _refused(error: str, description: str, status: int) -> Refused:
    return Refused(json_answer({"error": error, "description": description}, status))


def _start_s(asked: Asked) -> int:
    """Where to begin. `Refused`: 400 without it or for what is no time, 422 for one that is still to come."""
    given = asked.query.get("start_time")
    if given is None or not given.strip():
        raise _refused("StartTimeMissing", "Parameter start_time is required", 400)
    if not re.fullmatch(r"[0-9]{1,12}", given.strip(), re.ASCII):
        raise _refused("InvalidStartTime", "Parameter start_time must be Unix seconds", 400)
    if int(given) * 1000 > asked.desk.now_ms:
        raise _refused("StartTimeTooRecent", "Too recent start_time. Use a start_time that is not in the future", 422)
    return int(given)


def _events(asked: Asked) -> Answer:
    if asked.caller.role != "admin":
        raise Refused(forbidden())
    return _by_cursor(asked) if wants_cursor(asked.request.query) else _by_time(asked, _start_s(asked))


def _by_time(asked: Asked, start_s: int) -> Answer:
    found = asked.desk.book.log.since(start_s)
    events = [*islice(found, PER_PAGE)]
    end_s = events[-1].at_ms // 1000 if events else start_s
    if len(events) == PER_PAGE and end_s == events[0].at_ms // 1000:
        for event in found:
            if event.at_ms // 1000 != end_s:
                break
            events.append(event)
        end_s += 1
    others = [(name, value) for name, value in asked.request.query if name != "start_time"]
    next_page = f"{asked.url}?{urlencode([*others, ('start_time', str(end_s))])}"
    body = {
        "ticket_metric_events": [event_row(event) for event in events],
        "count": len(events),
        "end_time": end_s,
        "next_page": next_page,
    }
    return json_answer(body)


def _key(event: Event) -> int:
    return key_of(event.at_ms, event.id - EVENT_BASE)


def _by_cursor(asked: Asked) -> Answer:
    query = asked.query
    size = whole(query.get("page[size]"), "page[size]", MAX_PER_PAGE)
    if size > MAX_PER_PAGE:
        raise _refused("InvalidPaginationParameter", f"page[size] must not be greater than {MAX_PER_PAGE}", 400)
    if "page[before]" in query:
        raise _refused("InvalidPaginationParameter", "events are listed forwards only", 400)
    after = query.get("page[after]")
    if after is None:
        found = asked.desk.book.log.since(_start_s(asked))
    else:
        key = decoded(after, _ORDER)
        found = asked.desk.book.log.since(key >> _BITS, key & ((1 << _BITS) - 1))
    events = [*islice(found, size + 1)]
    shown, has_more = events[:size], len(events) > size
    last = encoded(_key(shown[-1]), _ORDER) if shown else after
    others = [(name, value) for name, value in asked.request.query if name not in CURSOR_PARAMETERS]
    link = None if last is None else f"{asked.url}?{urlencode([*others, ('page[after]', last), ('page[size]', str(size))])}"
    body = {
        "ticket_metric_events": [event_row(event) for event in shown],
        "meta": {"has_more": has_more, "after_cursor": last, "before_cursor": encoded(_key(shown[0]), _ORDER) if shown else None},
        "links": {"prev": None, "next": link},
    }
    return json_answer(body)


PLACES = (place("ticket_metric_events", "incremental/ticket_metric_events", _events),)
