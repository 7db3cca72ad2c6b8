"""How much of a person's name a board shows: all of it, the first name, the initials, or nothing; and in which order names stand.

In:  the full names of everybody on the board, as the vendor has them: "Ana Pérez", "Pérez, Ana", "ana.perez@example.com", "王小明".
Out: the shown name of each, in the same order. Pure. Where it is not clear what a name's parts are, less is shown and not more.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence

# Names that are written without a space between: the family's name stands first, of one sign in a name of two or three, else of two.
_CLOSED_UP = re.compile(r"[\u3400-\u9fff\uac00-\ud7af]{2,8}")
_IN_ADDRESS = re.compile(r"[._+\-\d]+")
# Letters that are not made of a letter and a mark, and stand with these in every alphabet that people look names up in.
_ALIKE = str.maketrans({"ł": "l", "ø": "o", "đ": "d", "ð": "d", "ħ": "h", "ı": "i", "ŧ": "t", "æ": "ae", "œ": "oe", "þ": "th"})


def name_order(name: str) -> tuple[str, str, str]:
    """What names are sorted by: their letters without case and marks, so that Łukasz stands with the Ls; then the name itself.

    The same for every language, so that an agent has one place on all boards. Names in other scripts follow, by their signs.
    """
    lower = name.strip().casefold()
    letters = "".join(sign for sign in unicodedata.normalize("NFKD", lower) if not unicodedata.combining(sign)).translate(_ALIKE)
    return letters, lower, name


def shown_names(names: Sequence[str], policy: str) -> list[str]:
    """`policy`: full, first, initials or none (an unknown one shows nothing: a mistake must not tell names).

    Two people with one first name get the initial of their last name beside it ("Ana P."), or as much of it as tells them apart; never all
    of it, so that two whose names are (nearly) the same look the same.
    """
    if policy == "full":
        return list(names)
    if policy == "first":
        return _first(names)
    return [_initials(name) for name in names] if policy == "initials" else ["" for _ in names]


def _first(names: Sequence[str]) -> list[str]:
    parts = [_given_first(name) or [""] for name in names]
    shared = Counter(words[0] for words in parts)
    out = []
    for words in parts:
        first, last = words[0], words[-1]
        if shared[first] < 2 or len(words) < 2:
            out.append(first)
            continue
        others = [each[-1] for each in parts if each[0] == first and each is not words and len(each) > 1]
        least = next((n for n in range(1, len(last)) if all(other[:n] != last[:n] for other in others)), 1)
        out.append(f"{first} {last[:least].rstrip('.')}.")
    return out


def _initials(name: str) -> str:
    words = [name.strip()] if _CLOSED_UP.fullmatch(name.strip()) else _given_first(name)
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()


def _given_first(name: str) -> list[str]:
    """The words of a name, the given one first; empty where there is none. Of a name that is closed up, the given name alone."""
    name = name.strip()
    if _CLOSED_UP.fullmatch(name):
        return [name[1:] if len(name) <= 3 else name[2:]]
    words = [word for word in name.split() if "@" not in word]
    if not words:  # an account without a name of its own: nothing of the address behind the sign
        return [word.capitalize() for word in _IN_ADDRESS.split(name.partition("@")[0]) if word]
    last, _, first = " ".join(words).partition(",")
    return [*first.split(), *last.split()]
