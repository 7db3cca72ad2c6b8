"""A copy of the vendor's tickets that polls keep up to date: what changed is read, and the numbers of boards come out of the copy.

source (a poll) > ticket_stream, metric_stream, event_stream, trash, names (what is read) > tickets, clocks, tally (what is kept) and
streams (how far was read). backlog, times and sla_state work out bodies; desk_list and progress answer pages; retention forgets.
Every page of the vendor's is one transaction with the place where the next one begins: a crash at any point repeats a page, and a page
that comes twice changes nothing.
"""
