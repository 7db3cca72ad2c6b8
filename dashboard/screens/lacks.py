"""What a TV's browser keeps back from its screen, in words for the fleet page: sound, voice, backlight, the whole screen.

In:  what the screen said of itself last (store/painted.py). Out: one phrase for each thing that somebody may want to mend; docs/tv.md says
how. What a screen did not speak of is not judged: its boards do not ask for it, or its page is of an older release.
"""

from __future__ import annotations

from collections.abc import Mapping

from dashboard.words.tables import LANGUAGES

_SOUND = {
    "blocked": "no sound: its browser keeps it back",
    "none": "no sound: its browser has none",
    "off": "sound turned off on the TV",
}
_SPEECH = {
    "failed": "its voice failed last",
    "blocked": "no voice: its browser keeps it back",
    "none": "no voice: its browser has none",
}
_WAKE = {"refused": "may go to sleep: no wake lock"}
_FULLSCREEN = {"refused": "not full screen: waits for a key or a click"}


def lacks(known: Mapping[str, object]) -> list[str]:
    """Empty: nothing that we know of. A wake lock that the browser does not have at all (`none`, as over HTTP) is no news: the TV's own
    settings keep it awake then."""
    sound, speech = known.get("sound"), known.get("speech")
    found = [_SOUND.get(str(sound)), _voice(speech, known.get("no_voice")) if sound not in ("blocked", "off") else None]
    found += [_WAKE.get(str(known.get("wake"))), _FULLSCREEN.get(str(known.get("fullscreen")))]
    return [phrase for phrase in found if phrase]


def _voice(speech: object, language: object) -> str | None:
    """A language that is none of ours is not repeated: it is a stranger's word."""
    if speech == "no-voice":
        return f"no voice for {LANGUAGES[language]}" if isinstance(language, str) and language in LANGUAGES else "no voice"
    return _SPEECH.get(str(speech))
