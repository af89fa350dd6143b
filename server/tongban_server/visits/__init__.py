"""One ticket served: taking it, the visit as its screens see it, the clerk's window."""
