"""Frames for the wall's tests: what a board shows in a given state, as the server would compose it.

In:  the time and a few words. Out: plain JSON types after the contract in docs/wire-protocol.md.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any, cast

from dashboard.domain.catalogue import CATALOGUE
from dashboard.domain.feeds import Endpoint, Feed
from dashboard.domain.freshness import Freshness
from dashboard.domain.readings import TOTALS, Reading
from dashboard.domain.thresholds import Threshold
from dashboard.live.charts import Drawing, figure
from dashboard.live.status import FeedStatus
from dashboard.live.tiles import widgets_part
from dashboard.widgets import layout
from dashboard.widgets.colour import shown
from dashboard.widgets.defaults import standard

Frame = dict[str, Any]

NAMES = [
    "Amara Okafor",
    "Beatriz Lima",
    "Chloé Martin",
    "Daniel Roth",
    "Elif Yılmaz",
    "Farid Haddad",
    "Grace Kim",
    "Henrik Sø",
    "Ines Moreau",
    "Jonas Weber",
    "Kavya Iyer",
    "Łukasz Nowak",
    "Maya Cohen",
    "Noah Brandt",
    "Oscar Ruiz",
    "Priya Nair",
    "Quinn Doyle",
    "Rosa Conti",
]
TIMES_S = [48, 252, 611, 74, 133, 26, 395, 58, 191, 102, 724, 318, 29, 1560, 87, 466, 21, 240]
STATES = {
    "a": {"state": "online"},
    "o": {"state": "online", "call_status": "on_call"},
    "w": {"state": "online", "call_status": "wrap_up"},
    "x": {"state": "away"},
    "t": {"state": "transfers_only"},
    "-": {"state": "offline"},
    "?": {"state": "unknown"},
}
TICKET_FEEDS = {"tickets": 15.0, "ticket_metrics": 60.0, "ticket_metric_events": 30.0, "kayako_cases": 60.0}
FEEDS = {"current_queue_activity": 1.0, "agents_activity": 5.0, "account_overview": 15.0, "agents_overview": 30.0}
THRESHOLDS = {
    "longest_wait_time": (120, 120, 180),
    "calls_waiting": (6, 7, 13),
    "callbacks_waiting": (4, 5, 10),
    "abandon_ratio": (0.05, 0.05, 0.10),
}
THRESHOLDS_OF_TICKETS = ("sla_breached", "sla_ratio_7d")
ENDPOINT_OF = {"agents_available": "agents_activity"}
ACCOUNT = ("total_calls", "total_inbound_calls", "total_calls_abandoned_in_queue", "abandon_ratio", "max_calls_waiting")


def stamp(at: datetime) -> str:
    return at.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@dataclass(frozen=True, slots=True)
class Scene:
    """A board's state in words. `values` maps metrics to numbers (None: unknown, "not_on_plan", or (have, needs): too few)."""

    values: dict[str, Any] = field(default_factory=dict)
    severities: dict[str, tuple[str, float]] = field(default_factory=dict)  # severity, seconds it has lasted
    agents: str = "aoowoaooawoooxoowo"
    names: tuple[str, ...] = tuple(NAMES)
    ages_s: dict[str, float] = field(default_factory=dict)
    failing: frozenset[str] = frozenset()
    stopped: bool = False
    problem: dict[str, Any] | None = None
    theme: str = "dark"
    distance_m: int = 5
    time_zone: str = "UTC"
    title: str = "Support line"
    peak_s: float = 70
    incidents: tuple[Frame, ...] = ()
    widgets: tuple[Frame, ...] | None = None  # None: the standard board's; in the form that is kept
    language: str = "en"
    profile: str = "supervisor"
    naming: str = "full"
    bands: bool = False
    problems: tuple[str, ...] = ()
    quality: tuple[Frame, ...] = ()  # what the server found about its numbers
    points: dict[str, Frame] = field(default_factory=dict)  # charts of points by key
    rows: dict[str, tuple[Any, ...]] | None = None  # of the tickets' feeds by endpoint; None: the board has no such feeds
    reading: frozenset[str] = frozenset()  # feeds that are read page by page for the first time
    errors: dict[str, str] = field(default_factory=dict)  # what kind of error a feed has had, by endpoint
    started: datetime = field(default_factory=lambda: datetime.now(UTC))

    def but(self, **changes: Any) -> Scene:
        return replace(self, **changes)


