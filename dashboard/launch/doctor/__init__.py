"""`manage.py doctor`: looks at everything an installation stands on and says, line by line, what is right, what is wrong, and the remedy.

Each check is a function without side effects that returns findings; `examine` runs each in isolation, so that the doctor works when
everything else is down. Checks live by what they look at: machine (this process and its files), services (Redis, database),
parts (the running processes), mail, vendor.
"""
