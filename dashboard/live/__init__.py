"""From the store to the glass: a board's frame is composed once per change, and its text handed to every socket.

In a worker: publish > gather (inputs) > frames (metrics, status, roster) > patch > stored. In a web process: routing > consumers > door,
hub > subscription, exchange, picture, seats, signs > outlet. What the two say to each other is in messages and docs/wire-protocol.md.
"""
