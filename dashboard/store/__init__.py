"""What Redis holds between two processes: readings, outcomes, states of agents, today's series, the OAuth pair. `keys` lists every key.

The frame's own form is in live/stored.py, the budget's in polling/budget.py and the schedule's in polling/planner.py, beside their scripts.
"""
