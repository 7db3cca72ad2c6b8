"""What every metric was, minute by minute, for 400 days: written from the store's rings once a minute, read by charts, rules and the API.

Must not judge, and must not ask a vendor.
"""
