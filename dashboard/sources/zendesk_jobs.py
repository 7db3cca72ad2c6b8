"""Changes of many tickets, which the vendor makes in the background: how far they are.

In:  the id of a job. Out: `Job`, with the items that failed: a job may be completed although some of its items failed. Must not wait for
one.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Unpack

from dashboard.domain.tickets import Job
from dashboard.sources import tickets_decode as decode
from dashboard.sources.http import Answer
from dashboard.sources.paging import LARGEST_PAGE, Listed, entries, read_all
from dashboard.sources.zendesk_door import Asking, ZendeskDoor, member


class ZendeskJobs(ZendeskDoor):
    """The vendor keeps a job for a day, of old for an hour: then it is not found."""

    def job(self, job_id: str, **asking: Unpack[Asking]) -> Job:
        """One job. ValueError: not the form of a job's id."""
        return job_of(self._get(f"job_statuses/{_in_path(job_id)}", **asking))

    def jobs(self, **asking: Unpack[Asking]) -> Listed[Job]:
        """The account's recent jobs: all pages, ten at most (`has_more`), a request each."""
        return read_all(lambda params: self._get("job_statuses", params, **asking), "job_statuses", decode.job, lambda job: job.id)

    def jobs_of(self, job_ids: Iterable[str], **asking: Unpack[Asking]) -> tuple[Job, ...]:
        """Several jobs at once, 1 to 100; those that the vendor has forgotten are left out. ValueError: another number, or no job's id."""
        wanted = list(dict.fromkeys(job_ids))
        if not 1 <= len(wanted) <= LARGEST_PAGE:
            raise ValueError(f"the vendor takes 1 to {LARGEST_PAGE} jobs at once, not {len(wanted)}")
        ids = ",".join(map(_in_path, wanted))
        return entries(self._get("job_statuses/show_many", {"ids": ids}, **asking), "job_statuses", decode.job)


def job_of(answer: Answer) -> Job:
    """`job_status` of an answer."""
    return decode.job(member(answer, "job_status"), "job_status")


def _in_path(job_id: str) -> str:
    if not decode.is_job_id(job_id):
        raise ValueError("not a job's id")
    return job_id
