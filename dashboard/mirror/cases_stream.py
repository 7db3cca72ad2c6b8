"""The stream of Kayako's conversations: rounds down its list, each as far as what is known, and the metrics of those that moved.

In:  Kayako, a pace. Out: rows and how far was read, page by page. The list has offsets and no cursor, so that it shifts while it is read:
down when something moves to its top, which repeats rows, and up when something leaves it, which would hide some. Therefore each page begins
a few rows before the end of the last, and one whose first row lies below all that was seen is read again further up.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import accumulate

from dashboard.domain.cases import Case, CaseMetrics
from dashboard.mirror import cases_asked, cases_measured, cases_rows, streams
from dashboard.mirror.pace import NotYet, Pace
from dashboard.models import KnownCase, Stream
from dashboard.sources.kayako import Kayako
from dashboard.sources.paging import LARGEST_PAGE, Page

CASES = "cases"
# Rows may be listed a little late, and a little out of order.
OVERLAP = timedelta(seconds=120)
OVERLAP_ROWS = 5
# Conversations whose metrics one poll asks for.
MOST_MOVED = 60
# While they are read for the first time: a few, so that what is known and how far it is are told again soon. Where the budget is new, each
# request waits seconds for its turn.
FEW_MOVED = 6
# While metrics are read for the first time, polls follow each other closely, and the list has nothing new for each of them.
LIST_AGAIN_AFTER = timedelta(seconds=30)
# An unresolved one that has not moved is looked at again: what was deleted leaves the list without a word.
LOOK_AGAIN_AFTER = timedelta(hours=24)
MOST_LOOKED_AT_AGAIN = 10
# Whose metrics are asked for as well where those that are wanted all have none.
WITNESSES = 3


@dataclass(frozen=True, slots=True)
class Round:
    """A way down the list. `lowest` and `highest`: of the activities seen so far; None: none yet. `is_ordered`: so far newest first, as
    expected. `is_whole`: it goes to the end of the list, because the round before found another order."""

    offset: int = 0
    lowest: datetime | None = None
    highest: datetime | None = None
    is_ordered: bool = True
    is_whole: bool = False

    @classmethod
    def parse(cls, cursor: str) -> Round:
        """The inverse of `cursor`; a new round for an empty one."""
        if not cursor:
            return cls()
        offset, lowest, highest, ordered, whole = cursor.split()
        return cls(int(offset), _time(lowest), _time(highest), ordered == "1", whole == "1")

    @property
    def cursor(self) -> str:
        """As kept between pages; empty for a round that is like any other and has not begun."""
        if self == Round():
            return ""
        return f"{self.offset} {_text(self.lowest)} {_text(self.highest)} {int(self.is_ordered)} {int(self.is_whole)}"

    @property
    def has_begun(self) -> bool:
        return self.highest is not None

    @property
    def next(self) -> Round:
        """The round after this one."""
        return Round(is_whole=not self.is_ordered)

    def after(self, page: Page[Case], until: datetime | None) -> tuple[Round, bool]:
        """The round after this page, and whether it is over: at the end of the list, or below `until` (None: nothing is known)."""
        seen = [case.last_activity_at for case in page.items]
        is_ordered = self.is_ordered and all(at <= before + OVERLAP for at, before in zip(seen[1:], accumulate(seen, min), strict=False))
        shifted = self.offset > 0 and is_ordered and (not seen or (self.lowest is not None and seen[0] < self.lowest))
        through = replace(
            self,
            lowest=min((at for at in (self.lowest, *seen) if at is not None), default=None),
            highest=max((at for at in (self.highest, *seen) if at is not None), default=None),
            is_ordered=is_ordered,
        )
        if shifted:
            # What hides between lies above: nothing of this page counts as seen until the gap is closed.
            return replace(through, offset=max(0, self.offset - LARGEST_PAGE), lowest=self.lowest), False
        is_known = is_ordered and not self.is_whole and until is not None and bool(seen) and seen[-1] < until
        if page.after is None or is_known:
            return through, True
        return replace(through, offset=max(self.offset + 1, int(page.after) - min(OVERLAP_ROWS, len(seen) // 2))), False


def read(account: str, vendor: Kayako, pace: Pace, now: datetime) -> Stream:
    """Reads what has moved since the last time, then metrics: as many as one poll may (`cases_measured` says which are missing). NotYet:
    the list was not read to its end, and goes on with the next poll.

    SourceError, and what the pace raises; what was read before is kept.
    """
    stream = streams.begun(account, CASES, now)
    was_listed, is_first = stream.caught_up_at is not None, cases_measured.is_first(account)
    is_fresh = stream.caught_up_at is not None and timedelta() <= now - stream.caught_up_at < LIST_AGAIN_AFTER
    listed: Sequence[int] | None = None
    if not (is_fresh and is_first):
        try:
            if Round.parse(stream.cursor).has_begun:
                stream, listed = _round(
                    stream, vendor, pace
                )  # one that was broken off: what moved meanwhile is on top, and is read at once
            stream, listed = _round(stream, vendor, pace)
        except NotYet:
            _moved(
                account, vendor, pace, now, most=FEW_MOVED, listed=listed
            )  # a long list must not hold up the metrics of what it begins with
            raise
    if was_listed or not is_first:  # else what the list tells is said first
        _moved(account, vendor, pace, now, most=FEW_MOVED if is_first else MOST_MOVED, listed=listed)
    cases_measured.settle(account, now)
    return stream


def _round(stream: Stream, vendor: Kayako, pace: Pace) -> tuple[Stream, Sequence[int]]:
    """One way down the list: how far that is, and what its last page showed."""
    way = Round.parse(stream.cursor)
    until = None if stream.high_at is None else stream.high_at - OVERLAP
    while True:
        if not pace.may_go_on(gently=stream.caught_up_at is None):
            raise NotYet("conversations", stream.done_count, stream.total_count, pace.heard)
        page = vendor.cases_page(offset=way.offset, before_request=pace.before_request)
        at = pace.note(page.heard)
        way, is_over = way.after(page, until)
        with streams.page(stream, at) as row:
            new = cases_rows.keep_within(stream.account, page.items, now=at)
            # Of a first reading, how far down the list it is; then, how many have come since.
            seen_count = way.offset + (len(page.items) if is_over else 0)
            row.done_count = seen_count if row.caught_up_at is None else row.done_count + new
            row.total_count = page.count
            row.cursor = way.next.cursor if is_over else way.cursor
            if is_over:
                # By our clock at the latest: a time to come, of a clock that is wrong, would hide what moves until then.
                row.high_at = max((each for each in (row.high_at, way.highest and min(way.highest, at)) if each), default=None)
                row.caught_up_at = at
                cases_rows.forget_within(stream.account, at)
        stream = row
        if is_over:
            return stream, [case.id for case in page.items]


def _moved(account: str, vendor: Kayako, pace: Pace, now: datetime, *, most: int, listed: Sequence[int] | None) -> None:
    """Those first of which nobody knows whether they are resolved, then those that are, and last the open ones, which no number waits for;
    of each the newest: the numbers are of today and of a week. `listed`: what the list has just shown, None where it was not read."""
    rows = KnownCase.objects.filter(account=account)
    behind = rows.filter(is_behind=True).order_by("-moved_at")
    asked: dict[int, datetime] = {}
    for some in (
        behind.exclude(status__in=cases_rows.TOLD_BY_LIST | cases_rows.DONE),
        behind.filter(status__in=cases_rows.DONE),
        behind.filter(status__in=cases_rows.TOLD_BY_LIST),
    ):
        asked |= dict(some.values_list("case_id", "moved_at")[: most - len(asked)])
    if len(asked) < most:
        again = rows.filter(is_behind=False, resolved_at=None, metrics_at__lt=now - LOOK_AGAIN_AFTER)
        asked |= dict(again.order_by("metrics_at").values_list("case_id", "moved_at")[:MOST_LOOKED_AT_AGAIN])
    answers = cases_asked.Answers(is_witnessed=listed is not None and not listed)
    try:
        if asked:
            cases_asked.ask(vendor, pace, asked, _witnesses(account, asked, listed), answers)
    finally:  # also when the budget ends the poll: what was answered is not asked for again
        if answers.is_believed:
            with streams.writing(account, now):
                # Of what cannot be read nothing is known; asked for again with each poll it would keep the others waiting.
                found = [*answers.found, *(CaseMetrics(case_id) for case_id in answers.unreadable)]
                cases_rows.measure_within(account, found, asked=asked, now=now)
                cases_rows.lose_within(account, answers.gone)


def _witnesses(account: str, asked: Collection[int], listed: Sequence[int] | None) -> list[int]:
    """Some that are there. Without the list: that moved last, and so are the likeliest to be there still."""
    if listed is not None:
        return [case_id for case_id in listed if case_id not in asked][:WITNESSES]
    others = KnownCase.objects.filter(account=account).exclude(case_id__in=asked)
    return list(others.order_by("-moved_at").values_list("case_id", flat=True)[:WITNESSES])


def _text(at: datetime | None) -> str:
    return "-" if at is None else at.astimezone(UTC).isoformat()


def _time(text: str) -> datetime | None:
    return None if text == "-" else datetime.fromisoformat(text)
