"""The desk: what supervisors see of tickets, and what they change."""
