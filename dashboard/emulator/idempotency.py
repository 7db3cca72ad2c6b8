"""Idempotency keys: the same request with the same key is answered as the first time, and not done again.

In:  who asks, the key, a fingerprint of what is asked, the steady clock. Out: the answer that was given, if one was.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from dashboard.emulator.answers import Answer, Refused, json_answer

KEPT_S = 2 * 3600.0
LONGEST = 255
LOOKUP = "x-idempotency-lookup"


@dataclass(frozen=True, slots=True)
class _Given:
    fingerprint: str
    answer: Answer
    at_s: float


class Idempotency:
    """What was answered to keys within the last two hours."""

    def __init__(self) -> None:
        self._given: dict[tuple[int, str], _Given] = {}

    def before(self, caller_id: int, key: str, fingerprint: str, now_s: float) -> Answer | None:
        """The answer of the first time; None: there was none. `Refused` with 400 where the key was used for something else."""
        if len(key) > LONGEST:
            raise Refused(_refusal(f"Idempotency key must not be longer than {LONGEST} characters"))
        for old in [old for old, given in self._given.items() if given.at_s < now_s - KEPT_S]:
            del self._given[old]
        given = self._given.get((caller_id, key))
        if given is None:
            return None
        if given.fingerprint != fingerprint:
            raise Refused(_refusal("Request parameters don't match the given idempotency key"))
        return replace(given.answer, headers={**given.answer.headers, LOOKUP: "hit"})

    def keep(self, caller_id: int, key: str, fingerprint: str, answer: Answer, now_s: float) -> Answer:
        """Keep what is answered for the first time; the answer with the header that says so."""
        self._given[caller_id, key] = _Given(fingerprint, replace(answer, headers=dict(answer.headers)), now_s)
        return replace(answer, headers={**answer.headers, LOOKUP: "miss"})

    def clear(self) -> None:
        """Forget all keys."""
        self._given.clear()


def _refusal(description: str) -> Answer:
    return json_answer({"error": "IdempotentRequestError", "description": description}, 400)
