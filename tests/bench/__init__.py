"""Measurements. They print figures and write `out/NAME.json`; nothing timed here decides a test."""
