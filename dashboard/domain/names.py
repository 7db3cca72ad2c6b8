"""How much of a person's name a board shows: all of it, the first name, the initials, or nothing.

In:  the full names of everybody on the board. Out: the shown name of each, in the same order. Pure.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence


def shown_names(names: Sequence[str], policy: str) -> list[str]:
    """`policy`: full, first, initials or none (an unknown one shows nothing: a mistake must not tell names).

    Two people with one first name get the initial of their last name beside it ("Ana P."), or as much of it as tells them apart.
    """
    if policy == "full":
        return list(names)
    if policy == "first":
        return _first(names)
    return [_initials(name) for name in names] if policy == "initials" else ["" for _ in names]


def _first(names: Sequence[str]) -> list[str]:
    parts = [name.split() or [""] for name in names]
    shared = Counter(words[0] for words in parts)
    out = []
    for words in parts:
        first, rest = words[0], words[1:]
        if shared[first] < 2 or not rest:
            out.append(first)
            continue
        others = [each[-1] for each in parts if each[0] == first and each is not words and len(each) > 1]
        last = rest[-1]
        length = next((n for n in range(1, len(last)) if all(other[:n] != last[:n] for other in others)), len(last))
        out.append(f"{first} {last[:length]}{'.' if length < len(last) else ''}")
    return out


def _initials(name: str) -> str:
    words = name.split()
    return "".join(word[0] for word in ([words[0], words[-1]] if len(words) > 1 else words)).upper()
