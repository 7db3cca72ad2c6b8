"""Keys that stand for a screen or a program: made here, shown once, kept only as digests.

In:  nothing, or a key that somebody presented. Out: a new key, or a key's digest. Must not touch the database or a log.
A key is 256 random bits, so a plain SHA-256 cannot be searched backwards; the prefix says in a leaked file what leaked.
"""

from __future__ import annotations

import hashlib
import re
import secrets

SCREEN_PREFIX = "qls_"
TOKEN_PREFIX = "qlt_"  # noqa: S105 (a prefix, not a token)
LONGEST_KEY = 200


def new_screen_key() -> str:
    """A key for one screen, safe in an address and in a cookie."""
    return SCREEN_PREFIX + secrets.token_urlsafe(32)


def is_screen_key(text: str) -> bool:
    """Whether the text has the form of what `new_screen_key` makes."""
    return re.fullmatch(SCREEN_PREFIX + r"[A-Za-z0-9_-]{43}", text) is not None


def new_token() -> str:
    """A Bearer token for one program."""
    return TOKEN_PREFIX + secrets.token_urlsafe(32)


def new_password() -> str:
    """A random password of 99 bits that can be read aloud: letters and digits in groups of four, none that look alike."""
    alphabet = "abcdefghjkmnpqrstuvwxyz23456789"  # 31 signs; 20 of them are 99 bits
    return "-".join("".join(secrets.choice(alphabet) for _ in range(4)) for _ in range(5))


def digest_of(key: str) -> str:
    """SHA-256 of the key, 64 hexadecimal digits: what the database keeps."""
    return hashlib.sha256(key.encode()).hexdigest()
