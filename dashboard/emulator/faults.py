"""Things that go wrong on purpose: which faults are switched on, and what each makes of an answer.

In:  a fault with its conditions; the endpoint asked; the steady clock. Out: the fault for this request; changed answers.
Must not send anything: what needs the connection itself (close, truncated, timeout, slow) is done by `wire`.
"""

from __future__ import annotations

import itertools
import json
import math
import random
from dataclasses import dataclass, replace

from dashboard.emulator.answers import HTML_TYPE, Answer, forbidden, json_answer, not_authenticated, rate_limited, record_not_found

CANNED = ("401", "403", "404", "429", "500", "502", "503", "504", "html", "empty", "redirect")
"""Answered without looking at the request."""
CHANGED = ("wrong_types", "malformed", "missing", "huge", "delay", "date_skew")
"""The right answer, changed."""
ON_THE_WIRE = ("timeout", "close", "unheard", "truncated", "slow")
KINDS = (*CANNED, *CHANGED, *ON_THE_WIRE)
HUGE_BYTES = 6_000_000
_PAGE = (
    b"<!DOCTYPE html><html><head><title>Scheduled maintenance</title></head>"
    b"<body><h1>We&#39;ll be right back</h1><p>This help desk is being worked on.</p></body></html>"
)


@dataclass(frozen=True, slots=True)
class Fault:
    """One fault. `endpoint` None: all endpoints. `count` None: no limit on how often. `for_s` None: until switched off.

    `delay_s` is waited before the answer; for `slow` it is how long the body takes (0: 20 s). `retry_after_s` goes with 429 and 503
    (0: no header). `skew_s` is added to the Date header by `date_skew`. `probability` is 0 to 1.
    """

    kind: str
    endpoint: str | None = None
    probability: float = 1.0
    count: int | None = None
    for_s: float | None = None
    delay_s: float = 0.0
    retry_after_s: float = 10.0
    skew_s: float = 3600.0


@dataclass(slots=True)
class _Armed:
    fault: Fault
    until_s: float | None
    left: int | None
    hits: int = 0


class Faults:
    """The faults that are on: at most one for an endpoint, and one for all. The endpoint's own goes first."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)  # noqa: S311 (chance of a test, not of security)
        self._armed: dict[str | None, _Armed] = {}

    def arm(self, fault: Fault, now_s: float) -> None:
        """Switch it on, in place of an earlier one for the same endpoint."""
        self._armed[fault.endpoint] = _Armed(fault, None if fault.for_s is None else now_s + fault.for_s, fault.count)

    def disarm(self, endpoint: str | None = None) -> None:
        """Switch off the fault of one endpoint; None: all of them."""
        if endpoint is None:
            self._armed.clear()
        else:
            self._armed.pop(endpoint, None)

    def pick(self, endpoint: str, now_s: float) -> Fault | None:
        """The fault that strikes this request, or None. Counts it."""
        self._forget(now_s)
        for key in (endpoint, None):
            armed = self._armed.get(key)
            if armed is None or self._random.random() >= armed.fault.probability:
                continue
            armed.hits += 1
            if armed.left is not None:
                armed.left -= 1
            return armed.fault
        return None

    def _forget(self, now_s: float) -> None:
        over = [key for key, one in self._armed.items() if one.left == 0 or (one.until_s is not None and now_s >= one.until_s)]
        for key in over:
            del self._armed[key]

    def described(self, now_s: float) -> list[dict[str, object]]:
        """The faults that are on, for `GET /_emulator/state`."""
        self._forget(now_s)
        return [
            {
                "fault": one.fault.kind,
                "endpoint": one.fault.endpoint,
                "probability": one.fault.probability,
                "count_left": one.left,
                "s_left": None if one.until_s is None else round(one.until_s - now_s, 3),
                "delay_s": one.fault.delay_s,
                "hits": one.hits,
            }
            for one in self._armed.values()
        ]


def canned(fault: Fault) -> Answer:
    """The answer of a fault of CANNED. KeyError for another kind."""
    retry_after = {"Retry-After": str(math.ceil(fault.retry_after_s))} if fault.retry_after_s > 0 else {}
    return {
        "401": not_authenticated(),
        "403": forbidden(),
        "404": record_not_found(),
        "429": replace(rate_limited(fault.retry_after_s), headers=retry_after),
        "500": json_answer({"error": "InternalServerError", "description": "Internal Server Error"}, 500),
        "502": Answer(502, _PAGE, HTML_TYPE),
        "503": Answer(503, _PAGE, HTML_TYPE, retry_after),
        "504": Answer(504, _PAGE, HTML_TYPE),
        "html": Answer(200, _PAGE, HTML_TYPE),
        "empty": Answer(200, b""),
        "redirect": Answer(302, b"", HTML_TYPE, {"Location": "https://elsewhere.example/access/unauthenticated"}),
    }[fault.kind]


def changed(fault: Fault, answer: Answer) -> Answer:
    """A right answer after a fault of CHANGED; other kinds, and answers that are not 200 with JSON, stay as they are."""
    if answer.status != 200 or not answer.content_type.startswith("application/json"):
        return answer
    match fault.kind:
        case "wrong_types":
            return replace(answer, body=json.dumps(_with_wrong_types(json.loads(answer.body))).encode())
        case "malformed":
            return replace(answer, body=answer.body[:-1] + b",]")
        case "missing":
            return replace(answer, body=b'{"something_else":{}}')
        case "huge":
            padding = b" " * max(0, HUGE_BYTES - len(answer.body))
            return replace(answer, body=answer.body[:-1] + padding + answer.body[-1:])
    return answer


def _with_wrong_types(value: object) -> object:
    """Every number in it becomes a word, a list, an object, a truth value or a negative or broken number, in turn."""
    wrong = itertools.cycle(["many", [1], {"value": 1}, True, -1, 1.5])

    def spoil(part: object) -> object:
        if isinstance(part, dict):
            return {key: spoil(inner) for key, inner in part.items()}
        if isinstance(part, list):
            return [spoil(inner) for inner in part]
        return next(wrong) if isinstance(part, int) and not isinstance(part, bool) else part

    return spoil(value)
