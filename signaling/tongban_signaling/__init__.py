"""Calls: what open pages say to each other and hear from the hall. Knows browsers, knows no database.

    vocabulary   what may be said, in both directions (asks.py, tells.py)
    room         who sits in a call and what follows from it; no I/O
    gate         what this floor asks the floor above: who are you, may you
    events       one table: event -> message, door, act, handler
    hub          the open line: sockets, rooms, beats, facts going out

The paper of the wire is `signaling/PROTOCOL.md`.
"""
