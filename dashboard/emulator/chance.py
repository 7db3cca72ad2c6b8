"""Chance: named random streams and the few distributions that the simulated call centre draws from.

In:  names (seed, date, number) or a stream and its parameters. Out: a stream, or seconds as a float.
Nothing here may read a clock or the system's entropy: the same names give the same draws on every machine.
"""

from __future__ import annotations

from math import gamma, log
from random import Random


def stream(*names: object) -> Random:
    """A generator of its own for each tuple of names: draws in one part of the world never shift those in another."""
    return Random(":".join(map(str, names)))  # noqa: S311 (a simulation wants repeatable chance, not secrecy)


def lognormal_s(rng: Random, mean_s: float, sigma: float) -> float:
    """A right-skewed duration, as talk and wrap-up times are, with the given mean of the durations themselves."""
    return rng.lognormvariate(log(mean_s) - sigma * sigma / 2, sigma)


def weibull_s(rng: Random, mean_s: float, shape: float) -> float:
    """A duration with the given mean; a shape above 1 makes leaving early rarer than under the exponential."""
    return rng.weibullvariate(mean_s / gamma(1 + 1 / shape), shape)


def exponential_s(rng: Random, mean_s: float) -> float:
    """A memoryless duration with the given mean."""
    return rng.expovariate(1 / mean_s)


def gamma_s(rng: Random, mean_s: float, shape: float) -> float:
    """A duration with the given mean; the higher the shape, the closer to it."""
    return rng.gammavariate(shape, mean_s / shape)
