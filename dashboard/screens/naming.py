"""A name inside a sentence: quoted, and isolated, so that one written from right to left cannot turn the words around it.

In:  a name that somebody typed. Out: text.
"""

from __future__ import annotations

ISOLATE, END = "\u2068", "\u2069"


def isolated(name: str) -> str:
    """For a list of names."""
    return f"{ISOLATE}{name}{END}"


def quoted(name: str) -> str:
    """ "“Reception”"."""
    return f"“{isolated(name)}”"
