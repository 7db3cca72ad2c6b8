"""The shapes of a spike that can be injected into the simulated day, and what sizes each takes.

In:  a shape's name, and maybe a size and a length. Out: a `Spike`: what, how big, from when, to when. That is the ground truth that an
alert is measured against. Must not act: `injection.py` does it to the world, so that all four answers tell of the same spike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

SHORTEST_S, LONGEST_S = 10.0, 14_400.0
MOST_AHEAD_S = 14 * 86_400.0
MOST_SPIKES = 200


@dataclass(frozen=True, slots=True)
class Shape:
    """One kind of spike. `unit` says what `size` is; `least` and `most` are the sizes it takes, `default_size` and `default_for_s` what
    it has when nothing is said. `whole`: the size counts callers."""

    name: str
    summary: str
    unit: str
    default_size: float
    least: float
    most: float
    default_for_s: float
    whole: bool = False


_ALL = (
    Shape("rush", "Many more callers than usual, at once and to the end.", "times the hour's calls", 4.0, 1.1, 30.0, 900.0),
    Shape("staircase", "More callers in five even steps: a slow build-up.", "times the hour's calls, at last", 5.0, 1.1, 30.0, 2400.0),
    Shape("double", "Two rushes with a breather of a third between them.", "times the hour's calls", 5.0, 1.1, 30.0, 1800.0),
    Shape("burst", "So many callers one after the other, evenly spread by chance.", "callers", 40.0, 1.0, 2000.0, 120.0, whole=True),
    Shape("drip", "A steady trickle of callers on top.", "callers a minute", 2.0, 0.1, 200.0, 3600.0),
    Shape("walkout", "Agents at work go away, and come back one after the other.", "share of those at work", 0.8, 0.05, 0.99, 900.0),
    Shape("slow", "Calls that begin in this time take far longer.", "times the talk", 5.0, 1.1, 30.0, 1200.0),
    Shape("standstill", "No caller is offered to any agent: the routing stands still.", "", 1.0, 1.0, 1.0, 480.0),
    Shape("stuck", "Callers whom the routing forgets; everybody else is served.", "callers", 1.0, 1.0, 50.0, 590.0, whole=True),
)

SHAPES: Mapping[str, Shape] = MappingProxyType({shape.name: shape for shape in _ALL})

_STEPS = 5
_BREATHER = (1 / 3, 2 / 3)


@dataclass(frozen=True, slots=True)
class Spike:
    """One injected spike: in the world from `from_ms` until before `to_ms` (whole milliseconds since 1970). What it leaves behind, a
    queue to be worked off, lasts longer. `number` counts the spikes of a world that are alike otherwise, from 0."""

    shape: str
    size: float
    from_ms: int
    to_ms: int
    number: int = 0

    def weight(self, at_ms: int) -> float:
        """How much of its size is there at this moment, 0..1."""
        if not self.from_ms <= at_ms < self.to_ms:
            return 0.0
        passed = (at_ms - self.from_ms) / (self.to_ms - self.from_ms)
        if self.shape == "staircase":
            return (1 + int(passed * _STEPS)) / _STEPS
        if self.shape == "double":
            return 0.0 if _BREATHER[0] <= passed < _BREATHER[1] else 1.0
        return 1.0


def spike(shape: str, now_ms: int, *, size: float | None = None, for_s: float | None = None, in_s: float = 0.0) -> Spike:
    """A spike that begins `in_s` seconds from now and lasts for `for_s`. ValueError, one sentence, for what there is not."""
    known = SHAPES.get(shape)
    if known is None:
        raise ValueError(f"The shape must be one of {', '.join(SHAPES)}, not {shape!r}.")
    size = known.default_size if size is None else size
    for_s = known.default_for_s if for_s is None else for_s
    # A number that is none fails each of these comparisons.
    if not known.least <= size <= known.most:
        takes = f"{known.least:g} to {known.most:g} {known.unit}".strip() if known.unit else "no size"
        raise ValueError(f"A {shape} takes {takes}, not {size:g}.")
    if known.whole and size != math.floor(size):
        raise ValueError(f"A {shape} takes a whole number of callers, not {size:g}.")
    if not SHORTEST_S <= for_s <= LONGEST_S:
        raise ValueError(f"A spike lasts from {SHORTEST_S:g} to {LONGEST_S:g} seconds, not {for_s:g}.")
    if not 0 <= in_s <= MOST_AHEAD_S:
        raise ValueError(f"A spike begins in 0 to {MOST_AHEAD_S:g} seconds, not {in_s:g}.")
    from_ms = now_ms + round(in_s * 1000)
    return Spike(shape, size, from_ms, from_ms + round(for_s * 1000))
