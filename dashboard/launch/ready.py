"""Whether the running whole is ready: asked of the web server itself, as a browser would.

In:  the web server's address. Out: `Readiness`. Must not look behind the server: what it cannot serve is not ready.
"""

from __future__ import annotations

import http.client
import json
from collections.abc import Mapping
from dataclasses import dataclass

REQUEST_TIMEOUT_S = 5.0
ANSWER_MAX_BYTES = 1_000_000
POLL = "poll"  # the one part that a vendor can hold up, by taking its time for the very first answer


@dataclass(frozen=True, slots=True)
class Readiness:
    """One answer of /readyz. `reasons`: part that is not ready -> why, a sentence or empty; the part is "web" when no answer came."""

    ok: bool
    reasons: Mapping[str, str]

    @property
    def missing(self) -> tuple[str, ...]:
        return tuple(self.reasons)

    @property
    def only_the_vendor(self) -> bool:
        """Everything of ours works; the vendor has not given its first answer."""
        return self.missing == (POLL,)


def ask(host: str, port: int) -> Readiness:
    """Asks once; at most REQUEST_TIMEOUT_S. `host` without brackets. An answer that is not understood counts as "web" missing."""
    connection = http.client.HTTPConnection(host, port, timeout=REQUEST_TIMEOUT_S)
    try:
        connection.request("GET", "/readyz", headers={"Host": f"localhost:{port}"})  # always among the allowed hosts
        answer = json.loads(connection.getresponse().read(ANSWER_MAX_BYTES))
    except (OSError, http.client.HTTPException, ValueError):
        return Readiness(ok=False, reasons={"web": ""})
    finally:
        connection.close()
    return understand(answer)


def understand(answer: object) -> Readiness:
    """`{"ready": true, "parts": {"redis": {"ok": true, "message": "…"}}}` as `Readiness`."""
    if not isinstance(answer, dict) or not isinstance(answer.get("ready"), bool) or not isinstance(answer.get("parts"), dict):
        return Readiness(ok=False, reasons={"web": ""})
    reasons: dict[str, str] = {}
    for name, part in answer["parts"].items():
        if not isinstance(part, dict) or part.get("ok") is not True:
            message = part.get("message") if isinstance(part, dict) else None
            reasons[str(name)] = message if isinstance(message, str) else ""
    return Readiness(ok=answer["ready"] and not reasons, reasons=reasons)
