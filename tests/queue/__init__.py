"""The line held against its rules, on SQLite and on a real PostgreSQL."""
