"""The metrics of some conversations, one request each: which came, and which conversations are gone or cannot be read.

In:  Kayako, a pace, conversations, and some others that are there. Out: `Answers`. Writes nothing.

A 404 or nonsense may be one conversation's, which is deleted or broken, or all of Kayako's, where the address answers for nobody. It is
believed of a conversation only where another's metrics do come: else a bad hour of Kayako's would empty the mirror.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from dashboard.domain.cases import CaseMetrics
from dashboard.mirror.pace import Pace, Sparing
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.kayako import Kayako

logger = logging.getLogger(__name__)

_OF_ONE = frozenset({ErrorKind.NOT_FOUND, ErrorKind.INVALID})
# So many without one good answer are enough to ask for a witness.
MOST_ODD = 3


@dataclass(slots=True)
class Answers:
    """What has come so far. `is_witnessed`: the metrics of a conversation that is there came as well, or the list says that none is."""

    found: list[CaseMetrics] = field(default_factory=list)
    gone: list[int] = field(default_factory=list)
    unreadable: list[int] = field(default_factory=list)
    is_witnessed: bool = False

    @property
    def is_believed(self) -> bool:
        """Whether those that are gone or unreadable are that themselves."""
        return bool(self.found) or self.is_witnessed


def ask(vendor: Kayako, pace: Pace, wanted: Iterable[int], witnesses: Sequence[int], into: Answers) -> None:
    """Fills `into`, also when it ends with what the pace raises, or with a SourceError: Kayako fails, or has good answers for nobody."""
    error = None
    for case_id in wanted:
        if isinstance(pace.before_request, Sparing) and not pace.before_request.has_half_left():
            break  # the list comes first; those that are left out are asked for with the next poll
        error = _one(vendor, pace, case_id, into) or error
        if not into.found and len(into.gone) + len(into.unreadable) >= MOST_ODD:
            break
    if error is None or into.is_believed:
        return
    for case_id in witnesses:
        witness = Answers()
        _one(vendor, pace, case_id, witness)
        if witness.found:
            into.is_witnessed = True
            return
    raise error


def _one(vendor: Kayako, pace: Pace, case_id: int, into: Answers) -> SourceError | None:
    try:
        into.found.append(vendor.case_metrics(case_id, before_request=pace.before_request))
    except SourceError as error:
        if error.kind not in _OF_ONE:
            raise
        if error.kind is ErrorKind.INVALID:
            logger.warning("The metrics of Kayako's conversation %d cannot be read: %s", case_id, error.message)
        (into.gone if error.kind is ErrorKind.NOT_FOUND else into.unreadable).append(case_id)
        return error
    return None
