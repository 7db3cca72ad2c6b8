"""Kayako's conversations ("cases") and their metrics.

In:  where a page begins, ids. Out: typed pages and metrics, one HTTP request a call. Must not keep where it stopped.
The list is asked for as it comes, which is taken to be newest activity first: nothing that we could find promises it, so that whoever
relies on the order has to look at it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Unpack

from dashboard.domain.cases import Case, CaseMetrics
from dashboard.sources import kayako_decode as decode
from dashboard.sources import values
from dashboard.sources.errors import ErrorKind, SourceError
from dashboard.sources.http import Answer, VendorClient
from dashboard.sources.kayako_auth import SESSION_HEADER, KayakoLogin
from dashboard.sources.kayako_envelope import SENTENCES, SESSION_NOT_FOUND, envelope
from dashboard.sources.paging import LARGEST_PAGE, Page, heard, path_id
from dashboard.sources.questions import Limits, Manner
from dashboard.sources.zendesk_door import Asking

CASES_PATH = "/api/v1/cases.json"
# Otherwise a status is told by its id alone.
INCLUDE = "case_status,case_priority"
_MANNER = Manner(limits=Limits(read_s=10.0, total_s=20.0, body_bytes=16_000_000), sentences=SENTENCES, reads_detail=True, envelope=envelope)


class Kayako:
    """One Kayako site. Thread-safe, since the client is."""

    def __init__(self, client: VendorClient, login: KayakoLogin | None = None) -> None:
        """`login`: the client's own credentials where they are a password, to be told of sessions; None: an OAuth token."""
        self._client = client
        self._login = login

    def __repr__(self) -> str:
        return f"Kayako({self._client!r})"

    def cases_page(self, *, offset: int = 0, limit: int = LARGEST_PAGE, **asking: Unpack[Asking]) -> Page[Case]:
        """`limit` (1 to 100) conversations from number `offset` (from 0) on. `after` of the page is the next offset; `count` the whole.

        ValueError for another size or offset; SourceError for all that can go wrong.
        """
        if offset < 0 or not 1 <= limit <= LARGEST_PAGE:
            raise ValueError(f"a page begins at 0 or later and has 1 to {LARGEST_PAGE} entries, not {offset} and {limit}")
        answer = self._get(CASES_PATH, {"offset": str(offset), "limit": str(limit), "include": INCLUDE}, **asking)
        body = values.mapping(answer.json, "the answer")
        rows = values.listed(body.get("data"), "data")
        beside = decode.included(body)
        items = tuple(decode.case(each, f"data[{place}]", beside) for place, each in enumerate(rows))
        count = values.count(body.get("total_count"), "total_count")
        end = offset + len(rows)
        # Without a total a page that is not full is the last; Kayako may also grant fewer rows a page than were asked for.
        granted = min(limit, values.count(body.get("limit"), "limit") or limit)
        more = bool(rows) and (end < count if count is not None else len(rows) >= granted)
        return Page(items, str(end) if more else None, count, heard(answer))

    def case_metrics(self, case_id: int, **asking: Unpack[Asking]) -> CaseMetrics:
        """The metrics of one conversation. ValueError: no such id can be; SourceError (not_found): the conversation is gone."""
        answer = self._get(f"/api/v1/cases/{path_id(case_id)}/metrics.json", None, **asking)
        body = values.mapping(answer.json, "the answer")
        found = body.get("data")
        if isinstance(found, list) and len(found) == 1:
            found = found[0]
        return decode.case_metrics(found, "data", case_id)

    def _get(self, path: str, params: Mapping[str, str] | None, **asking: Unpack[Asking]) -> Answer:
        try:
            answer = self._client.get_json(path, params, manner=_MANNER, **asking)
        except SourceError as error:
            if error.status != SESSION_NOT_FOUND:
                raise
        else:
            self._learn(answer)
            return answer
        # The password was taken, and the session after it was not: trouble of theirs, which no change of settings would end.
        raise SourceError(ErrorKind.SERVER, "Kayako ends its sessions as soon as they begin (454).", status=SESSION_NOT_FOUND)

    def _learn(self, answer: Answer) -> None:
        if self._login is not None:
            told = answer.json.get("session_id") if isinstance(answer.json, dict) else None
            session_id = told if isinstance(told, str) else answer.headers.get(SESSION_HEADER, "")
            if session_id:
                self._login.learn(session_id)
