"""Measurements: what a push, a poll and a tick cost beside a floor in the same run, and how old a number is when it is on the glass.

Run by `make bench`. Figures are ratios or percentiles of one run on one machine; they are printed, never asserted by the unit tests.
"""
