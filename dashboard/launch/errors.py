"""The one error of starting up: a sentence for the administrator."""

from __future__ import annotations


class LaunchError(Exception):
    """Something keeps the program from starting; the text is one sentence that says what, and what to do. It holds no secret."""
