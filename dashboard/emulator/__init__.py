"""A call centre and the vendor's API in front of it, to try the product and to test it against. Speaks only HTTP.

The centre: world (the event loop) with its people, lines and calls; stats (the four answers), truth (what no vendor tells), scenarios.
The edge: server > asgi > talk, with auth, limits, filters and pages as the vendor has them, faults and wire for what goes wrong,
control for `/_emulator/...`; account holds what can be switched; floor is the seam between edge and centre.
Nothing of ours imports it but its command and the tests, and it imports nothing of ours.
"""
