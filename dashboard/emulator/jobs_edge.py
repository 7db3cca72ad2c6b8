"""The vendor's job statuses: one, several, the latest.

In:  `Asked`. Out: `Answer`s. A job is forgotten after a day, and is not found then.
"""

from __future__ import annotations

import re

from dashboard.emulator.answers import Answer, Refused, json_answer, record_not_found, too_many_values
from dashboard.emulator.bodies import refused
from dashboard.emulator.filters import MAX_IDS
from dashboard.emulator.jobs import Job, Row
from dashboard.emulator.listing import Numbered, by_cursor, by_number, of_keys, wants_cursor
from dashboard.emulator.places import Asked, place


def _row(asked: Asked, job: Job) -> Row:
    return job.row(asked.url_of(f"job_statuses/{job.id}"), asked.account.clock.steady_s())


def _one(asked: Asked) -> Answer:
    job = asked.account.jobs.find(str(asked.args[0]))
    if job is None:
        raise Refused(record_not_found())
    return json_answer({"job_status": _row(asked, job)})


def _show_many(asked: Asked) -> Answer:
    ids = [part for part in re.split(r"[,\s]+", asked.query.get("ids", "").strip("[]")) if part]
    if not ids:
        raise refused("BadRequest", "Parameter ids is required", 400)
    if len(ids) > MAX_IDS:
        raise Refused(too_many_values())
    found = [job for job_id in dict.fromkeys(ids) if (job := asked.account.jobs.find(job_id)) is not None]
    return json_answer({"job_statuses": [_row(asked, job) for job in found], "count": len(found), "next_page": None, "previous_page": None})


def _list(asked: Asked) -> Answer:
    by_serial, query = {job.serial: job for job in asked.account.jobs.all()}, asked.request.query
    latest_first = of_keys("-serial", [*by_serial], descending=True)

    def row(serial: int) -> Row:
        return _row(asked, by_serial[serial])

    if wants_cursor(query):
        return json_answer(by_cursor(latest_first, row, name="job_statuses", query=query, url=asked.url).body)
    numbered = Numbered(latest_first.take(None, False), len(by_serial))
    return json_answer(by_number(numbered, row, name="job_statuses", query=query, url=asked.url).body)


# The first that fits answers: `show_many` would fit a job's name as well.
PLACES = (
    place("job_statuses_show_many", "job_statuses/show_many", _show_many),
    place("job_status", "job_statuses/{job}", _one),
    place("job_statuses", "job_statuses", _list),
)
