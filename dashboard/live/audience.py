"""Which part of a board's picture is for supervisors alone: the open incidents about screens. No floor's TV is ever sent it.

In:  a frame, or a message with a frame or a patch. Out: the same for everybody else; the very same object or text where there is nothing
to leave out, which is nearly always. Pure. A patch that is left empty is sent all the same: the next one names its number.
"""

from __future__ import annotations

from dashboard.live.messages import encode
from dashboard.live.patch import Object

FOR_SUPERVISORS = "dark_screens"
_PARTS = ("frame", "patch")


def frame_for_floor(frame: Object) -> Object:
    """The frame for whoever may not supervise."""
    return {name: part for name, part in frame.items() if name != FOR_SUPERVISORS} if FOR_SUPERVISORS in frame else frame


def text_for_floor(message: Object, text: str) -> str:
    """`text` is the message as it was encoded."""
    for name in _PARTS:
        part = message.get(name)
        if isinstance(part, dict) and FOR_SUPERVISORS in part:
            return encode({**message, name: frame_for_floor(part)})
    return text
