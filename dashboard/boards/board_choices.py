"""What the settings of a board offer: for whom it is, how much of a name it shows, languages, themes.

Out: choices for `board_form`, and the presets of an audience. Must not check what was typed.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.models.board import Names, Profile
from dashboard.sources.registry import ACCOUNT
from dashboard.words.tables import LANGUAGES

THEMES = (("dark", "Dark, for most floors"), ("light", "Light, for bright rooms"))
DISTANCES_M = ((3, "3 m"), (5, "5 m"), (8, "8 m"))
LEAST_INCHES, MOST_INCHES = 10, 150
ACCOUNTS = ((ACCOUNT, "The account of this installation"),)
LANGUAGE_CHOICES = tuple(LANGUAGES.items())

PROFILES = (
    (Profile.FLOOR, "The floor"),
    (Profile.SUPERVISOR, "Supervisors"),
    (Profile.EXECUTIVE, "Executives"),
)
ABOUT_PROFILES: Mapping[str, str] = {
    Profile.FLOOR: "first names or initials, never a whole name",
    Profile.SUPERVISOR: "names as you choose",
    Profile.EXECUTIVE: "nobody's name, no tile about single agents",
}
NAMES = (
    (Names.FULL, "Whole names"),
    (Names.FIRST, "First names"),
    (Names.INITIALS, "Initials"),
    (Names.NONE, "No names"),
)
# What each audience may see of a name, the first one being what it gets unless somebody chooses; and whether callers are counted in bands.
NAMES_OF: Mapping[str, tuple[str, ...]] = {
    Profile.FLOOR: (Names.FIRST, Names.INITIALS, Names.NONE),
    Profile.SUPERVISOR: (Names.FULL, Names.FIRST, Names.INITIALS, Names.NONE),
    Profile.EXECUTIVE: (Names.NONE,),
}

NOT_SLUGS = frozenset({"new", "import"})  # addresses of pages of our own
