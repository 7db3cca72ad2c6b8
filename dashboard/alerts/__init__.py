"""From a reading to somebody who is told: rules are judged, incidents opened and resolved, notifications written, then sent.

In:  readings in the store, rules and recipients in the database. Out: rows, mails, messages to other channels; the open incidents in
the store, from where the boards take them. Nothing here draws a page or a frame.
"""
