"""Checks a widget's options against what its kind declares, and fills in what is missing.

In:  a kind, JSON. Out: complete options, and sentences about what is wrong. Unknown options are dropped: a file from a newer release may
hold some. Must not raise for any JSON.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.domain.catalogue import CATALOGUE, Better
from dashboard.domain.thresholds import Threshold
from dashboard.widgets.kind import Form, Json, Kind, Option

LARGEST_LIMIT = 1e9
LIMITS = ("warning_enter", "warning_leave", "critical_enter", "critical_leave")


def checked(kind: Kind, given: Json) -> tuple[Mapping[str, Json], list[str]]:
    """The options as the kind may use them, and the problems (then the options are incomplete)."""
    if given is None:
        given = {}
    if not isinstance(given, dict):
        return {}, ["its options are not an object."]
    options: dict[str, Json] = {}
    problems: list[str] = []
    for option in kind.options:
        value = given.get(option.name, option.default)
        if value is None:
            if option.required:
                problems.append(f"{option.label} is missing.")
            continue
        problem = _problem(option, value)
        if problem is None:
            options[option.name] = value
        else:
            problems.append(f"{option.label}: {problem}")
    return options, problems or [*_contradictions(kind, options), *kind.problems(options)]


def _contradictions(kind: Kind, options: Mapping[str, Json]) -> list[str]:
    """Own limits that lie the wrong way round for the number they colour: whether more or less of it is worse, the catalogue knows."""
    if not isinstance(options.get("threshold"), dict):
        return []
    try:
        for metric in kind.metrics(options)[:1]:
            threshold_of(metric, options)
    except ValueError as error:
        label = next((option.label for option in kind.options if option.name == "threshold"), "Limits")
        return [f"{label}: {error}."]
    return []


def threshold_of(metric: str, options: Mapping[str, Json]) -> Threshold | None:
    """The threshold a widget colours `metric` by: its own, or the catalogue's; None where there is neither. ValueError for limits that
    contradict each other."""
    entry, own = CATALOGUE.get(metric), options.get("threshold")
    if not isinstance(own, dict):
        return entry.threshold if entry else None
    worse = entry.threshold.higher_is_worse if entry and entry.threshold else not (entry and entry.better is Better.HIGHER)
    numbers = {name: float(own[name]) for name in LIMITS}
    return Threshold(float(own.get("target", numbers["warning_enter"])), **numbers, higher_is_worse=worse)


def own_limits(options: Mapping[str, Json]) -> tuple[float, float] | None:
    """Where the widget's own warning and critical begin; None: it has no limits of its own."""
    own = options.get("threshold")
    return (float(own["warning_enter"]), float(own["critical_enter"])) if isinstance(own, dict) else None


def _problem(option: Option, value: Json) -> str | None:  # noqa: PLR0911 (one return a form)
    match option.form:
        case Form.METRIC:
            return _metric_problem(option, value)
        case Form.METRICS:
            names = value if isinstance(value, list) and len(value) <= 12 else None
            if names is None:
                return "it must be a list of at most 12 metrics."
            return next((problem for name in names if (problem := _metric_problem(option, name))), None)
        case Form.THRESHOLD:
            return _threshold_problem(value)
        case Form.TEXT | Form.LINES:
            return _text_problem(option, value)
        case Form.CHOICE:
            return (
                None
                if any(value == choice and type(value) is type(choice) for choice, _ in option.choices)
                else "that is not one of the choices."
            )
        case Form.FLAG:
            return None if isinstance(value, bool) else "it must be yes or no."
        case Form.WHOLE:
            fits = isinstance(value, int) and not isinstance(value, bool) and option.least <= value <= option.most
            return None if fits else f"it must be a whole number from {option.least} to {option.most}."
        case Form.IMAGE:
            fits = isinstance(value, str) and len(value) in (0, 64) and all(sign in "0123456789abcdef" for sign in value)
            return None if fits else "that is not one of the pictures."


def _text_problem(option: Option, value: Json) -> str | None:
    if not isinstance(value, str) or len(value) > option.most:
        return f"it must be text of at most {option.most} characters."
    # Half a character, or the sign that ends texts in C: some databases refuse them, and nobody can read them.
    return "it has a sign that cannot be kept." if any(sign == "\x00" or "\ud800" <= sign <= "\udfff" for sign in value) else None


def _metric_problem(option: Option, value: Json) -> str | None:
    if not isinstance(value, str):
        return "it must be the name of a metric."
    if value not in CATALOGUE:
        return f"there is no metric named {value[:60]!r} (any more)."
    return None if option.only is None or option.only(value) else f"{value!r} does not fit this widget."


def _threshold_problem(value: Json) -> str | None:
    if not isinstance(value, dict):
        return "it must have the four limits."
    numbers = [value.get(name) for name in LIMITS] + [value.get("target", 0)]
    # Compared, never converted: a whole number of JSON may be larger than any float. NaN and infinity are not below.
    if not all(isinstance(n, int | float) and not isinstance(n, bool) and abs(n) < LARGEST_LIMIT for n in numbers):
        return "warning and critical each need a value to enter and one to leave."
    enter, leave, critical, critical_leave = (float(n) for n in numbers[:4] if isinstance(n, int | float))
    try:
        Threshold(0, enter, leave, critical, critical_leave, higher_is_worse=critical >= enter)
    except ValueError as error:
        return f"{error}."
    return None
