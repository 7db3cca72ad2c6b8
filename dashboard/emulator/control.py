"""`/_emulator/…`: switches for a test or a demonstration, and what no vendor tells.

In:  JSON objects by POST, queries by GET. Out: JSON; a wrong body gets 400 with one sentence, and then changes nothing.
Needs no credentials: the emulator holds no data. Must not know the vendor's own endpoints beyond their names.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from datetime import UTC, datetime

from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from dashboard.emulator.account import Account
from dashboard.emulator.control_fields import Fields, Wrong, mapping, number, one_of, read_fields, text, whole
from dashboard.emulator.faults import KINDS, Fault
from dashboard.emulator.limits import SPELLINGS
from dashboard.emulator.talk import STATS
from dashboard.emulator.ticket_truth import tickets_truth
from dashboard.emulator.vendor import ENDPOINTS

MAX_CALLS = 50_000
MAX_NEW_TICKETS = 1_000
MAX_SKIP_S = 14 * 86_400.0


def routes(account: Account) -> list[Route]:
    """All control routes of one account, to be mounted at `/_emulator`."""

    def post(name: str, act: Callable[[Account, Fields], None], allowed: tuple[str, ...]) -> Route:
        async def handle(request: Request) -> Response:
            try:
                act(account, await read_fields(request, allowed))
            except (Wrong, ValueError) as wrong:
                return JSONResponse({"error": str(wrong)}, 400)
            return _json(_state(account))

        return Route(f"/{name}", handle, methods=["POST"])

    def get(name: str, tell: Callable[[Account, Request], object]) -> Route:
        async def handle(request: Request) -> Response:
            try:
                return _json(tell(account, request))
            except Wrong as wrong:
                return JSONResponse({"error": str(wrong)}, 400)

        return Route(f"/{name}", handle, methods=["GET"])

    return [
        post("scenario", _scenario, ("scenario",)),
        post("spike", _spike, ("shape", "size", "for_s", "in_s")),
        post("fault", _fault, ("fault", "endpoint", "probability", "count", "for_s", "delay_s", "retry_after_s", "skew_s")),
        post("plan", _plan, ("plan",)),
        post("speed", _speed, ("speed",)),
        post("limits", _limits, ("queue_limit", "queue_window_s", "per_minute", "own_factor", "headers", "clear")),
        post("agents", _agents, ("count", "set")),
        post("override", _override, ("endpoint", "values")),
        post("clock", _clock, ("skip_s", "skip_world_s")),
        post("tokens", _tokens, ("revoke",)),
        post("jobs", _jobs, ("end",)),
        post("tickets", _tickets, ("count", "breach_in_min")),
        post("calm", lambda account, _: account.calm(), ()),
        post("reset", lambda account, _: account.restart(), ()),
        get("state", lambda account, _: _state(account)),
        get("truth", _truth),
        get("truth/tickets", _tickets_truth),
        get("requests", _requests),
    ]


def _json(value: object) -> Response:
    body = json.dumps(value, ensure_ascii=False, separators=(",", ":"), default=_iso)
    return Response(body, media_type="application/json")


def _iso(value: object) -> str:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    raise TypeError(f"{type(value).__name__} is not JSON")


def _scenario(account: Account, fields: Fields) -> None:
    name = text(fields, "scenario")
    account.advance()  # what came before the switch belongs to the old scenario
    account.floor.set_scenario(name)


def _spike(account: Account, fields: Fields) -> None:
    shape = text(fields, "shape")
    size = number(fields, "size", 0.0) if fields.get("size") is not None else None
    for_s = number(fields, "for_s", 0.0) if fields.get("for_s") is not None else None
    account.advance()  # "in so many seconds" is counted from now
    account.floor.inject(shape, size, for_s, number(fields, "in_s", 0.0))


def _fault(account: Account, fields: Fields) -> None:
    endpoint = fields.get("endpoint")
    if endpoint is not None:
        endpoint = one_of("endpoint", endpoint, ENDPOINTS)
    kind = fields.get("fault")
    if "fault" in fields and kind in {None, "none"}:
        account.faults.disarm(endpoint)
        return
    fault = Fault(
        one_of("fault", str(kind) if isinstance(kind, int) else kind, (*KINDS, "none")),
        endpoint,
        number(fields, "probability", 1.0, 0.0, 1.0),
        whole(fields, "count", 1, 10**9) if fields.get("count") is not None else None,
        number(fields, "for_s", 1.0) if fields.get("for_s") is not None else None,
        number(fields, "delay_s", 0.0, 0.0, 3600.0),
        number(fields, "retry_after_s", 10.0, 0.0, 86_400.0),
        number(fields, "skew_s", 3600.0, -1e7, 1e7),
    )
    account.faults.arm(fault, account.clock.steady_s())


def _plan(account: Account, fields: Fields) -> None:
    account.set_plan(text(fields, "plan"))


def _speed(account: Account, fields: Fields) -> None:
    account.advance()
    account.set_speed(number(fields, "speed", math.nan))


def _limits(account: Account, fields: Fields) -> None:
    queue_limit = whole(fields, "queue_limit", 0, 10**6) if "queue_limit" in fields else account.limits.queue.limit
    per_minute = whole(fields, "per_minute", 0, 10**6) if "per_minute" in fields else account.limits.other.limit
    window_s = number(fields, "queue_window_s", account.limits.queue.window_s, 0.1, 86_400.0)
    spelling = one_of("headers", fields.get("headers", account.limits.spelling), SPELLINGS)
    own_factor = whole(fields, "own_factor", 1, 10**6) if "own_factor" in fields else account.own_limits.factor
    clear = fields.get("clear", False)
    if not isinstance(clear, bool):
        raise Wrong("clear must be true or false.")
    limits = account.limits
    limits.queue.limit, limits.queue.window_s, limits.other.limit = queue_limit, float(window_s), per_minute
    limits.spelling = next(known for known in SPELLINGS if known == spelling)
    if clear:
        limits.clear()
        account.own_limits.clear()
    account.own_limits.factor = own_factor


def _agents(account: Account, fields: Fields) -> None:
    if not fields:
        raise Wrong("Give count, set, or both.")
    forced: dict[int, dict[str, object]] = {}
    for agent_id, values in (mapping(fields, "set") if "set" in fields else {}).items():
        if not agent_id.isascii() or not agent_id.isdigit() or not isinstance(values, dict):
            raise Wrong('set must be of the form {"<agent_id>": {"<field>": value}}.')
        forced[int(agent_id)] = values
    if "count" in fields:
        account.set_agents_count(whole(fields, "count", 1, 10**6))
    if "set" in fields:
        account.forced_agents.clear()
        account.forced_agents.update(forced)


def _override(account: Account, fields: Fields) -> None:
    known = tuple(name for name in STATS if name != "agents_activity")
    endpoint = one_of("endpoint", fields.get("endpoint"), known)
    if fields.get("values") is None:
        account.forced.pop(endpoint, None)
    else:
        account.forced[endpoint] = mapping(fields, "values")


def _clock(account: Account, fields: Fields) -> None:
    skip_s = number(fields, "skip_s", 0.0, 0.0, MAX_SKIP_S)
    skip_world_s = number(fields, "skip_world_s", 0.0, 0.0, MAX_SKIP_S)
    if skip_s * account.clock.speed + skip_world_s > MAX_SKIP_S:
        raise Wrong("That would be more than 14 simulated days at once.")
    account.clock.skip(skip_s)
    account.clock.skip_world(skip_world_s)
    account.advance()


def _tokens(account: Account, fields: Fields) -> None:
    if fields.get("revoke") is not True:
        raise Wrong("revoke must be true.")
    account.doors.revoke()


def _jobs(account: Account, fields: Fields) -> None:
    account.advance()
    account.jobs.end(one_of("end", fields.get("end"), ("failed", "killed")), account.clock.wall_s())


def _tickets(account: Account, fields: Fields) -> None:
    found = whole(fields, "count", 1, MAX_NEW_TICKETS)
    breach_in_min = whole(fields, "breach_in_min", 1, 1440) if fields.get("breach_in_min") is not None else None
    account.advance()  # they come now, not when somebody last looked
    account.floor.more_tickets(found, breach_in_min)


def _tickets_truth(account: Account, _: Request) -> dict[str, object]:
    account.advance()
    return tickets_truth(account.floor.desk)


def _state(account: Account) -> dict[str, object]:
    now = account.advance()
    limits, now_s = account.limits, account.clock.steady_s()
    return {
        "now": now,
        "server_at": datetime.fromtimestamp(account.clock.wall_s(), UTC),
        "time_zone": account.settings.time_zone,
        "seed": account.settings.seed,
        "speed": account.clock.speed,
        "scenario": account.floor.scenario,
        "spikes": account.floor.spikes(),
        "plan": account.plan,
        "agents_count": account.agents_count,
        "tickets_count": len(account.floor.desk.book),
        "line_ids": list(account.floor.line_ids),
        "group_ids": list(account.floor.group_ids),
        "limits": {
            "queue_limit": limits.queue.limit,
            "queue_window_s": limits.queue.window_s,
            "queue_remaining": limits.queue.remaining(now_s),
            "per_minute": limits.other.limit,
            "remaining": limits.other.remaining(now_s),
            "own_factor": account.own_limits.factor,
            "headers": limits.spelling,
        },
        "faults": account.faults.described(now_s),
        "override": account.forced,
        "agents_set": {str(agent_id): values for agent_id, values in account.forced_agents.items()},
    }


def _truth(account: Account, request: Request) -> dict[str, object]:
    now = account.advance()
    since_text = request.query_params.get("since")
    try:
        since = None if not since_text else _moment(since_text)
    except (ValueError, OverflowError, OSError):
        raise Wrong("since must be Unix seconds or a time such as 2026-11-21T09:00:00Z.") from None
    limit = _query_whole(request, "limit", 1000, MAX_CALLS)
    return {"now": now, "spikes": account.floor.spikes(), "calls": account.floor.calls(since, limit)}


def _moment(text: str) -> datetime:
    if text.replace(".", "", 1).isdigit():
        return datetime.fromtimestamp(float(text), UTC)
    found = datetime.fromisoformat(text.replace(" ", "+"))  # a plus sign that was not encoded arrives as a space
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _requests(account: Account, request: Request) -> dict[str, object]:
    endpoint = request.query_params.get("endpoint")
    return account.log.described(endpoint, _query_whole(request, "limit", 1000, 20_000))


def _query_whole(request: Request, name: str, default: int, high: int) -> int:
    text = request.query_params.get(name, str(default))
    if not text.isascii() or not text.isdigit() or int(text) > high:
        raise Wrong(f"{name} must be a whole number from 0 to {high}.")
    return int(text)