CALM = Scene(
    values={
        "longest_wait_time": 42,
        "calls_waiting": 4,
        "callbacks_waiting": 0,
        "embeddable_callbacks_waiting": 2,
        "average_wait_time": 31,
        "total_calls": 243,
        "total_inbound_calls": 211,
        "abandon_ratio": 0.021,
        "total_calls_abandoned_in_queue": 4,
        "max_calls_waiting": 9,
    }
)
WARNING = CALM.but(
    values={**CALM.values, "longest_wait_time": 154, "calls_waiting": 9, "callbacks_waiting": 3, "abandon_ratio": 0.034},
    severities={"longest_wait_time": ("warning", 34), "calls_waiting": ("warning", 60)},
    agents="ooowoxooowoooxoowo",
    peak_s=150,
)
CRITICAL = CALM.but(
    values={**CALM.values, "longest_wait_time": 462, "calls_waiting": 17, "callbacks_waiting": 6, "abandon_ratio": 0.046},
    severities={"longest_wait_time": ("critical", 282), "calls_waiting": ("critical", 200), "callbacks_waiting": ("warning", 20)},
    agents="ooowoxooowooxxoowo",
    peak_s=460,
)
STRESS = CRITICAL.but(
    values={
        **CALM.values,
        "longest_wait_time": 3725,
        "calls_waiting": 128,
        "callbacks_waiting": 64,
        "total_calls": 12345,
        "total_inbound_calls": 12001,
        "abandon_ratio": 0.125,
        "total_calls_abandoned_in_queue": 1500,
    },
    severities={
        "longest_wait_time": ("critical", 3545),
        "calls_waiting": ("critical", 900),
        "callbacks_waiting": ("critical", 900),
        "abandon_ratio": ("critical", 900),
    },
    peak_s=3725,
)
TEAM_PLAN = CALM.but(
    values={
        **CALM.values,
        "total_inbound_calls": "not_on_plan",
        "abandon_ratio": "not_on_plan",
        "total_calls_abandoned_in_queue": "not_on_plan",
    }
)
TOO_FEW = CALM.but(values={**CALM.values, "abandon_ratio": (6, 10), "callbacks_waiting": None, "total_calls": 6, "total_inbound_calls": 6})
CONTRADICTION = CRITICAL.but(
    values={**CRITICAL.values, "longest_wait_time": 900, "calls_waiting": 0}, severities={"longest_wait_time": ("critical", 282)}
)
QUIET = CALM.but(
    values={**CALM.values, "longest_wait_time": 0, "calls_waiting": 0, "callbacks_waiting": 0}, agents="aaaaaaaaaaaaaaaaaa", peak_s=0
)


