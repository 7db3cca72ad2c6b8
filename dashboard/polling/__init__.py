"""What is asked of the vendor, when, and whether it may be: the tick, the poll and the budget.

rounds (a tick, a poll) > feeds (what boards need) > planner (when) > poller (one poll) > buckets, budget, monotonic (may it ask) and
account (what follows from its answer). quietly keeps the log short while Redis is away. Asks through `sources`, keeps in `store`.
"""
