"""Whether the vendor sends a metric at all on the account's plan, from the latest answer.

In:  a rule. Out: yes only when the latest reading of its feed (or of the account's, without a filter) shows that it is not sent.
"""

from __future__ import annotations

import logging

import redis as redis_py

from dashboard.alerts.rules import feed_of
from dashboard.domain.catalogue import CATALOGUE, Plan
from dashboard.domain.derive import sends_professional_fields
from dashboard.domain.feeds import Feed
from dashboard.models import Rule
from dashboard.store import snapshots

logger = logging.getLogger(__name__)


def not_sent_on_plan(redis: redis_py.Redis, rule: Rule) -> bool:
    """False also when nothing is known: no reading yet, or Redis does not answer. A rule is refused only upon evidence."""
    metric, feed = CATALOGUE.get(rule.metric), feed_of(rule)
    if metric is None or feed is None or metric.plan is not Plan.PROFESSIONAL:
        return False
    whole = Feed(feed.account, feed.endpoint)
    try:
        readings = snapshots.load_readings(redis, [feed, whole])
    except redis_py.RedisError as error:
        logger.warning("Whether the plan sends %s is not known: Redis does not answer (%s).", metric.name, type(error).__name__)
        return False
    reading = readings.get(feed) or readings.get(whole)
    if reading is None:
        return False
    return metric.value({feed.endpoint: reading.body}) is None and not sends_professional_fields(reading.body)
