"""Messages to citizens: what is written, how it is sent, and the demo's view of it."""
