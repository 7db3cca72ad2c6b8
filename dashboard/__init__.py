"""Queuelight's one Django app: the way of the data, one room per stage.

    vendor API -- sources -- polling -- store -+- live ----- board on the TV, supervisor's page
    (or emulator)  httpx     Celery     Redis  |   frames    WebSocket
                             beat+budget       +- api ------ JSON for other programs
                                               +- boards, accounts: the pages and the people

`domain` lies under all of them: pure, no Django, no I/O, the time is an argument.
`emulator` stands outside: a vendor of our own, which speaks only HTTP and knows nothing of the rest.
Imports run one way, from right to left in this picture; import-linter (pyproject.toml) holds them.
"""
