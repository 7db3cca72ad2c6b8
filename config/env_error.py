"""The one error of the environment, in a module of its own so that every reader of a part can raise it."""

from __future__ import annotations


class EnvError(Exception):
    """A variable is wrong; the text is one sentence that names it and says what would be right."""
