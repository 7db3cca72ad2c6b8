"""A clock, of the board's time zone or another one."""

from __future__ import annotations

import functools
import zoneinfo

from dashboard.widgets.kind import Form, Group, Kind, Option, Options


@functools.cache
def _zones() -> frozenset[str]:
    # Half a thousand files are opened to list them (10 ms), and a board's options are checked several times for each frame.
    return frozenset(zoneinfo.available_timezones())


def _problems(options: Options) -> tuple[str, ...]:
    zone = options.get("time_zone")
    return () if not zone or zone in _zones() else (f"There is no time zone named {str(zone)[:60]!r}.",)


KIND = Kind(
    name="clock",
    label="Clock",
    about="The time, here or elsewhere.",
    group=Group.BOARD,
    size=(5, 4),
    least=(3, 2),
    options=(
        Option("label", "Name on the tile", Form.TEXT, most=40),
        Option("time_zone", "Time zone", Form.TEXT, most=60, note="Empty: the board's."),
        Option("seconds", "Show seconds", Form.FLAG, default=False),
        Option("date", "Show the date", Form.FLAG, default=True),
    ),
    problems=_problems,
)
