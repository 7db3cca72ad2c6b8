"""A polled floor and somebody to look at it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.polled_floor import board, log_in, polled

__all__ = ["board", "log_in", "polled"]


@pytest.fixture(autouse=True)
def quick_hashes(settings: Any) -> None:
    """Argon2 is slow on purpose, and nobody's password is tried here."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
