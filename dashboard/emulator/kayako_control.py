"""`/_emulator/kayako` and `/_emulator/truth/cases`: the switches of Kayako's door, and what no answer of it tells.

In:  a JSON object by POST. Out: JSON; a wrong body gets 400 with one sentence, and then changes nothing.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route

from dashboard.emulator.account import Account
from dashboard.emulator.control_fields import Fields, Wrong, number, read_fields, whole
from dashboard.emulator.kayako_door import KayakoDoor
from dashboard.emulator.kayako_truth import cases_truth
from dashboard.emulator.limits import MINUTE_S, Window

_FLAGS = ("otp", "inside_200", "end_sessions")
_SWITCHES = (*_FLAGS, "per_minute", "session_ttl_s")


def routes(account: Account) -> list[Route]:
    """To be mounted at `/_emulator`, beside the others."""
    door = account.kayako

    async def switch(request: Request) -> JSONResponse:
        try:
            _turn(door, await read_fields(request, _SWITCHES))
        except Wrong as wrong:
            return JSONResponse({"error": str(wrong)}, 400)
        return JSONResponse(_described(door, account.clock.steady_s()))

    async def tell(_: Request) -> JSONResponse:
        account.advance()
        return JSONResponse(cases_truth(account.floor.desk))

    return [Route("/kayako", switch, methods=["POST"]), Route("/truth/cases", tell, methods=["GET"])]


def _turn(door: KayakoDoor, fields: Fields) -> None:
    """Turns what is named and leaves the rest."""
    for name in _FLAGS:
        if not isinstance(fields.get(name, False), bool):
            raise Wrong(f"{name} must be true or false.")
    per_minute = whole(fields, "per_minute", 0, 10**6) if "per_minute" in fields else None
    door.session_ttl_s = float(number(fields, "session_ttl_s", door.session_ttl_s, 0.1, 86_400.0))
    door.otp = bool(fields.get("otp", door.otp))
    door.inside_200 = bool(fields.get("inside_200", door.inside_200))
    if per_minute is not None:
        door.window = Window(per_minute, MINUTE_S)
    if fields.get("end_sessions"):
        door.end_sessions()


def _described(door: KayakoDoor, now_s: float) -> dict[str, object]:
    return {
        "otp": door.otp,
        "inside_200": door.inside_200,
        "per_minute": door.window.limit,
        "remaining": door.window.remaining(now_s),
        "session_ttl_s": door.session_ttl_s,
        "sessions": door.sessions_count,
    }
