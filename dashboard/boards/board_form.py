"""The form of a board's settings: what was typed becomes the fields of a `Board`, or one sentence beside the field that is wrong.

In:  a POST's fields, the board as it is. Out: values by field name. Must not save.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, cast

from django import forms
from django.core.exceptions import ValidationError
from django.utils.text import slugify

from dashboard.alerts.scopes import Known
from dashboard.boards.board_choices import (
    ACCOUNTS,
    DISTANCES_M,
    LANGUAGE_CHOICES,
    LEAST_INCHES,
    MOST_INCHES,
    NAMES,
    NAMES_OF,
    NOT_SLUGS,
    PROFILES,
    THEMES,
)
from dashboard.incidents.fields import ZoneField
from dashboard.incidents.scope_field import ScopeField, offered
from dashboard.models import Board
from dashboard.models.board import Names, Profile

LONGEST_TITLE, LONGEST_SLUG = 80, 60
NOTHING_KNOWN = Known({}, {})
SETTINGS = (
    *("title", "slug", "account", "line_ids", "group_ids", "time_zone", "language", "theme", "profile", "names", "bands"),
    *("distance_m", "screen_inches", "chime", "speech"),
)
NO_TITLE = "A board needs a name."
# Line breaks and the signs that turn the direction of a text: unseen in a name, they would turn the words of every sentence around it.
_UNSEEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")
_AUDIENCE: Mapping[str, str] = {str(value): label for value, label in PROFILES}
_NAMES: Mapping[str, str] = {str(value): label for value, label in NAMES}


class OptionalZoneField(ZoneField):
    """The name of a time zone, or "" for the account's."""

    def clean(self, value: Any) -> Any:
        return super().clean(value) if str(value or "").strip() else ""


class BoardForm(forms.Form):
    """`board` without a pk is a new one. `known`: names of lines and groups that may be written; a file has numbers alone. `cleaned_data`
    has all of SETTINGS, and `revision` (None: was not sent)."""

    title = forms.CharField(
        label="Name",
        max_length=LONGEST_TITLE,
        error_messages={"required": NO_TITLE, "max_length": f"A name has at most {LONGEST_TITLE} characters."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "dir": "auto"}),
    )
    slug = forms.CharField(
        label="Address",
        required=False,
        max_length=LONGEST_SLUG,
        error_messages={"max_length": f"An address has at most {LONGEST_SLUG} characters."},
        widget=forms.TextInput(attrs={"autocomplete": "off", "spellcheck": "false"}),
        help_text="The last part of the wall's address: small letters, digits and dashes. Empty: made of the name.",
    )
    account = forms.ChoiceField(label="Account", choices=ACCOUNTS)
    line_ids = ScopeField(label="Phone lines")
    group_ids = ScopeField(label="Groups")
    time_zone = OptionalZoneField(label="Time zone", required=False, help_text="Empty: the account's.")
    language = forms.ChoiceField(label="Language of the wall", choices=LANGUAGE_CHOICES)
    theme = forms.ChoiceField(label="Look", choices=THEMES)
    profile = forms.ChoiceField(label="For whom", choices=PROFILES, widget=forms.RadioSelect)
    names = forms.ChoiceField(label="Names of agents", choices=NAMES)
    bands = forms.BooleanField(
        label="Show waiting callers in bands, such as 1–3, instead of the exact number",
        required=False,
        help_text="Who sees “1 waiting” may leave it to the others.",
    )
    distance_m = forms.TypedChoiceField(label="Read from", choices=DISTANCES_M, coerce=int)
    screen_inches = forms.IntegerField(
        label="Screen, inches across",
        min_value=LEAST_INCHES,
        max_value=MOST_INCHES,
        error_messages=dict.fromkeys(
            ("required", "invalid", "min_value", "max_value"),
            f"Write the screen's diagonal in inches, {LEAST_INCHES} to {MOST_INCHES}.",
        ),
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "off", "class": "amount"}),
    )
    chime = forms.BooleanField(label="Chime when something becomes critical", required=False)
    speech = forms.BooleanField(
        label="Also say it aloud, in the wall's language", required=False, help_text="Captions are always shown, whatever can be heard."
    )
    revision = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, board: Board, known: Known = NOTHING_KNOWN, **options: Any) -> None:
        self.board, self.known = board, known
        super().__init__(*args, **options)
        lines, groups = cast("ScopeField", self.fields["line_ids"]), cast("ScopeField", self.fields["group_ids"])
        lines.names, groups.word, groups.names = known.lines, "group", known.groups

    @property
    def scope_names(self) -> dict[str, list[dict[str, str]]]:
        """What the fields of lines and groups can offer."""
        return {"lines": offered(self.known.lines, "line"), "groups": offered(self.known.groups, "group")}

    def clean_title(self) -> str:
        title = " ".join(_UNSEEN.sub(" ", str(self.cleaned_data["title"])).split())
        if not title:
            raise ValidationError(NO_TITLE)
        return title

    def clean_slug(self) -> str:
        given = str(self.cleaned_data.get("slug") or "").strip()
        if not given:
            return free_slug(str(self.cleaned_data.get("title") or ""), self.board.pk)
        found = slugify(given)
        if found != given.lower():
            raise ValidationError(f"“{given[:40]}” has other signs than small letters, digits and dashes.")
        if found in NOT_SLUGS:
            raise ValidationError(f"“{found}” is the address of another page; choose another one.")
        if Board.objects.filter(slug=found).exclude(pk=self.board.pk).exists():
            raise ValidationError(f"Another board has the address “{found}” already.")
        return found

    def clean(self) -> dict[str, Any]:
        found = super().clean() or self.cleaned_data
        profile, names = str(found.get("profile")), str(found.get("names"))
        if profile == Profile.EXECUTIVE:
            found["names"] = Names.NONE
        elif profile in NAMES_OF and names in _NAMES and names not in NAMES_OF[profile]:
            offered = " or ".join(_NAMES[each].lower() for each in NAMES_OF[profile][:2])
            whom = _AUDIENCE[profile].lower()
            self.add_error("names", f"A board for {whom} shows {offered}, not {_NAMES[names].lower()}.")
        return found

    @property
    def settings(self) -> dict[str, Any]:
        """The values of SETTINGS; only of a valid form."""
        return {name: self.cleaned_data[name] for name in SETTINGS}


def initial_of(board: Board) -> dict[str, Any]:
    """What the form shows of a board as it is."""
    return {name: getattr(board, name) for name in (*SETTINGS, "revision")}


def free_slug(title: str, own_pk: int | None = None) -> str:
    """An address made of a title that no other board has: the title's Latin letters and digits, with a number where it is taken."""
    base = slugify(title)[: LONGEST_SLUG - 5].strip("-") or "board"
    taken = set(Board.objects.exclude(pk=own_pk or 0).filter(slug__startswith=base).values_list("slug", flat=True)) | NOT_SLUGS
    return base if base not in taken else next(slug for n in range(2, len(taken) + 3) if (slug := f"{base}-{n}") not in taken)
