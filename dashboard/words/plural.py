"""Which plural form a language takes for a number: the rules of Unicode's CLDR, as browsers have them in Intl.PluralRules.

In:  a language's code and a number. Out: zero, one, two, few, many or other. Pure.
Spanish and French have a form of their own from a million on ("un millón de llamadas"). No text says so large a number: a wall writes
"> 999,999". It is therefore not asked of the word tables; `other` stands for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

ALL = frozenset({"zero", "one", "two", "few", "many", "other"})


def _one(n: float) -> str:
    return "one" if n == 1 else "other"


def _one_below_two(n: float) -> str:
    return "one" if 0 <= n < 2 else "other"


def _never(_: float) -> str:
    return "other"


def _arabic(n: float) -> str:
    if n in (0, 1, 2):
        return ("zero", "one", "two")[int(n)]
    if n != int(n):
        return "other"
    rest = int(n) % 100
    return "few" if 3 <= rest <= 10 else "many" if rest >= 11 else "other"


# By the first part of a language's code; a language that is not here takes English's rule.
_RULES: Mapping[str, tuple[Callable[[float], str], tuple[str, ...]]] = {
    "en": (_one, ("one", "other")),
    "de": (_one, ("one", "other")),
    "es": (_one, ("one", "other")),
    "fr": (_one_below_two, ("one", "other")),
    "zh": (_never, ("other",)),
    "ar": (_arabic, ("zero", "one", "two", "few", "many", "other")),
}


def knows(language: str) -> bool:
    """Whether the rule of this language is known here."""
    return language.partition("-")[0] in _RULES


def form(language: str, n: float) -> str:
    """The form for `n`, which is not negative."""
    return _RULES.get(language.partition("-")[0], _RULES["en"])[0](n)


def forms(language: str) -> tuple[str, ...]:
    """The forms that a sentence of this language needs."""
    return _RULES.get(language.partition("-")[0], _RULES["en"])[1]