def crowd(count: int, pattern: str = "ooaooxowoo") -> Scene:
    """A calm board with `count` agents."""
    names = tuple(sorted(f"{NAMES[i % 18].split()[0]} {chr(65 + i % 26)}{NAMES[(i * 7) % 18].split()[1]}" for i in range(count)))
    return CALM.but(names=names, agents=(pattern * (count // len(pattern) + 1))[:count])


def incident(severity: str = "critical", state: str = "open", *, number: int = 1, since_s: float = 282, **more: Any) -> Frame:
    """One open incident; `since_s`: for how long it has held when the scene starts."""
    about = "Longest wait above 3:00"
    return {
        "id": number,
        "kind": "threshold",
        "severity": severity,
        "state": state,
        "about": about,
        "text": about,
        "since_s": since_s,
        **more,
    }


def compose(scene: Scene, now: datetime) -> Frame:
    """The scene at `now`: every feed answered `ages_s` ago (0.2 s by default), the wait counts on from the scene's start."""
    past_s = (now - scene.started).total_seconds()
    feeds: Frame = {}
    thresholds: Frame = {
        name: {"target": target, "warning_enter": warning, "critical_enter": critical, "higher_is_worse": True}
        for name, (target, warning, critical) in THRESHOLDS.items()
    }
    ats: dict[str, datetime | None] = {}
    for endpoint, interval_s in (FEEDS | (TICKET_FEEDS if scene.rows is not None else {})).items():
        age_s = scene.ages_s.get(endpoint, 0.2)
        at = None if age_s < 0 else now - timedelta(seconds=age_s)
        if age_s > 1 and at is not None:
            at = scene.started - timedelta(seconds=age_s)
        ats[endpoint] = at
        entry: Frame = {
            "endpoint": endpoint,
            "interval_s": interval_s,
            "state": "live",
            "failing": endpoint in scene.failing,
            "stopped": scene.stopped,
            "failures": 0,
        }
        if at is not None:
            entry["at"] = stamp(at)
        if endpoint in scene.reading:
            entry["waiting"] = True
        if endpoint in scene.errors:
            entry["error"] = {"kind": scene.errors[endpoint], "message": "refused", "at": stamp(now)}
        feeds[f"main:{endpoint}"] = entry
    for name in THRESHOLDS_OF_TICKETS if scene.rows is not None else ():
        thresholds[name] = shown(cast("Threshold", CATALOGUE[name].threshold))
    queue_at = ats["current_queue_activity"]
    metrics = {name: _metric(scene, name, value, ats, past_s) for name, value in scene.values.items()}
    source: Frame = {"name": "Zendesk Talk", "state": "live", "emulated": True}
    if scene.problem is not None:
        source["problem"] = scene.problem
    widgets = layout.read(cast("object", standard() if scene.widgets is None else list(scene.widgets)))
    frame: Frame = {
        "board": {
            "slug": "main",
            "title": scene.title,
            "theme": scene.theme,
            "distance_m": scene.distance_m,
            "time_zone": scene.time_zone,
            "language": scene.language,
            "profile": scene.profile,
            "names": scene.naming,
            "bands": scene.bands,
            "chime": True,
            "speech": False,
            "revision": 1,
            "widgets": layout.as_json(widgets),
            "problems": list(scene.problems),
        },
        "source": source,
        "metrics": metrics,
        "thresholds": thresholds,
        "incidents": [{**each, "since": stamp(scene.started - timedelta(seconds=each["since_s"]))} for each in scene.incidents],
        "agents": _agents(scene) if ats["agents_activity"] is not None else [],
        "feeds": feeds,
        "budget": {"queue": {"used": 300, "cap": 2000, "limit": 2500, "window_s": 300}},
        "charts": {"longest_wait_time": _chart(scene, scene.started), **scene.points} if queue_at is not None else {},
    }
    free = sum(agent["state"] == "online" and "call_status" not in agent for agent in frame["agents"])
    metrics["agents_available"] = _metric(scene, "agents_available", free if frame["agents"] else None, ats, 0)
    frame["quality"] = list(scene.quality)
    frame["widgets"] = widgets_part(widgets, frame, _statuses(scene, ats), now, None)
    return frame


def _statuses(scene: Scene, ats: dict[str, datetime | None]) -> dict[Endpoint, FeedStatus]:
    """The tickets' feeds with their rows, as kinds look at them."""
    found = {}
    for name, rows in (scene.rows or {}).items():
        endpoint, at = Endpoint(name), ats[name]
        reading = None if at is None else Reading(cast("Any", TOTALS[endpoint])(rows=rows), at)
        found[endpoint] = FeedStatus(Feed("main", endpoint), Freshness.LIVE, 30.0, False, False, reading, None)
    return found


def _metric(scene: Scene, name: str, value: Any, ats: dict[str, datetime | None], past_s: float) -> Frame:
    of_tickets = name in CATALOGUE and CATALOGUE[name].endpoint.value in TICKET_FEEDS
    endpoint = CATALOGUE[name].endpoint.value if of_tickets else ENDPOINT_OF.get(name, "current_queue_activity")
    endpoint = "account_overview" if name in ACCOUNT else endpoint
    at = ats[endpoint]
    if at is None:
        return {"state": "unknown", "severity": "ok"}
    severity, lasted_s = scene.severities.get(name, ("ok", 0.0))
    entry: Frame = {"state": "live", "severity": severity, "at": stamp(at)}
    if severity != "ok":
        entry["severity_since"] = stamp(scene.started - timedelta(seconds=lasted_s))
    if value is None:
        entry["state"] = "unknown"
    elif value == "not_on_plan":
        entry["state"] = "not_on_plan"
    elif isinstance(value, tuple):
        entry.update(state="too_few", have=value[0], needs=value[1])
    else:
        ticks = (
            name == "longest_wait_time" and value > 0 and scene.values.get("calls_waiting") != 0 and scene.ages_s.get(endpoint, 0.2) <= 1
        )
        entry["value"] = value + int(past_s) if ticks else value
    return entry


def _agents(scene: Scene) -> list[Frame]:
    agents = []
    for i, (name, letter) in enumerate(zip(scene.names, scene.agents, strict=True)):
        since = scene.started - timedelta(seconds=TIMES_S[i % 18])
        agents.append({"id": 100 + i, "name": name, **STATES[letter], "since": stamp(since), "since_exact": i % 18 != 13})
    return agents


def _chart(scene: Scene, now: datetime) -> Frame:
    """Two hours of a wobbling wait that ends at the scene's peak, with one gap."""
    seed, last = 7, 30.0
    points: list[tuple[datetime, float | None]] = []
    for i in range(121):
        seed = seed * 16807 % 2147483647
        roll = seed / 2147483647
        last = max(0.0, min(8 + roll * 100 if roll < 0.16 else last + roll * 26 - 9, 104 - i % 50))
        points.append((now - timedelta(minutes=120 - i), None if 47 < i < 53 else last))
    rise = 12 if scene.peak_s > 300 else 7
    if scene.peak_s > 100:
        for i in range(rise):
            points[121 - rise + i] = (points[121 - rise + i][0], 20 + (scene.peak_s - 20) * (i + 1) / rise)
    if scene.peak_s > 300:
        for i, value in enumerate((90, 128, 166, 196, 150, 60)):
            points[78 + i] = (points[78 + i][0], value)
    if scene.peak_s == 0:
        points = [(at, None if value is None else value / 4) for at, value in points]
    values = [value for _, value in points]
    return figure(Drawing(values, 60, warning=120, critical=180, time_zone=scene.time_zone, theme=scene.theme), now)
