"""The line: tickets, windows, who is next, and the journal. It knows people and knows no network."""
