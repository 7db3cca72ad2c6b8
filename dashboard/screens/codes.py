"""The code on a TV: six signs that nobody misreads from across a room.

In:  nothing, or what somebody typed. Out: a code, or one sentence that says what is wrong with what was typed. Pure but for the dice.
"""

from __future__ import annotations

import secrets
import unicodedata

LENGTH = 6
# No 0 O Q D, 1 I L, 2 Z, 5 S, 8 B, U V: they look alike on a TV. No A E either: with them codes would spell words. 47 million codes.
ALPHABET = "34679CFGHJKMNPRTWXY"
EXAMPLE = "K7M 4HX"
_LEFT_OUT = frozenset("0OQD1IL2Z5S8BUVAE")


class CodeError(ValueError):
    """What was typed cannot be a code; the text is the sentence for whoever typed it."""


def new_code() -> str:
    """Six random signs, without a gap."""
    return "".join(secrets.choice(ALPHABET) for _ in range(LENGTH))


def tidy(typed: str) -> str:
    """The code that was meant: spaces, dashes and small letters are forgiven. CodeError."""
    wide = unicodedata.normalize("NFKC", typed).upper()
    code = "".join(sign for sign in wide if not sign.isspace() and unicodedata.category(sign) not in ("Pd", "Cf") and sign not in "._")
    if not code:
        raise CodeError("Type the code that the TV shows.")
    if len(code) != LENGTH:
        raise CodeError(f"A code has six letters and digits, such as {EXAMPLE}.")
    strange = next((sign for sign in code if sign not in ALPHABET), None)
    if strange in _LEFT_OUT:
        raise CodeError(f"No code has the sign {strange}: look at the TV again.")
    if strange is not None:
        raise CodeError(f"A code has only letters and digits, such as {EXAMPLE}.")
    return code


def spaced(code: str) -> str:
    """As it is said and read: "K7M 4HX"."""
    return f"{code[:3]} {code[3:]}"
